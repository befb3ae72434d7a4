import { describe, expect, it } from 'vitest';
import { ago, cni, eni, found, node, pod, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

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
    name: 'an event reports it at once',
    records: [
      node(),
      waitingPod('w1', { resources: asks, startedAt: ago(5) }),
      signal('pod:core/w1', 'BranchAllocationFailed', 'no address'),
    ],
    subjects: ['pod:core/w1'],
    says: /BranchAllocationFailed/,
  },
  {
    name: 'guard: events that are no longer read do not speed it up',
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

const WAITS = 'pod:core/w1';

cases('pod-eni-stuck', [
  {
    name: 'no annotation after a minute',
    records: [node(), waitingPod('w1', { resources: asks, createdAt: ago(120), startedAt: ago(120) })],
    subjects: [WAITS],
  },
  {
    name: 'half a minute',
    records: [node(), waitingPod('w1', { resources: asks, createdAt: ago(30), startedAt: ago(30) })],
    subjects: [],
  },
  {
    name: 'half a minute, and time passes',
    records: [node(), waitingPod('w1', { resources: asks, createdAt: ago(30), startedAt: ago(30) })],
    later: 31,
    subjects: [WAITS],
  },
  {
    name: 'has its branch ENI',
    records: [node(), waitingPod('w1', { resources: asks, podEni: ['eni-br'] })],
    subjects: [],
  },
  { name: 'not scheduled', records: [waitingPod('w1', { resources: asks, node: null })], subjects: [] },
]);

const unscheduled = waitingPod('w1', { node: null, resources: asks, createdAt: ago(120) });
const refused = signal(WAITS, 'FailedScheduling', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.');

cases('pod-eni-stuck', [
  {
    name: 'no node has one left: the instance type is the limit',
    records: [
      node({ instanceType: 'r6g.medium', allocatable: { 'vpc.amazonaws.com/pod-eni': 4 } }),
      unscheduled,
      refused,
    ],
    subjects: [WAITS],
    says: /r6g\.medium has 4 branch ENIs \(1 node\)/,
    nowhere: true,
  },
  {
    name: 'no node offers any',
    records: [node(), unscheduled, refused],
    subjects: [WAITS],
    says: /No node offers any: security groups for pods are off/,
    nowhere: true,
  },
  {
    name: 'no node offers any, and the setting comes from a Secret',
    records: [node({ cni: cni({ podEni: null }) }), unscheduled, refused],
    subjects: [WAITS],
    says: /whether ENABLE_POD_ENI is on is not known[^]*Check that ENABLE_POD_ENI is true/,
    nowhere: true,
  },
  {
    name: 'guard: the scheduler waits for something else',
    records: [node(), unscheduled, signal(WAITS, 'FailedScheduling', '1 Insufficient nvidia.com/gpu.')],
    subjects: [],
  },
  {
    name: 'guard: half a minute old: a node may be starting',
    records: [node(), { ...unscheduled, createdAt: ago(30) }, refused],
    subjects: [],
  },
]);

cases('pod-eni-stuck', [
  {
    name: 'none is offered, and security groups for pods are on',
    records: [node({ cni: cni({ podEni: true }) }), unscheduled, refused],
    subjects: [WAITS],
    nowhere: true,
    says: /ENABLE_POD_ENI is on, and no node has a trunk ENI.*see trunk-missing/s,
  },
  {
    name: 'the controller could not write its annotation: subnets are not mentioned',
    records: [
      node(),
      waitingPod('w1', { resources: asks }),
      signal(WAITS, 'BranchAllocationFailed', 'cannot create new eni entry already exist'),
    ],
    subjects: [WAITS],
    says: /webhook or a policy/,
  },
  { name: 'a pod that requests none', records: [node(), waitingPod('w1')], subjects: [] },
]);

const SCHEDULED = { resources: asks, createdAt: ago(600), startedAt: ago(600) };
const branch = (id: string, branchPod: string | null) =>
  eni(id, { role: 'branch', interfaceType: 'branch', card: null, deviceIndex: null, branchPod });
const fullOf = (...branches: readonly ReturnType<typeof branch>[]) => [
  node({ cni: cni({ podEni: true }), branch: { limit: branches.length, used: branches.length } }),
  ...branches,
  waitingPod('w1', SCHEDULED),
];

cases('pod-eni-stuck', [
  {
    name: 'full, with branch ENIs that no pod names',
    records: [...fullOf(branch('eni-b1', 'pod:core/p1'), branch('eni-b2', null)), pod('p1')],
    subjects: [WAITS],
    says: /has 2 of its 2 branch ENIs[^]*no pod names 1 branch ENI: eni-b2[^]*1 serves no live pod/,
  },
  {
    name: 'full, with branch ENIs of finished pods',
    records: [...fullOf(branch('eni-b1', 'pod:core/p1')), pod('p1', { phase: 'Succeeded' })],
    subjects: [WAITS],
    says: /for finished pods: eni-b1 \(core\/p1\)[^]*delete the finished pods/,
  },
  {
    name: 'full of live pods',
    records: [...fullOf(branch('eni-b1', 'pod:core/p1')), pod('p1')],
    subjects: [WAITS],
    says: /Every branch ENI that the instance type allows is in use/,
  },
  {
    name: 'full, but EC2 is no longer read',
    records: [...fullOf(branch('eni-b1', null))],
    states: { 'ec2/network-interfaces': 'stale' },
    subjects: [WAITS],
    says: /Every branch ENI/,
  },
  {
    name: 'not full: orphans are not the reason',
    records: [
      node({ cni: cni({ podEni: true }), branch: { limit: 9, used: 1 } }),
      branch('eni-b1', null),
      waitingPod('w1', SCHEDULED),
    ],
    subjects: [WAITS],
    says: /Check the events of the pod/,
  },
  { name: 'full, but the pod has its own', records: [...fullOf(branch('eni-b1', null)).slice(0, 2)], subjects: [] },
]);

describe('an error of the controller, and its remedy', () => {
  it.each([
    ['InsufficientFreeAddressesInSubnet: … does not have enough free addresses', /out of addresses/],
    ['cannot create new eni entry already exist, older entry : [0xc000]', /rejects its changes/],
    [
      'api error InvalidParameterValue: user 1 exceeded limit 5 on the number of interface security group memberships',
      /raise the quota/,
    ],
    [
      'SecurityGroupsPerInterfaceLimitExceeded: The maximum number of security groups per interface has been reached',
      /raise the quota/,
    ],
    ["InvalidGroup.NotFound: The security group 'sg-0' does not exist", /not in the VPC/],
    [
      'failed to annotate pod: pod updates may not change fields other than `spec.containers[*].image`',
      /exempt the service account/,
    ],
    [
      'failed to annotate pod: pods "w1" is forbidden: User "system:serviceaccount:kube-system:eks-vpc-resource-controller" cannot patch resource "pods"',
      /give the service account eks-vpc-resource-controller of kube-system its role back/,
    ],
    [
      'failed to annotate pod: pods "w1" is forbidden: unable to validate against any pod security policy: []',
      /exempt the service account/,
    ],
    ['admission webhook "validate.kyverno.svc" denied the request: no', /exempt the service account/],
    ['UnauthorizedOperation: You are not authorized to perform this operation', /AmazonEKSVPCResourceController/],
    [
      'User: x is not authorized to perform: ec2:CreateNetworkInterface with an explicit deny in an identity-based policy',
      /whatever the role allows/,
    ],
    [
      'User: x is not authorized to perform: ec2:CreateNetworkInterface because no VPC endpoint policy allows the ec2:CreateNetworkInterface action',
      /whatever the role allows/,
    ],
    ['because no identity-based policy allows the ec2:X action: UnauthorizedOperation', /^Attach AmazonEKSVPCRes/],
    ['an unknown error', /Remove the cause that the event names/],
  ])('%s', (text, advice) => {
    const records = [node(), waitingPod('w1', SCHEDULED), signal(WAITS, 'BranchAllocationFailed', text)];
    expect(found('pod-eni-stuck', records, {}).map((one) => one.advice)).toEqual([expect.stringMatching(advice)]);
  });
});
