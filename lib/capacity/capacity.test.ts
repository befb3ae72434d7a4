/** What-ifs on small clusters, by ipamd's own arithmetic (vpc-cni §2.2, §2.4). */
import { describe, expect, it } from 'vitest';
import type { EniFact, NodeFact } from '../model/facts';
import type { Observation } from '../model/observation';
import { awsNode, engineOf, metrics, node, ownEni, pod, subnet, upsert } from '../../e2e/testing/facts';
import { capacityOf, partsOf } from './capacity';
import { callsOf } from './node-sim';
import { readChanges } from './changes';
import { reportOf, type Report } from './totals';
import { remarksOf } from './words';

interface NodeSetup {
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: Partial<NodeFact>;
  readonly eni?: Partial<EniFact>;
  /** Addresses on the primary ENI, and how many of them pods hold. */
  readonly addresses?: number;
  readonly held?: number;
  readonly subnet?: string;
  readonly version?: string;
}

const GROUP = 'eks.amazonaws.com/nodegroup';

/** The n-th node: an m5.large (3 ENIs of 9 slots) unless specified otherwise. */
function nodeOf(
  n: number,
  { env = {}, node: more = {}, eni = {}, addresses = 9, held = 0, subnet: on, version = 'v1.23.1' }: NodeSetup,
) {
  const instanceId = `i-0000000000000000${n}`;
  const ips = Array.from({ length: addresses }, (_, at) => `10.0.${n}.${at + 10}`);
  return [
    upsert('node', node(`n${n}`, { instanceId, ...more })),
    upsert('pod', awsNode(env, `n${n}`, version)),
    upsert(
      'eni',
      ownEni(`eni-${n}`, {
        instanceId,
        primaryIp: `10.0.${n}.4`,
        secondaryIps: ips,
        subnet: on ?? 'subnet-1',
        ...eni,
      }),
    ),
    ...ips.slice(0, held).map((ip, at) => upsert('pod', pod(`p${n}-${at}`, { node: `n${n}`, ips: [ip] }))),
  ];
}

interface Setup {
  readonly nodes: readonly NodeSetup[];
  readonly free?: number;
  readonly more?: readonly Observation[];
}

function reportAfter({ nodes, free = 200, more = [] }: Setup, ...texts: readonly string[]): Report {
  const changes = readChanges(texts);
  if (typeof changes === 'string') throw new Error(changes);
  const { replica } = engineOf([
    upsert('subnet', subnet('subnet-1', { cidr: '10.0.0.0/16', availableAddresses: free })),
    ...nodes.flatMap((one, at) => nodeOf(at + 1, one)),
    ...more,
  ]);
  return reportOf(capacityOf(replica, [partsOf(replica.records)]).under(changes), changes.churn);
}

/** The part of the report that a test compares. */
const figures = ({ all, subnets }: Report) => ({
  enis: all.after.enis.value,
  held: all.after.held.value,
  assigned: all.after.assigned.value,
  fit: all.after.fit.value,
  by: all.after.limits[0]?.by,
  free: subnets[0]?.after.free,
});

const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };

const CORDONED = { taints: [{ key: 'node.kubernetes.io/unschedulable', value: null, effect: 'NoSchedule' }] };

type Case = readonly [
  what: string,
  setup: Setup,
  changes: readonly string[],
  after: Partial<ReturnType<typeof figures>>,
];

