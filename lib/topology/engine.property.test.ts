/**
 * Numbered invariants of the engine, on seeded random clusters and random histories:
 * 1 incremental = from scratch · 2 = deltas applied · 3 a batch twice = once · 4 sources commute · 5 squash of any split.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../model/delta';
import type { FactKind } from '../model/facts';
import type { Batch, Observation } from '../model/observation';
import { TABLES, type RecordMaps } from '../model/records';
import { createEngine, type Change } from './engine';
import { createReplica } from '../records/replica';
import { squash } from '../records/squash';
import { diffTables } from '../records/diff';
import {
  allLive,
  AT,
  awsNode,
  batch,
  daemonSet,
  entry,
  eni,
  instance,
  iso,
  nad,
  node,
  ownEni,
  pod,
  remove,
  replaceAll,
  selection,
  status,
  subnet,
  upsert,
} from '../../e2e/testing/facts';

const RUNS = { numRuns: 200, seed: 20260901 };

/** The records without ages, as plain data in a fixed order. */
function content(records: RecordMaps): unknown {
  return Object.fromEntries(
    TABLES.map((table) => [
      table,
      [...records[table].values()]
        .map((record) => (table === 'sources' ? { ...record, asOf: null } : record))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    ]),
  );
}

const instanceOf = (i: number): string => `i-${String(i).padStart(17, '0')}`;
const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const anyIp = fc.integer({ min: 1, max: 40 }).map((host) => `10.0.0.${host}`);
const anyNode = oneOf('n0', 'n1', 'n2');
const anyInstance = oneOf(instanceOf(0), instanceOf(1), instanceOf(2), instanceOf(9), null);

const anyPod = fc
  .record({
    name: oneOf('a', 'b', 'c', 'd'),
    uid: oneOf('u1', 'u2'),
    node: oneOf('n0', 'n1', 'n2', 'n3', null),
    phase: oneOf('Running', 'Running', 'Pending', 'Succeeded'),
    ips: fc.uniqueArray(anyIp, { maxLength: 2 }),
    hostNetwork: oneOf(false, false, false, true),
    nets: fc.array(oneOf('x', 'y', 'gone'), { maxLength: 2 }),
    reported: fc.boolean(),
    extraIp: anyIp,
    mac: oneOf('06:00:00:00:00:01', '06:00:00:00:00:02', null),
    podEni: oneOf(null, null, 'eni-3'),
    nicConfig: oneOf(null, 'multi-nic-attachment'),
  })
  .map((p) =>
    upsert(
      'pod',
      pod(p.name, {
        uid: p.uid,
        node: p.node,
        phase: p.phase,
        ips: p.ips,
        hostNetwork: p.hostNetwork,
        nicConfig: p.nicConfig,
        podEni:
          p.podEni === null
            ? null
            : [{ eniId: p.podEni, mac: null, privateIp: p.ips[0] ?? null, ipv6: null, vlanId: 1 }],
        requested: p.nets.map((name, index) => selection(name, { index })),
        reported: p.reported
          ? [
              entry('aws-cni', { interface: 'dummy0', default: true, ips: p.ips }),
              ...p.nets.map((name, index) =>
                entry(`default/${name}`, {
                  index: index + 1,
                  interface: `net${index + 1}`,
                  ips: [p.extraIp],
                  mac: p.mac,
                }),
              ),
            ]
          : [],
      }),
    ),
  );

const anyEni = fc
  .record({
    id: oneOf('eni-0', 'eni-1', 'eni-2', 'eni-3', 'eni-4'),
    instanceId: anyInstance,
    deviceIndex: oneOf(0, 1, 2),
    card: oneOf(0, 0, 1),
    type: oneOf('interface', 'interface', 'trunk', 'branch', 'efa-only'),
    ips: fc.uniqueArray(anyIp, { maxLength: 6 }),
    prefix: oneOf(null, '10.0.0.16/28'),
    noManage: oneOf(undefined, 'true', 'false'),
    trunk: oneOf(undefined, 'eni-1'),
    subnet: oneOf('subnet-1', 'subnet-2'),
    mac: oneOf('06:00:00:00:00:01', '06:00:00:00:00:02', null),
  })
  .map((e) => {
    const tags: Record<string, string> = {};
    if (e.noManage !== undefined) tags['node.k8s.amazonaws.com/no_manage'] = e.noManage;
    if (e.trunk !== undefined && e.type === 'branch') tags['vpcresources.k8s.aws/trunk-eni-id'] = e.trunk;
    return upsert(
      'eni',
      eni(e.id, {
        instanceId: e.type === 'branch' ? null : e.instanceId,
        deviceIndex: e.deviceIndex,
        networkCardIndex: e.card,
        interfaceType: e.type,
        status: e.instanceId === null ? 'available' : 'in-use',
        primaryIp: e.ips[0] ?? null,
        secondaryIps: e.ips.slice(1),
        ipv4Prefixes: e.prefix === null ? [] : [e.prefix],
        subnet: e.subnet,
        mac: e.mac,
        tags,
      }),
    );
  });

