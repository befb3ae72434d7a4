import { cases } from '../../../e2e/testing/finding-cases';
import {
  ago,
  card,
  cni,
  eni,
  face,
  foreignEni,
  hostNic,
  ipPool,
  network,
  node,
  NOW,
  pod,
  pool,
  request,
  signal,
  subnet,
  waitingPod,
  attachment,
} from '../../../e2e/testing/findings';
import { hostDevice, lowPool } from '../../../e2e/testing/finding-examples';

const fullPool = pool({
  total: 9,
  assigned: 9,
  available: 0,
  low: true,
  short: 0,
  next: {
    action: 'none',
    count: 0,
    reason: 'low',
    blockedBy: 'every slot is taken and no further ENI can be attached',
  },
});
const fullEni = eni('eni-p', {
  addresses: [
    { ip: '10.0.0.4', state: 'primary', interface: null },
    ...Array.from({ length: 9 }, (_, i) => ({ ip: `10.0.0.${20 + i}`, state: 'assigned' as const, interface: null })),
  ],
});
const slots = (change: object) => ({ limit: 3, used: 3, unmanaged: 0, reserved: 0, free: 0, ...change });
const NODE = 'node:n1';

const full = [card(0, { eniSlots: slots({}) }), fullEni];
cases('node-addresses-full', [
  {
    name: 'every slot taken and nothing can attach',
    records: [node({ pools: [fullPool] }), ...full],
    subjects: [NODE],
    severity: 'warning',
  },
  {
    name: 'the kubelet takes no further pod either',
    records: [node({ pools: [fullPool], podCount: 29 }), ...full],
    subjects: [NODE],
    severity: 'info',
  },
  { name: 'a free address is left', records: [node({ pools: [pool({ available: 1 })] }), ...full], subjects: [] },
  { name: 'an ENI can still attach', records: [node({ pools: [fullPool] }), card(), fullEni], subjects: [] },
  {
    name: 'an ENI has a slot free',
    records: [node({ pools: [fullPool] }), ...full, eni('eni-b', { deviceIndex: 1, role: 'secondary' })],
    subjects: [],
  },
  {
    name: 'the slots of a trunk and of an unmanaged ENI are none',
    records: [
      node({ pools: [fullPool] }),
      ...full,
      eni('eni-t', { deviceIndex: 2, role: 'trunk', interfaceType: 'trunk' }),
      foreignEni(),
    ],
    subjects: [NODE],
  },
  {
    name: 'a prefix takes one slot, however many of its addresses are held',
    records: [
      node({ pools: [fullPool], cni: cni({ mode: 'prefix' }) }),
      card(0, { eniSlots: slots({}) }),
      eni('eni-p', {
        capacity: 2,
        prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 16 }],
        addresses: Array.from({ length: 16 }, (_, i) => ({
          ip: `10.0.1.${16 + i}`,
          state: 'assigned' as const,
          interface: null,
        })),
      }),
    ],
    subjects: [],
  },
  {
    name: 'guard: a node younger than two minutes',
    records: [node({ pools: [fullPool], createdAt: ago(60) }), ...full],
    subjects: [],
  },
  {
    name: 'the young node is judged when it is old enough',
    records: [node({ pools: [fullPool], createdAt: ago(60) }), ...full],
    later: 61,
    subjects: [NODE],
  },
  {
    name: 'guard: aws-node is not ready',
    records: [node({ pools: [fullPool], ipamd: { ready: false, version: null } }), ...full],
    subjects: [],
  },
  {
    name: 'guard: EC2 denied',
    records: [node({ pools: [fullPool] }), ...full],
    states: { 'ec2/network-interfaces': 'denied' },
    subjects: [],
  },
  {
    name: 'guard: EC2 stale',
    records: [node({ pools: [fullPool] }), ...full],
    states: { 'ec2/network-interfaces': 'stale' },
    subjects: [],
  },
]);