const CASES: readonly Case[] = [
  [
    'WARM_IP_TARGET releases the surplus',
    { nodes: [{ held: 2 }] },
    ['WARM_IP_TARGET=2'],
    { enis: 1, held: 4, assigned: 2, free: 205 },
  ],
  [
    'MINIMUM_IP_TARGET keeps more than WARM_IP_TARGET requires',
    { nodes: [{ held: 2 }] },
    ['WARM_IP_TARGET=2', 'MINIMUM_IP_TARGET=7'],
    { held: 7, free: 202 },
  ],
  [
    'WARM_IP_TARGET attaches ENIs, whose primary addresses count in the subnet',
    { nodes: [{ held: 9 }] },
    ['WARM_IP_TARGET=11'],
    // 9 on the first ENI, then 9 and 2 on two more.
    { enis: 3, held: 20, assigned: 9, free: 200 - 11 - 2 },
  ],
  [
    'the instance type limits the pool',
    { nodes: [{ held: 9 }] },
    ['WARM_IP_TARGET=50'],
    { enis: 3, held: 27, free: 200 - 18 - 2 },
  ],
  ['MAX_ENI limits the pool', { nodes: [{ held: 9 }] }, ['WARM_IP_TARGET=50', 'MAX_ENI=2'], { enis: 2, held: 18 }],
  [
    'MAX_ENI takes no address from pods',
    { nodes: [{ held: 9 }] },
    ['MAX_ENI=1'],
    { enis: 1, held: 9, fit: 0, by: 'slots' },
  ],
  ['WARM_ENI_TARGET=2 keeps two whole ENIs free', { nodes: [{}] }, ['WARM_ENI_TARGET=2'], { enis: 2, held: 18 }],
  [
    'prefix mode on new nodes: one /28 for the pods, and one more while fewer than 16 addresses are free',
    { nodes: [{ held: 2, env: { WARM_PREFIX_TARGET: '1' } }] },
    ['prefix-mode=on'],
    // 9 addresses are released; two prefixes are added.
    { enis: 1, held: 32, assigned: 2, fit: 26, by: 'max-pods', free: 200 + 9 - 32 },
  ],
  [
    'prefix mode with a higher max pods',
    { nodes: [{ held: 2, env: { WARM_PREFIX_TARGET: '1' } }] },
    ['prefix-mode=on', 'max-pods=110'],
    { fit: 107, by: 'max-pods' },
  ],
  [
    'a cordoned node keeps its addresses under other targets',
    { nodes: [{ held: 2, node: CORDONED }] },
    ['WARM_IP_TARGET=2'],
    { held: 9, assigned: 2 },
  ],
  [
    'the replacement of a cordoned node is not cordoned',
    { nodes: [{ held: 2, env: { WARM_PREFIX_TARGET: '1' }, node: CORDONED }] },
    ['prefix-mode=on'],
    { held: 32, assigned: 2 },
  ],
  [
    'back from prefixes to single addresses',
    {
      nodes: [{ env: PREFIX, addresses: 0, eni: { ipv4Prefixes: ['10.0.1.16/28'] } }],
    },
    ['prefix-mode=off'],
    { enis: 1, held: 9, free: 200 + 16 - 9 },
  ],
  [
    'a max pods below the pool size keeps the pool from ever being low',
    { nodes: [{ held: 9 }] },
    ['max-pods=9'],
    { enis: 1, held: 9, fit: 0, by: 'max-pods' },
  ],
  [
    'before v1.16.3, ipamd ignores the max pods of the node',
    { nodes: [{ held: 9, version: 'v1.16.2' }] },
    ['max-pods=9'],
    { enis: 2, held: 18, fit: 0, by: 'max-pods' },
  ],
  [
    'the version that aws-node reports takes precedence over its image tag',
    {
      nodes: [{ held: 9, version: 'v1.16.2' }],
      more: [upsert('awsNodeMetrics', metrics('n1', { version: 'v1.23.1' }))],
    },
    ['max-pods=9'],
    { enis: 1, held: 9, fit: 0, by: 'max-pods' },
  ],
];

describe('a change', () => {
  it.each(CASES)('%s', (_what, setup, changes, after) => {
    expect(figures(reportAfter(setup, ...changes))).toMatchObject(after);
  });
});

describe('subnets', () => {
  it('have addresses, but no whole /28', () => {
    // A /26 in which every sixteenth address is held.
    const held = [4, 20, 36, 52].map((at) =>
      upsert(
        'eni',
        ownEni(`eni-x${at}`, { instanceId: null, attachmentId: null, primaryIp: `10.9.0.${at}`, subnet: 'subnet-9' }),
      ),
    );
    const report = reportAfter(
      {
        nodes: [{ held: 1, subnet: 'subnet-9' }],
        more: [upsert('subnet', subnet('subnet-9', { cidr: '10.9.0.0/26', availableAddresses: 40 })), ...held],
      },
      'prefix-mode=on',
      'max-pods=110',
    );
    expect(report.all.after).toMatchObject({ fit: { value: 0 }, limits: [{ by: 'blocks', nodes: 1 }], waiting: 1 });
    expect(report.reasons).toEqual([{ reason: 'subnet-9 has no free /28 block left', nodes: ['node:n1'] }]);
  });

  it('are shared by nodes: together, fewer pods fit than on each alone', () => {
    const report = reportAfter({ nodes: [{ held: 9 }, { held: 9 }], free: 12 });
    // An ENI of nine and its own address leaves two, too few for another.
    expect(report.all.before).toMatchObject({ fit: { value: 9 }, limits: [{ by: 'subnet', nodes: 2 }] });
    expect(report.subnets[0]?.before.fit).toBe(9);
  });

  it('cannot provide the ENI that a target requires', () => {
    const report = reportAfter({ nodes: [{ held: 9 }], free: 1 }, 'WARM_IP_TARGET=3');
    expect(report.all.after).toMatchObject({ lackEni: 1, belowTarget: 1, enis: { value: 1 }, held: { value: 9 } });
  });

  it('for pods under custom networking provide the addresses that the primary ENI no longer does', () => {
    const pods = upsert('subnet', subnet('subnet-p', { cidr: '100.64.0.0/24', availableAddresses: 100 }));
    const report = reportAfter({ nodes: [{ held: 3 }], more: [pods] }, 'custom-networking=subnet-p');
    const [own, forPods] = report.subnets;
    // The primary ENI keeps only its primary address; 9 and 9 on two ENIs for WARM_ENI_TARGET=1, each with a primary
    // address.
    expect(own?.after.free).toBe(209);
    expect(forPods?.after.free).toBe(100 - 20);
    expect(report.all.after).toMatchObject({ enis: { value: 3 }, assigned: { value: 3 }, fit: { value: 15 } });
  });
});

