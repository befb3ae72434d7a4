/** A source that is briefly behind deactivates rules; their findings about unchanged records remain valid. */
import { beforeEach, expect, it } from 'vitest';
import { EVENTS, NODES, PODS } from '../model/source-ids';
import type { SourceState } from '../model/records';
import { diffTables } from '../records/diff';
import { node, NOW, pod, world } from '../../e2e/testing/findings';
import { Findings } from './evaluate';
import type { AnyRule } from './rule/rule';

const NAMES = ['n1', 'n2', 'n3'];
const idOf = (name: string): string => node({ name }).id;

/** The checks since the last call, as 'RULE NODE'. */
let judged: string[] = [];
beforeEach(() => (judged = []));

const UNREADY: AnyRule = {
  id: 'unready',
  severity: 'info',
  scope: 'nodes',
  needs: [NODES],
  check({ id, ready }) {
    judged.push(`unready ${id}`);
    return ready === false ? [{ subjects: [id], title: 'not ready', detail: '', evidence: [], advice: '' }] : [];
  },
};

/** Reads Events on one node only. */
const ASKS: AnyRule = {
  id: 'asks',
  severity: 'info',
  scope: 'nodes',
  needs: [NODES],
  uses: [EVENTS],
  check({ id }, context) {
    judged.push(`asks ${id}`);
    if (id !== idOf('n2') || context.read.stateOf(EVENTS) === 'live') return [];
    return [{ subjects: [id], title: 'Events are not live', detail: '', evidence: [], advice: '' }];
  },
};

const WATCHES: AnyRule = {
  id: 'watches',
  severity: 'info',
  scope: 'nodes',
  needs: [NODES],
  check({ id, ready }, context) {
    judged.push(`watches ${id} for ${context.now - context.heldSince('unready', ready === false)}`);
    return [];
  },
};

interface Cluster {
  readonly findings: Findings;
  /** Changes the nodes and the states of sources; returns the resulting findings, as 'RULE NODE since SECONDS'. */
  readonly change: (to: {
    readonly at: number;
    readonly ready?: readonly string[];
    readonly gone?: readonly string[];
    readonly states?: Readonly<Record<string, SourceState>>;
  }) => string[];
}

function cluster(...rules: AnyRule[]): Cluster {
  const findings = new Findings(rules);
  let ready: readonly string[] = NAMES;
  let gone: readonly string[] = [];
  let states: Readonly<Record<string, SourceState>> = {};
  const build = () =>
    world(
      NAMES.filter((name) => !gone.includes(name)).map((name) => node({ name, ready: ready.includes(name) })),
      states,
    );
  const replica = build();
  const first = findings.all(replica, NOW);
  if (first !== null) replica.apply({ findings: first });
  judged = [];
  return {
    findings,
    change: (to) => {
      ready = to.ready ?? ready;
      gone = to.gone ?? gone;
      states = { ...states, ...to.states };
      judged = [];
      const tables = { ...diffTables(replica.records, build().records) };
      delete tables.findings;
      replica.apply(tables);
      for (const found of [findings.update(replica, NOW + to.at), findings.tick(replica, NOW + to.at)])
        if (found !== null) replica.apply({ findings: found });
      return [...replica.records.findings.values()]
        .map(({ rule, subjects, since }) => `${rule} ${subjects[0] ?? ''} since ${since ?? 'unknown'}`)
        .sort();
    },
  };
}

const at = (ms: number): string => new Date(NOW + ms).toISOString();

it('does not re-evaluate anything if nothing changed while a source was not live, and keeps the times of findings', () => {
  const { change } = cluster(UNREADY);
  expect(change({ at: 10, ready: ['n2', 'n3'] })).toEqual([`unready ${idOf('n1')} since ${at(10)}`]);
  expect(change({ at: 20, states: { [NODES]: 'behind' } })).toEqual([]);
  expect(change({ at: 30, states: { [NODES]: 'live' } })).toEqual([`unready ${idOf('n1')} since ${at(10)}`]);
  expect(judged).toEqual([]);
});