const anyNodeFact = fc
  .record({
    name: anyNode,
    instance: oneOf(instanceOf(0), instanceOf(1), instanceOf(2)),
    computeType: oneOf('ec2' as const, 'ec2' as const, 'fargate' as const, 'hybrid' as const),
    type: oneOf('m5.large', 'p4d.24xlarge', 'm4.large'),
    maxPods: oneOf(5, 29),
  })
  .map((n) =>
    upsert(
      'node',
      node(n.name, { instanceId: n.instance, computeType: n.computeType, instanceType: n.type, maxPods: n.maxPods }),
    ),
  );

const anyAgent = fc
  .record({ on: anyNode, prefix: fc.boolean(), multi: fc.boolean(), custom: fc.boolean(), warmIp: oneOf('0', '3') })
  .map((a) =>
    upsert(
      'pod',
      awsNode(
        {
          ENABLE_PREFIX_DELEGATION: String(a.prefix),
          ENABLE_MULTI_NIC: String(a.multi),
          AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: String(a.custom),
          WARM_IP_TARGET: a.warmIp,
        },
        a.on,
      ),
    ),
  );

const anyNad = fc
  .record({ name: oneOf('x', 'y'), type: oneOf('ipvlan', 'bridge', 'macvlan'), master: oneOf('eth1', undefined) })
  .map((n) =>
    upsert('nad', nad(n.name, { cniVersion: '0.3.1', type: n.type, ...(n.master ? { master: n.master } : {}) })),
  );

const anySubnet = fc
  .record({
    id: oneOf('subnet-1', 'subnet-2', 'subnet-3'),
    free: oneOf(0, 1, 3, 20, 200),
    // Seldom: other tags make every node worth deriving again, which would hide that its free addresses do not.
    excluded: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  })
  .map(({ id, free, excluded }) =>
    upsert(
      'subnet',
      subnet(id, {
        availableAddresses: free,
        cidr: id === 'subnet-2' ? '10.0.0.0/27' : '10.0.0.0/24',
        // No ENI is in the third: nodes ask it for a new one all the same.
        tags: excluded || id === 'subnet-3' ? { 'kubernetes.io/role/cni': excluded ? '0' : '1' } : {},
      }),
    ),
  );

const anyPolicy = fc.record({ app: oneOf('web', 'db') }).map(({ app }) =>
  upsert('networkPolicy', {
    namespace: 'default',
    name: `policy-${app}`,
    uid: app,
    createdAt: null,
    deleting: false,
    podSelector: { matchLabels: {}, matchExpressions: [] },
    policyFor: null,
  }),
);

const anyCniNode = fc.record({ name: oneOf('n0', 'n3'), instanceId: anyInstance }).map((c) =>
  upsert('cniNode', {
    namespace: '',
    name: c.name,
    uid: c.name,
    createdAt: null,
    deleting: false,
    features: [],
    instanceId: c.instanceId,
  }),
);

const anyEvent = fc.record({ name: oneOf('e1', 'e2'), pod: oneOf('a', 'b'), uid: oneOf('', 'u1') }).map((e) =>
  upsert('event', {
    namespace: 'default',
    name: e.name,
    uid: e.name,
    createdAt: null,
    deleting: false,
    reason: 'FailedCreatePodSandBox',
    involved: { kind: 'Pod', namespace: 'default', name: e.pod, uid: e.uid },
    message: e.name,
    count: 1,
    firstAt: null,
    lastAt: null,
  }),
);

const anyOther = oneOf<Observation>(
  upsert('daemonSet', daemonSet('aws-node', { awsNode: { version: 'v1.20.0', env: {} } })),
  upsert('daemonSet', daemonSet('multus', { multus: { version: 'v4.1.4' } })),
  upsert('instance', instance(instanceOf(0), { instanceType: 'm5.xlarge' })),
  upsert('whereaboutsPool', {
    namespace: 'kube-system',
    name: '10.0.0.0-24',
    uid: 'p',
    createdAt: null,
    deleting: false,
    range: '10.0.0.0/24',
    allocations: [
      { offset: '7', podRef: 'default/a', ifname: 'net1' },
      { offset: '9', podRef: 'default/b', ifname: null },
    ],
    problems: [],
  }),
);

