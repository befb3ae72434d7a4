/**
 * Advice that depends on where it is followed: what creates the node, what its subnets can still provide, and what else
 * a restart or a setting changes there. Each row says when the usual advice would do harm or nothing, and what is given
 * instead.
 */
import { describe, expect, it } from 'vitest';
import {
  card,
  cni,
  eni,
  eth0,
  found,
  node,
  pod,
  pool,
  subnet,
  waitingPod,
  signal,
  type world,
} from '../../e2e/testing/findings';

interface Row {
  readonly rule: string;
  readonly when: string;
  readonly records: Parameters<typeof world>[0];
  /** Advice that must not be given. */
  readonly not: RegExp;
  readonly but: RegExp;
}

const TAG = 'node.k8s.amazonaws.com/no_manage';
const slots = (limit: number) => ({ limit, used: limit, unmanaged: 0, reserved: 0, free: 0 });
const nine = Array.from({ length: 9 }, (_, at) => ({
  ip: `10.0.0.${30 + at}`,
  state: 'assigned' as const,
  interface: null,
}));
const dry = pool({ total: 9, assigned: 9, available: 0, warm: 0 });

const accepts = (change: Parameters<typeof node>[0]) => [
  node({ maxPods: 29, cni: cni({ customNetworking: true }), ...change }),
  card(0, { eniSlots: { limit: 3, used: 1, unmanaged: 0, reserved: 0, free: 2 } }),
  eni(),
];
const MAX_PODS: readonly Row[] = [
  {
    rule: 'max-pods-too-high',
    when: 'Karpenter manages the node: it overrides user data',
    records: accepts({ labels: { 'karpenter.sh/nodepool': 'default' } }),
    not: /--max-pods/,
    but: /RESERVED_ENIS=1 on Karpenter, or spec\.kubelet\.maxPods to at most 20/,
  },
  {
    rule: 'max-pods-too-high',
    when: 'the node runs Bottlerocket',
    records: accepts({ osImage: 'Bottlerocket OS 1.61.0 (aws-k8s-1.34)' }),
    not: /--max-pods/,
    but: /settings\.kubernetes\.max-pods = 20/,
  },
  {
    rule: 'max-pods-too-high',
    when: 'nodeadm configures the kubelet',
    records: accepts({ osImage: 'Amazon Linux 2023.8.20260810' }),
    not: /--max-pods/,
    but: /spec\.kubelet\.config\.maxPods to 20 in the NodeConfig/,
  },
  {
    rule: 'max-pods-too-high',
    when: 'MAX_ENI limits the ENIs',
    records: [
      node({ maxPods: 29, cni: cni({ maxEni: 1 }) }),
      card(0, { eniSlots: { limit: 1, used: 1, unmanaged: 0, reserved: 0, free: 0 } }),
      eni(),
    ],
    not: /^nothing/,
    but: /maxPods to 11.*Or raise MAX_ENI/,
  },
];

const hungry = (change: Parameters<typeof node>[0] = {}) =>
  node({
    pools: [
      pool({
        low: true,
        short: 9,
        target: 9,
        next: { action: 'add-addresses', count: 9, reason: 'low', blockedBy: 'x' },
      }),
    ],
    ...change,
  });
const few = subnet('subnet-a', { availableAddresses: 2 });
const SUBNETS: readonly Row[] = [
  {
    rule: 'node-addresses-full',
    when: 'its subnet has no whole /28 for prefixes',
    records: [
      node({ pools: [dry] }),
      card(0, { eniSlots: slots(1) }),
      eni('eni-p', { addresses: nine }),
      subnet('subnet-a', { freePrefixes: 0 }),
    ],
    not: /prefix mode/,
    but: /larger instance type/,
  },
  {
    rule: 'subnet-low',
    when: 'another subnet is tagged and has room',
    records: [
      hungry({ newEniSubnets: ['subnet-a', 'subnet-b'] }),
      eni(),
      few,
      subnet('subnet-b', { availableAddresses: 900 }),
    ],
    not: /Add a subnet/,
    but: /New ENIs are created in subnet-b, which has room/,
  },
  {
    rule: 'subnet-low',
    when: 'the nodes cannot attach an ENI that would use another subnet',
    records: [hungry({ eniSlots: slots(3), newEniSubnets: ['subnet-a'] }), eni(), few],
    not: /^nothing/,
    but: /and replace the nodes: they can attach no further ENI/,
  },
  {
    rule: 'cooldown-starved',
    when: 'the subnet has no address for a larger pool',
    records: [
      node({ headroom: { pods: 5, limitedBy: 'subnet' } }),
      signal('node:n1', 'metric:awscni_no_available_ip_addresses', 'rose from 2 to 5'),
    ],
    not: /raise WARM/,
    but: /the subnet has no free address/,
  },
];