cases('max-pods-too-high', [
  {
    name: 'two unmanaged ENIs leave 9 addresses for 29 pods',
    records: [node(), card(0, { eniSlots: slots({ unmanaged: 2 }) })],
    subjects: [NODE],
    says: /has addresses for 11/,
  },
  { name: 'as many as there are addresses', records: [node({ maxPods: 29 }), card()], subjects: [] },
  {
    name: 'kube-proxy restarts: still as many',
    records: [node({ maxPods: 29, hostNetworkPods: 1 }), card()],
    subjects: [],
  },
  {
    name: 'an EFA-only ENI counts once',
    records: [
      node({ maxPods: 20 }),
      card(0, { eniSlots: slots({ unmanaged: 1 }) }),
      eni('eni-e', { role: 'efa-only', interfaceType: 'efa-only', deviceIndex: 1 }),
    ],
    subjects: [],
  },
  {
    name: 'custom networking takes the primary ENI out',
    records: [node({ cni: cni({ customNetworking: true }) }), card()],
    subjects: [NODE],
    says: /1 for custom networking/,
  },
  {
    name: 'a trunk takes one',
    records: [node(), card(), eni('eni-0000000000000000t', { role: 'trunk', deviceIndex: 2, interfaceType: 'trunk' })],
    subjects: [NODE],
    says: /1 for the trunk/,
  },
  {
    name: 'guard: IPv6 has no such ceiling',
    records: [node({ maxPods: 250, cni: cni({ mode: 'ipv6' }) }), card()],
    subjects: [],
  },
  { name: 'guard: limits not known', records: [node({ maxPods: 250, limits: null }), card()], subjects: [] },
  {
    name: 'prefix mode has sixteen times as many',
    records: [node({ maxPods: 110, cni: cni({ mode: 'prefix' }) }), card()],
    subjects: [],
  },
]);

cases('pool-low', [
  { name: 'low, seen for the first time', records: [node({ pools: [lowPool] })], subjects: [] },
  { name: 'low for three minutes', records: [node({ pools: [lowPool] })], later: 181, subjects: [NODE] },
  { name: 'not low', records: [node()], later: 181, subjects: [] },
  { name: 'guard: cordoned', records: [node({ pools: [lowPool], unschedulable: true })], later: 181, subjects: [] },
  { name: 'guard: every slot is taken', records: [node({ pools: [fullPool] })], later: 181, subjects: [] },
  {
    name: 'a low that is not known is none',
    records: [node({ pools: [pool({ low: null })] })],
    later: 181,
    subjects: [],
  },
]);

cases('warm-pool-waste', [
  {
    name: 'more than an ENI beyond the target for ten minutes',
    records: [node({ pools: [pool({ available: 19 })] }), eni()],
    later: 601,
    subjects: [NODE],
  },
  { name: 'only a minute', records: [node({ pools: [pool({ available: 19 })] }), eni()], later: 60, subjects: [] },
  {
    name: 'up to one ENI beyond is inherent',
    records: [node({ pools: [pool({ available: 18 })] }), eni()],
    later: 601,
    subjects: [],
  },
  {
    name: 'WARM_IP_TARGET asks for less',
    records: [node({ pools: [pool({ available: 15, target: 5 })] }), eni()],
    later: 601,
    subjects: [NODE],
  },
  {
    name: 'prefix mode: a begun prefix beside the warm one is inherent',
    records: [
      node({ cni: cni({ mode: 'prefix' }), pools: [pool({ available: 31, target: 16 })] }),
      eni('eni-p', { addressCapacity: 144 }),
    ],
    later: 601,
    subjects: [],
  },
  {
    name: 'an unmanaged ENI’s size says nothing',
    records: [node({ pools: [pool({ available: 19 })] }), foreignEni({ deviceIndex: 0, addressCapacity: 1 })],
    later: 601,
    subjects: [],
  },
  {
    name: 'guard: nothing is freed on a cordoned node',
    records: [node({ unschedulable: true, pools: [pool({ available: 19 })] }), eni()],
    later: 601,
    subjects: [],
  },
]);

const refused = signal(
  NODE,
  'metric:awscni_no_available_ip_addresses',
  'awscni_no_available_ip_addresses rose from 2 to 5',
);
cases('cooldown-starved', [
  { name: 'requests refused while addresses count as available', records: [node(), refused], subjects: [NODE] },
  {
    name: 'refused, and nothing is available: that is another finding',
    records: [node({ pools: [pool({ available: 0 })] }), refused],
    subjects: [],
  },
  {
    name: 'guard: with multi-NIC any card may have had none',
    records: [node({ cni: cni({ multiNic: true }) }), refused],
    subjects: [],
  },
  { name: 'refused long ago', records: [node(), { ...refused, lastAt: ago(600) }], subjects: [] },
  { name: 'the counter stays, two minutes later it is over', records: [node(), refused], later: 121, subjects: [] },
  {
    name: 'all free ones cool and a pod waits',
    records: [
      node({ pools: [pool({ available: 2, cooling: 2 })] }),
      waitingPod(),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container'),
    ],
    subjects: [NODE],
  },
]);

