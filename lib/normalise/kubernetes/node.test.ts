import { describe, expect, it } from 'vitest';
import type { NodeFact } from '../../model/facts';
import { nodeObject } from '../../../e2e/testing/objects';
import { normaliseNode } from './node';

const fact = (parts: Parameters<typeof nodeObject>[0] = {}): NodeFact => {
  const keyed = normaliseNode(nodeObject(parts));
  if (keyed === null) throw new Error('not read');
  return keyed.fact;
};

it('reads a node', () => {
  expect(normaliseNode(nodeObject())).toEqual({
    key: 'node-a',
    fact: {
      namespace: '',
      name: 'node-a',
      uid: 'uid-node-a',
      createdAt: '2026-08-01T08:00:00Z',
      deleting: false,
      providerId: 'aws:///eu-west-1a/i-0123456789abcdef0',
      instanceId: 'i-0123456789abcdef0',
      instanceType: 'm5.large',
      zone: 'eu-west-1a',
      computeType: 'ec2',
      osImage: 'Amazon Linux 2023',
      os: 'linux',
      podCidrs: [],
      internalIps: ['10.0.0.5', 'fd00::5'],
      labels: {
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'm5.large',
        'topology.kubernetes.io/zone': 'eu-west-1a',
      },
      eniConfigHints: {
        'label:kubernetes.io/os': 'linux',
        'label:node.kubernetes.io/instance-type': 'm5.large',
        'label:topology.kubernetes.io/zone': 'eu-west-1a',
        'label:example.com/rack': 'r7',
        'annotation:k8s.amazonaws.com/eniConfig': 'zone-a',
      },
      ready: true,
      readySince: '2026-08-01T08:01:00Z',
      networkConditions: [],
      unschedulable: false,
      taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }],
      maxPods: 29,
      allocatable: { 'example.com/sriov': 4 },
      capacity: { 'vpc.amazonaws.com/pod-eni': 9 },
      problems: [],
    },
  });
});

it.each([
  [{ podCIDRs: ['10.244.1.0/24', 'FD00::/64'], podCIDR: '10.244.1.0/24' }, ['10.244.1.0/24', 'fd00::/64']],
  [{ podCIDR: '10.244.1.0/24' }, ['10.244.1.0/24']],
  [{ podCIDRs: [7, 'x', ''] }, []],
  [{ podCIDRs: 'x', podCIDR: '' }, []],
])('reads pod CIDRs of %j', (spec, podCidrs) => {
  expect(fact({ spec }).podCidrs).toEqual(podCidrs);
});

// vpc-cni §5.2
describe('the compute type of a node', () => {
  it.each([
    ['aws:///eu-west-1a/i-0123456789abcdef0', {}, 'i-0123456789abcdef0', 'ec2'],
    [
      'aws:///eu-west-1a/i-0123456789abcdef0',
      { 'eks.amazonaws.com/compute-type': 'auto' },
      'i-0123456789abcdef0',
      'auto',
    ],
    ['aws:///eu-west-1a/x/fargate-ip-10-0-0-5.ec2.internal', {}, null, 'fargate'],
    ['aws:///eu-west-1a/x/fargate-ip-10-0-0-5', { 'eks.amazonaws.com/compute-type': 'fargate' }, null, 'fargate'],
    ['eks-hybrid:///eu-west-1/prod/mi-0abc', {}, null, 'hybrid'],
    ['', { 'eks.amazonaws.com/compute-type': 'hybrid' }, null, 'hybrid'],
    ['aws:///i-0123456789abcdef0', {}, 'i-0123456789abcdef0', 'ec2'],
    ['aws:///eu-west-1a/i-0123456789abcdef0/', {}, null, 'other'],
    ['aws:///eu-west-1a/ip-10-0-0-5.ec2.internal', {}, null, 'other'],
    ['i-0123456789abcdef0', {}, null, 'other'],
    ['gce://project/zone/i-0123456789abcdef0', {}, null, 'other'],
    ['kind://docker/kind/kind-worker', {}, null, 'other'],
    // No provider ID: the name is that of an instance.
    [undefined, { 'eks.amazonaws.com/compute-type': 'ec2' }, 'i-0fedcba9876543210', 'ec2'],
    ['k3s://i-0fedcba9876543210', {}, 'i-0fedcba9876543210', 'ec2'],
    ['openstack:///9f0c2a7e', {}, null, 'other'],
  ])('%s %j', (providerID, labels, instanceId, computeType) => {
    const node = fact({ metadata: { name: 'i-0fedcba9876543210', labels }, spec: { providerID } });
    expect([node.instanceId, node.computeType]).toEqual([instanceId, computeType]);
  });

  it.each([
    ['i-0123456789abcdef0.eu-west-1.compute.internal', {}, {}, 'i-0123456789abcdef0'],
    ['n1', { 'alpha.eksctl.io/instance-id': 'i-0123456789abcdef0' }, {}, 'i-0123456789abcdef0'],
    [
      'n1',
      {},
      { 'csi.volume.kubernetes.io/nodeid': '{"efs.csi.aws.com":"i-1","ebs.csi.aws.com":"i-0123456789abcdef0"}' },
      'i-0123456789abcdef0',
    ],
    ['n1', {}, { 'csi.volume.kubernetes.io/nodeid': '{"ebs.csi.aws.com":"n1"}' }, null],
    ['i-am-a-node', {}, {}, null],
    ['ip-10-0-0-5.ec2.internal', {}, {}, null],
  ])('without a provider ID, %s with %j and %j is %s', (name, labels, annotations, instanceId) => {
    expect(fact({ metadata: { name, labels, annotations }, spec: { providerID: undefined } }).instanceId).toBe(
      instanceId,
    );
  });

  it('takes the zone from the provider ID if there is no zone label', () => {
    expect(fact({ metadata: { name: 'n', labels: {} } }).zone).toBe('eu-west-1a');
  });
});