const late = eni('eni-late', {
  deviceIndex: 1,
  role: 'secondary',
  management: { state: 'unmanaged', rule: 'no-manage-tag', certainty: 'observed', observed: null },
  tags: { [TAG]: 'true' },
});
const onLate = [pod('p9', { ips: ['10.0.0.90'] }), eth0({ podName: 'p9', eni: 'eni-late' })];
const ghosts = eni('eni-p', {
  addresses: nine,
  ipamd: {
    known: true,
    addresses: 9,
    assigned: 9,
    unheld: ['10.0.0.38'],
    unheldBy: ['shop/gone'],
    taken: [],
    missing: [],
    extra: [],
  },
});
const RESTARTS: readonly Row[] = [
  {
    rule: 'ipamd-view-differs',
    when: 'a restart would take the addresses of pods on an ENI that was tagged late',
    records: [node(), ghosts, late, ...onLate],
    not: /delete pod -l k8s-app=aws-node/,
    but: /^First drain the node: eni-late is tagged no_manage=true/,
  },
  {
    rule: 'ipamd-view-differs',
    when: 'a new pod would not start with the settings of the DaemonSet',
    records: [node({ cni: cni({ refusedNext: ['ENABLE_PREFIX_DELEGATION is on, and no target is set'] }) }), ghosts],
    not: /delete pod -l k8s-app=aws-node/,
    but: /^First correct the DaemonSet aws-node/,
  },
  {
    rule: 'node-addresses-full',
    when: 'a restart would take the addresses of pods on an ENI that was tagged late',
    records: [node({ pools: [dry] }), card(0, { eniSlots: slots(2) }), ghosts, late, ...onLate],
    not: /delete pod -l k8s-app=aws-node/,
    but: /^First drain the node/,
  },
];

const SETTINGS: readonly Row[] = [
  {
    rule: 'multi-nic-no-effect',
    when: 'ipamd would adopt an untagged ENI of another card',
    records: [
      node({ multus: null, cni: cni({ multiNic: false }) }),
      eni(),
      eni('eni-far', { card: 1, deviceIndex: 1, role: 'secondary', creator: 'other', tags: {} }),
      waitingPod('w1', { nicConfig: 'multi-nic-attachment' }),
    ],
    not: /^Set ENABLE_MULTI_NIC/,
    but: /^First tag eni-far node\.k8s\.amazonaws\.com\/no_manage=true/,
  },
  {
    rule: 'trunk-missing',
    when: 'the trunk would replace the only ENI of pods',
    records: [
      node({
        cni: cni({ customNetworking: true, podEni: true }),
        limits: {
          enisPerCard: 2,
          ipv4PerEni: 4,
          cards: 1,
          maxBranchEnis: 4,
          trunkCompatible: true,
          source: 'ec2',
          maxPodsByFormula: 5,
        },
      }),
      eni('eni-a'),
      eni('eni-b', { deviceIndex: 1, role: 'secondary' }),
    ],
    not: /replace the node/,
    but: /at least three ENIs/,
  },
  {
    rule: 'no-manage-on-primary',
    when: 'the cluster is IPv6: aws-node does not start with custom networking',
    records: [node({ cni: cni({ mode: 'ipv6' }) }), eni('eni-a', { tags: { [TAG]: 'true' } })],
    not: /custom networking/,
    but: /^Remove the tag/,
  },
];

describe('the advice of', () => {
  const rows = [...MAX_PODS, ...SUBNETS, ...RESTARTS, ...SETTINGS];
  it.each(rows.map((row) => [row.rule, row.when, row] as const))('%s is not given when %s', (rule, _when, row) => {
    const [finding] = found(rule, row.records);
    expect(`${finding?.advice ?? 'nothing'} ${finding?.command ?? ''}`).not.toMatch(row.not);
    expect(finding?.advice).toMatch(row.but);
  });
});