describe('tagging a subnet', () => {
  const other = (zone: string, vpc = 'vpc-1') =>
    upsert('subnet', subnet('subnet-2', { cidr: '10.1.0.0/16', availableAddresses: 900, zone, vpc }));
  const full: NodeSetup = { held: 9 };
  const after = (more: Observation, node: NodeSetup = full) =>
    reportAfter({ nodes: [node], free: 0, more: [more] }, 'tag-subnets=subnet-2').all.after.fit.value;

  it('lets nodes of its zone attach ENIs there', () => {
    expect(after(other('eu-west-1a'))).toBe(18);
  });

  it.each([
    ['in another zone', other('eu-west-1b'), full],
    ['in another VPC', other('eu-west-1a', 'vpc-2'), full],
    ['without subnet discovery', other('eu-west-1a'), { ...full, env: { ENABLE_SUBNET_DISCOVERY: 'false' } }],
    ['before v1.18.0', other('eu-west-1a'), { ...full, version: 'v1.17.1' }],
  ])('changes nothing %s', (_what, more, node) => {
    expect(after(more, node)).toBe(0);
  });
});

describe('excluding a subnet', () => {
  const tagged = upsert(
    'subnet',
    subnet('subnet-2', { cidr: '10.1.0.0/16', availableAddresses: 900, tags: { 'kubernetes.io/role/cni': '1' } }),
  );
  const some: NodeSetup = { held: 3 };
  const after = (node: NodeSetup, ...more: readonly Observation[]) =>
    reportAfter({ nodes: [node], more }, 'exclude-subnets=subnet-1').all.after;

  it('leaves its pods their addresses, and provides no further ones', () => {
    expect(after(some)).toMatchObject({ fit: { value: 0 }, enis: { value: 1 }, waiting: 0 });
    // Two more ENIs of nine in the other subnet.
    expect(after(some, tagged).fit.value).toBe(18);
  });

  it('takes effect on a new node, too', () => {
    const changes = ['prefix-mode=on', 'exclude-subnets=subnet-1', 'max-pods=110'];
    const report = reportAfter({ nodes: [some], more: [tagged] }, ...changes);
    expect(report.subnets.map(({ id, after: { free } }) => [id, free])).toEqual([
      ['subnet-1', 209],
      ['subnet-2', 900 - 1 - 16],
    ]);
  });

  it.each([
    [['exclude-subnets=subnet-1']],
    [['exclude-subnets=subnet-1', 'MAX_ENI=2']],
    [['exclude-subnets=subnet-1', 'WARM_IP_TARGET=2']],
  ])('has unknown effects on a node whose version of the CNI is not known: %j', (changes) => {
    const report = reportAfter({ nodes: [{ ...some, version: 'latest' }], more: [tagged] }, ...changes);
    expect(report.unreckoned).toBe(1);
  });

  it.each([
    ['before v1.22.0', { ...some, version: 'v1.21.1' }],
    ['without subnet discovery', { ...some, env: { ENABLE_SUBNET_DISCOVERY: 'false' } }],
  ])('changes nothing %s', (_what, node) => {
    expect(after(node).fit.value).toBe(24);
  });
});

const B = { zone: 'eu-west-1b' };
const two = (held: number, other: number): Setup => ({ nodes: [{ held }, { held: other, node: B }] });

