import { expect, it } from 'vitest';
import { Queries, type Query } from './queries';
import { newTrace, Tracker, type Trace } from './tracker';

/** Units over one number, with a query that returns whether it is even. */
function world() {
  const stale: string[] = [];
  let number = 0;
  const tracker: Tracker = new Tracker((space, key) => {
    if (!queries.stale(space, key)) stale.push(key);
  });
  const read = (trace: Trace) => (): number => {
    trace.keys.push('fact', 'number');
    return number;
  };
  const queries: Queries<() => number> = new Queries(tracker, read);
  const isEven: Query<() => number, boolean> = { name: 'isEven', of: (reader) => reader() % 2 === 0 };
  const set = (to: number): readonly string[] => {
    number = to;
    tracker.changed('fact', 'number');
    queries.refresh();
    return stale.splice(0);
  };
  return { tracker, queries, isEven, set, stale };
}

it('re-runs the readers of a query only when its answer changes', () => {
  const { tracker, queries, isEven, set } = world();
  const trace = newTrace();
  expect(queries.ask(isEven, '', trace)).toBe(true);
  tracker.record('unit', 'a', trace);
  expect(set(2)).toEqual([]);
  expect(set(3)).toEqual(['a']);
});

it('forgets a query without readers', () => {
  const { tracker, queries, isEven } = world();
  const trace = newTrace();
  queries.ask(isEven, '', trace);
  tracker.record('unit', 'a', trace);
  tracker.forget('unit', 'a');
  queries.refresh();
  expect([...tracker.reads()]).toEqual([]);
});

it('rejects two queries of the same name', () => {
  const { queries, isEven } = world();
  queries.ask(isEven, '', newTrace());
  expect(() => queries.ask({ ...isEven }, '', newTrace())).toThrow('two queries are named isEven');
});

it('wakes a unit at the time it scheduled, and when a clock it waits for has advanced', () => {
  const { tracker, stale } = world();
  tracker.record('unit', 'a', { ...newTrace(), rerunAt: 10 });
  tracker.record('unit', 'b', { ...newTrace(), awaited: new Map([['ec2', 20]]) });
  tracker.takeDue(9, 100);
  tracker.advanced('ec2', 19, null);
  expect(stale).toEqual([]);
  tracker.takeDue(10, 100);
  tracker.advanced('ec2', 20, null);
  expect(stale).toEqual(['a', 'b']);
});
