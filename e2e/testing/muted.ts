/**
 * Conditions that suppress many rules, tested with each of their cases that fires. From vpc-cni §10: a node younger
 * than two minutes, one that is being deleted or whose instance is terminating, and an aws-node that is not Ready,
 * except for rules that report this symptom. For rules about pods and their interfaces: a pod that has finished or is
 * being deleted; for rules about Multus, one on the host network.
 */
import type { NodeRecord, PodRecord } from '../../lib/model/records';
import { NOW, type world } from './findings';

type Records = Parameters<typeof world>[0];

const STANDING = [
  'address-not-on-eni',
  'cni-settings-refused',
  'device-offered-twice',
  'device-pool-incomplete',
  'ec2-permission-missing',
  'efa-count-differs',
  'eni-without-ipv4',
  'eniconfig-missing',
  'eniconfig-wrong-zone',
  'ipvlan-macvlan-conflict',
  'multus-down',
  'networking-not-ready',
  'no-manage-bad-value',
  'parent-link-down',
  'plugin-binary-missing',
  'pod-identity-agent-missing',
  'pod-ip-failed',
];
const SETTLED = [
  'claimed-eni-managed',
  'cooldown-starved',
  'cordoned-no-growth',
  'ec2-throttled',
  'eni-adopted',
  'eni-survives-node',
  'eni-will-be-adopted',
  'managed-eni-claimable',
  'max-pods-too-high',
  'metrics-untrusted',
  'mixed-address-modes',
  'multi-nic-no-effect',
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

const OF_INTERFACES = [
  'address-not-on-eni',
  'claim-not-ready',
  'claim-status-mismatch',
  'claimed-device-gone',
  'devices-on-different-roots',
  'duplicate-address',
  'duplicate-mac',
  'macvlan-on-eni',
  'networks-annotation-on-workload',
  'pod-address-not-on-node',
  'requested-not-honoured',
];
const OF_MULTUS_PODS = [
  'default-route-conflict',
  'device-exhausted',
  'interfaces-share-card',
  'multi-nic-no-effect',
  'network-missing',
  'network-status-missing',
  'networks-annotation-invalid',
  'networks-changed-after-start',
  'parent-interface-missing',
  'pod-eni-stuck',
  'pod-ip-failed',
  'policy-uncovered',
];

export interface Mute {
  readonly name: string;
  /**
   * The records with every node, or every pod, in this condition, which must still hold `later` seconds after `NOW`.
   */
  readonly apply: (records: Records, later: number) => Records;
}

const onNodes = (name: string, change: (node: NodeRecord, later: number) => Partial<NodeRecord>): Mute => ({
  name,
  apply: (records, later) =>
    records.map((record) => ('computeType' in record ? { ...record, ...change(record, later) } : record)),
});

const onPods = (name: string, change: Partial<PodRecord>): Mute => ({
  name,
  apply: (records) => records.map((record) => ('networksAnnotation' in record ? { ...record, ...change } : record)),
});

const FINISHED: readonly Mute[] = [
  onPods('a pod on its way out', { deleting: true }),
  onPods('a pod that succeeded', { phase: 'Succeeded' }),
  onPods('a pod that failed', { phase: 'Failed' }),
];
const ON_HOST = onPods('a pod on the host network', { hostNetwork: true });

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

/** The conditions that suppress this rule's findings. */
export function mutesOf(rule: string): readonly Mute[] {
  return [
    ...(STANDING.includes(rule) || SETTLED.includes(rule) ? ON_ITS_WAY : []),
    ...(SETTLED.includes(rule) ? [NOT_READY] : []),
    ...(OF_INTERFACES.includes(rule) || OF_MULTUS_PODS.includes(rule) ? FINISHED : []),
    ...(OF_MULTUS_PODS.includes(rule) ? [ON_HOST] : []),
  ];
}
