import { expect, test } from 'vitest';
import { aCniConfig, aHostNic, anInterface, aNetwork, aNode, aPod, recordMaps } from '../../e2e/testing/records';
import { replicaOf } from '../../e2e/testing/client';
import {
  agentFacts,
  clusterFacts,
  faultyWorkloads,
  hostNicFacts,
  interfaceFacts,
  networkFacts,
  nodeFacts,
  podFacts,
  workloadFaults,
  workloadName,
  type NamedFact,
} from './record-facts';

const words = (facts: readonly NamedFact[]): readonly string[] =>
  facts.map(({ name, lines }) => `${name}: ${lines.join(' | ')}`);

test('records without special facts have none', () => {
  expect([
    ...networkFacts(aNetwork('core', 'n6', { ipam: null })),
    ...nodeFacts(aNode('n1', { cloud: 'aws' })),
    ...agentFacts(aNode('n1')),
    ...podFacts(aPod('core', 'p1')),
    ...hostNicFacts(aHostNic('n1', 'ens5')),
  ]).toEqual([]);
});

const pool = {
  driver: 'dra.net',
  pool: 'n1',
  generation: 2,
  slices: 1,
  expected: 2,
  outdated: 1,
  sharedWith: ['n2'],
  devices: 4,
  resources: [],
  pcieRoots: [],
  tainted: ['eth1: broken=yes:NoExecute'],
  allocated: [{ device: 'eth2', claim: 'core/nic', pods: ['core/p1'] }],
};

test.each<[string, readonly NamedFact[], readonly string[]]>([
  [
    'a network',
    networkFacts(aNetwork('core', 'n6', { configName: 'six', failOverMac: 0, writtenFrom: 'SriovNetwork fast' })),
    ['Name in config: six', 'failOverMac: 0', 'Generated from: SriovNetwork fast, by a controller'],
  ],
  [
    'a node',
    nodeFacts(aNode('n1', { cloud: 'vsphere', podCidrs: ['10.244.1.0/24'], devicePools: [pool] })),
    [
      'Cloud: vsphere',
      'Pod CIDRs: 10.244.1.0/24',
      'Device pools: dra.net, pool n1: 4 devices, 1 allocated · 1 of 2 slices exist · 1 outdated slice · shared with n2',
      'Tainted devices: eth1: broken=yes:NoExecute',
    ],
  ],
  [
    'the VPC CNI of a node',
    agentFacts(
      aNode('n1', {
        agentTrouble: 'its image cannot be pulled',
        cni: aCniConfig({ refused: ['WARM_ENI_TARGET is text'] }),
        strayEnis: [{ id: 'eni-1', card: 0, addresses: 1, assigned: 1 }],
      }),
    ),
    [
      'Not ready: its image cannot be pulled',
      'Refuses to start: WARM_ENI_TARGET is text',
      'Not in EC2: eni-1 on card 0: only ipamd lists it, with 1 address, 1 assigned',
    ],
  ],
  [
    'a pod',
    podFacts(
      aPod('core', 'p1', {
        failure: { reason: 'Evicted', message: '' },
        sandbox: { ready: false, message: 'no pod sandbox exists' },
      }),
    ),
    ['Failed: Evicted', 'Sandbox: not ready: no pod sandbox exists'],
  ],
  [
    'an interface',
    interfaceFacts(anInterface('core', 'p1', 'net1', { formerConfig: true })),
    ['Config: set up with an earlier config of the network'],
  ],
  ['a host NIC', hostNicFacts(aHostNic('n1', 'ens5', { altNames: ['enp0s5'] })), ['Other names: enp0s5']],
])('special facts of %s', (_whose, facts, expected) => expect(words(facts)).toEqual(expected));

test('a cluster has its version, region and VPC, as far as they are known', () => {
  const cluster = {
    name: 'prod',
    kubernetesVersion: '1.33',
    region: null,
    vpcId: 'vpc-1',
    vpcCidrs: ['10.0.0.0/16'],
    demo: false,
  };
  expect(words(clusterFacts(cluster))).toEqual(['Kubernetes: 1.33', 'VPC: vpc-1 | 10.0.0.0/16']);
});

test('faulty workloads are those that name the network, and all of them for the cluster network', () => {
  const workload = (name: string, networks: readonly string[]) => ({
    kind: 'Deployment',
    namespace: 'core',
    name,
    networks,
    refusal: 'no network',
    misplaced: ['k8s.v1.cni.cncf.io/networks: n6'],
    mistyped: ['annotation network for networks'],
  });
  const cluster = {
    ...aNetwork('', ''),
    id: 'cluster',
    faultyWorkloads: [workload('a', ['net:core/n6']), workload('b', [])],
  };
  const replica = replicaOf(recordMaps({ networks: [cluster] }));
  expect(faultyWorkloads(replica, 'net:core/n6').map(workloadName)).toEqual(['Deployment core/a']);
  expect(faultyWorkloads(replica, 'cluster').map(workloadName)).toEqual(['Deployment core/a', 'Deployment core/b']);
  expect(faultyWorkloads(replica, 'net:core/n7')).toEqual([]);
  expect(workloadFaults(workload('a', []))).toEqual([
    'Multus refuses its pods: no network',
    'it carries k8s.v1.cni.cncf.io/networks: n6, which belongs in its pod template',
    'a key in its pod template has no effect (annotation network for networks)',
  ]);
});
