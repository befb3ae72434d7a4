/** Claims and the devices that drivers offer, as the three versions of resource.k8s.io write them (claims §1). */
import type { Json } from './types';

export type ClaimVersion = 'v1' | 'v1beta2' | 'v1beta1';

type Bag = { readonly [key: string]: Json | undefined };

export interface Request {
  readonly name: string;
  readonly deviceClass: string;
  /** The one of several alternatives that the scheduler took. */
  readonly alternative?: string;
}

/** One device of a claim; `told`: what its driver says in status.devices, null for nothing. */
export interface Given {
  readonly request: string;
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly share?: string;
  readonly told: Bag | null;
}

export interface ClaimSpec {
  readonly namespace: string;
  readonly name: string;
  readonly requests: readonly Request[];
  /** Null: not allocated. */
  readonly given: readonly Given[] | null;
  readonly node: string;
  readonly pods: readonly { readonly name: string; readonly uid: string }[];
  /** Made from a template under this name, for the first of the pods. */
  readonly madeFor?: string;
}

function requestOf({ name, deviceClass, alternative }: Request, version: ClaimVersion): Json {
  const exact = { deviceClassName: deviceClass, allocationMode: 'ExactCount', count: 1 };
  if (alternative !== undefined)
    return {
      name,
      firstAvailable: [
        { name: `not-${alternative}`, ...exact, deviceClassName: 'none-of-these' },
        { name: alternative, ...exact },
      ],
    };
  return version === 'v1beta1' ? { name, ...exact } : { name, exactly: exact };
}

const placeOf = ({ driver, pool, device, share }: Given): Bag => ({
  driver,
  pool,
  device,
  ...(share === undefined ? {} : { shareID: share }),
});

export function claimObject(version: ClaimVersion, spec: ClaimSpec): Json {
  const { namespace, name, requests, given, node, pods, madeFor } = spec;
  const [owner] = pods;
  const told = (given ?? []).flatMap((one) => (one.told === null ? [] : [{ ...placeOf(one), ...one.told }]));
  return {
    apiVersion: `resource.k8s.io/${version}`,
    kind: 'ResourceClaim',
    metadata: {
      namespace,
      name,
      uid: `claim-${namespace}-${name}`,
      creationTimestamp: '2026-09-01T09:00:00Z',
      ...(madeFor === undefined || owner === undefined
        ? {}
        : {
            annotations: { 'resource.kubernetes.io/pod-claim-name': madeFor },
            ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: owner.name, uid: owner.uid, controller: true }],
          }),
    },
    spec: { devices: { requests: requests.map((one) => requestOf(one, version)) } },
    status:
      given === null
        ? {}
        : {
            allocation: {
              devices: { results: given.map((one) => ({ request: one.request, ...placeOf(one) })) },
              nodeSelector: {
                nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
              },
            },
            reservedFor: pods.map((pod) => ({ resource: 'pods', ...pod })),
            ...(told.length === 0 ? {} : { devices: told }),
          },
  };
}

export interface Offered {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Json>>;
}

export interface SliceSpec {
  readonly driver: string;
  readonly node: string;
  readonly generation: number;
  readonly index: number;
  readonly count: number;
  readonly devices: readonly Offered[];
}

export function sliceObject(
  version: ClaimVersion,
  { driver, node, generation, index, count, devices }: SliceSpec,
): Json {
  const name = `${node}-${driver}-${String(generation)}-${String(index)}`;
  return {
    apiVersion: `resource.k8s.io/${version}`,
    kind: 'ResourceSlice',
    metadata: { name, uid: `slice-${name}`, creationTimestamp: '2026-08-01T00:00:00Z' },
    spec: {
      driver,
      nodeName: node,
      pool: { name: node, generation, resourceSliceCount: count },
      devices: devices.map((one) =>
        version === 'v1beta1' ? { name: one.name, basic: { attributes: one.attributes } } : { ...one },
      ),
    },
  };
}

export const classObject = (version: ClaimVersion, name: string, driver: string): Json => ({
  apiVersion: `resource.k8s.io/${version}`,
  kind: 'DeviceClass',
  metadata: { name, uid: `class-${name}` },
  spec: { selectors: [{ cel: { expression: `device.driver == "${driver}"` } }] },
});