describe('losing a zone', () => {
  it('moves its pods to nodes with room, and counts those without a place', () => {
    const report = reportAfter(two(5, 2), 'lose-zone=eu-west-1a');
    expect(report).toMatchObject({ displaced: 5, homeless: 0 });
    expect(report.all.after).toMatchObject({ nodes: 1, assigned: { value: 7 }, waiting: 0 });
    const full = reportAfter({ nodes: [{ held: 5 }, { held: 2, node: { ...B, maxPods: 6 } }] }, 'lose-zone=eu-west-1a');
    // aws-node counts against max pods as well.
    expect(full).toMatchObject({ displaced: 5, homeless: 2 });
  });

  it('moves no pod to a node that Karpenter is draining', () => {
    const taints = [{ key: 'karpenter.sh/disrupted', value: '', effect: 'NoSchedule' }];
    const report = reportAfter({ nodes: [{ held: 5 }, { held: 2, node: { ...B, taints } }] }, 'lose-zone=eu-west-1a');
    expect(report).toMatchObject({ homeless: 5, closed: { nodes: [{ why: 'being deleted' }] } });
  });

  it('moves no pod to an unschedulable node', () => {
    const closed = { ...B, unschedulable: true };
    const report = reportAfter({ nodes: [{ held: 5 }, { held: 2, node: closed }] }, 'lose-zone=eu-west-1a');
    expect(report).toMatchObject({
      displaced: 5,
      homeless: 5,
      closed: { nodes: [{ id: 'node:n2', why: 'cordoned' }] },
    });
    expect(remarksOf(report).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/of the pods that fit would be on 1 node that takes no new pods now \(cordoned\)/),
    );
  });

  it('does not move pods of DaemonSets', () => {
    const daemon = upsert('pod', pod('p1-0', { ips: ['10.0.1.10'], owner: { kind: 'DaemonSet', name: 'agent' } }));
    expect(reportAfter({ ...two(5, 2), more: [daemon] }, 'lose-zone=eu-west-1a').displaced).toBe(4);
  });
});

describe('rolling a node group', () => {
  const group: NodeSetup = { held: 4, node: { labels: { [GROUP]: 'workers' } } };
  it('requires the addresses of the new nodes while the old ones still hold theirs', () => {
    const report = reportAfter({ nodes: [group, group] }, 'roll=workers', 'surge=1');
    // A primary address, the first ENI filled, and a second one for WARM_ENI_TARGET=1.
    expect(report.all.after).toMatchObject({ nodes: 3, assigned: { value: 8 }, held: { value: 18 + 18 } });
    expect(report.subnets[0]?.after.free).toBe(200 - 1 - 9 - 1 - 9);
  });

  it('cannot start a node if the subnet has no address', () => {
    const report = reportAfter({ nodes: [group], free: 0 }, 'roll=workers');
    expect(report.all.after).toMatchObject({ lackEni: 1, waiting: 4 });
    expect(report.reasons).toContainEqual({
      reason: 'subnet-1 has no free address for a new node',
      nodes: ['node:n1 new'],
    });
  });
});

describe('EC2 calls of a step', () => {
  it.each([
    [
      'attaching an ENI: look up a subnet, create, look up a device, attach, and set it to be deleted with its instance',
      'attach-eni',
      false,
      5,
    ],
    ['under custom networking, no subnet is looked up', 'attach-eni', true, 4],
    ['freeing an ENI: look up, detach and delete', 'detach-eni', false, 3],
    ['addresses are assigned in one call, however many', 'add-addresses', false, 1],
    ['prefixes are assigned in one call, however many', 'add-prefixes', false, 1],
    ['addresses are unassigned in one call', 'release-addresses', false, 1],
    ['nothing to do', 'none', false, 0],
  ] as const)('%s', (_what, action, customNetworking, calls) => {
    expect(callsOf(action, customNetworking)).toBe(calls);
  });
});

describe('EC2 calls for replacing every pod once', () => {
  it.each([
    ['whole ENIs are kept: none', ['WARM_ENI_TARGET=1'], 0],
    ['WARM_IP_TARGET: one to assign and one to unassign for each pod', ['WARM_IP_TARGET=2'], 8],
    ['MINIMUM_IP_TARGET absorbs the churn', ['WARM_IP_TARGET=2', 'MINIMUM_IP_TARGET=8'], 0],
  ])('%s', (_what, changes, calls) => {
    expect(reportAfter({ nodes: [{ held: 4, addresses: 9 }] }, ...changes).all.after.calls.value).toBe(calls);
  });
});

describe('an unknown value', () => {
  const unknown: Setup = { nodes: [{ node: { instanceType: 'new.large' }, held: 2 }, { held: 2 }] };
  it('stays unknown, and is counted separately from the sum', () => {
    const { after } = reportAfter(unknown, 'WARM_IP_TARGET=2').all;
    expect(after.held).toEqual({ value: 4, unknown: 1 });
    expect(after.fit).toMatchObject({ unknown: 1 });
  });

  it('is null, not zero, if nothing is known', () => {
    const { after } = reportAfter({ nodes: unknown.nodes.slice(0, 1) }, 'prefix-mode=on').all;
    expect(after).toMatchObject({ held: { value: null, unknown: 1 }, fit: { value: null }, calls: { value: null } });
  });
});
