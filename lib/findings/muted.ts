/**
 * What mutes every rule of vpc-cni.md §10, "unless stated": tried on each case that fires. A node younger than two minutes, one that is being
 * deleted or whose instance ends; and an aws-node that is not Ready, but for rules of which that is the symptom.
 */
import type { NodeRecord } from '../model/records';
import { NOW, type world } from './testing';

type Records = Parameters<typeof world>[0];

const STANDING = [
  'address-not-on-eni',
  'ec2-permission-missing',
  'eniconfig-missing',
  'eniconfig-wrong-zone',
  'ipvlan-macvlan-conflict',
  'multus-down',
  'plugin-binary-missing',
  'pod-ip-failed',
];
const SETTLED = [
  'cooldown-starved',
  'cordoned-no-growth',
  'ec2-throttled',
  'eni-adopted',
  'eni-survives-node',
  'eni-will-be-adopted',
  'max-pods-too-high',
  'metrics-untrusted',
  'mixed-address-modes',
  'multi-nic-no-effect',
  'no-manage-bad-value',
  'no-manage-late',
  'no-manage-on-primary',
  'node-addresses-full',
  'pod-address-not-on-node',
  'pod-eni-stuck',
  'pool-low',
  'prefix-fragmented',
  'subnet-excluded',
  'trunk-missing',
  'unmanaged-miscount',
  'warm-pool-waste',
];

export interface Mute {
  readonly name: string;
  /** The records with every node so; `later` seconds after `NOW` it must still hold. */
  readonly apply: (records: Records, later: number) => Records;
}

const onNodes = (name: string, change: (node: NodeRecord, later: number) => Partial<NodeRecord>): Mute => ({
  name,
  apply: (records, later) =>
    records.map((record) => ('computeType' in record ? { ...record, ...change(record, later) } : record)),
});

const ON_ITS_WAY: readonly Mute[] = [
  onNodes('a node younger than two minutes', (_node, later) => ({
    createdAt: new Date(NOW + (later - 119) * 1000).toISOString(),
  })),
  onNodes('a node that is being deleted', () => ({ deleting: true })),
  onNodes('a node whose instance ends', () => ({ instanceState: 'shutting-down' })),
];
const NOT_READY = onNodes('an aws-node that is not Ready', ({ ipamd }) => ({
  ipamd: ipamd && { ...ipamd, ready: false },
}));

/** What holds back this rule's findings about nodes and what is on them. */
export function mutesOf(rule: string): readonly Mute[] {
  if (STANDING.includes(rule)) return ON_ITS_WAY;
  return SETTLED.includes(rule) ? [...ON_ITS_WAY, NOT_READY] : [];
}
