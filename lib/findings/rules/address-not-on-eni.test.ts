import { eni, ago, face, foreignEni, network, node, pod, signal, subnet } from '../../../e2e/testing/findings';
import { claimFace } from '../../../e2e/testing/claimed';
import { NADS } from '../../model/source-ids';
import { cases } from '../../../e2e/testing/finding-cases';

const POD = 'pod:core/p1';

const stray = (on: string | null = 'eni-0000000000000000f', backed: 'none' | 'other-node' = 'none') =>
  face('net1', {
    eni: on,
    addresses: [{ ip: '10.6.0.14', family: 4, backed, eni: null }],
    link: {
      rule: 'mac',
      certainty: 'observed',
      evidence: 'its MAC',
      candidates: backed === 'other-node' ? ['eni-x'] : [],
    },
  });

const manager = signal(POD, 'ip-manager', 'a container of the pod assigns its addresses to ENIs');

cases('address-not-on-eni', [
  {
    name: 'the command takes the address from no other ENI',
    records: [node(), network(), pod(), stray()],
    subjects: ['if:core/p1/net1'],
    commands: /--private-ip-addresses 10\.6\.0\.14$/,
  },
  ...(
    [
      ['10.6.0.0/28', 'broadcast|router|DNS', null],
      ['10.6.0.12/30', 'future use|broadcast|DNS|router', /describe-network-interfaces/],
    ] as const
  ).map(([cidr, kept, commands]) => ({
    name: `an address of ${cidr} that ${commands === null ? 'EC2 may assign' : 'AWS keeps'}`,
    records: [
      node(),
      network(),
      pod(),
      stray(),
      eni('eni-0000000000000000f', { subnet: 'subnet-a' }),
      subnet('subnet-a', { cidr, ipv6Cidr: null }),
    ],
    subjects: ['if:core/p1/net1'],
    ...(commands === null
      ? { commands: /assign-private-ip-addresses/ }
      : { says: new RegExp(`which AWS keeps in its subnet for .*(${kept})[^]*Exclude the first four`), commands }),
  })),
  {
    name: 'a failover takes the address from the other ENI',
    records: [node(), network(), pod(), stray('eni-0000000000000000f', 'other-node')],
    subjects: ['if:core/p1/net1'],
    commands: /--allow-reassignment$/,
  },
  {
    name: 'a load balancer has it: the command takes nothing away',
    records: [
      node(),
      network(),
      pod(),
      stray('eni-0000000000000000f', 'other-node'),
      eni('eni-x', {
        node: null,
        instanceId: null,
        interfaceType: 'network_load_balancer',
        description: 'ELB net/a/b',
      }),
    ],
    subjects: ['if:core/p1/net1'],
    says: /assigned to eni-x, an ENI of a Network Load Balancer[^]*Give the pod another address/,
    commands: /describe-network-interfaces/,
  },
  {
    name: 'a foreign instance has it: the command takes nothing away',
    records: [
      node(),
      network(),
      pod(),
      stray('eni-0000000000000000f', 'other-node'),
      eni('eni-x', { node: null, instanceId: 'i-0bbbbbbbbbbbbbbbb' }),
    ],
    subjects: ['if:core/p1/net1'],
    says: /assigned to eni-x, which is on no node of this cluster/,
    commands: /describe-network-interfaces/,
  },
  {
    name: 'a live pod has it there: the command moves nothing',
    records: [
      node(),
      network(),
      pod(),
      stray('eni-0000000000000000f', 'other-node'),
      pod('p2', { node: 'node:n2' }),
      face('net1', { podName: 'p2', node: 'node:n2', eni: 'eni-x' }),
    ],
    subjects: ['if:core/p1/net1'],
    says: /a live pod there has it too/,
    commands: /^aws ec2 describe-network-interfaces/,
  },
  {
    name: 'a whole ENI by claim, with a foreign address',
    records: [
      node(),
      pod(),
      claimFace({
        addresses: [{ ip: '10.6.0.99', family: 4, backed: 'none', eni: null }],
        eni: 'eni-0000000000000000f',
      }),
    ],
    subjects: ['if:core/p1/gpu0'],
    says: /10\.6\.0\.99/,
    commands: /--private-ip-addresses 10\.6\.0\.99$/,
  },
  {
    name: 'guard: a claimed link on top of the host’s link',
    records: [
      node(),
      pod(),
      claimFace({
        addresses: [{ ip: '10.6.0.99', family: 4, backed: 'unknown', eni: null }],
        claim: {
          name: 'c1',
          driver: 'dra.net',
          device: 'ipvlan0',
          kind: 'network',
          whole: false,
          pods: 1,
          rdmaDevice: null,
        },
      }),
    ],
    subjects: [],
  },
  {
    name: 'a share of an ENI with its MAC, with a foreign address',
    records: [
      node(),
      pod(),
      claimFace({
        addresses: [{ ip: '10.6.0.99', family: 4, backed: 'none', eni: null }],
        claim: {
          name: 'c1',
          driver: 'dra.net',
          device: 'pci-1',
          kind: 'network',
          whole: false,
          pods: 1,
          rdmaDevice: null,
        },
      }),
    ],
    subjects: ['if:core/p1/gpu0'],
  },
  {
    name: 'the ENI is unknown: the command lists those of the node',
    records: [node(), network(), pod(), stray(null)],
    subjects: ['if:core/p1/net1'],
    commands: /Values=i-0a0000000000000a1/,
  },
  {
    name: 'P21: the address manager ignores a subnet of another length',
    records: [node(), network(), pod(), foreignEni(), subnet('subnet-m', { cidr: '10.6.0.0/20' }), stray(), manager],
    subjects: ['if:core/p1/net1'],
    says: /a \/24 like the range, and that of the network is a \/20/,
  },
  {
    name: 'P21: with equal lengths, its log explains',
    records: [node(), network(), pod(), foreignEni(), subnet('subnet-m', { cidr: '10.6.0.0/24' }), stray(), manager],
    subjects: ['if:core/p1/net1'],
    says: /its log says/,
  },
  { name: 'on an ENI of its node', records: [node(), network(), pod(), face()], subjects: [] },
]);

