/**
 * NetworkAttachmentDefinition → NadFact. `spec.config` remains text, which `lib/cni` parses (multus §2.1); values that are
 * not read are removed from it, because plugins may keep credentials there.
 */
import { stripConfig } from '../../cni/strip-config';
import type { NadFact } from '../../model/facts';
import { count, fields, items, text, timestamp } from '../read/guards';
import { normaliser, type KubernetesObject } from './object';

/** Characters. etcd rejects objects above 1.5 MiB, so a longer config comes from no API server. */
const MAX_CONFIG_LENGTH = 1 << 20;

/** Managers of an object are a handful. */
const MAX_MANAGERS = 100;

/** `config` is null if absent or not text. A config over 1 MiB is truncated, with a problem. */
export const normaliseNad = normaliser<'nad'>((object) => {
  const { annotations, spec } = object;
  const raw = spec['config'];
  const problems: string[] = [];
  if (raw !== undefined && raw !== null && typeof raw !== 'string') problems.push('spec.config is not text');
  const config = text(raw);
  if (config !== null && config.length > MAX_CONFIG_LENGTH) {
    problems.push(`spec.config is longer than ${MAX_CONFIG_LENGTH} characters; the rest was not read`);
  }
  const resourceName = text(annotations['k8s.v1.cni.cncf.io/resourceName']);
  const stripped = config === null ? null : stripConfig(config.slice(0, MAX_CONFIG_LENGTH), resourceName);
  if (stripped?.isCut === true) problems.push('spec.config has more values than a CNI config: the last were not read');
  return {
    config: stripped?.text ?? null,
    resourceName,
    writtenFrom: writtenFrom(object),
    configAt: configAt(object),
    problems,
  };
});

/** Whether an entry of managedFields owns the config and nothing else, so that its time is that of a change of the config. */
function ownsConfigAlone(fieldsV1: unknown): boolean {
  const owned = Object.keys(fields(fieldsV1));
  const spec = Object.keys(fields(fields(fieldsV1)['f:spec']));
  return (
    owned.join() === 'f:spec' && spec.includes('f:config') && spec.every((key) => key === 'f:config' || key === '.')
  );
}

/**
 * `generation` counts changes of the spec, without a time: of the first, the object's creation is that of the config. The time of an entry
 * of managedFields is that of the manager's last change of any field that it owns.
 */
function configAt({ meta, metadata }: KubernetesObject): NadFact['configAt'] {
  if (count(metadata['generation']) === 1) return meta.createdAt;
  return items(metadata['managedFields'])
    .slice(0, MAX_MANAGERS)
    .flatMap((entry) => {
      const { fieldsV1, time } = fields(entry);
      return ownsConfigAlone(fieldsV1) ? (timestamp(time) ?? []) : [];
    })
    .reduce<NadFact['configAt']>((last, at) => (last === null || Date.parse(at) > Date.parse(last) ? at : last), null);
}

/** Written by the SR-IOV operator into other namespaces: `SriovNetwork.sriovnetwork.openshift.io/NAMESPACE/NAME`. */
const OWNER_REF = /^([A-Za-z]{1,63})\.[^/]{1,253}\/(?:[^/]{1,63}\/)?([^/]{1,253})$/;

/** Kind and name of the object that the controller generated it from. */
function writtenFrom({ metadata, annotations }: KubernetesObject): string | null {
  for (const value of items(metadata['ownerReferences'])) {
    const { controller, kind, name } = fields(value);
    const [of, called] = [text(kind), text(name)];
    if (controller === true && of !== null && called !== null) return `${of} ${called}`;
  }
  for (const key of ['sriovnetwork.openshift.io/owner-ref', 'operator.sriovnetwork.openshift.io/owner-ref']) {
    const [, kind, name] = OWNER_REF.exec(text(annotations[key]) ?? '') ?? [];
    if (kind !== undefined && name !== undefined) return `${kind} ${name}`;
  }
  return null;
}
