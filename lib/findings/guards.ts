/**
 * What mutes a rule about a node's VPC CNI (vpc-cni.md §10): a node younger than two minutes, one that is being deleted, or one
 * whose aws-node is not ready; and readers that several rules share.
 */
import type { EniRecord, NodeRecord, Pool, SignalRecord, SubnetRecord } from '../model/records';
import type { RuleContext } from './rule';

export const MINUTE = 60_000;
const YOUNG = 2 * MINUTE;

export const timeOf = (timestamp: string | null): number | null => {
  if (timestamp === null) return null;
  const at = Date.parse(timestamp);
  return Number.isNaN(at) ? null : at;
};

/** Older than that; unknown age counts as old enough. Asks to be run again when it will be. */
export function olderThan(timestamp: string | null, span: number, context: RuleContext): boolean {
  const at = timeOf(timestamp);
  if (at === null || context.now - at >= span) return true;
  context.again(at + span);
  return false;
}

/** The node is settled and its aws-node runs: what EC2 and the pods say can be judged by. */
export function isSettled(node: NodeRecord, context: RuleContext): boolean {
  return !node.deleting && !node.gone && node.ipamd?.ready !== false && olderThan(node.createdAt, YOUNG, context);
}

/** An EC2 node on which ipamd runs (not Fargate, Auto Mode, hybrid, Windows). */
export const hasIpamd = (node: NodeRecord): boolean =>
  node.computeType === 'ec2' && node.cni !== null && node.ipamd !== null;

export const nodeOf = (context: RuleContext, id: string | null): NodeRecord | null =>
  id === null ? null : (context.replica.records.nodes.get(id) ?? null);

export function enisOf(context: RuleContext, node: NodeRecord): readonly EniRecord[] {
  const enis: EniRecord[] = [];
  for (const id of context.replica.indexes.enisByNode.get(node.id) ?? []) {
    const eni = context.replica.records.enis.get(id);
    if (eni) enis.push(eni);
  }
  return enis.sort((a, b) => (a.card ?? 99) - (b.card ?? 99) || (a.deviceIndex ?? 99) - (b.deviceIndex ?? 99));
}

export const subnetOf = (context: RuleContext, id: string | null): SubnetRecord | null =>
  id === null ? null : (context.replica.records.subnets.get(id) ?? null);

/** Signals about a record whose kind begins so. */
export function signalsOf(context: RuleContext, subject: string, kind: string): readonly SignalRecord[] {
  const signals: SignalRecord[] = [];
  for (const id of context.replica.indexes.signalsBySubject.get(subject) ?? []) {
    const signal = context.replica.records.signals.get(id);
    if (signal?.kind.startsWith(kind)) signals.push(signal);
  }
  return signals;
}

export const poolOf = (node: NodeRecord, card = 0): Pool | null =>
  node.pools.find((pool) => pool.card === card) ?? null;

export const isPrimary = (eni: EniRecord): boolean => eni.role === 'primary';

/** `eni-0123…` on card 0 dev 2, in words. */
export const eniPlace = (eni: EniRecord): string =>
  eni.card === null ? eni.id : `${eni.id} (card ${eni.card}, device ${eni.deviceIndex ?? '?'})`;

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** Dotted version text to numbers, `v1.23.0-eksbuild.1` → [1, 23, 0]; null for anything else. */
export function versionOf(text: string | null): readonly [number, number, number] | null {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text ?? '');
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null;
}

export function versionBefore(text: string | null, than: readonly [number, number, number]): boolean {
  const version = versionOf(text);
  if (version === null) return false;
  for (let i = 0; i < 3; i++) {
    const difference = (version[i] ?? 0) - (than[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
