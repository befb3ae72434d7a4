import { describe, expect, it } from 'vitest';
import { normaliseCniNode } from './cni-node';
import { normaliseEniConfig } from './eni-config';
import { normaliseMultiNetworkPolicy, normaliseNetworkPolicy } from './network-policy';
import { normaliseNodeEni } from './node-eni';
import { normaliseNodeNetworkState } from './node-network-state';
import { normaliseNodeSlicePool } from './node-slice-pool';
import { labelSelector } from './label-selector';
import { normaliseSecurityGroupPolicy } from './security-group-policy';
import { normaliseServiceCidr } from './service-cidr';
import { normaliseSriovNodeState } from './sriov-node-state';
import { normaliseWhereaboutsPool } from './whereabouts-pool';
import { normaliseWhereaboutsReservation } from './whereabouts-reservation';
import { normaliseVirtualMachine, normaliseWorkload } from './workload';

const metadata = { name: 'x', namespace: 'ns' };

it.each([
  [
    { subnet: 'subnet-1', securityGroups: ['sg-1', 5] },
    'subnet-1',
    ['sg-1'],
    ['spec.securityGroups holds something that is no security group id'],
  ],
  [{ subnet: 'subnet-1' }, 'subnet-1', [], []],
  [{ subnet: 'subnet-1', securityGroups: null }, 'subnet-1', [], []],
  [{ subnet: 'subnet-1', securityGroups: 'sg-1' }, 'subnet-1', null, ['spec.securityGroups is not a list']],
  [{ securityGroups: {} }, null, null, ['spec.subnet is missing', 'spec.securityGroups is not a list']],
])('ENIConfig %j', (spec, subnet, securityGroups, problems) => {
  expect(normaliseEniConfig({ metadata: { name: 'zone-a' }, spec })).toMatchObject({
    key: 'zone-a',
    fact: { subnet, securityGroups, problems },
  });
});

it('CNINode: features, and the instance if its tags name it', () => {
  const spec = {
    features: [{ name: 'SecurityGroupsForPods' }, { name: 'CustomNetworking', value: 'zone-a' }, 7],
    tags: { 'node.k8s.amazonaws.com/instance_id': 'i-0abc' },
  };
  expect(normaliseCniNode({ metadata: { name: 'node-a' }, spec })?.fact).toMatchObject({
    features: [
      { name: 'SecurityGroupsForPods', value: null },
      { name: 'CustomNetworking', value: 'zone-a' },
    ],
    instanceId: 'i-0abc',
  });
});

it('SecurityGroupPolicy: separate selectors, null where absent', () => {
  const spec = {
    podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 1] }, { key: 'no-operator' }] },
    securityGroups: { groupIds: ['sg-1'] },
  };
  expect(normaliseSecurityGroupPolicy({ metadata, spec })?.fact).toMatchObject({
    podSelector: {
      matchLabels: {},
      // An unreadable part must not select more objects.
      matchExpressions: [
        { key: 'app', operator: 'In', values: ['a'] },
        { key: 'no-operator', operator: '', values: [] },
      ],
    },
    serviceAccountSelector: null,
    groupIds: ['sg-1'],
  });
});

it.each([
  [undefined, null],
  [null, null],
  [{}, { matchLabels: {}, matchExpressions: [] }],
  [{ matchLabels: { app: 'a' } }, { matchLabels: { app: 'a' }, matchExpressions: [] }],
  ['app=a', { matchLabels: {}, matchExpressions: [{ key: '', operator: '', values: [] }] }],
  [{ matchLabels: { n: 5 } }, { matchLabels: {}, matchExpressions: [{ key: 'n', operator: '', values: [] }] }],
])('label selector %j', (given, wanted) => {
  expect(labelSelector(given)).toEqual(wanted);
});

// multus §4.2
describe('whereabouts', () => {
  it('IPPool: offsets as written', () => {
    const allocations = { '5': { id: 'c1', podref: 'ns/web', ifname: 'net1' }, '6': { id: 'c2' }, x: {}, '7': null };
    const spec = { range: '10.1.0.0/24', allocations };
    expect(normaliseWhereaboutsPool({ metadata, spec })?.fact).toMatchObject({
      range: '10.1.0.0/24',
      allocations: [
        { offset: '5', podRef: 'ns/web', ifname: 'net1' },
        { offset: '6', podRef: '', ifname: null },
      ],
      problems: ['2 of its allocations could not be read'],
    });
  });

  it('OverlappingRangeIPReservation', () => {
    const object = {
      metadata: { name: '10.1.0.5', namespace: 'kube-system' },
      spec: { podref: 'ns/web', ifname: 'net1' },
    };
    expect(normaliseWhereaboutsReservation(object)?.fact).toMatchObject({
      ip: '10.1.0.5',
      podRef: 'ns/web',
      ifname: 'net1',
    });
  });

  it('NodeSlicePool: only slices assigned to a node', () => {
    const object = {
      metadata,
      spec: { range: '10.1.0.0/16', sliceSize: '/24' },
      status: {
        allocations: [
          { nodeName: 'node-a', sliceRange: '10.1.0.0/24' },
          { nodeName: '', sliceRange: '10.1.1.0/24' },
        ],
      },
    };
    expect(normaliseNodeSlicePool(object)?.fact).toMatchObject({
      range: '10.1.0.0/16',
      sliceSize: '/24',
      allocations: [{ node: 'node-a', range: '10.1.0.0/24' }],
    });
  });
});

