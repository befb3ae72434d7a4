import { describe, expect, it } from 'vitest';
import type { PodFact } from '../../model/facts';
import { podObject } from '../../../e2e/testing/objects';
import { normalisePod } from './pod';

const fact = (parts: Parameters<typeof podObject>[0] = {}): PodFact => {
  const keyed = normalisePod(podObject(parts));
  if (keyed === null) throw new Error('not read');
  return keyed.fact;
};

const annotated = (annotations: Readonly<Record<string, unknown>>): PodFact =>
  fact({ metadata: { name: 'web-1', namespace: 'shop', annotations } });

it('reads a pod, and keeps nothing of its environment', () => {
  const keyed = normalisePod(podObject());
  expect(keyed?.key).toBe('shop/web-1');
  expect(keyed?.fact).toMatchObject({
    namespace: 'shop',
    name: 'web-1',
    uid: 'uid-web-1',
    node: 'node-a',
    phase: 'Running',
    hostNetwork: false,
    startedAt: '2026-09-01T10:00:02Z',
    owner: { kind: 'ReplicaSet', name: 'web' },
    ips: ['10.0.0.17'],
    labels: { app: 'web' },
    ready: true,
    podEni: null,
    awsNode: null,
    multus: null,
    networksAnnotation: { state: 'absent', error: null },
    statusAnnotation: { state: 'absent', error: null },
    problems: [],
  });
  expect(JSON.stringify(keyed)).not.toContain('secret');
});

