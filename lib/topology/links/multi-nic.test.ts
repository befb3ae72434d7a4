/** Pods with an interface on every managed card; Kubernetes APIs report only the first one (vpc-cni §3). */
import { describe, expect, it } from 'vitest';
import type { AwsNodeMetricsFact, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import {
  AT,
  awsNode,
  batch,
  daemonSet,
  engineOf,
  eni,
  get,
  iso,
  metrics,
  node,
  ownEni,
  pod,
  remove,
  replaceAll,
  status,
  upsert,
} from '../../../e2e/testing/facts';

const trainer = (more: Partial<PodFact> = {}): PodFact =>
  pod('trainer', { ips: ['10.0.0.10'], nicConfig: 'multi-nic-attachment', startedAt: iso(AT - 60_000), ...more });

const CARDS = [
  upsert('node', node('n1', { instanceType: 'c6in.32xlarge', maxPods: 100 })),
  upsert('pod', awsNode({ ENABLE_MULTI_NIC: 'true' })),
  upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.1', secondaryIps: ['10.0.0.10', '10.0.0.11'] })),
  upsert(
    'eni',
    ownEni('eni-1', { networkCardIndex: 1, primaryIp: '10.0.0.2', secondaryIps: ['10.0.0.20', '10.0.0.21'] }),
  ),
];

const interfaces = (observations: readonly Observation[]): string[] =>
  [...engineOf([...CARDS, ...observations]).replica.records.interfaces.keys()].sort();

const ETH0 = 'if:default/trainer/eth0';
const SECOND = 'if:default/trainer/mNicIf1';

describe('additional interfaces', () => {
  it.each<[what: string, observations: Observation[], wanted: string[]]>([
    ['exist if aws-cni sees the annotation', [upsert('pod', trainer())], [ETH0, SECOND]],
    [
      'exist although Multus runs elsewhere in the cluster',
      [upsert('pod', trainer()), upsert('daemonSet', daemonSet('kube-multus', { multus: { version: 'v4.1.4' } }))],
      [ETH0, SECOND],
    ],
    [
      'do not exist if Multus runs, since it drops the annotation',
      [
        upsert('pod', trainer()),
        upsert('pod', pod('kube-multus-1', { hostNetwork: true, multus: { version: 'v4.1.4' } })),
      ],
      [ETH0],
    ],
    [
      'do not exist if Multus wrote the status',
      [upsert('pod', trainer({ statusAnnotation: { state: 'valid', error: null } }))],
      [ETH0],
    ],
    ['do not exist for a pod with a branch ENI', [upsert('pod', trainer({ podEni: [] }))], [ETH0]],
    ['do not exist without the annotation', [upsert('pod', trainer({ nicConfig: null }))], [ETH0]],
    ['do not exist for another value of the annotation', [upsert('pod', trainer({ nicConfig: 'true' }))], [ETH0]],
    [
      'do not exist on a type with one card',
      [upsert('node', node('n1', { instanceType: 'm5.large' })), upsert('pod', trainer()), remove('eni', eni('eni-1'))],
      [ETH0],
    ],
    [
      'do not exist if ENABLE_MULTI_NIC is off: such a pod never starts',
      [upsert('pod', awsNode({})), upsert('pod', trainer())],
      [ETH0],
    ],
    [
      'do not exist before 1.20.0',
      [upsert('pod', awsNode({ ENABLE_MULTI_NIC: 'true' }, 'n1', 'v1.19.6')), upsert('pod', trainer())],
      [ETH0],
    ],
  ])('%s', (_what, observations, wanted) => {
    expect(interfaces(observations)).toEqual(wanted);
  });
});

describe('cards', () => {
  it('number an additional interface by its position among the managed cards, not by its card', () => {
    const engine = engineOf([
      upsert('node', node('n1', { instanceType: 'p4d.24xlarge', maxPods: 100 })),
      upsert('pod', awsNode({ ENABLE_MULTI_NIC: 'true' })),
      upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.1', secondaryIps: ['10.0.0.10'] })),
      upsert('eni', eni('eni-e', { networkCardIndex: 1, interfaceType: 'efa-only' })),
      upsert('eni', ownEni('eni-2', { networkCardIndex: 2, secondaryIps: ['10.0.0.20'] })),
      upsert('pod', trainer()),
    ]);
    const cards = [...engine.replica.records.interfaces.values()].map(({ name, card }) => [name, card]);
    expect(cards.sort()).toEqual([
      ['eth0', 0],
      ['mNicIf1', 2],
      ['mNicIf2', 3],
    ]);
    expect(get(engine, 'nodes', 'node:n1').pools.map(({ card }) => card)).toEqual([0, 2, 3]);
  });

  it('link a pod without the annotation to the card that has its address', () => {
    const engine = engineOf([...CARDS, upsert('pod', pod('plain', { ips: ['10.0.0.20'] }))]);
    expect(get(engine, 'interfaces', 'if:default/plain/eth0')).toMatchObject({ eni: 'eni-1', card: 1 });
    expect(get(engine, 'nodes', 'node:n1').pools).toMatchObject([
      { card: 0, assigned: 0 },
      { card: 1, assigned: 1 },
    ]);
  });

  it('above 0 have W=M=1 whatever the variables, and card 0 keeps its own targets', () => {
    const env = { ENABLE_MULTI_NIC: 'true', WARM_IP_TARGET: '9', MINIMUM_IP_TARGET: '20' };
    const engine = engineOf([...CARDS, upsert('pod', awsNode(env))]);
    expect(get(engine, 'nodes', 'node:n1').pools).toMatchObject([
      { card: 0, target: 20, short: 18 },
      { card: 1, target: 1, short: 0, over: 1 },
    ]);
  });

  it('are compared with MAX_ENI separately', () => {
    const engine = engineOf([...CARDS, upsert('pod', awsNode({ ENABLE_MULTI_NIC: 'true', MAX_ENI: '3' }))]);
    expect(get(engine, 'nodes', 'node:n1').eniSlots).toMatchObject({ limit: 6, used: 2, free: 4 });
    expect(get(engine, 'networkCards', 'card:n1/1').eniSlots).toMatchObject({ limit: 3, free: 2 });
  });
});

describe('the addresses of a card on which a pod holds an unrecorded one', () => {
  const read = (more: Partial<AwsNodeMetricsFact>): AwsNodeMetricsFact =>
    metrics('n1', {
      assignedPerEni: { 'eni-0': 1, 'eni-1': 1 },
      assignedPerCidr: { '10.0.0.20/32': 1, '10.0.0.21/32': 0 },
      ...more,
    });
  it.each<[what: string, fact: AwsNodeMetricsFact | null, states: string[]]>([
    ['are unknown without ipamd', null, ['unknown', 'unknown']],
    ['are known from ipamd’s count', read({}), ['assigned', 'warm']],
    [
      'are unknown if ipamd was read before the pod started',
      read({ readAt: iso(AT - 90_000) }),
      ['unknown', 'unknown'],
    ],
    [
      'are unknown if ipamd counts another number',
      read({ assignedPerEni: { 'eni-0': 1, 'eni-1': 0 } }),
      ['unknown', 'unknown'],
    ],
  ])('%s', (_what, fact, states) => {
    const told = fact === null ? [] : [upsert('awsNodeMetrics', fact)];
    const engine = engineOf([...CARDS, upsert('pod', trainer()), ...told]);
    expect(
      get(engine, 'enis', 'eni-1')
        .addresses.filter(({ state }) => state !== 'primary')
        .map(({ state }) => state),
    ).toEqual(states);
    // Each such pod holds one address, wherever it is.
    expect(get(engine, 'nodes', 'node:n1').pools[1]).toMatchObject({ card: 1, total: 2, assigned: 1, available: 1 });
  });
});

describe('when such a pod ends, an unknown address on another card cools', () => {
  const WATCHED = AT + 40_000;
  const ENDS = AT + 41_000;
  const watching = (pods: readonly PodFact[]) => {
    const engine = engineOf([...CARDS, replaceAll('pod', [awsNode({ ENABLE_MULTI_NIC: 'true' }), ...pods])]);
    engine.apply(batch([status('kubernetes/pods', 'live', WATCHED)], WATCHED));
    engine.tick(WATCHED);
    return engine;
  };
  const further = (engine: ReturnType<typeof watching>): string[] =>
    get(engine, 'enis', 'eni-1')
      .addresses.filter(({ state }) => state !== 'primary')
      .map(({ state }) => state);
  const pools = (engine: ReturnType<typeof watching>) =>
    get(engine, 'nodes', 'node:n1').pools.filter(({ card }) => card < 2);

  it.each<[what: string, end: Observation[]]>([
    ['deleted', [remove('pod', trainer())]],
    ['finished', [upsert('pod', trainer({ phase: 'Succeeded' }))]],
    [
      'another pod of the same name elsewhere',
      [upsert('pod', { ...trainer(), uid: 'next', node: 'n2' }), remove('pod', trainer())],
    ],
  ])('%s: unknown until the cooldown ends, and counted', (_what, end) => {
    const engine = watching([trainer()]);
    expect(pools(engine)).toMatchObject([
      { card: 0, available: 1, cooling: 0 },
      { card: 1, available: 1, cooling: 0 },
    ]);
    engine.apply(batch(end, ENDS));
    expect(further(engine)).toEqual(['unknown', 'unknown']);
    expect(pools(engine)).toMatchObject([
      { card: 0, available: 2, cooling: 1, warm: 1 },
      { card: 1, available: 2, cooling: 1, warm: 1 },
    ]);
    expect(engine.nextTickAt).toBe(ENDS + 30_000);
    engine.tick(ENDS + 30_000);
    expect(further(engine)).toEqual(['warm', 'warm']);
    expect(pools(engine)).toMatchObject([
      { card: 0, cooling: 0, warm: 2 },
      { card: 1, cooling: 0, warm: 2 },
    ]);
  });

  it('addresses that ipamd attributes to other pods stay assigned, and the rest is unknown', () => {
    const other = trainer({ name: 'other', uid: 'other', ips: ['10.0.0.11'] });
    const engine = watching([trainer(), other]);
    engine.apply(batch([remove('pod', trainer())], ENDS));
    const read = metrics('n1', {
      readAt: iso(ENDS + 1000),
      assignedPerEni: { 'eni-0': 1, 'eni-1': 1 },
      assignedPerCidr: { '10.0.0.20/32': 1, '10.0.0.21/32': 0 },
    });
    engine.apply(batch([upsert('awsNodeMetrics', read)], ENDS + 1000));
    expect(further(engine)).toEqual(['assigned', 'unknown']);
  });

  it('nothing is unknown without an additional card of its own', () => {
    const engine = watching([trainer({ nicConfig: 'true' })]);
    engine.apply(batch([remove('pod', trainer())], ENDS));
    expect(further(engine)).toEqual(['warm', 'warm']);
  });

  it('a restarted aws-node has no memory of it', () => {
    const engine = watching([trainer()]);
    engine.apply(batch([remove('pod', trainer())], ENDS));
    const restarted = { ...awsNode({ ENABLE_MULTI_NIC: 'true' }), startedAt: iso(ENDS + 1000) };
    engine.apply(batch([upsert('pod', restarted)], ENDS + 1000));
    expect(further(engine)).toEqual(['warm', 'warm']);
  });
});
