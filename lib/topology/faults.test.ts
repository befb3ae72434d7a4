/** Histories after which the records once differed from those of the same facts applied at once. */
import { describe, expect, it } from 'vitest';
import type { HostInventoryFact, WhereaboutsPoolFact, WhereaboutsReservationFact } from '../model/facts';
import type { Observation } from '../model/observation';
import { hostNicId, ipPoolId, nodeId, podId } from '../model/ids';
import { Engine } from './engine';
import {
  allLive,
  AT,
  awsNode,
  batch,
  cniNode,
  daemonSet,
  eni,
  engineOf,
  instance,
  node,
  ownEni,
  pod,
  remove,
  replaceAll,
  status,
  subnet,
  upsert,
} from '../../e2e/testing/facts';

const object = (namespace: string, name: string) => ({
  namespace,
  name,
  uid: `uid-${name}`,
  createdAt: null,
  deleting: false,
});

const event = (kind: string, name: string): Observation =>
  upsert('event', {
    ...object('default', `${name}.1`),
    reason: 'FailedCreatePodSandBox',
    involved: { kind, namespace: kind === 'Pod' ? 'default' : '', name, uid: '' },
    message: 'no address',
    count: 1,
    firstAt: null,
    lastAt: null,
  });

/** Applies each list of observations as a batch of its own. */
function engineAfter(...batches: readonly (readonly Observation[])[]): Engine {
  const engine = new Engine();
  for (const observations of batches) engine.apply(batch(observations));
  return engine;
}

const content = ({ replica: { records } }: Engine): unknown =>
  Object.entries(records).map(([table, all]) => [
    table,
    [...all.values()].sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)),
  ]);

const subjects = (engine: Engine): readonly string[] =>
  [...engine.replica.records.signals.values()].map(({ subject }) => subject);

describe('Event signals', () => {
  it('1: exist even if their CNINode arrives later', () => {
    expect(subjects(engineAfter([...allLive()], [event('CNINode', 'n1')], [upsert('cniNode', cniNode('n1'))]))).toEqual(
      [nodeId('n1')],
    );
  });

  it('2: are removed with their CNINode', () => {
    const engine = engineAfter([...allLive(), upsert('cniNode', cniNode('n1')), event('CNINode', 'n1')]);
    expect(subjects(engine)).toEqual([nodeId('n1')]);
    engine.apply(batch([remove('cniNode', cniNode('n1'))]));
    expect(subjects(engine)).toEqual([]);
  });

  it('3: of a deleted Node are removed once Nodes have been listed', () => {
    const engine = engineAfter([event('Node', 'gone')]);
    expect(subjects(engine)).toEqual([nodeId('gone')]);
    engine.apply(batch([replaceAll('node', [node()]), status('kubernetes/nodes')]));
    expect(subjects(engine)).toEqual([]);
  });
});

describe('whereabouts reservations', () => {
  const pool: WhereaboutsPoolFact = {
    ...object('kube-system', 'n9-10.9.0.0-24'),
    range: '10.9.0.0/24',
    allocations: [{ offset: '5', podRef: 'default/a', ifname: 'net1' }],
    problems: [],
  };
  const reservation: WhereaboutsReservationFact = {
    ...object('kube-system', '10.9.0.5'),
    ip: '10.9.0.5',
    podRef: 'default/a',
    ifname: 'net1',
  };

  it("4: of a node's pool count when the node arrives last", () => {
    const facts = [upsert('whereaboutsPool', pool), upsert('whereaboutsReservation', reservation)];
    const engine = engineAfter([...allLive(), ...facts], [upsert('node', node('n9'))]);
    const record = engine.replica.records.ipPools.get(ipPoolId(pool.namespace, pool.name));
    expect(record?.allocations).toMatchObject([{ ip: '10.9.0.5', reserved: true }]);
    expect(record?.orphanReservations).toEqual([]);
  });
});

