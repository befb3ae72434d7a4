import { ago, cni, eni, node, pod, pool, signal, subnet, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const starved = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container');

const errors = (code: string, api = 'AssignPrivateIpAddresses') =>
  signal(NODE, `metric:awscni_aws_api_error_count/${api}/${code}`, `${code} rose from 1 to 4`);

cases('pod-ip-failed', [
  {
    name: 'cause: IPv6 without a /80',
    records: [node({ cni: cni({ mode: 'ipv6' }) }), eni(), waitingPod(), starved],
    subjects: ['pod:core/w1'],
    says: /no IPv6 prefix \(\/80\)/,
  },
  {
    name: 'Auto Mode has no aws-node log',
    records: [node({ cni: null, ipamd: null, computeType: 'auto' }), waitingPod(), starved],
    subjects: ['pod:core/w1'],
    says: /podSubnetSelectorTerms/,
    commands: /nodeclasses/,
  },
  {
    name: 'no aws-node runs there',
    records: [node({ cni: null, ipamd: null }), waitingPod(), starved],
    subjects: ['pod:core/w1'],
    says: /no aws-node runs there/,
    commands: /describe daemonset,pods -l k8s-app=aws-node/,
  },
  {
    name: 'cause: the pool is low and cannot grow',
    records: [
      node({
        pools: [
          pool({
            available: 0,
            low: true,
            next: { action: 'add-prefixes', count: 1, reason: 'low', blockedBy: 'subnet-a has no free /28 block left' },
          }),
        ],
      }),
      eni(),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /cannot grow: subnet-a has no free \/28 block left/,
  },
  {
    name: 'cause: the node is cordoned',
    records: [node({ unschedulable: true, pools: [pool({ available: 0 })] }), waitingPod(), starved],
    subjects: ['pod:core/w1'],
    says: /cordoned-no-growth/,
    commands: null,
  },
  {
    name: 'cause: not the cordon if ipamd manages cordoned nodes',
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
    name: 'cause: its ENIConfig is unusable',
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
    name: 'cause: MINIMUM_IP_TARGET alone keeps no warm address',
    records: [
      node({ cni: cni({ minimumIpTarget: 6 }), pools: [pool({ total: 6, assigned: 6, available: 0, low: false })] }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /WARM_IP_TARGET is not set[\s\S]*Set WARM_IP_TARGET/,
  },
  {
    name: 'cause: ipamd lacks the EC2 permission to get more',
    records: [
      node({
        cni: cni({ networkResourceProvisioning: false }),
        pools: [pool({ assigned: 9, total: 9, available: 0 })],
      }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /DISABLE_NETWORK_RESOURCE_PROVISIONING=true[\s\S]*Add ENIs or addresses/,
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
    name: 'counters of an aws-node that is no longer read are no cause',
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

const WAITS = 'pod:core/w1';

const sandbox = (text: string) => signal(WAITS, 'FailedCreatePodSandBox', text);

const starved3 = sandbox(
  'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
);

cases('pod-ip-failed', [
  {
    name: 'waits; the node is full',
    records: [node({ headroom: { pods: 0, limitedBy: 'slots' } }), waitingPod(), starved3],
    subjects: [WAITS],
    says: /node-addresses-full/,
  },
  {
    name: 'waits; the subnet is exhausted',
    records: [node(), eni(), subnet('subnet-a', { availableAddresses: 0 }), waitingPod(), starved3],
    subjects: [WAITS],
    says: /subnet-low/,
  },
  {
    name: 'waits; the subnet has no prefix left',
    records: [
      node({ cni: cni({ mode: 'prefix' }) }),
      eni(),
      subnet('subnet-a', { availableAddresses: 9 }),
      waitingPod(),
      starved3,
    ],
    subjects: [WAITS],
    says: /subnet subnet-a has 9 free addresses, too few for a prefix/,
  },
  {
    name: 'waits; the exhausted subnet is not the one that provides pod addresses',
    records: [
      node({ cni: cni({ customNetworking: true }) }),
      eni(),
      subnet('subnet-a', { availableAddresses: 0 }),
      waitingPod(),
      starved3,
    ],
    subjects: [WAITS],
    says: /log of aws-node/,
  },
  {
    name: 'waits; multi-NIC is off',
    records: [node(), waitingPod('w1', { nicConfig: 'multi-nic-attachment' }), starved3],
    subjects: [WAITS],
    says: /multi-nic-no-effect/,
  },
  {
    name: 'waits; the free addresses are cooling',
    records: [node({ pools: [pool({ available: 3, cooling: 3 })] }), waitingPod(), starved3],
    subjects: [WAITS],
    says: /cooldown-starved/,
  },
  {
    name: 'waits; unknown cause',
    records: [node(), waitingPod(), starved3],
    subjects: [WAITS],
    says: /log of aws-node/,
  },
  {
    name: 'guard: aws-node restarts',
    records: [node({ ipamd: { ready: false, version: null } }), waitingPod(), { ...starved3, firstAt: ago(119) }],
    subjects: [],
  },
  {
    name: 'waits for two minutes, with an aws-node that is not Ready: that is the cause',
    records: [node({ ipamd: { ready: false, version: null } }), waitingPod(), { ...starved3, firstAt: ago(120) }],
    subjects: [WAITS],
    says: /aws-node on the node is not Ready/,
  },
  {
    name: 'waits; one of its cards has none',
    records: [
      node({ cni: cni({ multiNic: true }), pools: [pool(), pool({ card: 1, total: 1, assigned: 1, available: 0 })] }),
      waitingPod('w1', { nicConfig: 'multi-nic-attachment' }),
      starved3,
    ],
    subjects: [WAITS],
    says: /card 1 has none free/,
  },
  {
    name: 'waits; EC2 refuses the CNI',
    records: [
      node(),
      waitingPod(),
      starved3,
      signal('node:n1', 'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/UnauthorizedOperation', 'rose'),
    ],
    subjects: [WAITS],
    says: /ec2-permission-missing/,
  },
  {
    name: 'guard: a refusal may be temporary',
    records: [node(), waitingPod(), { ...starved3, count: 2, firstAt: ago(5) }],
    subjects: [],
  },
  {
    name: 'a refusal that lasts half a minute',
    records: [node(), waitingPod(), { ...starved3, count: 1, firstAt: ago(5) }],
    later: 26,
    subjects: [WAITS],
  },
  {
    name: 'guard: the node is filling its first pool',
    records: [node({ createdAt: ago(60) }), waitingPod(), starved3],
    subjects: [],
  },
  {
    name: 'guard: the pod is being deleted',
    records: [node(), waitingPod('w1', { deleting: true }), starved3],
    subjects: [],
  },
  { name: 'has an address by now', records: [node(), pod('w1'), starved3], subjects: [] },
  {
    name: 'waits for something else',
    records: [node(), waitingPod(), sandbox('failed to lookup master "ens9": Link not found')],
    subjects: [],
  },
  {
    name: 'no event (any more), and the pool is empty',
    records: [
      node({ pools: [pool({ available: 0, warm: 0 })], headroom: { pods: 0, limitedBy: 'slots' } }),
      waitingPod(),
    ],
    subjects: [WAITS],
    says: /every slot on every attachable ENI[^]*No Event mentions it/,
  },
  {
    name: 'events are denied, and the pool is empty',
    records: [node({ unschedulable: true, pools: [pool({ available: 0, warm: 0 })] }), waitingPod()],
    states: { 'kubernetes/events': 'denied' },
    subjects: [WAITS],
  },
  {
    name: 'guard: a branch ENI uses no address of the pool',
    records: [
      node({ pools: [pool({ available: 0, warm: 0 })] }),
      waitingPod('w1', { resources: { 'vpc.amazonaws.com/pod-eni': 1 } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: waiting, but the pool is not empty',
    records: [node(), waitingPod()],
    subjects: [],
  },
  {
    name: 'guard: events are denied',
    records: [node(), waitingPod(), starved3],
    states: { 'kubernetes/events': 'denied' },
    subjects: [],
  },
]);
