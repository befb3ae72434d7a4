import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReplica } from '../../records/replica';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { createPair, type PairOptions } from '../../../e2e/testing/servers/pair';
import { AT, batch, nodeRemove, nodeUpsert } from '../../../e2e/testing/servers/store';
import { ringBytesOf } from './store';

function create(more: PairOptions = {}) {
  const clock = createFakeClock(AT);
  return { clock, ...createPair(clock, more) };
}

describe('the size of the ring', () => {
  it.each([
    ['a small cluster', 500, 4_194_304],
    ['1,000 nodes', 70_000, 4_194_304],
    ['5,000 nodes, where a minute of 100 changes a second is bridged', 370_000, 14_800_000],
  ])('of %s', (_, records, bytes) => expect(ringBytesOf(records)).toBe(bytes));

  it('follows from the number of records', () => {
    const [byRecords, fixed] = [(records: number) => records * 1e6, () => 1e6].map((ringBytes) => {
      const { store, collector } = create({ ringBytes });
      for (const name of ['a', 'b', 'c']) collector.apply(batch(nodeUpsert(name)));
      return { distance: store.distanceFrom(1) ?? NaN, records: store.replica.records.nodes.size };
    });
    expect(fixed?.distance).toBeCloseTo((byRecords?.distance ?? NaN) * (byRecords?.records ?? NaN), 6);
  });
});

describe('since', () => {
  it('squashes missed changes into one delta', () => {
    const { store, collector } = create();
    collector.apply(batch(nodeUpsert('a')));
    for (let i = 0; i < 20; i++)
      collector.apply(batch(nodeUpsert('a', { unschedulable: i % 2 === 0 }), nodeUpsert(`n${i}`)));
    collector.apply(batch(nodeRemove('n3')));
    const since = store.since({ epoch: 'e1', version: 1 });
    if (since.kind !== 'delta') throw new Error(since.kind);
    expect([since.delta.from, since.delta.to]).toEqual([1, store.version]);
    expect(since.delta.tables.nodes?.put.map((node) => node.name)).not.toContain('n3');
  });

  it.each([
    ['another epoch', { epoch: 'e0', version: 3 }, 'reset'],
    ['the future', { epoch: 'e1', version: 99 }, 'reset'],
    ['the newest version', { epoch: 'e1', version: 3 }, 'current'],
    ['an earlier version', { epoch: 'e1', version: 2 }, 'delta'],
    ['the very beginning', { epoch: 'e1', version: 0 }, 'delta'],
  ] as const)('from %s', (_, position, kind) => {
    const { store, collector } = create();
    for (const name of ['a', 'b', 'c']) collector.apply(batch(nodeUpsert(name)));
    expect(store.since(position).kind).toBe(kind);
  });

  it('resets if the ring no longer reaches back far enough', () => {
    const { store, collector } = create({ ringBytes: () => 4_000 });
    for (let i = 0; i < 30; i++) collector.apply(batch(nodeUpsert(`node-${i}`)));
    expect(store.since({ epoch: 'e1', version: 1 }).kind).toBe('reset');
    expect(store.since({ epoch: 'e1', version: 29 }).kind).toBe('delta');
    expect(store.ringBytes).toBeLessThanOrEqual(4_000);
  });

  it('resets every viewer after the record set was replaced', () => {
    const { store, collector } = create();
    collector.apply(batch(nodeUpsert('a')));
    const other = create();
    other.collector.apply(batch(nodeUpsert('b')));
    store.reset(other.store.replica.records, { ...other.store.replica.cluster, name: 'other' });
    expect(store.version).toBe(2);
    expect(store.since({ epoch: 'e1', version: 1 }).kind).toBe('reset');
    expect([...store.replica.records.nodes.keys()]).toEqual(['node:b']);
    expect(store.replica.cluster.name).toBe('other');
  });

  it('always brings a viewer to the server’s state, whatever was missed', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const change = fc.record({
      name: fc.constantFrom(...names),
      remove: fc.boolean(),
      cordoned: fc.boolean(),
      pods: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 25 }), fc.nat(25), (batches, leftAt) => {
        const { store, collector } = create();
        const viewer = createReplica();
        let position = 0;
        batches.forEach((changes, index) => {
          collector.apply(
            batch(
              ...changes.map((one) =>
                one.remove
                  ? nodeRemove(one.name)
                  : nodeUpsert(one.name, { unschedulable: one.cordoned, maxPods: one.pods }),
              ),
            ),
          );
          // Disconnected from `leftAt` on: everything after arrives as one squashed delta.
          if (index >= leftAt) return;
          const since = store.since({ epoch: 'e1', version: position });
          if (since.kind === 'delta') viewer.apply(since.delta.tables, since.delta.cluster);
          position = store.version;
        });
        const since = store.since({ epoch: 'e1', version: position });
        if (since.kind === 'delta') viewer.apply(since.delta.tables, since.delta.cluster);
        expect(since.kind).not.toBe('reset');
        expect(new Map([...viewer.records.nodes].sort())).toEqual(new Map([...store.replica.records.nodes].sort()));
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});
