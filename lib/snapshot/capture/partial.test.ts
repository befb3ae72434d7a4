/** Captures with missing parts: only what the rest proves is known; everything else is null or unknown. */
import { describe, expect, it } from 'vitest';
import { Engine } from '../../topology/engine';
import type { RecordMaps } from '../../model/records';
import { createReplica, NO_CLUSTER } from '../../records/replica';
import { lookup } from '../../view/lookup/lookup';
import { readCapture } from './read';

const INSTANCE = 'i-0aaaaaaaaaaaaaaaa';
const ETH0 = 'if:shop/web/eth0';

const nodeOf = (type: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'n1',
    uid: 'n',
    labels: { 'node.kubernetes.io/instance-type': type, 'topology.kubernetes.io/zone': 'eu-west-1a' },
  },
  spec: { providerID: `aws:///eu-west-1a/${INSTANCE}` },
  status: { capacity: { pods: '29' }, nodeInfo: { operatingSystem: 'linux' } },
});
const podOf = (name: string, ip: string, annotations: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid: name, creationTimestamp: '2026-09-01T10:00:00Z', annotations },
  spec: { nodeName: 'n1', containers: [] },
  status: { phase: 'Running', podIPs: [{ ip }] },
});
const agentOf = (env: readonly { readonly name: string; readonly value: string }[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'aws-node-1', namespace: 'kube-system', uid: 'agent', labels: { 'k8s-app': 'aws-node' } },
  spec: { nodeName: 'n1', hostNetwork: true, containers: [{ name: 'aws-node', image: 'cni:v1.23.1', env }] },
  status: { phase: 'Running' },
});

const ENI = {
  NetworkInterfaceId: 'eni-0',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  AvailabilityZone: 'eu-west-1a',
  Status: 'in-use',
  InterfaceType: 'interface',
  PrivateIpAddress: '10.0.0.4',
  PrivateIpAddresses: [
    { Primary: true, PrivateIpAddress: '10.0.0.4' },
    { Primary: false, PrivateIpAddress: '10.0.0.5' },
  ],
  TagSet: [{ Key: 'node.k8s.amazonaws.com/instance_id', Value: INSTANCE }],
  Attachment: { InstanceId: INSTANCE, DeviceIndex: 0, NetworkCardIndex: 0, Status: 'attached' },
};
const SECOND = {
  ...ENI,
  NetworkInterfaceId: 'eni-1',
  PrivateIpAddress: '10.0.0.20',
  PrivateIpAddresses: [
    { Primary: true, PrivateIpAddress: '10.0.0.20' },
    { Primary: false, PrivateIpAddress: '10.0.0.21' },
  ],
  Attachment: { ...ENI.Attachment, DeviceIndex: 1 },
};
const RESERVATIONS = {
  Reservations: [
    {
      Instances: [
        {
          InstanceId: INSTANCE,
          InstanceType: 'm5.large',
          State: { Name: 'running' },
          VpcId: 'vpc-1',
          SubnetId: 'subnet-1',
          // Fewer fields than DescribeNetworkInterfaces: it has no tags (vpc-cni §5.1).
          NetworkInterfaces: [ENI],
        },
      ],
    },
  ],
};
const SUBNETS = {
  Subnets: [{ SubnetId: 'subnet-1', CidrBlock: '10.0.0.0/24', VpcId: 'vpc-1', AvailableIpAddressCount: 3 }],
};
const TYPES = {
  InstanceTypes: [
    {
      InstanceType: 'm5.large',
      NetworkInfo: { MaximumNetworkInterfaces: 2, Ipv4AddressesPerInterface: 4, MaximumNetworkCards: 1 },
    },
  ],
};

const KUBERNETES = {
  'kubernetes/nodes.json': nodeOf('m5.large'),
  'kubernetes/pods.json': podOf('web', '10.0.0.5'),
  'kubernetes/agent.json': agentOf([]),
};

const LISTED = {
  'kubernetes/pods.json': {
    apiVersion: 'v1',
    kind: 'PodList',
    items: Object.values(KUBERNETES).filter((object) => 'kind' in object && object.kind === 'Pod'),
  },
};

