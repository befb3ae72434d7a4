import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut } from '../../../e2e/testing/chunked';
import {
  aHostNic,
  aNode,
  anAttachment,
  anEni,
  anInterface,
  anIpPool,
  aPod,
  aSignal,
  recordMaps,
} from '../../../e2e/testing/records';
import { nodeId } from '../../model/ids';
import { TABLES, type RecordMaps } from '../../model/records';
import { diffTables } from '../../records/diff';
import { createReplica, NO_CLUSTER, type Replica } from '../../records/replica';
import { squash } from '../../records/squash';
import { buildRack } from '../../layout/rack/build';
import { idsOf } from '../../view/view-source';
import { addressesIn, addressTotal } from '../../view/eni-outline';
import { nodeOfRecord, podsWithoutAddress, currentEnisUnder } from '../../view/partial-set';

/** The ids of a random small cluster: few, so that records often appear, disappear, change and move. */
const NODES = ['a', 'b', 'c', 'd', 'new'] as const;
const aNodeName = fc.constantFrom(...NODES);
const maybeNode = fc.option(aNodeName, { nil: null });
const networks = ['cluster', 'net:core/fast', 'net:core/slow'];

const someEni = fc.record({
  id: fc.constantFrom('eni-1', 'eni-2', 'eni-3', 'eni-4'),
  node: maybeNode,
  states: fc.array(fc.constantFrom('primary', 'assigned', 'warm'), { maxLength: 4 }),
  capacity: fc.option(fc.constantFrom(5, 9), { nil: null }),
  prefixes: fc.constantFrom([], [{ cidr: '10.0.1.0/28', size: 16, assigned: 1 }]),
});

const somePod = fc.record({
  name: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5'),
  node: maybeNode,
  phase: fc.constantFrom('Pending', 'Running'),
  ips: fc.constantFrom([], ['10.0.1.7']),
  deleting: fc.boolean(),
  second: fc.option(fc.constantFrom(...networks), { nil: null }),
  loose: fc.boolean(),
  nic: fc.option(fc.constantFrom('ens6', 'ens7'), { nil: null }),
});

const someNic = fc.record({
  node: fc.constantFrom('a', 'b', 'new'),
  name: fc.constantFrom('ens6', 'ens7'),
  vfs: fc.constantFrom(null, 0, 4),
});

const aState = fc.record({
  /** Existing nodes, each in prefix mode or not. */
  nodes: fc.uniqueArray(fc.record({ name: aNodeName, mode: fc.constantFrom('prefix', 'secondary-ip') }), {
    selector: ({ name }) => name,
  }),
  enis: fc.uniqueArray(someEni, { selector: ({ id }) => id }),
  pods: fc.uniqueArray(somePod, { selector: ({ name }) => name }),
  nics: fc.uniqueArray(someNic, { selector: ({ node, name }) => `${node} ${name}` }),
  used: fc.nat(3),
});
type State = typeof aState extends fc.Arbitrary<infer S> ? S : never;

function recordsOf({ nodes, enis, pods, nics, used }: State): RecordMaps {
  const on = (node: string | null): string | null => (node === null ? null : nodeId(node));
  return recordMaps({
    nodes: nodes.map(({ name, mode }) => aNode(name, { cni: { mode } as never })),
    enis: enis.map(({ id, node, states, ...rest }) =>
      anEni(node, id, {
        ...rest,
        addresses: states.map((state, i) => ({
          ip: `10.0.${i < 2 ? 0 : 1}.${i + 4}`,
          state: state as never,
          interface: null,
        })),
      }),
    ),
    pods: pods.map(({ name, node, phase, ips, deleting }) =>
      aPod('core', name, { node: on(node), phase, ips, deleting }),
    ),
    interfaces: pods.flatMap(({ name, node, ips, second, loose, nic }) => [
      anInterface('core', name, 'eth0', { node: on(node), ips, eni: loose ? null : 'eni-1' }),
      ...(second === null
        ? []
        : [
            anInterface('core', name, 'net1', {
              node: on(node),
              network: second,
              ips: ['10.9.0.1'],
              hostNic: nic === null ? null : `nic:${node ?? 'a'}/${nic}`,
            }),
          ]),
    ]),
    hostNics: nics.map(({ node, name, vfs }) =>
      aHostNic(node, name, { vfs: vfs === null ? null : { total: vfs, used } }),
    ),
    attachments: nics.map(({ node, name }) => anAttachment(node, 'core', name, { candidates: [String(used)] })),
    ipPools: used === 0 ? [] : [anIpPool('pool:core/a', { used })],
    signals: used === 1 ? [] : [aSignal('node:a', 'x', { count: used })],
  });
}

const sorted = (maps: RecordMaps): object =>
  Object.fromEntries(TABLES.map((table) => [table, [...maps[table].values()].sort((x, y) => (x.id < y.id ? -1 : 1))]));

const INDEXES = [
  'podsByNode',
  'interfacesByNode',
  'interfacesByPod',
  'enisByNode',
  'hostNicsByNode',
  'attachmentsByNode',
  'interfacesByNetwork',
  'ownersByIp',
  'enisBySubnet',
  'findingsBySubject',
] as const;

