import { describe, expect, it } from 'vitest';
import { Findings } from '../../findings/evaluate';
import type { Batch } from '../../model/observation';
import type { Rule } from '../../findings/rule/rule';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { createPair, type PairOptions } from '../../../e2e/testing/servers/pair';
import { allNodes, AT, batch, nodeRemove, nodeUpsert, status } from '../../../e2e/testing/servers/store';

function create(more: PairOptions = {}) {
  const clock = createFakeClock(AT);
  return { clock, ...createPair(clock, more) };
}

describe('versions', () => {
  it('a batch is one version, whatever it contains', () => {
    const { store, collector } = create();
    expect(store.version).toBe(0);
    expect(collector.apply(batch(allNodes('a', 'b', 'c')))).toBe(true);
    expect(store.version).toBe(1);
    expect(store.replica.records.nodes.size).toBe(3);
  });

  it('a batch that changes no kept field is no version', () => {
    const { store, collector } = create();
    collector.apply(batch(nodeUpsert('a')));
    expect(collector.apply(batch(nodeUpsert('a')))).toBe(false);
    expect(store.version).toBe(1);
  });

  it('ages are no version, and are stored next to the records', () => {
    const { store, collector } = create();
    collector.apply(batch(status('kubernetes/nodes', 'live', '2026-01-01T00:00:00.000Z')));
    const { version } = store;
    expect(collector.apply(batch(status('kubernetes/nodes', 'live', '2026-01-01T00:00:05.000Z')))).toBe(false);
    expect(store.version).toBe(version);
    expect(store.ages).toEqual({ 'kubernetes/nodes': '2026-01-01T00:00:05.000Z' });
    expect(collector.apply(batch(status('kubernetes/nodes', 'stale', '2026-01-01T00:00:05.000Z')))).toBe(true);
  });

  it('a listener is notified of a complete commit, and not after it unsubscribed', () => {
    const { store, collector } = create();
    const heard: number[] = [];
    const leave = store.onCommit(() => heard.push(store.replica.records.nodes.size));
    collector.apply(batch(allNodes('a', 'b')));
    collector.apply(batch(allNodes('a', 'b')));
    leave();
    collector.apply(batch(nodeRemove('a')));
    expect(heard).toEqual([2]);
  });
});

