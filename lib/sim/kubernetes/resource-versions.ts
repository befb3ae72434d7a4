/** Objects of resource.k8s.io in older versions of the group, which nest the fields of devices and requests differently. */
export const CLAIM_GROUP = 'resource.k8s.io';
/** The preferred one first. */
export const CLAIM_VERSIONS = ['v1', 'v1beta2', 'v1beta1'] as const;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
const itemsOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** `object`: in v1. */
export function inVersion(object: Record<string, unknown>, version: string): Record<string, unknown> {
  const named = { ...object, apiVersion: `${CLAIM_GROUP}/${version}` };
  if (version !== 'v1beta1') return named;
  const spec = fieldsOf(object['spec']);
  if (object['kind'] === 'ResourceSlice')
    return {
      ...named,
      spec: { ...spec, devices: itemsOf(spec['devices']).map(({ name, ...basic }) => ({ name, basic })) },
    };
  if (object['kind'] !== 'ResourceClaim') return named;
  const devices = fieldsOf(spec['devices']);
  const requests = itemsOf(devices['requests']).map(({ name, exactly }) => ({ name, ...fieldsOf(exactly) }));
  return { ...named, spec: { ...spec, devices: { ...devices, requests } } };
}
