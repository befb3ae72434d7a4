/** vpc-cni §10, the branches, guards and exact times of its rows that the tables beside do not have. */
import { cases } from '../../../e2e/testing/finding-cases';
import {
  ago,
  card,
  cni,
  eni,
  foreignEni,
  node,
  NOW,
  pod,
  pool,
  signal,
  subnet,
  waitingPod,
  attachment,
} from '../../../e2e/testing/findings';
import { leakedBy, lowPool } from '../../../e2e/testing/finding-examples';
import type { NodeRecord } from '../../model/records';

const NODE = 'node:n1';
const ID = 'eni-0000000000000000f';
const TAG = 'node.k8s.amazonaws.com/';
const INSTANCE = 'i-0a0000000000000a1';
const starved = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container');
const CORDON = { key: 'node.kubernetes.io/unschedulable', value: null, effect: 'NoSchedule' };
const gauges = (change: Partial<NonNullable<NodeRecord['metrics']>>): NonNullable<NodeRecord['metrics']> => ({
  asOf: ago(1),
  eniMax: 3,
  eniAllocated: 1,
  ipMax: 27,
  totalAddresses: 9,
  assignedAddresses: 4,
  totalPrefixes: 0,
  forceRemovedAddresses: null,
  refusedCalls: null,
  ...change,
});
const errors = (code: string, api = 'AssignPrivateIpAddresses') =>
  signal(NODE, `metric:awscni_aws_api_error_count/${api}/${code}`, `${code} rose from 1 to 4`);