/** Every query of a page on a record set. */
function answers(source: Replica): object {
  const keys = [
    ...NODES.map(nodeId),
    ...networks,
    ...['p1', 'p2', 'p3', 'p4', 'p5'].map((name) => `pod:core/${name}`),
    '10.0.1.7',
    'subnet-a',
  ];
  const rack = buildRack(source, { grouping: 'zone', now: null });
  return {
    records: sorted(source.records),
    sizes: TABLES.map((table) => source.records[table].size),
    indexes: INDEXES.map((name) => keys.map((key) => [...idsOf(source.indexes[name], key)].sort())),
    nodes: [...source.records.pods.keys(), ...source.records.enis.keys(), 'pod:core/none']
      .sort()
      .map((id) => [id, nodeOfRecord(source, id)]),
    waiting: [...NODES.map(nodeId), null].map((node) =>
      [...podsWithoutAddress(source, node)]
        .filter(({ phase, deleting }) => phase === 'Pending' && !deleting)
        .sort((x, y) => (x.id < y.id ? -1 : 1)),
    ),
    looks: NODES.map((node) =>
      currentEnisUnder(source, 'enisByNode', nodeId(node))
        .map((eni) => [eni.id, addressTotal(eni), addressesIn(eni, 'assigned'), addressesIn(eni, 'warm')])
        .sort(),
    ),
    boxes: rack.boxes.id.map((id, box) => [id, rack.boxes.h[box]]),
    blocks: rack.blocks.ref.map((ref, block) => [
      ref,
      rack.blocks.kind[block],
      rack.blocks.y[block],
      rack.blocks.h[block],
    ]),
  };
}

describe('[S12] a head, its chunks and later deltas, in any order of arrival, give the record set', () => {
  const steps = fc.array(fc.record({ state: aState, together: fc.boolean() }), { maxLength: 6 });
  const history = fc.record({
    first: aState,
    steps,
    order: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    live: fc.constantFrom(1, 8),
  });

  test('a random history', () => {
    fc.assert(
      fc.property(history, ({ first, steps: later, order, live }) => {
        const server = createReplica();
        server.reset(recordsOf(first), NO_CLUSTER);
        const { replica, arrivals } = cut(recordsOf(first), 2, live);
        let before = recordsOf(first);
        let held: Parameters<typeof squash>[0] | null = null;
        const deltas = later.flatMap(({ state, together }, index) => {
          const after = recordsOf(state);
          const delta = { epoch: 'e', from: index, to: index + 1, at: 0, tables: diffTables(before, after) };
          before = after;
          held = held === null ? delta : squash(held, delta);
          if (together && index + 1 < later.length) return [];
          const sent = held;
          held = null;
          return [sent];
        });
        const todo: (() => void)[] = deltas.map((delta) => () => {
          server.apply(delta.tables);
          replica.apply(delta.tables);
        });
        // The deltas are in order; each chunk arrives at a random position among them.
        arrivals.forEach((arrive, index) => todo.splice((order[index] ?? 0) % (todo.length + 1), 0, arrive));
        for (const run of todo) run();
        expect(replica.partial.complete).toBe(true);
        expect(answers(replica)).toEqual(answers(server));
      }),
      { numRuns: 300, seed: 12 },
    );
  });
});

test('pods that wait on many nodes are known without decoding a chunk, whatever changes in them', () => {
  const nodes = Array.from({ length: 40 }, (_, at) => aNode(`n${at}`));
  const waiting = (name: string, node: number) =>
    aPod('core', name, { node: nodeId(`n${node}`), phase: 'Pending', ips: [] });
  const enis = nodes.map(({ id }, at) => anEni(id.slice('node:'.length), `eni-${at}`));
  const { replica, arrivals, decoded } = cut(
    recordMaps({ nodes, enis, pods: nodes.map((_, at) => waiting(`old-${at}`, at)) }),
    1,
    2,
  );
  for (const arrive of arrivals) arrive();
  const put = nodes.map((_, at) => waiting(`new-${at}`, at));
  replica.apply({ pods: { put, patch: [], drop: [] } });
  const came = { id: 'pod:core/new-1', set: { ips: ['10.0.1.7'], phase: 'Running' as const } };
  const said = { id: 'pod:core/old-2', set: { nicConfig: 'one' } };
  replica.apply({ pods: { put: [], patch: [came, said], drop: ['pod:core/old-3'] } });

  buildRack(replica, { grouping: 'zone', now: 1 });
  const found = new Map([...podsWithoutAddress(replica, null)].map((pod) => [pod.id, pod]));
  expect(found.size).toBe(2 * 40 - 2);
  expect(found.get('pod:core/old-2')).toEqual(expect.objectContaining(said.set));
  expect([...podsWithoutAddress(replica, nodeId('n1'))].map(({ id }) => id)).toEqual(['pod:core/old-1']);
  expect(decoded()).toBe(0);
});