const stray3 = (backed: 'none' | 'other-node' | 'unknown', on: string | null = null) =>
  face('net1', {
    eni: on,
    addresses: [{ ip: '10.6.0.14', family: 4, backed, eni: null }],
    link: {
      rule: 'none',
      certainty: 'unknown',
      evidence: 'no ENI has it',
      candidates: backed === 'other-node' ? ['eni-x'] : [],
    },
  });

cases('address-not-on-eni', [
  {
    name: 'on no ENI',
    records: [node(), network(), pod(), stray3('none')],
    subjects: ['if:core/p1/net1'],
    severity: 'error',
  },
  {
    name: 'still on another node’s',
    records: [node(), network(), pod(), stray3('other-node')],
    subjects: ['if:core/p1/net1'],
    says: /failover/,
  },
  { name: 'EC2 has not been read since', records: [node(), network(), pod(), stray3('unknown')], subjects: [] },
  {
    name: 'guard: a bridge stays on the node',
    records: [
      node(),
      network('ipvlan-a', {
        plugins: ['bridge'],
        semantics: {
          leavesNodeOnEni: false,
          macPolicy: 'own',
          onePodPerDevice: false,
          perNode: true,
          linkInContainer: false,
          kernelInterface: true,
        },
      }),
      pod(),
      stray3('none'),
    ],
    subjects: [],
  },
  { name: 'guard: not on EC2', records: [node({ instanceId: null }), network(), pod(), stray3('none')], subjects: [] },
  {
    name: 'guard: its sidecar is still running',
    records: [node(), network(), pod('p1', { startedAt: ago(60) }), stray3('none')],
    subjects: [],
  },
  {
    name: 'the sidecar had enough time',
    records: [node(), network(), pod('p1', { startedAt: ago(60) }), stray3('none')],
    later: 61,
    subjects: ['if:core/p1/net1'],
  },
  {
    name: 'guard: the node is down',
    records: [node({ ready: false }), network(), pod(), stray3('none')],
    subjects: [],
  },
]);

const twoEnis = [
  node(),
  network(),
  pod('p1'),
  foreignEni({ subnet: 'subnet-m' }),
  eni('eni-b', { subnet: 'subnet-m' }),
];
const byMac = {
  rule: 'mac' as const,
  certainty: 'observed' as const,
  evidence: 'it has the MAC of that ENI',
  candidates: [],
};
const split = (change: object = {}) =>
  face('net1', { link: byMac, addresses: [{ ip: '10.6.0.14', family: 4, backed: 'eni', eni: 'eni-b' }], ...change });