// multus §4.3, §4.5, §4.6
describe('host links', () => {
  it('SriovNetworkNodeState', () => {
    const link = {
      name: 'ens6',
      mac: '06:AA:00:00:00:01',
      pciAddress: '0000:00:06.0',
      totalvfs: 8,
      altNames: ['eni-1'],
      linkType: 'ETH',
      linkAdminState: 'up',
      Vfs: [{ pciAddress: '0000:00:06.1', vfID: 0, mac: '00:00:00:00:00:00' }, { vfID: 1 }],
    };
    const object = { metadata: { name: 'node-a', namespace: 'openshift-sriov' }, status: { interfaces: [link, {}] } };
    expect(normaliseSriovNodeState(object)?.fact).toMatchObject({
      source: 'SriovNetworkNodeState',
      failure: null,
      node: 'node-a',
      links: [
        {
          name: 'ens6',
          mac: '06:aa:00:00:00:01',
          pciAddress: '0000:00:06.0',
          up: true,
          totalVfs: 1,
          vfs: [{ pciAddress: '0000:00:06.1', name: null, mac: '00:00:00:00:00:00' }],
        },
      ],
    });
  });

  it.each([
    ['numVfs VFs exist, up to totalvfs are possible', { numVfs: 8, totalvfs: 64 }, 8],
    ['no VF exists', { numVfs: 0, totalvfs: 64 }, 0],
    ['numVfs is omitted when it is 0', { totalvfs: 64 }, 0],
    ['no SR-IOV at all', {}, null],
    ['a list without a number', { Vfs: [{ pciAddress: '0000:00:06.1' }] }, 1],
  ])('VFs of a SriovNetworkNodeState: %s', (_, of, total) => {
    const object = { metadata: { name: 'n', namespace: 's' }, status: { interfaces: [{ name: 'ens1', ...of }] } };
    expect(normaliseSriovNodeState(object)?.fact.links[0]?.totalVfs).toBe(total);
  });

  it('NodeNetworkState', () => {
    const interfaces = [
      {
        name: 'eth1',
        type: 'ethernet',
        state: 'up',
        'mac-address': '06:AA:00:00:00:01',
        'alt-names': [{ name: 'enp0s6' }],
      },
      { name: 'eth2', state: 'ignore' },
    ];
    const status = { lastSuccessfulUpdateTime: '2026-09-01T12:00:00Z', currentState: { interfaces } };
    const fact = normaliseNodeNetworkState({ metadata: { name: 'node-a' }, status })?.fact;
    expect(fact?.asOf).toBe('2026-09-01T12:00:00Z');
    expect(fact?.links.map((one) => [one.name, one.mac, one.up, one.altNames])).toEqual([
      ['eth1', '06:aa:00:00:00:01', true, ['enp0s6']],
      ['eth2', null, null, []],
    ]);
  });

  it('NodeNetworkState: a VLAN is down if its base link is down', () => {
    const on = (name: string, base: string, state = 'up'): object => ({ name, state, vlan: { 'base-iface': base } });
    const interfaces = [
      { name: 'bond0', type: 'bond', state: 'down' },
      on('bond0.5', 'bond0'),
      { name: 'mv0', state: 'up', 'mac-vlan': { 'base-iface': 'bond0.5' } },
      on('eth0.5', 'eth0'),
      on('x', 'y', 'down'),
      on('y', 'x'),
    ];
    const status = { currentState: { interfaces } };
    const fact = normaliseNodeNetworkState({ metadata: { name: 'node-a' }, status })?.fact;
    expect(fact?.links.map(({ name, up }) => [name, up])).toEqual([
      ['bond0', false],
      ['bond0.5', false],
      ['mv0', false],
      ['eth0.5', true],
      ['x', false],
      ['y', false],
    ]);
  });

  it('NodeENI', () => {
    const attachments = [
      { nodeID: 'node-a', instanceID: 'i-1', eniID: 'eni-1', deviceIndex: 2, subnetID: 's' },
      { nodeID: 'b' },
    ];
    expect(normaliseNodeEni({ metadata: { name: 'x' }, status: { attachments } })?.fact.attachments).toEqual([
      { node: 'node-a', instanceId: 'i-1', eni: 'eni-1', deviceIndex: 2, subnet: 's' },
    ]);
  });
});