cases('unmanaged-miscount', [
  {
    name: 'counts three where one is attached',
    records: [
      node({
        ipamd: { ready: true, version: 'v1.21.1' },
        metrics: {
          asOf: ago(5),
          eniMax: 0,
          eniAllocated: 1,
          ipMax: 0,
          totalAddresses: 9,
          assignedAddresses: 4,
          totalPrefixes: 0,
          forceRemovedAddresses: 0,
          refusedCalls: null,
        },
      }),
      foreignEni(),
    ],
    subjects: [NODE],
  },
  {
    name: 'counts right',
    records: [
      node({
        ipamd: { ready: true, version: 'v1.21.1' },
        metrics: {
          asOf: ago(5),
          eniMax: 2,
          eniAllocated: 1,
          ipMax: 0,
          totalAddresses: 9,
          assignedAddresses: 4,
          totalPrefixes: 0,
          forceRemovedAddresses: 0,
          refusedCalls: null,
        },
      }),
      foreignEni(),
    ],
    subjects: [],
  },
  {
    name: 'guard: mended in v1.23.0',
    records: [
      node({
        metrics: {
          asOf: ago(5),
          eniMax: 0,
          eniAllocated: 1,
          ipMax: 0,
          totalAddresses: 9,
          assignedAddresses: 4,
          totalPrefixes: 0,
          forceRemovedAddresses: 0,
          refusedCalls: null,
        },
      }),
      foreignEni(),
    ],
    subjects: [],
  },
  {
    name: 'guard: no metrics',
    records: [node({ ipamd: { ready: true, version: 'v1.21.1' } }), foreignEni()],
    subjects: [],
  },
]);

const noTrunk = { cni: cni({ podEni: true }) };
const fullCard = [
  eni(),
  eni('eni-b', { deviceIndex: 1, role: 'secondary' }),
  eni('eni-c', { deviceIndex: 2, role: 'secondary' }),
];
cases('trunk-missing', [
  { name: 'on, compatible, full, and no trunk', records: [node(noTrunk), ...fullCard], subjects: [NODE] },
  { name: 'a slot is free: it will come', records: [node(noTrunk), eni()], subjects: [] },
  { name: 'off', records: [node(), ...fullCard], subjects: [] },
  {
    name: 'the trunk is there',
    records: [
      node(noTrunk),
      eni(),
      eni('eni-b', { deviceIndex: 1, role: 'secondary' }),
      eni('eni-c', { deviceIndex: 2, role: 'trunk' }),
    ],
    subjects: [],
  },
  {
    name: 'pods ask for branch ENIs, and no node has any',
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 } }),
      signal('pod:core/w1', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.'),
    ],
    subjects: ['pod:core/w1'],
    severity: 'error',
    nowhere: true,
  },
  ...[{ deleting: true }, { createdAt: ago(20) }].map((change) => ({
    name: `guard: the scheduler’s word on a pod with ${Object.keys(change).join()}`,
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 }, ...change }),
      signal('pod:core/w1', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.'),
    ],
    subjects: [],
  })),
  {
    name: 'they are all taken: no trunk is missing',
    records: [
      node({ allocatable: { 'vpc.amazonaws.com/pod-eni': 9 } }),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 } }),
      signal('pod:core/w1', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.'),
    ],
    subjects: [],
  },
  {
    name: 'guard: the type cannot',
    records: [
      node({
        ...noTrunk,
        limits: {
          enisPerCard: 3,
          ipv4PerEni: 6,
          cards: 1,
          maxBranchEnis: 0,
          trunkCompatible: false,
          source: 'ec2',
          maxPodsByFormula: 17,
        },
      }),
      ...fullCard,
    ],
    subjects: [],
  },
]);

const custom = cni({ customNetworking: true });
cases('eniconfig-missing', [
  {
    name: 'guard: its label may come a moment after the node',
    records: [
      node({
        createdAt: ago(60),
        cni: custom,
        eniConfig: { name: 'default', found: false, subnet: null, securityGroups: [] },
      }),
    ],
    subjects: [],
  },
  {
    name: 'names one that does not exist, NotReady or not',
    records: [
      node({
        ready: false,
        ipamd: { ready: false, version: null },
        cni: custom,
        eniConfig: { name: 'eu-west-1a', found: false, subnet: null, securityGroups: [] },
      }),
    ],
    subjects: [NODE],
    says: /eu-west-1a/,
  },
  {
    name: 'it exists',
    records: [
      node({ cni: custom, eniConfig: { name: 'eu-west-1a', found: true, subnet: 'subnet-a', securityGroups: [] } }),
    ],
    subjects: [],
  },
  {
    name: 'custom networking is off',
    records: [node({ eniConfig: { name: 'x', found: false, subnet: null, securityGroups: [] } })],
    subjects: [],
  },
  {
    name: 'guard: ENIConfigs may not be read',
    records: [node({ cni: custom, eniConfig: { name: 'x', found: false, subnet: null, securityGroups: [] } })],
    states: { 'kubernetes/eniconfigs': 'denied' },
    subjects: [],
  },
]);

