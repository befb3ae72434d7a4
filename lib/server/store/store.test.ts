import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFindings } from '../../findings/evaluate';
import type { Rule } from '../../findings/rule/rule';
import { createEngine } from '../../topology/engine';
import { createReplica } from '../../records/replica';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { Store, type StoreOptions } from './store';
import { allNodes, AT, batch, nodeRemove, nodeUpsert, status } from '../../../e2e/testing/servers/store';

function create(more: Partial<StoreOptions> = {}) {
  const clock = createFakeClock(AT);
  return { clock, store: new Store({ epoch: 'e1', engine: createEngine(), findings: null, clock, ...more }) };
}

describe('versions', () => {
  it('a batch is one version, whatever it holds', () => {
    const { store } = create();
    expect(store.version).toBe(0);
    expect(store.apply(batch(allNodes('a', 'b', 'c')))).toBe(true);
    expect(store.version).toBe(1);
    expect(store.replica.records.nodes.size).toBe(3);
  });

  it('a batch that changes no kept field makes none', () => {
    const { store } = create();
    store.apply(batch(nodeUpsert('a')));
    expect(store.apply(batch(nodeUpsert('a')))).toBe(false);
    expect(store.version).toBe(1);
  });

  it('ages make none and are kept beside the records', () => {
    const { store } = create();
    store.apply(batch(status('kubernetes/nodes', 'live', '2026-01-01T00:00:00.000Z')));
    const { version } = store;
    expect(store.apply(batch(status('kubernetes/nodes', 'live', '2026-01-01T00:00:05.000Z')))).toBe(false);
    expect(store.version).toBe(version);
    expect(store.ages).toEqual({ 'kubernetes/nodes': '2026-01-01T00:00:05.000Z' });
    expect(store.apply(batch(status('kubernetes/nodes', 'stale', '2026-01-01T00:00:05.000Z')))).toBe(true);
  });

  it('listeners hear of a commit when it is whole, and not after they left', () => {
    const { store } = create();
    const heard: number[] = [];
    const leave = store.onCommit(() => heard.push(store.replica.records.nodes.size));
    store.apply(batch(allNodes('a', 'b')));
    store.apply(batch(allNodes('a', 'b')));
    leave();
    store.apply(batch(nodeRemove('a')));
    expect(heard).toEqual([2]);
  });
});

describe('a large batch', () => {
  const many = (count: number, prefix = 'n') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

  /** Every look at the clock takes 5 ms, as if each step of the work did. */
  function createBusy() {
    const clock = createFakeClock(AT);
    const now = (): number => {
      clock.advance(5);
      return clock.now();
    };
    const store = new Store({ epoch: 'e1', engine: createEngine(), findings: null, clock: { ...clock, now } });
    return { clock, store };
  }

  it('is worked off in slices, and is one version of which nobody sees a part', () => {
    const { store, clock } = createBusy();
    const sizes: number[] = [];
    let done = 0;
    let slices = 0;
    store.take(batch(allNodes(...many(500))), () => done++);
    while (done === 0 && slices < 1000) {
      sizes.push(store.replica.records.nodes.size);
      slices++;
      clock.advance(1);
    }
    expect(slices).toBeGreaterThan(3);
    expect(new Set(sizes)).toEqual(new Set([0]));
    expect(store.version).toBe(1);
    expect(store.replica.records.nodes.size).toBe(500);
  });

  it('keeps the order: a batch that comes meanwhile waits for it, and hears when it is committed', () => {
    const { store, clock } = createBusy();
    const order: string[] = [];
    store.take(batch(allNodes(...many(500))), () => order.push(`relist ${store.replica.records.nodes.size}`));
    store.take(batch(nodeRemove('n1')), () => order.push(`removal ${store.replica.records.nodes.size}`));
    for (let i = 0; i < 1000 && order.length < 2; i++) clock.advance(1);
    expect(order).toEqual(['relist 500', 'removal 499']);
  });

  it('is finished first when something is taken in at once', () => {
    const { store } = createBusy();
    store.take(batch(allNodes(...many(500))), () => undefined);
    expect(store.version).toBe(0);
    expect(store.apply(batch(nodeRemove('n1')))).toBe(true);
    expect(store.version).toBe(2);
    expect(store.replica.records.nodes.size).toBe(499);
  });

  it('a closed store works on nothing more', () => {
    const { store, clock } = createBusy();
    store.take(batch(allNodes(...many(500))), () => undefined);
    store.close();
    clock.advance(1000);
    expect(store.version).toBe(0);
  });
});