describe('a SriovNetworkNodeState of the same name in two API groups', () => {
  const [OPENSHIFT, UPSTREAM] = [
    'kubernetes/sriovnetworknodestates',
    'kubernetes/sriovnetworknodestates/sriovnetwork.k8s.cni.cncf.io',
  ];
  const state = (link: string): HostInventoryFact => ({
    ...object('sriov', 'n1'),
    source: 'SriovNetworkNodeState',
    failure: null,
    node: 'n1',
    asOf: null,
    links: [
      {
        name: link,
        altNames: [],
        mac: null,
        pciAddress: '0000:00:06.0',
        up: true,
        mtu: null,
        over: [],
        totalVfs: 0,
        vfs: [],
        eni: null,
        kind: null,
      },
    ],
  });
  const a = upsert('sriovNodeState', state('eth1a'), OPENSHIFT);
  const b = upsert('sriovNodeState', state('eth1b'), UPSTREAM);
  const nics = (engine: Engine): readonly string[] => [...engine.replica.records.hostNics.keys()].sort();

  it('5: keeps the host NICs of one when the other is removed', () => {
    for (const [scope, link, left] of [
      [OPENSHIFT, 'eth1a', 'eth1b'],
      [UPSTREAM, 'eth1b', 'eth1a'],
    ] as const) {
      const engine = engineAfter([...allLive(), upsert('node', node()), a, b]);
      engine.apply(batch([remove('sriovNodeState', state(link), scope)]));
      expect(nics(engine)).toEqual([hostNicId('n1', left)]);
    }
  });

  it('6: gives the same host NICs in either order', () => {
    const first = engineAfter([...allLive(), upsert('node', node())], [a], [b]);
    const second = engineAfter([...allLive(), upsert('node', node())], [b], [a]);
    expect(nics(first)).toEqual([hostNicId('n1', 'eth1a'), hostNicId('n1', 'eth1b')]);
    expect(content(second)).toEqual(content(first));
  });
});

describe('one object in two scopes', () => {
  const SCOPES = ['a', 'b'] as const;
  it.each<readonly [string, (scope: (typeof SCOPES)[number]) => readonly [Observation, Observation]]>([
    [
      'node',
      (scope) => {
        const fact = node('n1', { osImage: scope });
        return [upsert('node', fact, scope), remove('node', fact, scope)];
      },
    ],
    [
      'eni',
      (scope) => {
        const fact = ownEni('eni-1', { description: scope, secondaryIps: ['10.0.0.9'] });
        return [upsert('eni', fact, scope), remove('eni', fact, scope)];
      },
    ],
    [
      'pod',
      (scope) => {
        const fact = pod('web', { ips: ['10.0.0.9'], uid: scope });
        return [upsert('pod', fact, scope), remove('pod', fact, scope)];
      },
    ],
    [
      'daemonSet',
      (scope) => {
        const fact = daemonSet('aws-node', { awsNode: { version: scope, env: {} } });
        return [upsert('daemonSet', fact, scope), remove('daemonSet', fact, scope)];
      },
    ],
  ])('%s: uses the first scope in either order, and the other when that is removed', (_kind, of) => {
    const world = [
      ...allLive(),
      upsert('node', node('n1'), 'z'),
      upsert('pod', awsNode(), 'z'),
      upsert('node', node('n2', { instanceId: 'i-2' }), 'z'),
      upsert('instance', instance()),
      upsert('subnet', subnet()),
      upsert('eni', eni('eni-0', { primaryIp: '10.0.0.4' }), 'z'),
    ];
    const [[putA, dropA], [putB, dropB]] = SCOPES.map(of) as [
      readonly [Observation, Observation],
      readonly [Observation, Observation],
    ];
    const expected = content(engineAfter([...world, putA]));
    expect(content(engineAfter(world, [putA], [putB]))).toEqual(expected);
    expect(content(engineAfter(world, [putB], [putA]))).toEqual(expected);
    expect(content(engineAfter(world, [putA], [putB], [dropB]))).toEqual(expected);
    const other = content(engineAfter([...world, putB]));
    expect(other).not.toEqual(expected);
    expect(content(engineAfter(world, [putB], [putA], [dropA]))).toEqual(other);
  });
});

it('discards what was read for deleted objects', () => {
  const engine = engineOf([upsert('pod', pod('waiting', { node: null }))]);
  expect(engine.replica.records.pods.has(podId('default', 'waiting'))).toBe(true);
  expect([...engine.reads()]).not.toEqual([]);
  engine.apply(batch([remove('pod', pod('waiting', { node: null }))], AT + 1000));
  expect([...engine.reads()]).toEqual([]);
});
