/** What one change costs on the wire, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import type { Delta } from '../model/delta';
import { TABLES } from '../model/records';
import { applyPatch } from './apply';
import { Engine, type Change } from '../topology/engine';
import { MultiMap } from './multi-map';
import { createReplica, NO_CLUSTER } from './replica';
import { squash } from './squash';
import { leanTables } from './wire';
import {
  AT,
  allLive,
  awsNode,
  batch,
  engineOf,
  get,
  node,
  ownEni,
  pod,
  remove,
  status,
  subnet,
  upsert,
} from '../../e2e/testing/facts';

const ips = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `10.0.0.${from + i}`);

const cluster = (nodes: number) =>
  engineOf(
    Array.from({ length: nodes }, (_, n) => [
      upsert(
        'node',
        node(`ip-10-0-0-${n}.eu-west-1.compute.internal`, {
          instanceId: `i-${n}`,
          instanceType: 'm5.4xlarge',
          maxPods: 234,
        }),
      ),
      upsert('pod', awsNode({}, `ip-10-0-0-${n}.eu-west-1.compute.internal`)),
      upsert(
        'eni',
        ownEni(`eni-0123456789abcde${n}`, {
          instanceId: `i-${n}`,
          primaryIp: `10.${n}.0.4`,
          secondaryIps: ips(10, 29).map((ip) => ip.replace('10.0', `10.${n}`)),
        }),
      ),
    ])
      .flat()
      .concat(upsert('subnet', subnet('subnet-1', { cidr: '10.0.0.0/8', availableAddresses: 4000 }))),
  );

const worker = (more = {}) =>
  pod('shipping-6b7f9c8d5-x2k4q', {
    namespace: 'production',
    node: 'ip-10-0-0-1.eu-west-1.compute.internal',
    owner: { kind: 'ReplicaSet', name: 'shipping-6b7f9c8d5' },
    ips: ['10.1.0.12'],
    uid: '7d0a9a52-8a43-4f4e-9a39-6f3f0a4a6a11',
    ...more,
  });

/** The size of the change as sent. */
const bytesOf = (change: Change | null): number => JSON.stringify(leanTables(change?.tables ?? {})).length;

describe('a change', () => {
  it('of one pod is at most 2 KB as JSON, although it touches pod, interface, ENI, node and network', () => {
    const engine = cluster(3);
    const created = engine.apply(batch([upsert('pod', worker())]));
    expect(Object.keys(created?.tables ?? {}).sort()).toEqual(['enis', 'interfaces', 'networks', 'nodes', 'pods']);
    expect(bytesOf(created)).toBeLessThanOrEqual(2048);
    const finished = engine.apply(batch([upsert('pod', worker({ phase: 'Succeeded' }))], AT + 1000));
    expect(bytesOf(finished)).toBeLessThanOrEqual(2048);
    expect(finished?.tables.pods?.patch).toEqual([
      { id: 'pod:production/shipping-6b7f9c8d5-x2k4q', set: { phase: 'Succeeded' } },
    ]);
    const removed = engine.apply(batch([remove('pod', worker())], AT + 2000));
    expect(bytesOf(removed)).toBeLessThanOrEqual(2048);
  });

  it('leaves every other record and address the same object', () => {
    const engine = cluster(3);
    const before = Object.fromEntries(
      TABLES.map((table) => [table, new Map<string, object>(engine.replica.records[table])]),
    );
    const addresses = get(engine, 'enis', 'eni-0123456789abcde1').addresses;
    const change = engine.apply(batch([upsert('pod', worker())]));
    for (const table of TABLES) {
      const touched = new Set<string>();
      const delta = change?.tables[table];
      for (const { id } of [...(delta?.put ?? []), ...(delta?.patch ?? [])]) touched.add(id);
      for (const [id, record] of engine.replica.records[table]) {
        if (!touched.has(id)) expect(record).toBe(before[table]?.get(id));
      }
    }
    const now = get(engine, 'enis', 'eni-0123456789abcde1').addresses;
    expect(now.filter((address) => addresses.includes(address))).toHaveLength(addresses.length - 1);
  });

  it('of a field that is not kept produces no delta', () => {
    const engine = cluster(1);
    engine.apply(batch([upsert('pod', worker({ node: 'ip-10-0-0-0.eu-west-1.compute.internal' }))]));
    expect(
      engine.apply(batch([upsert('pod', worker({ node: 'ip-10-0-0-0.eu-west-1.compute.internal', ready: false }))])),
    ).toBeNull();
    expect(engine.apply(batch([]))).toBeNull();
  });

  it('of only a source’s age produces no delta, though the record has it', () => {
    const engine = engineOf([]);
    expect(engine.apply(batch([status('kubernetes/nodes', 'live', AT + 5000)], AT + 5000))).toBeNull();
    expect(get(engine, 'sources', 'kubernetes/nodes').asOf).toBe(new Date(AT + 5000).toISOString());
    expect(
      engine.apply(batch([status('kubernetes/nodes', 'stale', AT + 5000)], AT + 6000))?.tables.sources?.patch,
    ).toEqual([{ id: 'kubernetes/nodes', set: { state: 'stale' } }]);
  });

  it('of the cluster contains the whole cluster', () => {
    const engine = new Engine();
    expect(engine.apply(batch([{ op: 'cluster', cluster: { name: 'prod' } }]))).toEqual({
      cluster: { ...NO_CLUSTER, name: 'prod' },
      tables: {},
    });
    expect(engine.apply(batch([{ op: 'cluster', cluster: { name: 'prod' } }]))).toBeNull();
    expect(engine.apply(batch([{ op: 'cluster', cluster: { region: 'eu-west-1' } }]))?.cluster).toMatchObject({
      name: 'prod',
      region: 'eu-west-1',
    });
    expect(engine.replica.cluster.region).toBe('eu-west-1');
  });

  it('moves an ENI from one node to another in one step', () => {
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('node', node('n2', { instanceId: 'i-2' })),
      upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4' })),
    ]);
    const change = engine.apply(
      batch([upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', instanceId: 'i-2', deviceIndex: 1 }))]),
    );
    expect(change?.tables.enis?.drop).toEqual([]);
    expect(change?.tables.enis?.patch[0]?.set).toMatchObject({ node: 'node:n2' });
    expect([...(engine.replica.indexes.enisByNode.get('node:n2') ?? [])]).toEqual(['eni-1']);
    expect(engine.replica.indexes.enisByNode.get('node:n1')).toBeUndefined();
  });
});