cases('eniconfig-wrong-zone', [
  {
    name: 'its subnet is elsewhere',
    records: [
      node({ cni: custom, eniConfig: { name: 'b', found: true, subnet: 'subnet-b', securityGroups: [] } }),
      subnet('subnet-b', { zone: 'eu-west-1b' }),
    ],
    subjects: [NODE],
  },
  {
    name: 'same zone',
    records: [
      node({ cni: custom, eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] } }),
      subnet(),
    ],
    subjects: [],
  },
  {
    name: 'subnet not known',
    records: [node({ cni: custom, eniConfig: { name: 'a', found: true, subnet: 'subnet-x', securityGroups: [] } })],
    subjects: [],
  },
]);

const starved = signal(
  'pod:core/w1',
  'FailedCreatePodSandBox',
  'plugin type="aws-cni": failed to assign an IP address to container',
);
cases('cordoned-no-growth', [
  {
    name: 'a DaemonSet pod waits on a cordoned node',
    records: [node({ unschedulable: true }), waitingPod('w1', { owner: { kind: 'DaemonSet', name: 'd' } }), starved],
    subjects: [NODE],
  },
  {
    name: 'not cordoned',
    records: [node(), waitingPod('w1', { owner: { kind: 'DaemonSet', name: 'd' } }), starved],
    subjects: [],
  },
  { name: 'nobody waits', records: [node({ unschedulable: true })], subjects: [] },
]);

cases('ec2-permission-missing', [
  {
    name: 'an event of the aws-node pod',
    records: [
      node(),
      pod('aws-node-x', { namespace: 'kube-system', id: 'pod:kube-system/aws-node-x', hostNetwork: true }),
      signal(
        'pod:kube-system/aws-node-x',
        'MissingIAMPermissions',
        'Unauthorized operation: failed to call ec2:DescribeNetworkInterfaces',
      ),
    ],
    subjects: [NODE],
  },
  {
    name: 'an error metric',
    records: [
      node(),
      signal(
        NODE,
        'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/UnauthorizedOperation',
        'rose from 0 to 2',
      ),
    ],
    subjects: [NODE],
  },
  {
    name: 'another error',
    records: [
      node(),
      signal(
        NODE,
        'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/InsufficientCidrBlocks',
        'rose from 0 to 2',
      ),
    ],
    subjects: [],
  },
]);

cases('ec2-throttled', [
  {
    name: 'RequestLimitExceeded rose',
    records: [
      node(),
      signal(NODE, 'metric:awscni_aws_api_error_count/CreateNetworkInterface/RequestLimitExceeded', 'rose from 0 to 2'),
    ],
    subjects: [NODE],
  },
  {
    name: 'long ago',
    records: [
      node(),
      signal(
        NODE,
        'metric:awscni_aws_api_error_count/CreateNetworkInterface/RequestLimitExceeded',
        'rose from 0 to 2',
        { lastAt: ago(900) },
      ),
    ],
    subjects: [],
  },
  {
    name: 'guard: metrics denied',
    records: [
      node(),
      signal(NODE, 'metric:awscni_aws_api_error_count/CreateNetworkInterface/RequestLimitExceeded', 'rose from 0 to 2'),
    ],
    states: { 'aws-node/metrics': 'denied' },
    subjects: [],
  },
]);

const gauges = {
  asOf: ago(5),
  eniMax: 3,
  eniAllocated: 1,
  ipMax: 27,
  totalAddresses: 9,
  assignedAddresses: 4,
  totalPrefixes: 0,
  forceRemovedAddresses: 0,
  refusedCalls: null,
};
cases('metrics-untrusted', [
  {
    name: 'more assigned than there are',
    records: [node({ metrics: { ...gauges, assignedAddresses: 12 } })],
    subjects: [NODE],
    severity: 'info',
  },
  {
    name: 'negative',
    records: [node({ metrics: { ...gauges, totalAddresses: -4, assignedAddresses: -5 } })],
    subjects: [NODE],
    says: /negative/,
  },
  { name: 'consistent', records: [node({ metrics: gauges })], subjects: [] },
  { name: 'not read', records: [node()], subjects: [] },
]);

