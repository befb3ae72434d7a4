/**
 * Increases of aws-node's counters between two readings of a node; signals are derived from them. A counter below its
 * previous value was reset by a restart and starts anew. The first reading yields no increase, because the time of its
 * increase is unknown.
 */
import type { AwsNodeMetricsFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';

/** A counter of aws-node that has increased while ifscope watched. */
export interface Rise {
  /** `awscni_no_available_ip_addresses`, or with its labels `awscni_aws_api_error_count/API/ERROR`. */
  readonly name: string;
  readonly count: number;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
  /** The previous and the current value. */
  readonly from: number;
  readonly to: number;
}

/** Counters without labels that rules read (vpc-cni §4.3, §10). */
const COUNTERS = [
  'awscni_no_available_ip_addresses',
  'awscni_force_removed_enis',
  'awscni_force_removed_ips',
  'awscni_ipamd_error_count',
  'awscni_pod_eni_error_count',
] as const;

/** An increase expires unless another follows within this time. Milliseconds. */
const RISE_EXPIRY = 15 * 60_000;

function countersOf(fact: AwsNodeMetricsFact): ReadonlyMap<string, number> {
  const counters = new Map<string, number>();
  for (const name of COUNTERS) {
    const value = fact.values[name];
    if (value !== undefined) counters.set(name, value);
  }
  for (const [labels, value] of Object.entries(fact.apiErrors)) {
    counters.set(`awscni_aws_api_error_count/${labels}`, value);
  }
  return counters;
}

/** The increases known for a node after another reading. */
export function risesAfter(
  rises: readonly Rise[],
  before: AwsNodeMetricsFact | undefined,
  after: AwsNodeMetricsFact,
): readonly Rise[] {
  const at = Date.parse(after.readAt);
  const kept = new Map(
    rises.flatMap((rise) => (at - Date.parse(rise.lastAt) > RISE_EXPIRY ? [] : [[rise.name, rise]])),
  );
  if (before === undefined || Date.parse(before.readAt) >= at) return [...kept.values()];
  const old = countersOf(before);
  for (const [name, to] of countersOf(after)) {
    const from = old.get(name) ?? 0;
    if (to <= from) continue;
    const earlier = kept.get(name);
    kept.set(name, {
      name,
      count: (earlier?.count ?? 0) + to - from,
      firstAt: earlier?.firstAt ?? after.readAt,
      lastAt: after.readAt,
      from,
      to,
    });
  }
  return [...kept.values()];
}