it.each([
  [
    { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' },
    { reason: 'Evicted', message: 'The node was low on memory.' },
  ],
  [
    { phase: 'Failed', reason: 'OutOfpods' },
    { reason: 'OutOfpods', message: '' },
  ],
  [
    { phase: 'Running', reason: 'NodeLost' },
    { reason: 'NodeLost', message: '' },
  ],
  [{ phase: 'Failed', reason: '' }, null],
  [{ phase: 'Running', message: 'a message alone' }, null],
  [{ phase: 'Failed', reason: 7 }, null],
  [
    { phase: 'Failed', reason: 'Evicted', message: 'x'.repeat(5_000) },
    { reason: 'Evicted', message: 'x'.repeat(512) },
  ],
])('status.reason: %j', (status, failure) => {
  expect(fact({ status }).failure).toEqual(failure);
});

describe('addresses', () => {
  it.each([
    [{ podIPs: [{ ip: '10.0.0.1' }, { ip: 'FD00::1' }] }, ['10.0.0.1', 'fd00::1']],
    [{ podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.1' }] }, ['10.0.0.1']],
    [{ podIPs: undefined, podIP: '10.0.0.9' }, ['10.0.0.9']],
    [{ podIPs: [], podIP: undefined }, []],
    [{ podIPs: [{ ip: '' }] }, []],
  ])('%j', (status, ips) => {
    expect(fact({ status })).toMatchObject({ ips, problems: [] });
  });

  it('keeps the readable addresses, and reports the others', () => {
    expect(fact({ status: { podIPs: [{ ip: 'x' }, { ip: '10.0.0.1' }] } })).toMatchObject({
      ips: ['10.0.0.1'],
      problems: ['status.podIPs holds something that is no address'],
    });
  });
});

// vpc-cni §6
describe('vpc.amazonaws.com/pod-eni', () => {
  it.each([
    [
      '[{"eniId":"eni-1","ifAddress":"06:8C:00:00:00:01","privateIp":"10.0.3.17","ipv6Addr":"","vlanId":1}]',
      [{ eniId: 'eni-1', mac: '06:8c:00:00:00:01', privateIp: '10.0.3.17', ipv6: null, vlanId: 1 }],
    ],
    // Go's decoder ignores the case of keys; older controllers leave fields out.
    ['[{"ENIID":"eni-2","vlanID":3}]', [{ eniId: 'eni-2', mac: null, privateIp: null, ipv6: null, vlanId: 3 }]],
    ['[]', []],
  ])('%s', (text, podEni) => {
    expect(annotated({ 'vpc.amazonaws.com/pod-eni': text })).toMatchObject({ podEni, problems: [] });
  });

  it.each([
    ['{', 'vpc.amazonaws.com/pod-eni is not valid JSON'],
    ['{"eniId":"eni-1"}', 'vpc.amazonaws.com/pod-eni is not a list'],
    ['[{"privateIp":"10.0.0.1"}]', 'vpc.amazonaws.com/pod-eni has an entry that names no ENI'],
    ['[null]', 'vpc.amazonaws.com/pod-eni has an entry that names no ENI'],
  ])('%s is reported as a problem', (text, problem) => {
    expect(annotated({ 'vpc.amazonaws.com/pod-eni': text })).toMatchObject({ podEni: [], problems: [problem] });
  });
});

it('reads the other annotations', () => {
  expect(
    annotated({
      'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment',
      'vpc.amazonaws.com/PrivateIPv4Address': '10.0.0.30/24',
      'fargate.amazonaws.com/pod-sg': 'sg-1, sg-2,',
    }),
  ).toMatchObject({ nicConfig: 'multi-nic-attachment', windowsIp: '10.0.0.30', fargatePodSg: ['sg-1', 'sg-2'] });
  expect(annotated({ 'vpc.amazonaws.com/PrivateIPv4Address': 'soon' })).toMatchObject({
    windowsIp: null,
    problems: ['vpc.amazonaws.com/PrivateIPv4Address is not an address'],
  });
});

it.each(['', '10.0.0.30', '10.0.0.31,10.0.0.32'])('takes no address from the pod-ips annotation: %j', (text) => {
  expect(annotated({ 'vpc.amazonaws.com/pod-ips': text })).toEqual(annotated({}));
});

it('reads the service account, whose labels a SecurityGroupPolicy may select', () => {
  expect(fact({ spec: { serviceAccountName: 'ledger' } }).serviceAccount).toBe('ledger');
  expect(fact({ spec: {} }).serviceAccount).toBeNull();
});

it.each([
  ['10.0.0.30/24', '10.0.0.30'],
  ['10.0.0.30', '10.0.0.30'],
  ['', null],
  ['10.0.0.300/24', null],
  ['10.0.0.30/99', null],
  ['10.0.0.30/24,10.0.0.31/24', null],
])('reads the Windows address %j as %s', (text, wanted) => {
  expect(annotated({ 'vpc.amazonaws.com/PrivateIPv4Address': text }).windowsIp).toBe(wanted);
});

describe('a key that is probably a misspelt Multus key', () => {
  const SLIP = 'k8s.v1.cni.cncf.io/network';
  const NETWORKS = 'k8s.v1.cni.cncf.io/networks';

  it('is kept with its probable meaning, and its networks count as requested', () => {
    const pod = annotated({ [SLIP]: 'blue' });
    expect(pod.mistyped).toEqual([{ key: SLIP, isLabel: false, meant: NETWORKS }]);
    expect(pod.mentioned).toEqual(['shop/blue']);
    expect(pod.networksAnnotation.state).toBe('absent');
  });

  it('may be a label', () => {
    const { mistyped } = fact({ metadata: { labels: { [NETWORKS]: 'blue' } } });
    expect(mistyped).toEqual([{ key: NETWORKS, isLabel: true, meant: NETWORKS }]);
  });

  it.each([
    ['next to the correct key', { [SLIP]: 'blue', [NETWORKS]: 'blue' }],
    ['without a value', { [SLIP]: '' }],
  ])('is ignored %s', (_what, annotations) => {
    expect(annotated(annotations).mistyped).toEqual([]);
  });
});

describe('Multus', () => {
  it("reads requested networks in the pod's namespace", () => {
    const pod = annotated({ 'k8s.v1.cni.cncf.io/networks': 'blue, telco/red@net5' });
    expect(pod.networksAnnotation.state).toBe('valid');
    expect(pod.requested.map((one) => [one.namespace, one.name, one.interface])).toEqual([
      ['shop', 'blue', null],
      ['telco', 'red', 'net5'],
    ]);
  });

  it('reads reported networks, from the old key only if the new one is absent', () => {
    const entry = (ip: string): string => JSON.stringify([{ name: 'shop/blue', interface: 'net1', ips: [ip] }]);
    const both = annotated({
      'k8s.v1.cni.cncf.io/network-status': entry('10.1.0.1'),
      'k8s.v1.cni.cncf.io/networks-status': entry('10.1.0.2'),
    });
    expect(both.reported.map((one) => one.ips)).toEqual([['10.1.0.1']]);
    const old = annotated({ 'k8s.v1.cni.cncf.io/networks-status': entry('10.1.0.2') });
    expect(old.reported.map((one) => one.ips)).toEqual([['10.1.0.2']]);
  });

  it("looks up the default network in Multus' namespace", () => {
    expect(annotated({ 'v1.multus-cni.io/default-network': 'calico' }).defaultNetwork).toMatchObject({
      namespace: 'kube-system',
      name: 'calico',
    });
    expect(annotated({ 'v1.multus-cni.io/default-network': 'a,b' }).problems).toEqual([
      'v1.multus-cni.io/default-network: tryLoadK8sPodDefaultNetwork: more than one default network is specified: a,b',
    ]);
  });
});

it('prefers the controlling owner', () => {
  const ownerReferences = [
    { kind: 'Foo', name: 'other' },
    { kind: 'Job', name: 'batch', controller: true },
  ];
  expect(fact({ metadata: { name: 'p', ownerReferences } }).owner).toEqual({ kind: 'Job', name: 'batch' });
  expect(fact({ metadata: { name: 'p', ownerReferences: [{ kind: 'Foo' }] } }).owner).toBeNull();
});

// multus §3.2
it.each([
  [{ containers: [{ name: 'aws-ip-mgmt', image: 'x' }] }, true],
  [{ initContainers: [{ name: 'init', image: '1.dkr.ecr/aws-ip-manager:0.1' }] }, true],
  [{ containers: [{ name: 'main', image: 'aws-ip/other:1' }] }, false],
])('recognises an address manager: %j', (spec, ipManager) => {
  expect(fact({ spec })).toMatchObject({ ipManager });
});

// vpc-cni §9
it.each([
  [{ volumes: [{ name: 'data' }, { name: 'eks-pod-identity-token', projected: {} }] }, true],
  [{ volumes: [{ name: 'aws-iam-token' }] }, false],
  [{}, false],
])('detects that a pod needs the EKS Pod Identity Agent: %j', (spec, podIdentity) => {
  expect(fact({ spec })).toMatchObject({ podIdentity });
});

it.each([
  ['10.0.0.17', 'valid', 1],
  ['10.0.0.16', 'invalid', 0],
])('a status with %s for the default interface of a pod with 10.0.0.17 is %s', (ip, state, entries) => {
  const { statusAnnotation, reported } = annotated({
    'k8s.v1.cni.cncf.io/network-status': JSON.stringify([
      { name: 'aws-cni', interface: 'eth0', ips: [ip], default: true },
    ]),
  });
  expect([statusAnnotation.state, reported.length]).toEqual([state, entries]);
  if (state === 'invalid') expect(statusAnnotation.error).toMatch(/earlier sandbox.*10\.0\.0\.16.*10\.0\.0\.17/);
});

describe('the time since a pod with additional networks is Ready', () => {
  const SINCE = '2026-09-01T10:00:09Z';
  const further = JSON.stringify([{ name: 'shop/lan', interface: 'net1', ips: ['10.1.0.5'] }]);
  it.each([
    ['True', further, SINCE],
    ['False', further, null],
    ['True', '[]', null],
  ])('%s, %s', (status, networks, wanted) => {
    const conditions = [{ type: 'Ready', status, lastTransitionTime: SINCE }];
    const annotations = { 'k8s.v1.cni.cncf.io/network-status': networks };
    const read = fact({ metadata: { name: 'web-1', namespace: 'shop', annotations }, status: { conditions } });
    expect(read.sandboxBefore).toBe(wanted);
  });
});

describe('the sandbox of a waiting pod', () => {
  const sandboxOf = (conditions: readonly unknown[], more: object = {}) =>
    normalisePod({
      metadata: { name: 'p', namespace: 'n' },
      spec: {},
      status: { phase: 'Pending', conditions, ...more },
    })?.fact.sandbox;
  const READY = { type: 'PodReadyToStartContainers', status: 'True' };
  it.each([
    ['has a network', [{ type: 'Ready', status: 'False' }, READY], {}, { ready: true, message: '' }],
    [
      'has none, with a reason from the kubelet',
      [{ ...READY, status: 'False', message: 'no pod sandbox exists' }],
      {},
      { ready: false, message: 'no pod sandbox exists' },
    ],
    [
      'is reported under the alpha name of the condition',
      [{ ...READY, type: 'PodHasNetwork' }],
      {},
      { ready: true, message: '' },
    ],
    ['is not reported', [], {}, null],
    ['is irrelevant once the pod has an address', [READY], { podIPs: [{ ip: '10.0.0.7' }] }, null],
    ['is irrelevant once the pod runs', [READY], { phase: 'Running' }, null],
  ])('%s', (_, conditions, more, wanted) => expect(sandboxOf(conditions, more)).toEqual(wanted));
});