const anyUpsert: fc.Arbitrary<Observation> = fc.oneof(
  { weight: 6, arbitrary: anyPod },
  { weight: 6, arbitrary: anyEni },
  { weight: 3, arbitrary: anyNodeFact },
  { weight: 2, arbitrary: anyAgent },
  { weight: 2, arbitrary: anyNad },
  { weight: 2, arbitrary: anySubnet },
  anyPolicy,
  anyCniNode,
  anyEvent,
  anyOther,
);

/** Upserts, some of them turned into removals of whatever stands under that key. */
const anyObservation = fc.tuple(anyUpsert, fc.integer({ min: 0, max: 4 })).map(([observation, turn]): Observation => {
  if (turn > 0 || observation.op !== 'upsert') return observation;
  return { op: 'remove', kind: observation.kind, scope: observation.scope, key: observation.key, uid: null };
});

const anyHistory = fc.array(fc.array(anyObservation, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 });

/** Batches a second apart; each ends with EC2's answer as of then, so that nothing is left unsettled. */
const batchesOf = (history: readonly (readonly Observation[])[]): readonly Batch[] => [
  batch(allLive()),
  ...history.map((observations, i) =>
    batch([...observations, status('ec2/network-interfaces', 'live', AT + (i + 1) * 1000)], AT + (i + 1) * 1000),
  ),
];

/** All facts that stand at the end, as one relist. */
function lastFacts(batches: readonly Batch[]): readonly Observation[] {
  const facts = new Map<string, Observation>();
  for (const { observations } of batches) {
    for (const observation of observations) {
      if (observation.op === 'upsert') facts.set(`${observation.scope} ${observation.key}`, observation);
      if (observation.op === 'remove') facts.delete(`${observation.scope} ${observation.key}`);
    }
  }
  return [...facts.values()];
}

/** Ends every cooldown and everything else that time changes. */
function settle(engine: ReturnType<typeof createEngine>): void {
  for (let i = 0; i < 20; i++) engine.tick(AT + 3_600_000);
}

const deltaOf = (change: Change | null, from: number): Delta => ({
  epoch: 'e',
  from,
  to: from + 1,
  at: AT,
  ...(change?.cluster === undefined ? {} : { cluster: change.cluster }),
  tables: change?.tables ?? {},
});