const cidrs = signal(
  NODE,
  'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/InsufficientCidrBlocks',
  'rose from 0 to 2',
);
const prefixNode = node({ cni: cni({ mode: 'prefix' }), pools: [lowPool] });
cases('prefix-fragmented', [
  {
    name: 'EC2 refused a /28 although addresses are free, and nobody sees the blocks',
    records: [prefixNode, eni(), subnet('subnet-a', { freePrefixes: null }), cidrs],
    later: 181,
    subjects: ['subnet-a'],
    says: /InsufficientCidrBlocks|rose/,
  },
  {
    name: 'no aligned block is seen, for three minutes',
    records: [prefixNode, eni(), subnet('subnet-a', { freePrefixes: 0 })],
    later: 181,
    subjects: ['subnet-a'],
  },
  {
    name: 'refused, although blocks look free: others hold them',
    records: [prefixNode, eni(), subnet(), cidrs],
    later: 181,
    subjects: ['subnet-a'],
  },
  {
    name: 'no aligned block, just now',
    records: [prefixNode, eni(), subnet('subnet-a', { freePrefixes: 0 })],
    subjects: [],
  },
  {
    name: 'fewer than 16 are free: another finding',
    records: [prefixNode, eni(), subnet('subnet-a', { freePrefixes: 0, availableAddresses: 9 })],
    later: 181,
    subjects: [],
  },
  { name: 'blocks are free', records: [prefixNode, eni(), subnet()], later: 181, subjects: [] },
  {
    name: 'blocks are free, refused long ago',
    records: [prefixNode, eni(), subnet(), { ...cidrs, lastAt: ago(900) }],
    later: 181,
    subjects: [],
  },
  {
    name: 'guard: under custom networking the primary ENI’s subnet gives no prefix',
    records: [
      node({ cni: cni({ mode: 'prefix', customNetworking: true }), pools: [lowPool] }),
      eni(),
      subnet('subnet-a', { freePrefixes: 0 }),
    ],
    later: 181,
    subjects: [],
  },
  {
    name: 'guard: cordoned',
    records: [
      node({ cni: cni({ mode: 'prefix' }), pools: [lowPool], unschedulable: true }),
      eni(),
      subnet('subnet-a', { freePrefixes: 0 }),
    ],
    later: 181,
    subjects: [],
  },
]);

const hungry = node({
  pools: [
    pool({
      low: true,
      short: 9,
      next: { action: 'add-addresses', count: 9, reason: 'below the target', blockedBy: null },
    }),
  ],
});
cases('subnet-low', [
  {
    name: 'its nodes need nine, it has five',
    records: [hungry, eni(), subnet('subnet-a', { availableAddresses: 5 })],
    subjects: ['subnet-a'],
    severity: 'warning',
  },
  {
    name: 'none left',
    records: [hungry, eni(), subnet('subnet-a', { availableAddresses: 0 })],
    subjects: ['subnet-a'],
    severity: 'warning',
  },
  { name: 'enough', records: [hungry, eni(), subnet('subnet-a', { availableAddresses: 50 })], subjects: [] },
  {
    name: 'prefix mode needs sixteen',
    records: [node({ cni: cni({ mode: 'prefix' }) }), eni(), subnet('subnet-a', { availableAddresses: 15 })],
    subjects: ['subnet-a'],
  },
  {
    name: 'WARM_ENI_TARGET counts whole ENIs: what is missing to the target',
    records: [
      node({
        pools: [
          pool({
            available: 2,
            target: 9,
            low: true,
            short: 0,
            next: { action: 'attach-eni', count: 1, reason: 'below the target', blockedBy: null },
          }),
        ],
      }),
      eni(),
      subnet('subnet-a', { availableAddresses: 6 }),
    ],
    subjects: ['subnet-a'],
    says: /7 more/,
  },
  {
    name: 'guard: a full node takes none',
    records: [node({ pools: [{ ...fullPool, target: 30 }] }), eni(), subnet('subnet-a', { availableAddresses: 6 })],
    subjects: [],
  },
  {
    name: 'guard: a young node is still filling its pool',
    records: [{ ...hungry, createdAt: ago(60) }, eni(), subnet('subnet-a', { availableAddresses: 5 })],
    subjects: [],
  },
  {
    name: 'guard: under custom networking the primary ENI takes none',
    records: [
      { ...hungry, cni: cni({ customNetworking: true }) },
      eni(),
      subnet('subnet-a', { availableAddresses: 0 }),
    ],
    subjects: [],
  },
  {
    name: 'guard: nobody takes pod addresses from it',
    records: [hungry, subnet('subnet-x', { availableAddresses: 0 })],
    subjects: [],
  },
  {
    name: 'guard: not known',
    records: [hungry, eni(), subnet('subnet-a', { availableAddresses: null })],
    subjects: [],
  },
]);