cases('pod-ip-failed', [
  {
    name: 'cause: the node is cordoned',
    records: [node({ unschedulable: true, pools: [pool({ available: 0 })] }), waitingPod(), starved],
    subjects: ['pod:core/w1'],
    says: /cordoned-no-growth/,
    commands: null,
  },
  {
    name: 'cause: cordoned is none where ipamd manages cordoned nodes',
    records: [
      node({ unschedulable: true, cni: cni({ manageNonSchedulable: true }), pools: [pool({ available: 0 })] }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /log of aws-node/,
    commands: /logs .*aws-node/,
  },
  {
    name: 'cause: its ENIConfig does not exist',
    records: [
      node({
        cni: cni({ customNetworking: true }),
        eniConfig: { name: 'a', found: false, subnet: null, securityGroups: [] },
      }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /eniconfig-missing/,
  },
  {
    name: 'cause: its ENIConfig cannot be used',
    records: [
      node({
        cni: cni({ customNetworking: true }),
        eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] },
        eniConfigProblems: ['spec.securityGroups is not a list'],
      }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /ENIConfig a cannot be used/,
  },
  {
    name: 'cause: the subnet is fragmented',
    records: [node({ cni: cni({ mode: 'prefix' }) }), waitingPod(), starved, errors('InsufficientCidrBlocks')],
    subjects: ['pod:core/w1'],
    says: /prefix-fragmented/,
  },
  {
    name: 'cause: MINIMUM_IP_TARGET alone asks for no warm address',
    records: [
      node({ cni: cni({ minimumIpTarget: 6 }), pools: [pool({ total: 6, assigned: 6, available: 0, low: false })] }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /WARM_IP_TARGET is not set[\s\S]*Set WARM_IP_TARGET/,
  },
  {
    name: 'cause: ipamd may not ask EC2 for more',
    records: [
      node({
        cni: cni({ networkResourceProvisioning: false }),
        pools: [pool({ assigned: 9, total: 9, available: 0 })],
      }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /DISABLE_NETWORK_RESOURCE_PROVISIONING=true[\s\S]*more ENIs or addresses/,
  },
  {
    name: 'cause: in IMDS-only mode, too',
    records: [
      node({
        cni: cni({ networkResourceProvisioning: false, imdsOnly: true }),
        pools: [pool({ assigned: 9, total: 9, available: 0 })],
      }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /ENABLE_IMDS_ONLY_MODE=true/,
  },
  {
    name: 'cause: EC2 throttles the CNI',
    records: [node(), waitingPod(), starved, errors('RequestLimitExceeded')],
    subjects: ['pod:core/w1'],
    says: /ec2-throttled/,
  },
  {
    name: 'counters of an aws-node that is not read now are no cause',
    records: [node(), waitingPod(), starved, errors('RequestLimitExceeded')],
    states: { 'aws-node/metrics': 'stale' },
    subjects: ['pod:core/w1'],
    says: /log of aws-node/,
  },
  {
    name: 'guard: refused for 29 s',
    records: [node(), waitingPod(), { ...starved, firstAt: ago(29) }],
    subjects: [],
  },
  {
    name: 'refused for exactly 30 s',
    records: [node(), waitingPod(), { ...starved, firstAt: ago(30) }],
    subjects: ['pod:core/w1'],
  },
]);

const slots = (change: object) => ({ limit: 3, used: 3, unmanaged: 0, reserved: 0, free: 0, ...change });
const taken = Array.from({ length: 9 }, (_, i) => ({
  ip: `10.0.0.${20 + i}`,
  state: 'assigned' as const,
  interface: null,
}));
const dryPool = pool({ total: 9, assigned: 9, available: 0 });
cases('node-addresses-full', [
  {
    name: 'MAX_ENI is reached before the limit of the type',
    records: [
      node({ pools: [dryPool], cni: cni({ maxEni: 1 }) }),
      card(0, { eniSlots: slots({ limit: 1, used: 1 }) }),
      eni('eni-p', { addresses: taken }),
    ],
    subjects: [NODE],
    says: /1 of 1 ENIs/,
  },
  {
    name: 'the last slot is kept for a trunk',
    records: [
      node({ pools: [dryPool], cni: cni({ podEni: true }) }),
      card(0, { eniSlots: slots({ used: 2, reserved: 1 }) }),
      eni('eni-p', { addresses: taken }),
    ],
    subjects: [NODE],
  },
  {
    name: 'no attached ENI gives pods addresses at all',
    records: [
      node({ pools: [pool({ total: 0, assigned: 0, available: 0 })], cni: cni({ customNetworking: true }) }),
      card(0, { eniSlots: slots({ unmanaged: 2 }) }),
      eni('eni-p', { addresses: taken }),
      foreignEni(),
    ],
    subjects: [NODE],
    says: /No attached ENI of n1 gives pods addresses/,
  },
  {
    name: 'guard: how many addresses there are is not known',
    records: [
      node({ pools: [pool({ total: null, assigned: null, available: 0 })] }),
      card(0, { eniSlots: slots({}) }),
      eni('eni-p', { addresses: taken }),
    ],
    subjects: [],
  },
]);

cases('max-pods-too-high', [
  {
    name: 'MAX_ENI lowers the ceiling: 2 × 9 + 2',
    records: [node({ cni: cni({ maxEni: 2 }) }), card(0, { eniSlots: slots({ limit: 2 }) })],
    subjects: [NODE],
    says: /has addresses for 20/,
  },
  {
    name: 'the slot that is kept for a trunk lowers it',
    records: [node({ cni: cni({ podEni: true }) }), card(0, { eniSlots: slots({ used: 1, reserved: 1, free: 1 }) })],
    subjects: [NODE],
    says: /1 for the trunk/,
  },
  { name: 'one pod above the ceiling', records: [node({ maxPods: 30 }), card()], subjects: [NODE], says: /Accepts 30/ },
  { name: 'exactly the ceiling', records: [node({ maxPods: 29 }), card()], subjects: [] },
  {
    name: 'more pods on the host network need no address',
    records: [node({ maxPods: 31, hostNetworkPods: 4 }), card()],
    subjects: [],
  },
  {
    name: 'prefix mode: 3 × 9 × 16 + 2 is the ceiling',
    records: [node({ maxPods: 435, cni: cni({ mode: 'prefix' }) }), card()],
    subjects: [NODE],
    says: /434/,
  },
]);

cases('pool-low', [
  {
    name: 'exactly three minutes are not more than three',
    records: [node({ pools: [lowPool] })],
    later: 180,
    subjects: [],
  },
  { name: 'a millisecond more', records: [node({ pools: [lowPool] })], later: 180.001, subjects: [NODE] },
  {
    name: 'guard: the taint alone cordons',
    records: [node({ pools: [lowPool], taints: [CORDON] })],
    later: 181,
    subjects: [],
  },
  {
    name: 'a cordoned node that ipamd manages all the same',
    records: [
      node({ pools: [lowPool], unschedulable: true, taints: [CORDON], cni: cni({ manageNonSchedulable: true }) }),
    ],
    later: 181,
    subjects: [NODE],
  },
]);

const wasteful = { pools: [pool({ available: 19 })] };
cases('warm-pool-waste', [
  { name: 'exactly ten minutes', records: [node(wasteful), eni()], later: 600, subjects: [NODE] },
  { name: 'a millisecond less', records: [node(wasteful), eni()], later: 599.999, subjects: [] },
  {
    name: 'guard: ipamd frees nothing where it may not write to EC2',
    records: [node({ ...wasteful, cni: cni({ networkResourceProvisioning: false }) }), eni()],
    later: 601,
    subjects: [],
  },
  {
    name: 'the targets count addresses already: no advice to set them',
    records: [node({ pools: [pool({ available: 15, target: 5 })], cni: cni({ warmIpTarget: 5 }) }), eni()],
    later: 601,
    subjects: [NODE],
    says: /as far as pods and cooling let it/,
    commands: /logs -c aws-node/,
  },
  {
    name: 'a cordoned node that ipamd manages all the same wastes, too',
    records: [node({ ...wasteful, unschedulable: true, cni: cni({ manageNonSchedulable: true }) }), eni()],
    later: 601,
    subjects: [NODE],
  },
]);

const refused = signal(
  NODE,
  'metric:awscni_no_available_ip_addresses',
  'awscni_no_available_ip_addresses rose from 2 to 5',
);
cases('cooldown-starved', [
  {
    name: 'the counter rose exactly two minutes ago',
    records: [node(), { ...refused, lastAt: ago(120) }],
    subjects: [NODE],
  },
  {
    name: 'the counter rose a second more than two minutes ago',
    records: [node(), { ...refused, lastAt: ago(121) }],
    subjects: [],
  },
  {
    name: 'guard: the counter of an aws-node that is not read now',
    records: [node(), refused],
    states: { 'aws-node/metrics': 'failing' },
    subjects: [],
  },
  {
    name: 'one of the free ones does not cool: no starvation',
    records: [node({ pools: [pool({ available: 3, cooling: 2 })] }), waitingPod(), starved],
    subjects: [],
  },
  {
    name: 'all cool, and nobody waits',
    records: [node({ pools: [pool({ available: 2, cooling: 2 })] })],
    subjects: [],
  },
  {
    name: 'guard: how many cool is not known',
    records: [node({ pools: [pool({ available: 2, cooling: null })] }), waitingPod(), starved],
    subjects: [],
  },
]);

const hungry = (change: Partial<NodeRecord> = {}) =>
  node({
    pools: [
      pool({
        low: true,
        short: 9,
        next: { action: 'add-addresses', count: 9, reason: 'below the target', blockedBy: null },
      }),
    ],
    ...change,
  });
const free = (availableAddresses: number) => subnet('subnet-a', { availableAddresses });
cases('subnet-low', [
  { name: 'exactly what its nodes need', records: [hungry(), eni(), free(9)], subjects: [] },
  {
    name: 'one less than they need',
    records: [hungry(), eni(), free(8)],
    subjects: ['subnet-a'],
    says: /8 addresses left, 9 needed/,
  },
  {
    name: 'prefix mode: exactly sixteen',
    records: [node({ cni: cni({ mode: 'prefix' }) }), eni(), free(16)],
    subjects: [],
  },
  {
    name: 'the floor of four, though nobody needs any',
    records: [node(), eni(), free(3)],
    subjects: ['subnet-a'],
    says: /^3 addresses left$/m,
  },
  { name: 'exactly at the floor', records: [node(), eni(), free(4)], subjects: [] },
  {
    name: 'a refusal that aws-node counted confirms it',
    records: [hungry(), eni(), free(5), errors('InsufficientFreeAddressesInSubnet')],
    subjects: ['subnet-a'],
    says: /InsufficientFreeAddressesInSubnet rose/,
  },
  {
    name: 'the subnet of an ENIConfig, where the node has no ENI yet',
    records: [
      hungry({
        cni: cni({ customNetworking: true }),
        eniConfig: { name: 'a', found: true, subnet: 'subnet-b', securityGroups: [] },
      }),
      subnet('subnet-b', { availableAddresses: 2 }),
    ],
    subjects: ['subnet-b'],
  },
  {
    name: 'guard: a cordoned node needs none',
    records: [hungry({ unschedulable: true }), eni(), free(5)],
    subjects: [],
  },
  {
    name: 'a cordoned node that ipamd manages all the same does',
    records: [hungry({ unschedulable: true, cni: cni({ manageNonSchedulable: true }) }), eni(), free(5)],
    subjects: ['subnet-a'],
  },
]);

const slow = (change: Partial<NodeRecord> = {}) => node({ cni: cni({ mode: 'prefix' }), pools: [lowPool], ...change });
const bare = subnet('subnet-a', { freePrefixes: 0 });
cases('prefix-fragmented', [
  { name: 'exactly three minutes are not more than three', records: [slow(), eni(), bare], later: 180, subjects: [] },
  {
    name: 'a millisecond more than three minutes',
    records: [slow(), eni(), bare],
    later: 180.001,
    subjects: ['subnet-a'],
  },
  {
    name: 'exactly sixteen addresses free',
    records: [slow(), eni(), subnet('subnet-a', { freePrefixes: 0, availableAddresses: 16 })],
    later: 181,
    subjects: ['subnet-a'],
  },
  {
    name: 'guard: every slot of the node is taken, so no /28 is asked for',
    records: [
      slow({
        pools: [{ ...lowPool, next: { action: 'none', count: 0, reason: 'low', blockedBy: 'every slot is taken' } }],
      }),
      eni(),
      bare,
    ],
    later: 181,
    subjects: [],
  },
  { name: 'guard: secondary-address mode', records: [slow({ cni: cni({}) }), eni(), bare], later: 181, subjects: [] },
  {
    name: 'guard: a node of less than two minutes',
    records: [slow({ createdAt: new Date(NOW + 80_000).toISOString() }), eni(), bare],
    later: 181,
    subjects: [],
  },
]);

cases('subnet-excluded', [
  {
    name: 'cluster tags are read since v1.22.1, role/cni=0 since v1.22.0',
    records: [
      node({ cni: cni({ version: 'v1.22.0' }) }),
      eni(),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: ['eni-0000000000000000a'],
  },
  {
    name: 'guard: v1.22.0 reads other cluster tags',
    records: [
      node({ cni: cni({ version: 'v1.22.0' }) }),
      eni('eni-p', { tags: { 'cluster.k8s.amazonaws.com/name': 'ours' } }),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '1', 'cni.networking.k8s.aws/cluster/other': '1' } }),
    ],
    subjects: [],
  },
]);

const foreign = foreignEni({
  tags: {},
  management: { state: 'managed', rule: 'untagged-adopted', certainty: 'inferred', observed: null },
});
const adopted = { ...foreign, tags: { [`${TAG}instance_id`]: INSTANCE } };
cases('eni-adopted', [
  {
    name: 'the resource controller made it',
    records: [node(), { ...adopted, creator: 'vpc-resource-controller' as const }],
    subjects: [],
  },
  {
    name: 'the tag of another instance is no adoption',
    records: [node(), { ...foreign, tags: { [`${TAG}instance_id`]: 'i-other' } }],
    subjects: [],
  },
  { name: 'a trunk', records: [node(), { ...adopted, interfaceType: 'trunk', role: 'trunk' as const }], subjects: [] },
  {
    name: 'guard: on a card that ipamd does not manage',
    records: [node(), { ...adopted, card: 1, management: { ...adopted.management, state: 'outside' as const } }],
    subjects: [],
  },
  {
    name: 'tagged as its own',
    records: [node(), adopted],
    subjects: [ID],
    commands: /Key=node\.k8s\.amazonaws\.com\/no_manage,Value=true$/,
  },
]);
cases('eni-will-be-adopted', [
  {
    name: 'a network hangs on it: more so',
    records: [node(), foreign, attachment()],
    subjects: [ID],
    says: /Networks hang on it: core\/ipvlan-a/,
  },
  {
    name: 'guard: ipamd writes nothing to EC2',
    records: [node({ cni: cni({ networkResourceProvisioning: false }) }), foreign],
    subjects: [],
  },
  {
    name: 'a tag with no effect outranks MANAGE_UNTAGGED_ENI=false',
    records: [node({ cni: cni({ manageUntagged: false }) }), { ...foreign, tags: { [`${TAG}no_manage`]: 'yes' } }],
    subjects: [ID],
  },
]);
cases('no-manage-bad-value', [
  ...['1', 'yes', 'TRUE', 'True', ' true', 'true ', ''].map((value) => ({
    name: `“${value}” is not true`,
    records: [node(), { ...adopted, tags: { [`${TAG}no_manage`]: value } }],
    subjects: [ID],
  })),
  {
    name: 'a key in other case that says false',
    records: [node(), { ...adopted, tags: { [`${TAG}NO_MANAGE`]: 'false' } }],
    subjects: [],
  },
  {
    name: 'guard: in IMDS-only mode nobody reads tags',
    records: [node({ cni: cni({ imdsOnly: true }) }), { ...adopted, tags: { [`${TAG}no_manage`]: '1' } }],
    subjects: [],
  },
]);
cases('no-manage-on-primary', [
  {
    name: 'any value that asks for it',
    records: [node(), eni('eni-p', { tags: { [`${TAG}no_manage`]: 'True' } })],
    subjects: ['eni-p'],
  },
  {
    name: 'false asks for nothing',
    records: [node(), eni('eni-p', { tags: { [`${TAG}no_manage`]: 'false' } })],
    subjects: [],
  },
]);
cases('no-manage-late', [
  {
    name: 'tagged after adoption',
    records: [node(), { ...adopted, tags: { ...adopted.tags, [`${TAG}no_manage`]: 'true' } }],
    subjects: [ID],
    commands: /cordon n1$/,
  },
  {
    name: 'guard: in IMDS-only mode the tag is never read',
    records: [
      node({ cni: cni({ imdsOnly: true }) }),
      { ...adopted, tags: { ...adopted.tags, [`${TAG}no_manage`]: 'true' } },
    ],
    subjects: [],
  },
]);

const EC2 = (asOf: string) => ({ id: 'ec2/network-interfaces', state: 'live' as const, asOf, reason: null });
const old = { ipamd: { ready: true, version: 'v1.22.4' } };
cases('unmanaged-miscount', [
  {
    name: 'one less than by EC2',
    records: [node({ ...old, metrics: gauges({ eniMax: 1 }) }), foreignEni()],
    subjects: [NODE],
    says: /ipamd counts 2 unmanaged ENIs, 1 is attached/,
  },
  {
    name: 'exactly as by EC2',
    records: [node({ ...old, metrics: gauges({ eniMax: 2 }) }), foreignEni()],
    subjects: [],
  },
  {
    name: 'EFA-only ENIs count, too',
    records: [
      node({ ...old, metrics: gauges({ eniMax: 1 }) }),
      foreignEni(),
      eni('eni-e', {
        deviceIndex: 2,
        role: 'efa-only',
        management: { state: 'outside', rule: 'efa-only', certainty: 'observed', observed: false },
      }),
    ],
    subjects: [],
  },
  {
    name: 'MAX_ENI is the limit that it counts from',
    records: [node({ ...old, cni: cni({ maxEni: 2 }), metrics: gauges({ eniMax: 1 }) }), foreignEni()],
    subjects: [],
  },
  {
    name: 'guard: several cards share the gauge',
    records: [
      node({
        ...old,
        metrics: gauges({ eniMax: 1 }),
        limits: {
          enisPerCard: 3,
          ipv4PerEni: 10,
          cards: 2,
          maxBranchEnis: null,
          trunkCompatible: null,
          source: 'ec2',
          maxPodsByFormula: 29,
        },
      }),
      foreignEni(),
    ],
    subjects: [],
  },
  {
    name: 'guard: EC2 was not asked since',
    records: [node({ ...old, metrics: gauges({ eniMax: 1, asOf: ago(1) }) }), foreignEni(), EC2(ago(10))],
    later: 5,
    subjects: [],
  },
  {
    name: 'guard: a version that nobody knows',
    records: [
      node({ ipamd: { ready: true, version: null }, cni: cni({ version: 'latest' }), metrics: gauges({ eniMax: 1 }) }),
      foreignEni(),
    ],
    subjects: [],
  },
]);

const leaked = leakedBy(INSTANCE);
cases('eni-leaked', [
  { name: 'exactly 65 minutes are not more', records: [node(), { ...leaked, createdAt: ago(3_900) }], subjects: [] },
  {
    name: 'a millisecond more than 65 minutes',
    records: [node(), { ...leaked, createdAt: ago(3_900.001) }],
    subjects: ['eni-l'],
  },
  {
    name: 'DISABLE_LEAKED_ENI_CLEANUP on every node',
    records: [node({ cni: cni({ leakedEniCleanup: false }) }), leaked],
    subjects: ['eni-l'],
    severity: 'error',
    says: /No ipamd of this cluster cleans up/,
  },
  {
    name: 'one node still cleans up',
    records: [node({ cni: cni({ leakedEniCleanup: false }) }), node({ name: 'n2', instanceId: 'i-2' }), leaked],
    subjects: ['eni-l'],
    severity: 'warning',
  },
  {
    name: 'the resource controller made it',
    records: [node(), { ...leaked, description: 'aws-k8s-branch-eni' }],
    subjects: [],
  },
  { name: 'no tag of an instance', records: [node(), { ...leaked, tags: {} }], subjects: [] },
  { name: 'guard: when it was made is not known', records: [node(), { ...leaked, createdAt: null }], subjects: [] },
  {
    name: 'its prefixes count as addresses',
    records: [
      node(),
      {
        ...leaked,
        addresses: [{ ip: '10.0.0.9', state: 'primary' as const, interface: null }],
        prefixes: [{ cidr: '10.0.1.0/28', size: 16, assigned: 0 }],
      },
    ],
    subjects: ['eni-l'],
    says: /holds 17 addresses/,
  },
]);

const branch = eni('eni-b', {
  card: null,
  deviceIndex: null,
  role: 'branch',
  interfaceType: 'branch',
  creator: 'vpc-resource-controller',
  description: 'aws-k8s-branch-eni',
  status: 'associated',
});
const orphan = { ...branch, node: null, status: 'available' };
cases('branch-eni-leaked', [
  { name: 'unnamed for exactly six minutes', records: [node(), branch], later: 360, subjects: [] },
  {
    name: 'unnamed for a millisecond more',
    records: [node(), branch],
    later: 360.001,
    subjects: ['eni-b'],
    commands: /^aws ec2 describe-network-interfaces/,
  },
  { name: 'available for exactly an hour', records: [orphan], later: 3_600, subjects: [] },
  {
    name: 'available for a millisecond more',
    records: [orphan],
    later: 3_600.001,
    subjects: ['eni-b'],
    commands: /^aws ec2 delete-network-interface/,
  },
  {
    name: 'known by the owner tag alone',
    records: [{ ...orphan, creator: 'other' as const, tags: { 'eks:eni:owner': 'eks-vpc-resource-controller' } }],
    later: 3_601,
    subjects: ['eni-b'],
  },
  { name: 'somebody else’s branch', records: [{ ...orphan, creator: 'other' as const }], later: 3_601, subjects: [] },
]);

const removed = (forceRemovedAddresses: number | null) => node({ metrics: gauges({ forceRemovedAddresses }) });
cases('pod-address-not-on-node', [
  {
    name: 'ipamd dropped addresses under pods, nobody saw when',
    records: [removed(3)],
    subjects: [NODE],
    severity: 'warning',
    says: /3 addresses/,
  },
  {
    name: 'the counter rose before our eyes',
    records: [removed(3), signal(NODE, 'metric:awscni_force_removed_ips', 'awscni_force_removed_ips rose from 1 to 3')],
    subjects: [NODE],
    severity: 'error',
  },
  { name: 'ten minutes later an old count is no news', records: [removed(3)], later: 601, subjects: [] },
  { name: 'ipamd dropped none', records: [removed(0)], subjects: [] },
  { name: 'the counter is not there', records: [removed(null)], subjects: [] },
]);

const full = [
  eni(),
  eni('eni-b', { deviceIndex: 1, role: 'secondary' }),
  eni('eni-c', { deviceIndex: 2, role: 'secondary' }),
];
const wantsTrunk = (change: Partial<NodeRecord> = {}) => node({ cni: cni({ podEni: true }), ...change });
cases('trunk-missing', [
  {
    name: 'the CNINode lacks the feature: aws-node found no slot',
    records: [wantsTrunk({ cniNode: { found: true, features: ['CustomNetworking'] } }), ...full],
    subjects: [NODE],
    says: /CNINode n1 lacks the feature SecurityGroupsForPods/,
  },
  {
    name: 'the CNINode asks for it, and EC2 refused the trunk',
    records: [
      wantsTrunk({ cniNode: { found: true, features: ['SecurityGroupsForPods'] } }),
      ...full,
      signal(NODE, 'TrunkENICreationFailed', 'no slot'),
    ],
    subjects: [NODE],
    says: /event TrunkENICreationFailed: no slot/,
    commands: /^kubectl cordon/,
  },
  {
    name: 'MAX_ENI is full before the type is',
    records: [wantsTrunk({ cni: cni({ podEni: true, maxEni: 1 }) }), eni()],
    subjects: [NODE],
  },
  { name: 'guard: whether the type can is not known', records: [wantsTrunk({ limits: null }), ...full], subjects: [] },
]);

const asks = { 'vpc.amazonaws.com/pod-eni': 1 };
cases('pod-eni-stuck', [
  {
    name: 'scheduled for exactly 60 s',
    records: [node(), waitingPod('w1', { resources: asks, startedAt: ago(60) })],
    subjects: [],
  },
  {
    name: 'scheduled for a millisecond more',
    records: [node(), waitingPod('w1', { resources: asks, startedAt: ago(60.001) })],
    subjects: ['pod:core/w1'],
  },
  {
    name: 'an event says so at once',
    records: [
      node(),
      waitingPod('w1', { resources: asks, startedAt: ago(5) }),
      signal('pod:core/w1', 'BranchAllocationFailed', 'no address'),
    ],
    subjects: ['pod:core/w1'],
    says: /BranchAllocationFailed/,
  },
  {
    name: 'guard: events that are not read now hurry nobody',
    records: [
      node(),
      waitingPod('w1', { resources: asks, startedAt: ago(5) }),
      signal('pod:core/w1', 'BranchAllocationFailed', 'no address'),
    ],
    states: { 'kubernetes/events': 'stale' },
    subjects: [],
  },
  {
    name: 'an empty annotation is none',
    records: [node(), waitingPod('w1', { resources: asks, podEni: [], startedAt: ago(120) })],
    subjects: ['pod:core/w1'],
  },
]);

const uses = (change: Partial<NodeRecord>) =>
  node({ ready: false, ipamd: { ready: false, version: null }, cni: cni({ customNetworking: true }), ...change });
cases('eniconfig-missing', [
  {
    name: 'securityGroups is not a list',
    records: [
      uses({
        eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] },
        eniConfigProblems: ['spec.securityGroups is not a list'],
      }),
    ],
    subjects: [NODE],
    says: /securityGroups is not a list/,
    commands: /get eniconfigs\S* a -o yaml$/,
  },
  {
    name: 'it is in order',
    records: [uses({ eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: ['sg-1'] } })],
    subjects: [],
  },
  {
    name: 'guard: whether it exists is not known',
    records: [uses({ eniConfig: { name: 'a', found: null, subnet: null, securityGroups: [] } })],
    subjects: [],
  },
  {
    name: 'the resource controller says so, too',
    records: [
      uses({ eniConfig: { name: 'a', found: false, subnet: null, securityGroups: [] } }),
      signal(NODE, 'EniConfigNameNotFound', 'no such ENIConfig'),
    ],
    subjects: [NODE],
    says: /event EniConfigNameNotFound/,
  },
]);
cases('eniconfig-wrong-zone', [
  {
    name: 'not muted by NotReady, its symptom',
    records: [
      uses({ eniConfig: { name: 'b', found: true, subnet: 'subnet-b', securityGroups: [] } }),
      subnet('subnet-b', { zone: 'eu-west-1b' }),
    ],
    subjects: [NODE],
    commands: /get eniconfigs\S* b -o yaml$/,
  },
  {
    name: 'guard: the node’s zone is not known',
    records: [
      uses({ zone: null, eniConfig: { name: 'b', found: true, subnet: 'subnet-b', securityGroups: [] } }),
      subnet('subnet-b', { zone: 'eu-west-1b' }),
    ],
    subjects: [],
  },
]);

const wants = { nicConfig: 'multi-nic-attachment' };
cases('multi-nic-no-effect', [
  {
    name: 'refused an address, so Multus did hand the annotation on',
    records: [node(), waitingPod('w1', wants), starved],
    subjects: ['pod:core/w1'],
    severity: 'error',
    says: /ENABLE_MULTI_NIC=false/,
  },
  {
    name: 'off on a single card: it never starts either',
    records: [node({ multus: null }), waitingPod('w1', wants)],
    subjects: ['pod:core/w1'],
    severity: 'error',
  },
  {
    name: 'guard: an Auto Mode node has no such setting',
    records: [node({ computeType: 'auto', cni: null, ipamd: null }), pod('p1', wants)],
    subjects: [],
  },
]);

cases('mixed-address-modes', [
  {
    name: 'a leftover address that nobody holds',
    records: [
      node({ cni: cni({ mode: 'prefix' }) }),
      eni('eni-p', { addresses: [{ ip: '10.0.1.5', state: 'excluded', interface: null }] }),
    ],
    subjects: [],
  },
  {
    name: 'a leftover prefix of which nobody holds any',
    records: [node(), eni('eni-p', { prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 0 }] })],
    subjects: [],
  },
  {
    name: 'two pods hold addresses of the other mode',
    records: [node(), eni('eni-p', { prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 2 }] })],
    subjects: ['eni-p'],
    says: /2 live pods/,
  },
  {
    name: 'guard: an unmanaged ENI is not ipamd’s',
    records: [node(), foreignEni({ prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 2 }] })],
    subjects: [],
  },
]);

