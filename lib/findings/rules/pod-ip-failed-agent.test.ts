/** pod-ip-failed if ipamd itself is the cause, or has counted EC2 errors. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  cni,
  eni,
  found,
  node,
  pod as holder,
  pool,
  signal,
  subnet,
  waitingPod,
} from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const starved = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container');

const starvedFor = (seconds: number) =>
  signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
    firstAt: ago(seconds),
  });

const GRPC = (text: string) =>
  `plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: ${text}`;
const refusedWith = (text: string) =>
  signal('pod:core/w1', 'FailedCreatePodSandBox', GRPC(text), { firstAt: ago(600), lastAt: ago(10) });
const unready = node({ ipamd: { ready: false, version: 'v1.23.1' } });
const agentSays = [{ type: 'NetworkingReady', reason: 'IPAMDNotReady', message: 'no API server', since: ago(900) }];
const notReadyYet = signal('pod:core/w1', 'NetworkNotReady', 'network is not ready: cni plugin not initialized', {
  firstAt: ago(600),
});

cases('pod-ip-failed', [
  {
    name: 'ipamd does not answer, and aws-node is not Ready',
    records: [
      unready,
      waitingPod('w1', { createdAt: ago(600) }),
      refusedWith('code = Unavailable desc = connection refused'),
    ],
    subjects: ['pod:core/w1'],
    says: /aws-node on the node is not Ready\.[^]*connection refused/,
  },
  {
    name: 'ipamd did not answer, and aws-node is Ready',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), refusedWith('code = DeadlineExceeded')],
    subjects: ['pod:core/w1'],
    says: /did not answer the CNI plugin/,
  },
  {
    name: 'the monitoring agent reports the reason',
    records: [
      node({ ipamd: { ready: false, version: 'v1.23.1' }, networkConditions: agentSays }),
      waitingPod('w1', { createdAt: ago(600) }),
      refusedWith('code = Unavailable'),
    ],
    subjects: ['pod:core/w1'],
    says: /not Ready \(NetworkingReady: IPAMDNotReady\)[^]*condition NetworkingReady: IPAMDNotReady: no API server/,
  },
  {
    name: 'the runtime has no network, and aws-node is not Ready',
    records: [unready, waitingPod('w1', { createdAt: ago(600) }), notReadyYet],
    subjects: ['pod:core/w1'],
    says: /event NetworkNotReady/,
  },
  {
    name: 'no network on the node, and no aws-node pod',
    records: [node({ ipamd: null }), waitingPod('w1', { createdAt: ago(600) }), notReadyYet],
    subjects: ['pod:core/w1'],
    says: /no aws-node runs there[^]*event NetworkNotReady[^]*Check whether the DaemonSet/,
  },
  {
    name: 'guard: no network on a node without the VPC CNI',
    records: [node({ ipamd: null, cni: null }), waitingPod('w1', { createdAt: ago(600) }), notReadyYet],
    subjects: [],
  },
  {
    name: 'guard: the runtime has no network, but aws-node is Ready: another plugin’s',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), notReadyYet],
    subjects: [],
  },
  {
    name: 'EC2 is not read, and ipamd has assigned all addresses: some to deleted pods',
    records: [
      node({ pools: [pool({ total: 9, assigned: 9, available: 0, low: true, next: null })] }),
      waitingPod('w1', { createdAt: ago(600) }),
      starvedFor(600),
    ],
    subjects: ['pod:core/w1'],
    says: /given out all 9 of its addresses, and live pods hold 0 of them: 9 addresses are held for pods that are gone/,
  },
  {
    name: 'EC2 is not read, and ipamd has assigned all addresses to live pods',
    records: [
      node({ pools: [pool({ total: 1, assigned: 1, available: 0, low: true, next: null })] }),
      holder('p1', { ips: ['10.0.0.21'] }),
      waitingPod('w1', { createdAt: ago(600) }),
      starvedFor(600),
    ],
    subjects: ['pod:core/w1'],
    says: /given out all 1 of its addresses; why it gets no more is not known/,
  },
  {
    name: 'guard: a pod waiting for its branch ENI uses none of the pool',
    records: [
      node({ pools: [pool({ available: 0 })] }),
      waitingPod('w1', { createdAt: ago(600), resources: { 'vpc.amazonaws.com/pod-eni': 1 } }),
      starved,
    ],
    subjects: [],
  },
  {
    name: 'waiting for its branch ENI, and aws-node is not Ready',
    records: [
      unready,
      waitingPod('w1', { createdAt: ago(600), resources: { 'vpc.amazonaws.com/pod-eni': 1 } }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
        firstAt: ago(600),
      }),
    ],
    subjects: ['pod:core/w1'],
    says: /not Ready/,
  },
  {
    name: 'cause: the ENIConfig is of another zone, which is why aws-node is not Ready',
    records: [
      node({
        zone: 'eu-west-1b',
        cni: cni({ customNetworking: true }),
        ipamd: { ready: false, version: 'v1.23.1' },
        eniConfig: { name: 'eu-west-1b', found: true, subnet: 'subnet-a', securityGroups: [] },
      }),
      subnet('subnet-a', { zone: 'eu-west-1a' }),
      waitingPod('w1', { createdAt: ago(600) }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
        firstAt: ago(600),
      }),
    ],
    subjects: ['pod:core/w1'],
    says: /names a subnet in eu-west-1a, and the node is in eu-west-1b/,
  },
  {
    name: 'cause: custom networking, and no slot for the first ENI of pods, which is why aws-node is not Ready',
    records: [
      node({
        cni: cni({ customNetworking: true }),
        ipamd: { ready: false, version: 'v1.23.1' },
        pools: [pool({ total: 0, available: 0 })],
        headroom: { pods: 0, limitedBy: 'slots' },
      }),
      eni(),
      eni('eni-b', { deviceIndex: 1, role: 'efa-only' }),
      waitingPod('w1', { createdAt: ago(600) }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
        firstAt: ago(600),
      }),
    ],
    subjects: ['pod:core/w1'],
    says: /every ENI slot of card 0 is taken \(.*EFA-only interfaces take slots\)[^]*Leave an ENI slot/,
  },
  {
    name: 'cause: custom networking, and the subnet of the ENIConfig has no address for its first ENI',
    records: [
      node({
        cni: cni({ customNetworking: true }),
        ipamd: { ready: false, version: 'v1.23.1' },
        pools: [pool({ total: 0, available: 0 })],
        headroom: { pods: 0, limitedBy: 'subnet' },
        eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] },
      }),
      subnet('subnet-a', { availableAddresses: 0 }),
      waitingPod('w1', { createdAt: ago(600) }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
        firstAt: ago(600),
      }),
    ],
    subjects: ['pod:core/w1'],
    says: /subnet subnet-a of its ENIConfig has no free address/,
  },
  {
    name: 'cause: an ENI without IPv4, which is why aws-node is not Ready',
    records: [
      node({ ipamd: { ready: false, version: 'v1.19.0' }, cni: cni({ version: 'v1.19.0' }) }),
      eni(),
      eni('eni-b', { role: 'secondary', addresses: [{ ip: '2001:db8::9', state: 'primary', interface: null }] }),
      waitingPod('w1', { createdAt: ago(600) }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
        firstAt: ago(600),
      }),
    ],
    subjects: ['pod:core/w1'],
    says: /because ENI eni-b has no IPv4 address[^]*Fix what eni-without-ipv4 reports/,
    commands: null,
  },
  {
    name: 'guard: under custom networking with addresses, aws-node that is not Ready is the cause',
    records: [
      node({
        cni: cni({ customNetworking: true }),
        ipamd: { ready: false, version: 'v1.23.1' },
        pools: [pool({ total: 9, available: 0 })],
        headroom: { pods: 0, limitedBy: 'slots' },
      }),
      waitingPod('w1', { createdAt: ago(600) }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container', {
        firstAt: ago(600),
      }),
    ],
    subjects: ['pod:core/w1'],
    says: /aws-node on the node is not Ready/,
  },
  {
    name: 'cause: ipamd lacks addresses that EC2 has assigned',
    records: [
      node({ pools: [pool({ available: 0 })] }),
      eni('eni-0000000000000000a', {
        ipamd: {
          known: true,
          assigned: 0,
          addresses: 0,
          unheld: [],
          unheldBy: [],
          taken: [],
          extra: [],
          missing: ['10.0.0.40/32'],
        },
      }),
      waitingPod(),
      starved,
    ],
    subjects: ['pod:core/w1'],
    says: /lacks addresses that EC2 has assigned[^]*ipamd-view-differs/,
  },
]);

describe('errors of EC2 that aws-node has counted since it started', () => {
  const metrics = (apiErrors: Readonly<Record<string, number>>) => ({
    asOf: ago(20),
    eniMax: null,
    eniAllocated: null,
    ipMax: null,
    totalAddresses: null,
    assignedAddresses: null,
    totalPrefixes: null,
    forceRemovedAddresses: null,
    refusedCalls: null,
    apiErrors,
  });
  const said = (apiErrors: Readonly<Record<string, number>>, available = 0): string => {
    const records = [node({ pools: [pool({ available })], metrics: metrics(apiErrors) }), eni(), waitingPod(), starved];
    return found('pod-ip-failed', records, {})
      .map(({ detail, advice }) => `${detail} ${advice}`)
      .join('\n');
  };
  it.each([
    [
      'AssignPrivateIpAddresses/InsufficientCidrBlocks',
      /no free aligned \/28 \(aws-node has counted AssignPrivateIpAddresses InsufficientCidrBlocks 3 times/,
    ],
    ['AssignPrivateIpAddresses/InsufficientFreeAddressesInSubnet', /no free address/],
    ['CreateNetworkInterface/UnauthorizedOperation', /lacks EC2 permissions/],
    ['AttachNetworkInterface/AttachmentLimitExceeded', /more ENIs or addresses than ipamd knows/],
    ['AssignPrivateIpAddresses/PrivateIpAddressLimitExceeded', /more ENIs or addresses than ipamd knows/],
    [
      'CreateNetworkInterface/NetworkInterfaceLimitExceeded',
      /no more ENIs left in this region[^]*Network interfaces per/,
    ],
    ['CreateNetworkInterface/SecurityGroupsPerInterfaceLimitExceeded', /more security groups than[^]*at most 16/],
    ['CreateNetworkInterface/InvalidGroup.NotFound', /refuses to create an ENI[^]*Correct what the error names/],
    ['AssignPrivateIpAddresses/AuthFailure', /belongs to another account/],
    [
      'CreateNetworkInterface/SomethingNew',
      /something that ifscope does not see.*counted CreateNetworkInterface SomethingNew 3 times/,
    ],
    ['CreateNetworkInterface/RequestCanceled', /something that ifscope does not see; the log of aws-node says what\./],
  ])('%s', (error, wanted) => {
    expect(said({ [error]: 3 })).toMatch(wanted);
  });
  it('are ignored while addresses are free', () => {
    expect(said({ 'AssignPrivateIpAddresses/InsufficientCidrBlocks': 3 }, 4)).not.toMatch(/counted/);
  });
});