cases('address-not-on-eni', [
  {
    name: 'EC2 delivers the address to another ENI of the node',
    records: [...twoEnis, split()],
    subjects: ['if:core/p1/net1'],
    says: /delivers 10\.6\.0\.14 to eni-b[^]*Both ENIs are in one subnet/,
  },
  {
    name: 'the ENIs are in two subnets',
    records: [node(), network(), pod('p1'), foreignEni(), eni('eni-b', { subnet: 'subnet-z' }), split()],
    subjects: ['if:core/p1/net1'],
    says: /Assign the address to the ENI that the network uses/,
  },
  {
    name: 'an address of another subnet: nothing assigns it to the ENI of the link',
    records: [
      node(),
      network(),
      pod('p1'),
      foreignEni({ subnet: 'subnet-m' }),
      eni('eni-b', { subnet: 'subnet-z' }),
      subnet('subnet-m', { cidr: '10.7.0.0/20', ipv6Cidr: null }),
      split(),
    ],
    subjects: ['if:core/p1/net1'],
    says: /parent is the link of eni-b on this node[^]*EC2 assigns an ENI only addresses of its subnet/,
    commands: null,
  },
  {
    name: 'guard: an inferred link is no evidence',
    records: [...twoEnis, split({ link: { ...byMac, certainty: 'inferred' } })],
    subjects: [],
  },
  {
    name: 'guard: the address is on its ENI',
    records: [...twoEnis, face()],
    subjects: [],
  },
  {
    name: 'guard: started a minute ago: the address may still be pending',
    records: [node(), network(), pod('p1', { startedAt: ago(60) }), foreignEni(), eni('eni-b'), split()],
    subjects: [],
  },
]);

const ownAddress = claimFace({
  addresses: [{ ip: '10.6.0.99', family: 4, backed: 'none', eni: null }],
  eni: 'eni-0000000000000000f',
});

cases('address-not-on-eni', [
  {
    name: 'a whole ENI by claim, in a cluster without Multus',
    records: [node(), pod(), ownAddress],
    states: { [NADS]: 'absent' },
    subjects: ['if:core/p1/gpu0'],
  },
  {
    name: 'the subnet of its ENI does not contain the address: EC2 cannot assign it there',
    records: [
      node(),
      pod(),
      foreignEni({ subnet: 'subnet-m' }),
      subnet('subnet-m', { cidr: '10.7.0.0/20' }),
      ownAddress,
    ],
    subjects: ['if:core/p1/gpu0'],
    says: /Give it an address from 10\.7\.0\.0\/20/,
    commands: /^aws ec2 describe-network-interfaces/,
  },
  ...(
    [
      ['l2', false, 'warning', /only if a route table of the VPC sends it to/],
      ['l3', false, 'warning', /only if a route table of the VPC sends it to/],
      ['l3s', true, 'error', /source\/destination check of eni-\w+ is on[^]*In mode l3s the node routes/],
      ['l2', true, 'error', /other nodes cannot reach it[^]*\nGive it an address from/],
    ] as const
  ).map(([mode, sourceDestCheck, severity, says]) => ({
    name: `a range outside the VPC, ipvlan ${mode}, source/destination check ${sourceDestCheck ? 'on' : 'off'}`,
    records: [
      node(),
      network('ipvlan-a', { mode }),
      pod(),
      foreignEni({ subnet: 'subnet-m', sourceDestCheck }),
      subnet('subnet-m', { cidr: '10.7.0.0/20', ipv6Cidr: null }),
      stray(),
    ],
    subjects: ['if:core/p1/net1'],
    severity,
    says,
    commands: /^aws ec2 describe-network-interfaces/,
  })),
  {
    name: 'a range in another subnet of the VPC: no route leads to the ENI',
    records: [
      node(),
      network('ipvlan-a', { mode: 'l3' }),
      pod(),
      foreignEni({ subnet: 'subnet-m', sourceDestCheck: false }),
      subnet('subnet-m', { cidr: '10.7.0.0/20', ipv6Cidr: null }),
      subnet('subnet-n', { cidr: '10.6.0.0/20', ipv6Cidr: null }),
      stray(),
    ],
    subjects: ['if:core/p1/net1'],
    severity: 'error',
    says: /^(?![^]*route)/,
  },
  {
    name: 'guard: NADs are not read, so it is unknown whether a network leaves the node on an ENI',
    records: [node(), network(), pod(), stray()],
    states: { [NADS]: 'stale' },
    subjects: [],
  },
]);