describe('the engine', () => {
  it('1: comes to the same records step by step and from scratch', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const batches = batchesOf(history);
        const stepwise = createEngine();
        for (const one of batches) stepwise.apply(one);
        settle(stepwise);
        const scratch = createEngine();
        const end = batches.at(-1)?.at ?? AT;
        scratch.apply(batch([...allLive(end), ...lastFacts(batches)], end));
        settle(scratch);
        expect(content(stepwise.replica.records)).toEqual(content(scratch.replica.records));
      }),
      RUNS,
    );
  });

  it('2: its changes, applied in order, give its records and its indexes', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const engine = createEngine();
        const follower = createReplica();
        for (const one of batchesOf(history)) {
          const change = engine.apply(one);
          // As it goes over the wire.
          if (change !== null) {
            const sent = JSON.parse(JSON.stringify(change)) as Change;
            follower.apply(sent.tables, sent.cluster);
            follower.apply(sent.tables, sent.cluster);
          }
        }
        expect(content(follower.records)).toEqual(content(engine.replica.records));
        const fresh = createReplica();
        fresh.reset(engine.replica.records, engine.replica.cluster);
        for (const name of Object.keys(fresh.indexes) as (keyof typeof fresh.indexes)[]) {
          const keys = [...fresh.indexes[name].keys()].sort();
          expect([name, [...follower.indexes[name].keys()].sort()]).toEqual([name, keys]);
          for (const key of keys) expect(follower.indexes[name].get(key)).toEqual(fresh.indexes[name].get(key));
        }
      }),
      RUNS,
    );
  });

  it('3: a batch applied twice changes nothing', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const engine = createEngine();
        for (const one of batchesOf(history)) {
          engine.apply(one);
          const before = content(engine.replica.records);
          const again = engine.apply(one);
          // One batch may hold two states of one key: then the second time does change something, and changes it back.
          const keys = one.observations.flatMap((o) =>
            o.op === 'upsert' || o.op === 'remove' ? [`${o.kind} ${o.key}`] : [],
          );
          if (new Set(keys).size === keys.length) expect(again).toBeNull();
          expect(content(engine.replica.records)).toEqual(before);
        }
      }),
      RUNS,
    );
  });

  it('4: batches of different sources commute', () => {
    const sourceOf = (kind: FactKind): string => (['eni', 'subnet', 'instance'].includes(kind) ? 'ec2' : 'kubernetes');
    fc.assert(
      fc.property(fc.array(anyUpsert, { maxLength: 25 }), fc.array(fc.boolean(), { maxLength: 60 }), (all, order) => {
        const bySource = (source: string): Observation[] =>
          all.filter((observation) => observation.op === 'upsert' && sourceOf(observation.kind) === source);
        const [left, right] = [bySource('ec2'), bySource('kubernetes')];
        const run = (pick: (i: number) => boolean): unknown => {
          const engine = createEngine();
          engine.apply(batch(allLive()));
          const queues = [[...left], [...right]];
          for (let i = 0; queues.some((queue) => queue.length > 0); i++) {
            const queue = queues[pick(i) ? 0 : 1]?.length ? queues[pick(i) ? 0 : 1] : queues.find((q) => q.length > 0);
            const observation = queue?.shift();
            if (observation !== undefined) engine.apply(batch([observation]));
          }
          engine.apply(batch([status('ec2/network-interfaces', 'live', AT + 1000)], AT + 1000));
          settle(engine);
          return content(engine.replica.records);
        };
        expect(run((i) => order[i] ?? true)).toEqual(run(() => false));
      }),
      RUNS,
    );
  });

  it('5: squashed over any split, the deltas lead to the same records', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 0, max: 12 }), (history, cut) => {
        const engine = createEngine();
        const deltas = batchesOf(history).map((one, i) => deltaOf(engine.apply(one), i));
        const at = Math.min(cut, deltas.length - 1);
        const parts = [deltas.slice(0, at), deltas.slice(at)].filter((part) => part.length > 0);
        const follower = createReplica();
        for (const part of parts) {
          const whole = part.reduce((a, b) => squash(a, b));
          follower.apply(whole.tables, whole.cluster);
        }
        expect(content(follower.records)).toEqual(content(engine.replica.records));
        const all = deltas.reduce((a, b) => squash(a, b));
        const once = createReplica();
        once.apply(all.tables);
        expect(content(once.records)).toEqual(content(engine.replica.records));
      }),
      RUNS,
    );
  });

  it('6: the difference of two record sets leads from one to the other', () => {
    fc.assert(
      fc.property(anyHistory, anyHistory, (one, other) => {
        const run = (history: Parameters<typeof batchesOf>[0]) => {
          const engine = createEngine();
          for (const next of batchesOf(history)) engine.apply(next);
          return engine.replica;
        };
        const [from, to] = [run(one), run(other)];
        from.apply(diffTables(from.records, to.records));
        expect(diffTables(from.records, to.records)).toEqual({});
      }),
      { ...RUNS, numRuns: 50 },
    );
  });

  it('a relist equals the single changes', () => {
    fc.assert(
      fc.property(fc.array(anyPod, { maxLength: 12 }), fc.array(anyPod, { maxLength: 12 }), (before, after) => {
        const facts = (list: readonly Observation[]) =>
          [...new Map(list.flatMap((o) => (o.op === 'upsert' ? [[o.key, o.fact]] : []))).values()] as ReturnType<
            typeof pod
          >[];
        const relisted = createEngine();
        relisted.apply(batch([...allLive(), replaceAll('pod', facts(before))]));
        relisted.apply(batch([replaceAll('pod', facts(after))]));
        const single = createEngine();
        single.apply(batch([...allLive(), ...facts(before).map((fact) => upsert('pod', fact))]));
        const kept = new Set(facts(after).map(({ name }) => name));
        single.apply(
          batch([
            ...facts(after).map((fact) => upsert('pod', fact)),
            ...facts(before)
              .filter(({ name }) => !kept.has(name))
              .map((fact) => remove('pod', fact)),
          ]),
        );
        expect(content(relisted.replica.records)).toEqual(content(single.replica.records));
      }),
      RUNS,
    );
  });
});

describe('time', () => {
  it('is only what batches and ticks say', () => {
    const engine = createEngine();
    engine.apply(
      batch([
        ...allLive(),
        upsert('node', node()),
        upsert('pod', awsNode()),
        upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5'] })),
        upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
      ]),
    );
    const state = () => engine.replica.records.enis.get('eni-1')?.addresses[1]?.state;
    expect(state()).toBe('assigned');
    engine.apply(batch([remove('pod', pod('a'))], AT + 1000));
    expect(state()).toBe('cooling');
    expect(engine.nextTickAt).toBe(AT + 31_000);
    expect(engine.tick(AT + 30_999)).toBeNull();
    expect(engine.tick(AT + 31_000)?.tables.enis?.patch).toHaveLength(1);
    expect(state()).toBe('warm');
    expect(engine.nextTickAt).toBeNull();
    expect(iso(AT)).toBe('2026-09-01T12:00:00.000Z');
  });
});