cases('multus-down', [
  {
    name: 'not ready for a minute',
    records: [node({ multus: { ready: false, version: null, startedAt: null, installedAt: null } })],
    later: 61,
    subjects: [NODE],
  },
  {
    name: 'not ready just now',
    records: [node({ multus: { ready: false, version: null, startedAt: null, installedAt: null } })],
    subjects: [],
  },
  {
    name: 'a pod cannot reach its socket',
    records: [
      node(),
      waitingPod(),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'dial unix /run/multus/multus.sock: connect: connection refused'),
    ],
    subjects: [NODE],
  },
  {
    name: 'guard: the whole node is down',
    records: [node({ ready: false, multus: { ready: false, version: null, startedAt: null, installedAt: null } })],
    later: 61,
    subjects: [],
  },
  { name: 'no Multus here', records: [node({ multus: null })], later: 61, subjects: [] },
]);

cases('plugin-binary-missing', [
  {
    name: 'the event names it',
    records: [
      node(),
      waitingPod(),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to find plugin "macvlan" in path [/opt/cni/bin]'),
    ],
    subjects: [NODE],
    says: /macvlan/,
  },
  {
    name: 'the pod runs by now',
    records: [
      node(),
      pod('w1'),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to find plugin "macvlan" in path [/opt/cni/bin]'),
    ],
    subjects: [],
  },
]);

const claim = (podName: string) =>
  face('net1', { podName, network: 'net:core/hd', state: 'requested', ips: [], eni: null });
cases('host-device-conflict', [
  {
    name: 'two pods, one device',
    records: [node(), hostDevice, pod('p1'), pod('p2'), claim('p1'), claim('p2')],
    subjects: ['if:core/p1/net1'],
  },
  { name: 'one pod', records: [node(), hostDevice, pod('p1'), claim('p1')], subjects: [] },
  {
    name: 'one pod takes the primary ENI away',
    records: [node(), eni(), hostDevice, pod('p1'), { ...claim('p1'), eni: 'eni-0000000000000000a' }],
    subjects: ['if:core/p1/net1'],
    says: /primary ENI/,
  },
  {
    name: 'guard: the older of the two is on its way out',
    records: [node(), hostDevice, pod('p1'), pod('p2', { deleting: true }), claim('p1'), claim('p2')],
    subjects: [],
  },
  {
    name: 'guard: a device plugin hands them out',
    records: [node(), { ...hostDevice, resourceName: 'x.io/nic' }, pod('p1'), pod('p2'), claim('p1'), claim('p2')],
    subjects: [],
  },
]);

const macvlan = network('mac', { plugins: ['macvlan'] });
cases('ipvlan-macvlan-conflict', [
  { name: 'both on ens6', records: [node(), network(), macvlan, attachment(), attachment('mac')], subjects: [NODE] },
  {
    name: 'on different links',
    records: [
      node(),
      network(),
      { ...macvlan, parent: { kind: 'host-device', value: 'ens7' } },
      attachment(),
      attachment('mac'),
    ],
    subjects: [],
  },
  {
    name: 'guard: a VLAN link of its own is another parent',
    records: [
      node(),
      network(),
      { ...macvlan, parent: { kind: 'host-device', value: 'ens6.100' } },
      attachment(),
      attachment('mac'),
    ],
    subjects: [],
  },
  {
    name: 'the link with the default route, by its name here',
    records: [
      node(),
      network('a', { parent: { kind: 'default-route', value: null } }),
      network('mac', { plugins: ['macvlan'], parent: { kind: 'host-device', value: 'ens5' } }),
      attachment('a', { hostNic: 'nic:n1/ens5' }),
      attachment('mac'),
      hostNic('ens5'),
    ],
    subjects: [NODE],
  },
  { name: 'two of a kind', records: [node(), network(), network('b'), attachment(), attachment('b')], subjects: [] },
]);

cases('parent-name-drift', [
  {
    name: 'eth1 on Amazon Linux 2023',
    records: [node(), network('a', { parent: { kind: 'host-device', value: 'eth1' } }), attachment('a')],
    subjects: ['net:core/a'],
  },
  { name: 'ens6 on Amazon Linux 2023', records: [node(), network(), attachment()], subjects: [] },
  {
    name: 'ens6 on Bottlerocket',
    records: [node({ osImage: 'Bottlerocket OS 1.20.0 (aws-k8s-1.30)' }), network(), attachment()],
    subjects: ['net:core/ipvlan-a'],
  },
  {
    name: 'guard: not on EC2',
    records: [
      node({ instanceId: null, computeType: 'other' }),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
    ],
    subjects: [],
  },
  {
    name: 'guard: how the OS names its links is not known',
    records: [
      node({ osImage: 'Flatcar 4081' }),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
    ],
    subjects: [],
  },
  {
    name: 'on two nodes it is one finding',
    records: [
      node(),
      node({ name: 'n2', instanceId: 'i-2' }),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
      attachment('a', { id: 'att:n2/core/a', node: 'node:n2' }),
    ],
    subjects: ['net:core/a'],
    says: /2 nodes/,
  },
  {
    name: 'guard: the inventory has it',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
      hostNic('eth1'),
    ],
    subjects: [],
  },
]);