describe('policies', () => {
  it('NetworkPolicy: an empty selector selects everything', () => {
    expect(normaliseNetworkPolicy({ metadata, spec: { podSelector: {} } })?.fact).toMatchObject({
      podSelector: { matchLabels: {}, matchExpressions: [] },
      policyFor: null,
    });
  });

  it('MultiNetworkPolicy: networks in its own namespace need no prefix', () => {
    const annotations = { 'k8s.v1.cni.cncf.io/policy-for': ' blue , telco/red,' };
    const object = { metadata: { ...metadata, annotations }, spec: { podSelector: { matchLabels: { app: 'a' } } } };
    expect(normaliseMultiNetworkPolicy(object)?.fact).toMatchObject({
      podSelector: { matchLabels: { app: 'a' } },
      policyFor: ['ns/blue', 'telco/red'],
    });
  });
});

// multus §6 P3
const key = { 'k8s.v1.cni.cncf.io/networks': 'blue' };
const blue = [{ key: 'k8s.v1.cni.cncf.io/networks', value: 'blue' }];
const nic = { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' };
const workload = (own: object, template: object): unknown => ({
  metadata: { ...metadata, annotations: own },
  spec: { template: { metadata: { annotations: template } } },
});

describe('workloads', () => {
  it.each([
    // An annotation that has no effect still shows that the network is wanted.
    [key, {}, { misplaced: blue, kind: 'Deployment', networks: ['ns/blue'], isRefused: true, refusal: null }],
    [key, key, { misplaced: [], networks: ['ns/blue'] }],
    [{}, key, { misplaced: [], networks: ['ns/blue'] }],
    [{ ...nic, ...key }, key, { misplaced: [{ key: 'k8s.amazonaws.com/nicConfig' }], networks: ['ns/blue'] }],
    [{ 'v1.multus-cni.io/default-network': 'a' }, {}, { misplaced: [{ value: 'a' }], networks: ['ns/a'] }],
    [
      {},
      { 'k8s.v1.cni.cncf.io/networks': 'blue, lab/red@net7' },
      { networks: ['ns/blue', 'lab/red'], isRefused: false },
    ],
    // Multus rejects it, but the network is requested all the same.
    [
      {},
      { 'k8s.v1.cni.cncf.io/networks': '[{"name":"blue"' },
      { networks: ['ns/name', 'ns/blue'], isRefused: true, refusal: expect.stringContaining('JSON') as string },
    ],
    [
      {},
      { 'k8s.v1.cni.cncf.io/networks': 'blue@net7, blue@net7' },
      { networks: ['ns/blue'], isRefused: false, refusal: 'validateIfName: interface name net7 already exists' },
    ],
    [
      {},
      { 'k8s.v1.cni.cncf.io/network': 'blue' },
      { networks: ['ns/blue'], isRefused: true, mistyped: [{ key: 'k8s.v1.cni.cncf.io/network', isLabel: false }] },
    ],
    [
      {},
      { 'k8s.amazonaws.com/nic-config': 'x' },
      { networks: [], mistyped: [{ key: 'k8s.amazonaws.com/nic-config' }] },
    ],
  ])('%j %j', (own, template, wanted) => {
    expect(normaliseWorkload('Deployment')(workload(own, template))?.fact).toMatchObject(wanted);
  });

  it('a template on the host network is never rejected', () => {
    const spec = {
      template: { metadata: { annotations: { 'k8s.v1.cni.cncf.io/networks': 'A' } }, spec: { hostNetwork: true } },
    };
    expect(normaliseWorkload('DaemonSet')({ metadata, spec })?.fact).toMatchObject({ refusal: null, isRefused: true });
  });

  it('drops a workload without the annotation', () => {
    expect(normaliseWorkload('StatefulSet')(workload({}, {}))).toBeNull();
    expect(normaliseWorkload('StatefulSet')(workload(nic, nic))).toBeNull();
  });

  const job = (own: object, template: object, more: object = {}): unknown => ({
    ...(workload(own, template) as object),
    ...more,
  });
  const ended = (type: string, status = 'True') => ({
    status: { conditions: [{ type: 'Suspended' }, { type, status }] },
  });

  it.each<[string, unknown, object | null]>([
    ['runs', job({}, key), { kind: 'Job', misplaced: [], networks: ['ns/blue'] }],
    ['is complete', job({}, key, ended('Complete')), null],
    ['has failed', job({}, key, ended('Failed')), null],
    ['is about to fail', job({}, key, ended('FailureTarget')), { networks: ['ns/blue'] }],
    ['is not complete', job({}, key, ended('Complete', 'False')), { networks: ['ns/blue'] }],
    ['has the annotation where it has no effect', job(key, {}), { misplaced: blue, networks: ['ns/blue'] }],
  ])('a Job that %s', (_what, object, wanted) => {
    const found = normaliseWorkload('Job')(object)?.fact ?? null;
    if (wanted === null) expect(found).toBeNull();
    else expect(found).toMatchObject(wanted);
  });

  it.each<[string, unknown, object | null]>([
    ['its pods', workload({}, key), { kind: 'Rollout', misplaced: [], networks: ['ns/blue'] }],
    ['the Rollout itself', workload(key, {}), { misplaced: blue, networks: ['ns/blue'] }],
    // The template belongs to a Deployment, which is read by itself.
    ['nothing, with a workloadRef', { metadata, spec: { workloadRef: { kind: 'Deployment', name: 'web' } } }, null],
  ])('an Argo Rollout with the annotation in the metadata of %s', (_what, object, wanted) => {
    const found = normaliseWorkload('Rollout')(object)?.fact ?? null;
    if (wanted === null) expect(found).toBeNull();
    else expect(found).toMatchObject(wanted);
  });
});

describe('CronJobs', () => {
  it('reports an annotation that a CronJob passes to its Jobs only for the CronJob', () => {
    const owned = { ...metadata, annotations: key, ownerReferences: [{ kind: 'CronJob', name: 'nightly' }] };
    expect(normaliseWorkload('Job')({ metadata: owned, spec: {} })).toBeNull();
  });

  const cronJob = (own: object, ofJobs: object, template: object): unknown => ({
    metadata: { ...metadata, annotations: own },
    spec: {
      suspend: true,
      jobTemplate: { metadata: { annotations: ofJobs }, spec: { template: { metadata: { annotations: template } } } },
    },
  });

  it.each<[string, unknown, object | null]>([
    ['its pods', cronJob({}, {}, key), { kind: 'CronJob', misplaced: [], networks: ['ns/blue'] }],
    ['its Jobs', cronJob({}, key, {}), { misplaced: blue, networks: ['ns/blue'] }],
    ['the CronJob itself', cronJob(key, {}, {}), { misplaced: blue, networks: ['ns/blue'] }],
    ['nothing', cronJob({}, {}, {}), null],
  ])('a CronJob with the annotation in the metadata of %s', (_what, object, wanted) => {
    const found = normaliseWorkload('CronJob')(object)?.fact ?? null;
    if (wanted === null) expect(found).toBeNull();
    else expect(found).toMatchObject(wanted);
  });
});

it.each([
  [{ cidrs: ['172.20.0.0/16', 'FD00:10::/108'] }, ['172.20.0.0/16', 'fd00:10::/108']],
  [{ cidrs: [null, '172.20.0.0', 'x'] }, []],
  [{ cidrs: '172.20.0.0/16' }, []],
])('ServiceCIDR %j', (spec, cidrs) => {
  expect(normaliseServiceCidr({ metadata: { name: 'kubernetes' }, spec })).toMatchObject({
    key: 'kubernetes',
    fact: { cidrs },
  });
});

describe('KubeVirt', () => {
  const machine = (networks: unknown, annotations: object = {}): unknown => ({
    metadata,
    spec: { runStrategy: 'Halted', template: { metadata: { annotations }, spec: { networks } } },
  });
  const pod = { name: 'default', pod: {} };

  it.each<[string, unknown, readonly string[] | null]>([
    ['in its own namespace', machine([pod, { name: 'a', multus: { networkName: 'blue' } }]), ['ns/blue']],
    ['in another namespace', machine([{ name: 'a', multus: { networkName: 'lab/red', default: true } }]), ['lab/red']],
    [
      'listed twice, and in an annotation',
      machine(
        [
          { name: 'a', multus: { networkName: 'blue' } },
          { name: 'b', multus: { networkName: 'ns/blue' } },
        ],
        { 'k8s.v1.cni.cncf.io/networks': 'red' },
      ),
      ['ns/blue', 'ns/red'],
    ],
    ['listed nowhere', machine([pod]), null],
    ['of another type', machine({ multus: 'x' }), null],
    ['without a name', machine([{ multus: { networkName: 7 } }, { multus: null }, 'x', null]), null],
  ])('a stopped VM with networks %s', (_what, object, networks) => {
    const found = normaliseVirtualMachine(object)?.fact ?? null;
    if (networks === null) expect(found).toBeNull();
    else expect(found).toMatchObject({ kind: 'VirtualMachine', misplaced: [], networks });
  });
});
