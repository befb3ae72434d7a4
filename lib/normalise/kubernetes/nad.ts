/** NetworkAttachmentDefinition → NadFact. `spec.config` stays text, which `lib/cni` parses (multus §2.1). */
import { count, text } from '../read/guards';
import { normaliser } from './object';

/** In characters. etcd refuses objects above 1.5 MiB, so a longer config comes from no API server. */
const LONGEST_CONFIG = 1 << 20;

export const normaliseNad = normaliser<'nad'>((object) => {
  const { annotations, metadata, spec } = object;
  const raw = spec['config'];
  const problems: string[] = [];
  if (raw !== undefined && raw !== null && typeof raw !== 'string') problems.push('spec.config is not text');
  const config = text(raw);
  if (config !== null && config.length > LONGEST_CONFIG) {
    problems.push(`spec.config is longer than ${LONGEST_CONFIG} characters; the rest was not read`);
  }
  return {
    config: config === null ? null : config.slice(0, LONGEST_CONFIG),
    resourceName: text(annotations['k8s.v1.cni.cncf.io/resourceName']),
    generation: count(metadata['generation']),
    problems,
  };
});