describe('a large batch', () => {
  const many = (count: number, prefix = 'n') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

  /** A clock that advances 5 ms per reading, as if each step took that long. */
  function createBusy() {
    const clock = createFakeClock(AT);
    const now = (): number => {
      clock.advance(5);
      return clock.now();
    };
    return { clock, ...createPair(clock, { clock: { ...clock, now } }) };
  }

  it('is applied in slices, and becomes one version that is never visible in part', () => {
    const { store, collector, clock } = createBusy();
    const sizes: number[] = [];
    let done = 0;
    let slices = 0;
    collector.take(batch(allNodes(...many(500))), () => done++);
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

  it('is applied first: a batch that arrives meanwhile is committed after it, and then acknowledged', () => {
    const { store, collector, clock } = createBusy();
    const order: string[] = [];
    collector.take(batch(allNodes(...many(500))), () => order.push(`relist ${store.replica.records.nodes.size}`));
    collector.take(batch(nodeRemove('n1')), () => order.push(`removal ${store.replica.records.nodes.size}`));
    for (let i = 0; i < 1000 && order.length < 2; i++) clock.advance(1);
    expect(order).toEqual(['relist 500', 'removal 499']);
  });

  it('delays batches that arrive meanwhile, and commits them as one version', () => {
    const { store, collector, clock } = createBusy();
    const heard: (readonly [of: string, version: number])[] = [];
    const take = (of: string, one: Batch): void => collector.take(one, () => heard.push([of, store.version]));
    take('relist', batch(allNodes(...many(500))));
    take('removal', batch(nodeRemove('n1')));
    take('return', batch(nodeUpsert('n1')));
    take('new', batch(nodeUpsert('x')));
    for (const state of ['behind', 'live'] as const)
      collector.take(
        batch(status('kubernetes/nodes', state, '2026-01-01T00:00:00.000Z')),
        () => heard.push([state, store.version]),
        true,
      );
    for (let i = 0; i < 1000 && heard.length < 6; i++) clock.advance(1);
    expect(heard).toEqual([
      ['relist', 1],
      ['behind', 2],
      ['live', 2],
      ['removal', 3],
      ['return', 3],
      ['new', 3],
    ]);
    expect(store.replica.records.nodes.size).toBe(501);
    expect(store.replica.records.sources.get('kubernetes/nodes')?.state).toBe('live');
  });

  it('is not merged with another large batch', () => {
    const { store, collector, clock } = createBusy();
    let done = 0;
    collector.take(batch(nodeUpsert('a')), () => done++);
    collector.take(batch(allNodes(...many(300))), () => done++);
    collector.take(batch(allNodes(...many(15_000))), () => done++);
    collector.take(batch(allNodes(...many(15_000), 'y')), () => done++);
    for (let i = 0; i < 100_000 && done < 4; i++) clock.advance(1);
    expect([done, store.version]).toEqual([4, 4]);
  });

  it('is completed immediately when an urgent batch arrives', () => {
    const { store, collector } = createBusy();
    collector.take(batch(allNodes(...many(500))), () => undefined);
    expect(store.version).toBe(0);
    expect(collector.apply(batch(nodeRemove('n1')))).toBe(true);
    expect(store.version).toBe(2);
    expect(store.replica.records.nodes.size).toBe(499);
  });

  it('is abandoned when the store is closed', () => {
    const { store, collector, clock } = createBusy();
    collector.take(batch(allNodes(...many(500))), () => undefined);
    collector.close();
    clock.advance(1000);
    expect(store.version).toBe(0);
  });
});

/** Fires one second after a node was seen, by time alone. */
const late: Rule<'nodes'> = {
  id: 'late',
  severity: 'info',
  scope: 'nodes',
  needs: [],
  check(node, context) {
    if (context.now < AT + 1_000) {
      context.rerunAt(AT + 1_000);
      return [];
    }
    return [{ subjects: [node.id], title: 't', detail: 'd', evidence: [], advice: 'a' }];
  },
};

describe('findings', () => {
  it('are evaluated with the change that causes them, and again when a rule requested it', () => {
    const { store, collector, clock } = create({ findings: new Findings([late]) });
    collector.apply(batch(nodeUpsert('a')));
    expect([store.version, store.replica.records.findings.size]).toEqual([1, 0]);
    expect(clock.armed).toBe(1);
    clock.advance(1_000);
    expect([store.version, store.replica.records.findings.size]).toEqual([2, 1]);
    expect(store.since({ epoch: 'e1', version: 1 })).toMatchObject({
      kind: 'delta',
      delta: { tables: { findings: { put: [{ rule: 'late' }] } } },
    });
    collector.apply(batch(nodeUpsert('b')));
    expect(store.version).toBe(3);
    expect(store.replica.records.findings.size).toBe(2);
  });

  it('are evaluated less often while batches wait, and are complete once none does', () => {
    const clock = createFakeClock(AT);
    let judged = 0;
    const every: Rule<'nodes'> = {
      ...late,
      id: 'every',
      check: (node) => [{ subjects: [node.id], title: 't', detail: 'd', evidence: [], advice: 'a' }],
    };
    const findings = new Findings([every]);
    const counted = {
      tick: () => null,
      settle: () => null,
      update: (...args: Parameters<typeof findings.update>) => {
        judged++;
        return findings.update(...args);
      },
      nextDueAt: null,
    };
    // Each reading advances the clock by 5 ms.
    const now = (): number => {
      clock.advance(5);
      return clock.now();
    };
    const { store, collector } = createPair(clock, { findings: counted, clock: { ...clock, now } });
    let done = 0;
    collector.take(batch(allNodes(...Array.from({ length: 500 }, (_, index) => `m${index}`))), () => undefined);
    const held: (readonly [nodes: number, findings: number])[] = [];
    // Two batches wait, and one is too large to be combined. The last batch changes nothing, so it has no commit of its
    // own that would evaluate the findings.
    const large = Array.from({ length: 20_001 }, () => nodeRemove('none'));
    const takeNext = (i: number): void => {
      if (i > 300) return;
      collector.take({ ...batch(nodeUpsert(`n${Math.min(i, 299)}`), ...large), since: AT - 1_500 }, () => {
        done++;
        held.push([store.replica.records.nodes.size, store.replica.records.findings.size]);
        takeNext(i + 2);
      });
    };
    takeNext(0);
    takeNext(1);
    for (let i = 0; i < 10_000 && done < 301; i++) clock.advance(1);
    expect(done).toBe(301);
    expect(held.at(-1)?.[1]).toBeLessThan(800);
    expect(judged).toBeLessThan(30);
    expect(held.some(([nodes, found]) => nodes - found > 50)).toBe(true);
    clock.advance(1);
    expect([store.replica.records.nodes.size, store.replica.records.findings.size]).toEqual([800, 800]);
  });

  it('are no longer evaluated once the store is closed', () => {
    const { collector, clock } = create({ findings: new Findings([late]) });
    collector.apply(batch(nodeUpsert('a')));
    collector.close();
    expect(clock.armed).toBe(0);
  });
});

describe('findings of a command', () => {
  it('are evaluated before it prints, even if they wait for further changes', () => {
    const counting: Rule<'nodes'> = {
      ...late,
      id: 'counting',
      check: (node, { read }) => {
        const title = String([...read.every('nodes')].length);
        return [{ subjects: [node.id], title, detail: 'd', evidence: [], advice: 'a' }];
      },
    };
    const { store, collector } = create({ findings: new Findings([counting, late]) });
    const titles = (): readonly string[] => [...store.replica.records.findings.values()].map(({ title }) => title);
    collector.apply(batch(nodeUpsert('a')));
    collector.apply(batch(nodeUpsert('b')));
    expect(titles()).toEqual(['1', '2']);
    collector.settle();
    // The rule that depends on the time is not evaluated as of a later one.
    expect(titles()).toEqual(['2', '2']);
    const { version } = store;
    collector.settle();
    expect(store.version).toBe(version);
  });
});