describe('applying a delta', () => {
  it('ignores a patch of a missing record', () => {
    const replica = createReplica();
    replica.apply({ nodes: { put: [], patch: [{ id: 'node:x', set: { ready: true } }], drop: ['node:y'] } });
    expect(replica.records.nodes.size).toBe(0);
  });

  it('keeps the object if a patch changes nothing', () => {
    const record = get(cluster(1), 'nodes', 'node:ip-10-0-0-0.eu-west-1.compute.internal');
    expect(applyPatch('nodes', record, { id: record.id, set: { ready: record.ready, taints: [] } })).toBe(record);
  });

  it('keeps addresses sorted by value', () => {
    const engine = engineOf([
      upsert('eni', ownEni('eni-1', { instanceId: null, status: 'available', primaryIp: '10.0.0.9' })),
    ]);
    const record = get(engine, 'enis', 'eni-1');
    const put = ['10.0.0.10', '10.0.0.2'].map((ip) => ({ ip, state: 'warm' as const, interface: null }));
    const after = applyPatch('enis', record, { id: 'eni-1', set: {}, addresses: { put, drop: [] } });
    expect(after.addresses.map(({ ip }) => ip)).toEqual(['10.0.0.2', '10.0.0.9', '10.0.0.10']);
  });
});

describe('squashing deltas', () => {
  const delta = (from: number, tables: Delta['tables'], epoch = 'e'): Delta => ({
    epoch,
    from,
    to: from + 1,
    at: AT + from,
    tables,
  });

  it('rejects deltas that are not consecutive', () => {
    expect(() => squash(delta(1, {}), delta(3, {}))).toThrow('cannot squash e.1..2 with e.3..4');
    expect(() => squash(delta(1, {}), delta(2, {}, 'f'))).toThrow('cannot squash');
  });

  it('drops records that appeared and disappeared, and keeps a drop followed by a put as a put', () => {
    const engine = engineOf([upsert('node', node())]);
    const record = get(engine, 'nodes', 'node:n1');
    const came = delta(1, { nodes: { put: [record], patch: [], drop: [] } });
    const went = delta(2, { nodes: { put: [], patch: [], drop: ['node:n1'] } });
    expect(squash(came, went).tables.nodes).toEqual({ put: [], patch: [], drop: ['node:n1'] });
    expect(squash(delta(1, went.tables), delta(2, came.tables)).tables.nodes).toEqual({
      put: [record],
      patch: [],
      drop: [],
    });
    expect(squash(came, went)).toMatchObject({ from: 1, to: 3, at: AT + 2 });
  });
});

describe('a multi-map', () => {
  it('stores few and many ids alike, and forgets empty keys', () => {
    const map = new MultiMap();
    const ids = Array.from({ length: 200 }, (_, i) => `id-${i}`);
    for (const id of [...ids, ...ids]) map.add('k', id);
    expect(map.get('k')).toEqual(new Set(ids));
    for (const id of ids.slice(1)) map.remove('k', id);
    expect([...map.idsOf('k')]).toEqual(['id-0']);
    map.remove('k', 'other');
    map.remove('k', 'id-0');
    expect([map.size, map.has('k'), map.get('k')]).toEqual([0, false, undefined]);
    expect(allLive()).toHaveLength(6);
  });
});
