import { describe, expect, it } from 'vitest';
import { allNodes, nodeUpsert, status } from '../../../e2e/testing/servers/store';
import { lateAt } from './attempts';
import { CALM_MS, SourceLags } from './lags';

const START = Date.UTC(2026, 0, 1);
const NODES = 'kubernetes/nodes';
const SLOW = 'the watch is slow';

function start() {
  let now = START;
  const lags = new SourceLags(() => now);
  return {
    lags,
    reading: lags.reading(NODES),
    advance: (seconds: number) => (now += seconds * 1_000),
    now: () => now,
    /** A source reports that it is live. */
    live: () => {
      const batch = lags.arrived({ at: now, observations: [status(NODES, 'live', null)] });
      lags.committed(batch);
      return batch;
    },
    facts: (count: number) =>
      lags.arrived({ at: now, observations: Array.from({ length: count }, (_, index) => nodeUpsert(`node-${index}`)) }),
    state: () => lags.check().map(({ source }) => [source.state, source.reason]),
    lag: () => lags.figures[NODES],
  };
}

describe('a source', () => {
  it('is live while nothing is missing, and behind after five seconds, with its cause', () => {
    const { reading, live, advance, state, lag, now } = start();
    live();
    expect(lag()).toEqual({ lagSeconds: null, waiting: 0, listing: null, cause: null });
    reading.missing(null, SLOW);
    advance(100);
    expect(lag()).toMatchObject({ lagSeconds: 0, cause: null });
    reading.missing(now(), SLOW);
    advance(4.9);
    expect([state(), lag()?.lagSeconds]).toEqual([[], 4]);
    advance(0.1);
    expect(state()).toEqual([['behind', SLOW]]);
    expect(state()).toEqual([]);
    advance(131);
    expect(lag()).toMatchObject({ lagSeconds: 136, cause: SLOW });
  });

  it('is live again once it has been up to date for a while, so that it does not flicker', () => {
    const { reading, live, advance, state, now } = start();
    live();
    reading.missing(now() - 60_000, SLOW);
    expect(state()).toEqual([['behind', SLOW]]);
    reading.missing(null, SLOW);
    advance(CALM_MS / 1000 - 1);
    expect(state()).toEqual([]);
    advance(1);
    expect(state()).toEqual([['live', null]]);
  });

  it('is not reported as behind before its first facts are in the records', () => {
    const { lags, advance, now, state } = start();
    const list = lags.arrived({ at: now(), observations: [allNodes('a'), status(NODES, 'live', null)] });
    advance(30);
    expect(state()).toEqual([]);
    lags.committed(list);
    advance(CALM_MS / 1000);
    expect(state()).toEqual([]);
  });

  it('stays behind if it reports live while it is behind', () => {
    const { reading, live, now, lags } = start();
    reading.missing(now() - 9_000, SLOW);
    expect(live().observations).toMatchObject([{ source: { state: 'behind', reason: SLOW } }]);
    const at = now();
    const failed = lags.arrived({ at, observations: [status(NODES, 'failing', null)] });
    expect(failed.observations).toMatchObject([{ source: { state: 'failing' } }]);
  });

  it.each(['denied', 'absent', 'off'] as const)('that is %s cannot be late', (state) => {
    const { lags, reading, lag, advance, now } = start();
    reading.missing(now(), SLOW);
    advance(600);
    expect(lag()?.lagSeconds).toBe(600);
    lags.arrived({ at: now(), observations: [status(NODES, state, null)] });
    expect(lag()?.lagSeconds).toBeNull();
    lags.arrived({ at: now(), observations: [status(NODES, 'stale', null)] });
    expect(lag()?.lagSeconds).toBe(600);
  });

  it('is as far behind as its slowest watch, and unknown if any watch is', () => {
    const { lags, reading, lag, now } = start();
    const other = lags.reading(NODES);
    reading.missing(now() - 20_000, SLOW);
    expect(lag()?.lagSeconds).toBeNull();
    other.missing(now() - 30_000, 'another');
    expect(lag()).toMatchObject({ lagSeconds: 30, cause: 'another' });
    other.unknown();
    expect(lag()?.lagSeconds).toBeNull();
  });

  it('adds up the lists in progress', () => {
    const { lags, reading, lag } = start();
    const other = lags.reading(NODES);
    reading.listing({ read: 250, about: 1_000 });
    other.listing({ read: 10, about: 20 });
    expect(lag()?.listing).toEqual({ read: 260, about: 1_020 });
    other.listing({ read: 10, about: null });
    expect(lag()?.listing).toEqual({ read: 260, about: null });
    reading.listing(null);
    other.listing(null);
    expect(lag()?.listing).toBeNull();
  });
});

describe('facts waiting inside ifscope', () => {
  it('count until they are committed, and the oldest makes their source late', () => {
    const { lags, facts, live, advance, lag, state } = start();
    live();
    const first = facts(3);
    advance(3);
    const second = facts(2);
    expect(lag()).toMatchObject({ lagSeconds: 3, waiting: 5 });
    advance(2);
    expect(state()).toEqual([
      ['behind', 'facts arrive faster than ifscope can process them; findings are evaluated less often'],
    ]);
    lags.committed(first);
    expect(lag()).toMatchObject({ lagSeconds: 2, waiting: 2 });
    lags.committed(second);
    lags.committed(second);
    expect(lag()).toMatchObject({ waiting: 0, lagSeconds: null });
  });

  it('are late from when the first of their batch was received', () => {
    const { lags, lag, now } = start();
    lags.arrived({ at: now(), since: now() - 25_000, observations: [nodeUpsert('a')] });
    expect(lag()?.lagSeconds).toBe(25);
  });

  it('count for the source in their scope', () => {
    const { lags, now } = start();
    const facts = [['10.0.0.1', {}]] as never;
    const scopes = ['kubernetes/events/NoNetworkFound', 'kubernetes/deployments', 'ec2/subnets'];
    for (const scope of scopes)
      lags.arrived({ at: now(), observations: [{ op: 'replaceAll', kind: 'event', scope, facts }] });
    const waiting = Object.entries(lags.figures).filter(([, figures]) => figures.waiting === 1);
    expect(waiting.map(([id]) => id)).toEqual(['kubernetes/events', 'kubernetes/deployments', 'ec2/subnets']);
  });
});

it('a poll is late half an interval and the time of a read after its next scheduled read', () => {
  // Read from 0 to 4 s, again from 30 s on: expected at 34 s.
  expect(lateAt(0, 4_000, 30_000)).toBe(49_000);
});