const home = [
  node(),
  network('ipvlan-a', { ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24'], used: 1, size: 254, routes: [] } }),
  foreignEni(),
  attachment(),
];
cases('network-subnet-mismatch', [
  {
    name: 'the range is elsewhere',
    records: [...home, subnet('subnet-m', { cidr: '10.3.0.0/24' })],
    subjects: ['net:core/ipvlan-a'],
  },
  { name: 'the range is inside', records: [...home, subnet('subnet-m', { cidr: '10.6.0.0/16' })], subjects: [] },
  {
    name: 'on two nodes it is one finding',
    records: [
      ...home,
      subnet('subnet-m', { cidr: '10.3.0.0/24' }),
      node({ name: 'n2', instanceId: 'i-2' }),
      attachment('ipvlan-a', { id: 'att:n2/core/ipvlan-a', node: 'node:n2' }),
    ],
    subjects: ['net:core/ipvlan-a'],
    says: /2 nodes/,
  },
  {
    name: 'a part of the subnet',
    records: [
      node(),
      network('ipvlan-a', {
        ipam: { type: 'whereabouts', ranges: ['10.6.0.20-10.6.0.90'], used: 1, size: 71, routes: [] },
      }),
      foreignEni(),
      attachment(),
      subnet('subnet-m', { cidr: '10.6.0.0/24' }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the link is only inferred',
    records: [
      node(),
      network(),
      foreignEni(),
      attachment('ipvlan-a', { certainty: 'inferred', rule: 'name-heuristic' }),
      subnet('subnet-m', { cidr: '10.3.0.0/24' }),
    ],
    subjects: [],
  },
]);

cases('ipam-pool-full', [
  { name: 'full', records: [network(), ipPool({ used: 254 })], subjects: ['net:core/ipvlan-a'], severity: 'error' },
  {
    name: 'nine tenths',
    records: [network(), ipPool({ used: 230 })],
    subjects: ['net:core/ipvlan-a'],
    severity: 'warning',
  },
  { name: 'half', records: [network(), ipPool({ used: 127 })], subjects: [] },
  { name: 'size not known', records: [network(), ipPool({ used: 9_999, size: null })], subjects: [] },
  {
    name: 'guard: pools may not be read',
    records: [network(), ipPool({ used: 254 })],
    states: { 'kubernetes/ippools': 'stale' },
    subjects: [],
  },
  {
    name: 'two pools of one network are one finding',
    records: [network(), ipPool({ used: 254 }), ipPool({ id: 'pool:kube-system/b', range: 'fd00::/120', used: 254 })],
    subjects: ['net:core/ipvlan-a'],
    says: /fd00/,
  },
  {
    name: 'a full slice of one node stops that node only',
    records: [
      network(),
      ipPool({ used: 20 }),
      ipPool({ id: 'pool:kube-system/n1-10.6.0.8-29', range: '10.6.0.8/29', size: 6, used: 6 }),
    ],
    subjects: ['net:core/ipvlan-a'],
    severity: 'warning',
  },
  {
    name: 'its IPAM says so, which keeps no pool',
    records: [
      node(),
      network('a', { ipam: { type: 'host-local', ranges: ['10.7.0.0/29'], used: 5, size: 5, routes: [] } }),
      waitingPod('w1', { requested: [request('a')] }),
      face('net1', { podName: 'w1', network: 'net:core/a', state: 'requested', ips: [], eni: null }),
      signal(
        'pod:core/w1',
        'FailedCreatePodSandBox',
        'error adding container to network "a": failed to allocate for range 0: no IP addresses available in range set: 10.7.0.1-10.7.0.6',
      ),
    ],
    states: { 'kubernetes/ippools': 'absent' },
    subjects: ['net:core/a'],
    severity: 'error',
    says: /no IP addresses available/,
  },
  {
    name: 'names leaked allocations',
    records: [
      network(),
      ipPool({
        used: 254,
        allocations: [{ ip: '10.6.0.9', pod: 'pod:core/gone', interface: null, live: false, reserved: true }],
      }),
    ],
    subjects: ['net:core/ipvlan-a'],
    says: /no longer run/,
  },
]);

const allocation = (ip: string, reserved: boolean) => ({
  ip,
  pod: 'pod:core/x',
  interface: null,
  live: true,
  reserved,
});
cases('ipam-inconsistent', [
  {
    name: 'a reservation without allocation, for five minutes',
    records: [network(), ipPool({ orphanReservations: ['10.6.0.9'] })],
    later: 301,
    subjects: ['pool:kube-system/10.6.0.0-24'],
    says: /10\.6\.0\.9/,
  },
  {
    name: 'an allocation without reservation, where others have theirs',
    records: [network(), ipPool({ allocations: [allocation('10.6.0.8', true), allocation('10.6.0.9', false)] })],
    later: 301,
    subjects: ['pool:kube-system/10.6.0.0-24'],
  },
  {
    name: 'guard: enable_overlapping_ranges is off, so none has one',
    records: [network(), ipPool({ allocations: [allocation('10.6.0.8', false), allocation('10.6.0.9', false)] })],
    later: 301,
    subjects: [],
  },
  { name: 'just now', records: [network(), ipPool({ orphanReservations: ['10.6.0.9'] })], subjects: [] },
  { name: 'they agree', records: [network(), ipPool()], later: 301, subjects: [] },
  {
    name: 'guard: reservations not read',
    records: [network(), ipPool({ orphanReservations: ['10.6.0.9'] })],
    states: { 'kubernetes/overlappingrangeipreservations': 'absent' },
    later: 301,
    subjects: [],
  },
]);

cases('network-config-invalid', [
  {
    name: 'that aws-cni is no extra network is another finding',
    records: [
      network('a', {
        plugins: ['aws-cni'],
        faults: [{ severity: 'warning', text: 'aws-cni: the cluster network only' }],
      }),
    ],
    subjects: [],
  },
  {
    name: 'cannot work',
    records: [network('a', { faults: [{ severity: 'error', text: 'not JSON' }] })],
    subjects: ['net:core/a'],
    severity: 'error',
  },
  {
    name: 'a key that nobody reads',
    records: [network('a', { faults: [{ severity: 'warning', text: 'unknown key "vlan"' }] })],
    subjects: ['net:core/a'],
    severity: 'warning',
  },
  {
    name: 'worth knowing is no finding',
    records: [network('a', { faults: [{ severity: 'info', text: 'fine' }] })],
    subjects: [],
  },
]);

cases('network-unused', [
  { name: 'nobody uses it', records: [network('a', { podCount: 0 })], subjects: ['net:core/a'] },
  { name: 'a pod does', records: [network()], subjects: [] },
  {
    name: 'guard: just created',
    records: [network('a', { podCount: 0, createdAt: new Date(NOW - 60_000).toISOString() })],
    subjects: [],
  },
  {
    name: 'guard: a daemon’s own namespace',
    records: [network('a', { podCount: 0, namespace: 'kube-system' })],
    subjects: [],
  },
]);

cases('vpc-cni-as-secondary', [
  {
    name: 'aws-cni as a main plugin',
    records: [network('a', { plugins: ['aws-cni'], mainPlugin: 0 })],
    subjects: ['net:core/a'],
  },
  { name: 'ipvlan', records: [network()], subjects: [] },
  {
    name: 'guard: the cluster network itself, as the daemon names it',
    records: [network('aws-cni', { namespace: 'kube-system', plugins: ['aws-cni'], mainPlugin: 0 })],
    subjects: [],
  },
]);

cases('parent-interface-missing', [
  {
    name: 'an event says so',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { requested: [request('a')] }),
      signal(
        'pod:core/w1',
        'FailedCreatePodSandBox',
        'error adding container to network "a": failed to lookup master "ens9": Link not found',
      ),
    ],
    subjects: ['pod:core/w1'],
    says: /No ens9/,
  },
  {
    name: 'a full inventory lacks it',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { requested: [request('a')] }),
      hostNic('ens5'),
    ],
    subjects: ['pod:core/w1'],
    says: /NodeNetworkState/,
  },
  {
    name: 'the inventory has it',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { requested: [request('a')] }),
      hostNic('ens9'),
    ],
    subjects: [],
  },
  {
    name: 'guard: just created, the inventory may be older',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { createdAt: ago(20), requested: [request('a')] }),
      hostNic('ens5'),
    ],
    subjects: [],
  },
  {
    name: 'a host device may be in another pod',
    records: [
      node(),
      hostDevice,
      waitingPod('w1', { requested: [request('hd')] }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to find host device: Link not found'),
    ],
    subjects: ['pod:core/w1'],
    says: /another pod holds it/,
  },
  {
    name: 'no inventory, no event',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { requested: [request('a')] }),
    ],
    subjects: [],
  },
]);