// vpc-cni §7
it('keeps labels and annotations that may name an ENIConfig, even with an invalid name, since ipamd looks it up', () => {
  const labels = { 'k8s.amazonaws.com/eniConfig': 'Zone_A', empty: '' };
  const annotations = { 'example.com/token': 'abc', 'k8s.amazonaws.com/eniConfig': 'zone-b' };
  expect(fact({ metadata: { name: 'n', labels, annotations } }).eniConfigHints).toEqual({
    'label:k8s.amazonaws.com/eniConfig': 'Zone_A',
    'annotation:k8s.amazonaws.com/eniConfig': 'zone-b',
  });
});

it.each([
  ['k8s.amazonaws.com/eniConfig', true],
  ['vpc.amazonaws.com/externalEniConfig', true],
  ['example.com/eni', true],
  ['example.com/eni-config', true],
  ['example.com/token', false],
  ['example.com/genius', false],
])('treats an annotation called %s as a possible ENIConfig name: %s', (key, isKept) => {
  const hints = fact({ metadata: { name: 'n', labels: {}, annotations: { [key]: 'zone-b' } } }).eniConfigHints;
  expect(hints).toEqual(isKept ? { [`annotation:${key}`]: 'zone-b' } : {});
});

describe('readiness', () => {
  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', false],
  ])('%s → %s', (status, ready) => {
    expect(fact({ status: { conditions: [{ type: 'Ready', status }] } }).ready).toBe(ready);
  });

  it('is unknown if the node does not report it', () => {
    expect(fact({ status: { conditions: [] } }).ready).toBeNull();
  });
});

describe('network conditions', () => {
  const conditions = (...given: readonly object[]) => fact({ status: { conditions: given } }).networkConditions;
  const at = '2026-09-01T11:00:00Z';
  it.each([
    ['NetworkingReady', 'True', false],
    ['NetworkingReady', 'False', true],
    ['NetworkingReady', 'Unknown', true],
    ['NetworkUnavailable', 'False', false],
    ['NetworkUnavailable', 'True', true],
    ['NetworkUnavailable', 'Unknown', true],
    // Conditions that are not about the network.
    ['KernelReady', 'False', false],
    ['StorageReady', 'False', false],
    ['Ready', 'False', false],
  ])('%s=%s is kept: %s', (type, status, isKept) => {
    const found = conditions({ type, status, reason: 'Because', message: 'of this', lastTransitionTime: at });
    expect(found).toEqual(isKept ? [{ type, reason: 'Because', message: 'of this', since: at }] : []);
  });
  it('are sorted, with empty texts for missing fields', () => {
    const found = conditions(
      { type: 'NetworkingReady', status: 'False' },
      { type: 'NetworkUnavailable', status: 'True' },
    );
    expect(found).toEqual([
      { type: 'NetworkUnavailable', reason: '', message: '', since: null },
      { type: 'NetworkingReady', reason: '', message: '', since: null },
    ]);
  });
  it('are truncated if the agent has accumulated messages since it started', () => {
    expect(
      conditions({ type: 'NetworkingReady', status: 'False', message: 'x'.repeat(5_000) })[0]?.message,
    ).toHaveLength(512);
  });
});

it('reports a problem instead of guessing', () => {
  expect(fact({ spec: { providerID: 7 } }).problems).toEqual(['spec.providerID is not text']);
  expect(normaliseNode({ metadata: { name: 5 } })).toBeNull();
});