function recordsOf(files: Readonly<Record<string, unknown>>): RecordMaps {
  const all = { 'capture.json': { takenAt: '2026-09-01T12:00:00Z' }, ...KUBERNETES, ...files };
  const capture = readCapture(
    Object.entries(all).map(([path, value]) => ({
      path,
      text: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  );
  const engine = new Engine();
  for (const batch of capture.batches) engine.apply(batch);
  return engine.replica.records;
}

interface Case {
  readonly what: string;
  readonly files: Readonly<Record<string, unknown>>;
  readonly eth0?: object;
  readonly node?: object;
  readonly enis?: Readonly<Record<string, object>>;
  readonly subnets?: Readonly<Record<string, object>>;
  readonly sources?: Readonly<Record<string, string>>;
}

const NO_ENIS = {
  eniSlots: { used: null, unmanaged: null, free: null },
  headroom: { pods: null, limitedBy: 'unknown' },
};

const CASES: readonly Case[] = [
  {
    what: 'NetworkInterfaces only',
    files: { 'ec2/enis.json': { NetworkInterfaces: [ENI] } },
    eth0: { eni: 'eni-0', card: 0, link: { rule: 'secondary-ip', certainty: 'observed' } },
    node: {
      instanceId: INSTANCE,
      instanceState: null,
      instanceType: 'm5.large',
      limits: { source: 'table', enisPerCard: 3, ipv4PerEni: 10, maxPodsByFormula: 29 },
      eniSlots: { limit: 3, used: 1, free: 2 },
    },
    enis: { 'eni-0': { management: { rule: 'primary' }, capacity: 9 } },
    // Nothing is known of a subnet that was not read from EC2.
    subnets: {},
    sources: { 'ec2/network-interfaces': 'live', 'ec2/instances': 'absent', 'ec2/subnets': 'absent' },
  },
  {
    what: 'Reservations only: they list attached interfaces without tags, so management is known only for the primary ENI',
    files: { 'ec2/instances.json': RESERVATIONS },
    eth0: {
      eni: 'eni-0',
      card: 0,
      link: { rule: 'secondary-ip', certainty: 'observed' },
      addresses: [{ backed: 'eni', eni: 'eni-0' }],
    },
    node: { instanceState: 'running' },
    enis: { 'eni-0': { tagsUnknown: true, management: { state: 'managed', rule: 'primary' } } },
    sources: { 'ec2/network-interfaces': 'failing', 'ec2/instances': 'live' },
  },
  {
    what: 'no EC2 answers',
    files: {},
    eth0: { eni: null, addresses: [{ backed: 'unknown' }] },
    node: { instanceState: null, limits: { source: 'table' }, ...NO_ENIS },
    enis: {},
    subnets: {},
  },
  {
    what: 'without Subnets, nothing is limited by them',
    files: { ...LISTED, 'ec2/a.json': { NetworkInterfaces: [ENI] }, 'ec2/b.json': RESERVATIONS },
    node: { headroom: { limitedBy: 'slots' } },
  },
  {
    what: 'with Subnets, they may limit',
    files: { ...LISTED, 'ec2/a.json': { NetworkInterfaces: [ENI] }, 'ec2/b.json': SUBNETS },
    node: { headroom: { pods: 3, limitedBy: 'subnet' } },
    subnets: { 'subnet-1': { cidr: '10.0.0.0/24', availableAddresses: 3 } },
  },
  {
    what: 'single pods and no list: others may have the other addresses',
    files: {
      'ec2/a.json': {
        NetworkInterfaces: [
          { ...ENI, PrivateIpAddresses: [...ENI.PrivateIpAddresses, { Primary: false, PrivateIpAddress: '10.0.0.6' }] },
        ],
      },
      'ec2/b.json': SUBNETS,
    },
    eth0: { eni: 'eni-0', addresses: [{ backed: 'eni' }] },
    node: { podCount: null, pools: [{ total: 2, assigned: null, available: null }], headroom: { pods: null } },
    enis: { 'eni-0': { addresses: [{ state: 'primary' }, { state: 'assigned' }, { state: 'unknown' }] } },
    sources: { 'kubernetes/pods': 'live' },
  },
  {
    what: 'a single ENI and no list: the others of the node are unknown',
    files: { 'ec2/a.json': SECOND },
    eth0: { eni: null, addresses: [{ backed: 'unknown' }] },
    node: { headroom: { pods: null, limitedBy: 'unknown' } },
    enis: { 'eni-1': {} },
  },
  {
    what: 'InstanceTypes take precedence over the bundled table',
    files: { 'ec2/a.json': { NetworkInterfaces: [ENI] }, 'ec2/t.json': TYPES },
    node: { limits: { source: 'ec2', enisPerCard: 2, ipv4PerEni: 4, maxPodsByFormula: 8 } },
    enis: { 'eni-0': { capacity: 3 } },
  },
  {
    what: 'a type unknown to both EC2 and the table',
    files: { 'kubernetes/nodes.json': nodeOf('x99.mega'), 'ec2/a.json': { NetworkInterfaces: [ENI] } },
    eth0: { eni: 'eni-0', link: { certainty: 'observed' } },
    node: { limits: null, eniSlots: { limit: null, used: 1, free: null }, headroom: { limitedBy: 'unknown' } },
    enis: { 'eni-0': { capacity: null, addressCapacity: null } },
  },
  {
    what: 'several files of a call are one answer',
    files: {
      'ec2/page-1.json': { NetworkInterfaces: [ENI] },
      'ec2/page-2.json': { NetworkInterfaces: [SECOND] },
      'kubernetes/more.json': podOf('db', '10.0.0.21'),
    },
    eth0: { eni: 'eni-0' },
    node: { eniSlots: { used: 2 } },
    enis: { 'eni-0': {}, 'eni-1': { deviceIndex: 1 } },
  },
  {
    what: 'a page of a longer answer: listed records are known, all others unknown',
    files: {
      'ec2/page-1.json': { NetworkInterfaces: [SECOND], NextToken: 'more' },
      'kubernetes/more.json': podOf('db', '10.0.0.21'),
    },
    eth0: { eni: null, addresses: [{ backed: 'unknown' }] },
    enis: { 'eni-1': {} },
    sources: { 'ec2/network-interfaces': 'failing' },
  },
  {
    what: 'Tags instead of TagSet',
    files: { 'ec2/a.json': { NetworkInterfaces: [ENI, { ...SECOND, TagSet: undefined, Tags: SECOND.TagSet }] } },
    enis: { 'eni-0': {}, 'eni-1': { management: { rule: 'instance-id-tag' } } },
  },
  {
    what: 'no tags at all: what ipamd would do with an untagged ENI',
    files: { 'ec2/a.json': { NetworkInterfaces: [ENI, { ...SECOND, TagSet: undefined }] } },
    enis: { 'eni-0': {}, 'eni-1': { management: { rule: 'untagged-adopted', certainty: 'inferred' } } },
  },
  {
    what: 'an ENI without Attachment may be the node’s',
    files: { 'ec2/a.json': { NetworkInterfaces: [{ ...ENI, Attachment: undefined }] } },
    eth0: { eni: null, link: { certainty: 'unknown', candidates: ['eni-0'] }, addresses: [{ backed: 'unknown' }] },
    enis: { 'eni-0': { node: null, card: null, deviceIndex: null } },
  },
];

const subset = (all: ReadonlyMap<string, unknown>): object => Object.fromEntries(all);

describe('a capture', () => {
  it.each(CASES)('$what', ({ files, eth0, node, enis, subnets, sources }) => {
    const records = recordsOf(files);
    if (eth0 !== undefined) expect(records.interfaces.get(ETH0)).toMatchObject(eth0);
    if (node !== undefined) expect(records.nodes.get('node:n1')).toMatchObject(node);
    if (enis !== undefined) {
      expect([...records.enis.keys()].sort()).toEqual(Object.keys(enis).sort());
      expect(subset(records.enis)).toMatchObject(enis);
    }
    if (subnets !== undefined) {
      expect([...records.subnets.keys()]).toEqual(Object.keys(subnets));
      expect(subset(records.subnets)).toMatchObject(subnets);
    }
    for (const [id, state] of Object.entries(sources ?? {})) expect(records.sources.get(id)?.state).toBe(state);
  });

  it('of single pods reports an address without a known holder as uncertain', () => {
    const records = recordsOf({ 'ec2/a.json': { NetworkInterfaces: [ENI] } });
    const replica = createReplica();
    replica.reset(records, NO_CLUSTER);
    expect(lookup(replica, '10.9.9.9').unsure).toContain(
      'kubernetes/pods is incomplete: The capture contains single objects and no list; others may exist.',
    );
  });

  it('of metrics only has the version and the figures, but no ENI', () => {
    const text = [
      'awscni_build_info{goversion="go1.25.0",version="v1.23.1"} 1',
      'awscni_eni_allocated 2',
      'awscni_assigned_ip_per_eni{eni="eni-0"} 5',
    ].join('\n');
    const records = recordsOf({ 'aws-node/n1.prom': text });
    expect(records.nodes.get('node:n1')).toMatchObject({
      ipamd: { version: 'v1.23.1' },
      metrics: { eniAllocated: 2, eniMax: null },
      ...NO_ENIS,
    });
    expect(records.enis.size).toBe(0);
    expect(records.interfaces.get(ETH0)).toMatchObject({ eni: null, addresses: [{ backed: 'unknown' }] });
  });
});

// vpc-cni §4.2
describe("ipamd's own list", () => {
  const address = (ip: string, scrubbed: boolean) => ({
    [`${ip}/32`]: {
      IPAddresses: {
        [ip]: {
          Address: ip,
          IPAMKey: { networkName: 'aws-cni', containerID: scrubbed ? '' : 'c0ffee', ifName: scrubbed ? '' : 'eth0' },
          IPAMMetadata: { k8sPodNamespace: 'shop', k8sPodName: 'web' },
          AssignedTime: '2026-09-01T10:00:05.123456789Z',
          UnassignedTime: '0001-01-01T00:00:00Z',
        },
      },
    },
  });
  const card = (id: string, ip: string, scrubbed: boolean) => ({
    TotalIPs: 1,
    AssignedIPs: 1,
    ENIs: { [id]: { ID: id, IsPrimary: true, DeviceNumber: 0, AvailableIPv4Cidrs: address(ip, scrubbed) } },
  });
  const multiNic = {
    'kubernetes/nodes.json': nodeOf('c6in.32xlarge'),
    'kubernetes/agent.json': agentOf([{ name: 'ENABLE_MULTI_NIC', value: 'true' }]),
    'kubernetes/pods.json': podOf('web', '10.0.0.5', { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' }),
  };
  const link = { rule: 'ipamd', certainty: 'observed' };

  it('up to 1.19 is one object, and links eth0', () => {
    const records = recordsOf({ 'aws-node/n1.enis.json': card('eni-0', '10.0.0.5', false) });
    expect([...records.interfaces.keys()]).toEqual([ETH0]);
    expect(records.interfaces.get(ETH0)).toMatchObject({ eni: 'eni-0', card: 0, link });
  });

  it.each([
    ['from 1.20 on is keyed by card', false],
    ['from 1.23 on has no container names', true],
  ])('%s, and links every interface', (_what, scrubbed) => {
    const answer = { '0': card('eni-0', '10.0.0.5', scrubbed), '1': card('eni-1', '10.0.1.5', scrubbed) };
    const records = recordsOf({ ...multiNic, 'aws-node/n1.enis.json': answer });
    expect(records.interfaces.get(ETH0)).toMatchObject({ eni: 'eni-0', card: 0, link });
    expect(records.interfaces.get('if:shop/web/mNicIf1')).toMatchObject({
      state: 'expected',
      eni: 'eni-1',
      card: 1,
      ips: ['10.0.1.5'],
      addresses: [{ backed: 'unknown', eni: null }],
      link,
    });
    expect(records.enis.size).toBe(0);
  });
});