describe('since', () => {
  it('squashes what was missed into one delta', () => {
    const { store } = create();
    store.apply(batch(nodeUpsert('a')));
    for (let i = 0; i < 20; i++)
      store.apply(batch(nodeUpsert('a', { unschedulable: i % 2 === 0 }), nodeUpsert(`n${i}`)));
    store.apply(batch(nodeRemove('n3')));
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
    const { store } = create();
    for (const name of ['a', 'b', 'c']) store.apply(batch(nodeUpsert(name)));
    expect(store.since(position).kind).toBe(kind);
  });

  it('resets where the ring no longer reaches, and where the span weighs more than the whole set', () => {
    for (const limits of [{ ringBytes: 4_000 }, { spanBytes: 4_000 }]) {
      const { store } = create(limits);
      for (let i = 0; i < 30; i++) store.apply(batch(nodeUpsert(`node-${i}`)));
      expect(store.since({ epoch: 'e1', version: 1 }).kind).toBe('reset');
      expect(store.since({ epoch: 'e1', version: 29 }).kind).toBe('delta');
    }
  });

  it('a record set put in the place of another resets everybody', () => {
    const { store } = create();
    store.apply(batch(nodeUpsert('a')));
    const other = create().store;
    other.apply(batch(nodeUpsert('b')));
    store.replace(other.replica.records, { ...other.replica.cluster, name: 'other' });
    expect(store.version).toBe(2);
    expect(store.since({ epoch: 'e1', version: 1 }).kind).toBe('reset');
    expect([...store.replica.records.nodes.keys()]).toEqual(['node:b']);
    expect(store.replica.cluster.name).toBe('other');
  });

  it('whatever was missed, a viewer that applies the answer has what the server has', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const change = fc.record({
      name: fc.constantFrom(...names),
      remove: fc.boolean(),
      cordoned: fc.boolean(),
      pods: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 25 }), fc.nat(25), (batches, leftAt) => {
        const { store } = create();
        const viewer = createReplica();
        let position = 0;
        batches.forEach((changes, index) => {
          store.apply(
            batch(
              ...changes.map((one) =>
                one.remove
                  ? nodeRemove(one.name)
                  : nodeUpsert(one.name, { unschedulable: one.cordoned, maxPods: one.pods }),
              ),
            ),
          );
          // Away from `leftAt` on: everything after comes as one squashed delta.
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

describe('findings', () => {
  /** Fires one second after a node was seen: time alone makes it. */
  const late: Rule<'nodes'> = {
    id: 'late',
    severity: 'info',
    scope: 'nodes',
    needs: [],
    check(node, context) {
      if (context.now < AT + 1_000) {
        context.again(AT + 1_000);
        return [];
      }
      return [{ subjects: [node.id], title: 't', detail: 'd', evidence: [], advice: 'a' }];
    },
  };

  it('are judged with the change that causes them, and again when a rule asked for it', () => {
    const { store, clock } = create({ findings: createFindings([late]) });
    store.apply(batch(nodeUpsert('a')));
    expect([store.version, store.replica.records.findings.size]).toEqual([1, 0]);
    expect(clock.armed).toBe(1);
    clock.advance(1_000);
    expect([store.version, store.replica.records.findings.size]).toEqual([2, 1]);
    expect(store.since({ epoch: 'e1', version: 1 })).toMatchObject({
      kind: 'delta',
      delta: { tables: { findings: { put: [{ rule: 'late' }] } } },
    });
    store.apply(batch(nodeUpsert('b')));
    expect(store.version).toBe(3);
    expect(store.replica.records.findings.size).toBe(2);
  });

  it('are not judged any more once the store is closed', () => {
    const { store, clock } = create({ findings: createFindings([late]) });
    store.apply(batch(nodeUpsert('a')));
    store.close();
    expect(clock.armed).toBe(0);
  });
});