const daemon = waitingPod('w1', { owner: { kind: 'DaemonSet', name: 'd' } });
cases('cordoned-no-growth', [
  { name: 'the taint alone', records: [node({ taints: [CORDON] }), daemon, starved], subjects: [NODE] },
  {
    name: 'the taint with another effect',
    records: [node({ taints: [{ ...CORDON, effect: 'PreferNoSchedule' }] }), daemon, starved],
    subjects: [],
  },
  {
    name: 'guard: AWS_MANAGE_ENIS_NON_SCHEDULABLE',
    records: [node({ unschedulable: true, cni: cni({ manageNonSchedulable: true }) }), daemon, starved],
    subjects: [],
  },
  {
    name: 'a pod of a Deployment was there before',
    records: [node({ unschedulable: true }), waitingPod(), starved],
    subjects: [],
  },
]);

const event = signal(
  NODE,
  'MissingIAMPermissions',
  'Unauthorized operation: failed to call ec2:CreateNetworkInterface',
);
cases('ec2-permission-missing', [
  {
    name: 'aws-node that does not come up is its symptom',
    records: [node({ ready: false, ipamd: { ready: false, version: null } }), event],
    subjects: [NODE],
  },
  {
    name: 'calls that were refused before anyone looked',
    records: [node({ metrics: gauges({ refusedCalls: 4 }) })],
    subjects: [NODE],
    says: /4 calls of EC2 refused/,
  },
  {
    name: 'ten minutes later, and none since',
    records: [node({ metrics: gauges({ refusedCalls: 4 }) })],
    later: 601,
    subjects: [],
  },
  { name: 'no call was refused', records: [node({ metrics: gauges({ refusedCalls: 0 }) })], subjects: [] },
  {
    name: 'guard: the event of a source that is denied',
    records: [node(), event],
    states: { 'kubernetes/events': 'denied' },
    subjects: [],
  },
  {
    name: 'guard: the counters of an aws-node that is not read now',
    records: [node({ metrics: gauges({ refusedCalls: 4 }) })],
    states: { 'aws-node/metrics': 'stale' },
    subjects: [],
  },
]);
cases('ec2-throttled', [
  { name: 'Throttling', records: [node(), errors('Throttling')], subjects: [NODE] },
  { name: 'ThrottlingException', records: [node(), errors('ThrottlingException')], subjects: [NODE] },
  {
    name: 'rose exactly ten minutes ago',
    records: [node(), { ...errors('Throttling'), lastAt: ago(600) }],
    subjects: [NODE],
  },
  { name: 'rose a second earlier', records: [node(), { ...errors('Throttling'), lastAt: ago(601) }], subjects: [] },
]);
cases('metrics-untrusted', [
  {
    name: 'as many assigned as there are',
    records: [node({ metrics: gauges({ assignedAddresses: 9 }) })],
    subjects: [],
  },
  {
    name: 'a negative number of ENIs',
    records: [node({ metrics: gauges({ eniAllocated: -1 }) })],
    subjects: [NODE],
    says: /awscni_eni_allocated -1 is negative/,
  },
  {
    name: 'multi-NIC on several cards',
    records: [
      node({
        cni: cni({ multiNic: true }),
        metrics: gauges({}),
        limits: {
          enisPerCard: 15,
          ipv4PerEni: 50,
          cards: 4,
          maxBranchEnis: null,
          trunkCompatible: null,
          source: 'ec2',
          maxPodsByFormula: 737,
        },
      }),
    ],
    subjects: [NODE],
  },
  {
    name: 'multi-NIC on a single card',
    records: [node({ cni: cni({ multiNic: true }), metrics: gauges({}) })],
    subjects: [],
  },
]);

const young = (seconds: number) => node({ createdAt: ago(seconds) });
cases('eni-survives-node', [
  {
    name: 'a node of exactly two minutes is old enough',
    records: [young(120), eni('eni-p', { deleteOnTermination: false })],
    subjects: ['eni-p'],
    commands: /--attachment "AttachmentId=\$\(aws ec2 describe-network-interfaces/,
  },
  {
    name: 'a node a millisecond younger',
    records: [young(119.999), eni('eni-p', { deleteOnTermination: false })],
    subjects: [],
  },
]);
