/**
 * aws-node's metrics text → AwsNodeMetricsFact (vpc-cni §4.3). Values are kept as reported, including wrong and negative
 * ones; the topology and the rules decide what to trust. A series that is absent from the text is absent from the fact.
 */
import type { AwsNodeMetricsFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import { parseCidr } from '../../model/ip';
import { eachSample } from './prometheus';

/** An upper bound; no node has more ENIs, addresses or kinds of error. */
const MAX_SERIES = 20_000;

/** Counters split by `fn`, kept as their sum: what matters is that one of them increased. */
const SUMMED: ReadonlySet<string> = new Set(['awscni_ipamd_error_count', 'awscni_pod_eni_error_count']);

/** Null for a text without any awscni series: metrics of another program, or an error page. */
export function normaliseMetrics(text: string, node: string, readAt: Timestamp): AwsNodeMetricsFact | null {
  const values = new Map<string, number>();
  const assignedPerEni = new Map<string, number>();
  const assignedPerCidr = new Map<string, number>();
  const apiErrors = new Map<string, number>();
  let version: string | null = null;
  let samples = 0;
  const put = (map: Map<string, number>, key: string | null | undefined, value: number): void => {
    if (typeof key === 'string' && key !== '' && (map.size < MAX_SERIES || map.has(key))) map.set(key, value);
  };
  eachSample(
    text,
    (name) => name.startsWith('awscni_'),
    ({ name, labels, value }) => {
      samples++;
      if (!Number.isFinite(value)) return;
      switch (name) {
        case 'awscni_build_info':
          version = labels.get('version')?.slice(0, 128) ?? version;
          return;
        case 'awscni_assigned_ip_per_eni':
          put(assignedPerEni, labels.get('eni'), value);
          return;
        case 'awscni_assigned_ip_per_cidr':
          put(assignedPerCidr, parseCidr(labels.get('cidr') ?? '')?.text, value);
          return;
        case 'awscni_aws_api_error_count':
          put(apiErrors, `${labels.get('api') ?? ''}/${labels.get('error') ?? ''}`, value);
          return;
        default:
          if (SUMMED.has(name)) put(values, name, value + (values.get(name) ?? 0));
          else if (labels.size === 0) put(values, name, value);
      }
    },
  );
  if (samples === 0) return null;
  return {
    node,
    readAt,
    version,
    values: Object.fromEntries(values),
    assignedPerEni: Object.fromEntries(assignedPerEni),
    assignedPerCidr: Object.fromEntries(assignedPerCidr),
    apiErrors: Object.fromEntries(apiErrors),
  };
}