it('re-evaluates what changed while a source was not live, with an unknown start time for new findings', () => {
  const { change } = cluster(UNREADY);
  change({ at: 10, ready: ['n3'] });
  change({ at: 20, states: { [NODES]: 'behind' } });
  expect(change({ at: 30, ready: ['n1'] })).toEqual([]);
  expect(judged).toEqual([]);
  expect(change({ at: 40, states: { [NODES]: 'live' } })).toEqual([
    `unready ${idOf('n2')} since ${at(10)}`,
    `unready ${idOf('n3')} since unknown`,
  ]);
  expect(judged).toEqual([`unready ${idOf('n1')}`, `unready ${idOf('n3')}`]);
});

it('does not report a record again that was deleted while a source was not live', () => {
  const { change } = cluster(UNREADY);
  change({ at: 10, ready: ['n3'] });
  change({ at: 20, states: { [NODES]: 'stale' } });
  change({ at: 30, gone: ['n1'] });
  expect(change({ at: 40, states: { [NODES]: 'live' } })).toEqual([`unready ${idOf('n2')} since ${at(10)}`]);
  expect(change({ at: 50, gone: [], ready: NAMES })).toEqual([]);
});

it('handles a source that stops being live again before it has caught up', () => {
  const { change } = cluster(UNREADY);
  change({ at: 10, ready: ['n3'] });
  for (const round of [1, 2, 3]) {
    change({ at: 20 * round, states: { [NODES]: 'behind' } });
    change({ at: 20 * round + 5, ready: round % 2 === 1 ? ['n1', 'n3'] : ['n3'] });
    expect(change({ at: 20 * round + 10, states: { [NODES]: 'live' } }).map((found) => found.split(' ')[1])).toEqual(
      round % 2 === 1 ? [idOf('n2')] : [idOf('n1'), idOf('n2')],
    );
  }
});

it('restarts the time for which a condition has held, because it was not observed', () => {
  const { change } = cluster(WATCHES);
  change({ at: 10, ready: ['n2', 'n3'] });
  change({ at: 20, states: { [NODES]: 'behind' } });
  change({ at: 30, states: { [NODES]: 'live' } });
  expect(judged).toEqual([`watches ${idOf('n1')} for 0`]);
});

it('re-evaluates only checks that asked for the state of the source', () => {
  const { change } = cluster(ASKS, UNREADY);
  expect(change({ at: 10, states: { [EVENTS]: 'denied' } })).toEqual([`asks ${idOf('n2')} since ${at(10)}`]);
  expect(judged).toEqual([`asks ${idOf('n2')}`]);
  expect(change({ at: 20, states: { [PODS]: 'behind' } })).toHaveLength(1);
  expect(judged).toEqual([]);
  expect(change({ at: 30, states: { [EVENTS]: 'live' } })).toEqual([]);
});

it('re-evaluates everything after more changes than it can list', () => {
  const findings = new Findings([{ ...UNREADY, scope: 'pods', check: ({ id }) => (judged.push(id), []) }]);
  const many = (phase: 'Running' | 'Failed') => Array.from({ length: 12_000 }, (_, i) => pod(`p${i}`, { phase }));
  const replica = world(many('Running'));
  findings.all(replica, NOW);
  const drain = (): number => {
    judged = [];
    findings.update(replica, NOW);
    while (findings.nextDueAt !== null) findings.tick(replica, NOW);
    return judged.length;
  };
  const behind = world(many('Running'), { [NODES]: 'behind' });
  replica.apply(diffTables(replica.records, behind.records));
  expect(drain()).toBe(0);
  for (let from = 0; from < 12_000; from += 2_000) {
    replica.apply({ pods: { put: many('Failed').slice(from, from + 2_000), patch: [], drop: [] } });
    expect(drain()).toBe(0);
  }
  replica.apply(diffTables({ ...replica.records }, { ...replica.records, sources: world([]).records.sources }));
  expect(drain()).toBe(12_000);
});
