import { expect, it } from 'vitest';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { createPair } from '../../../e2e/testing/servers/pair';
import { allNodes, AT, batch, nodeUpsert, status } from '../../../e2e/testing/servers/store';
import { NODES } from '../../model/source-ids';
import { createIntake } from './intake';

/** A clock that advances `step` ms per reading, as if each step took that long. */
function createBusy() {
  const clock = createFakeClock(AT);
  const busy = { ...clock, step: 0 };
  const now = (): number => {
    clock.advance(busy.step);
    return clock.now();
  };
  const { store, collector } = createPair(clock, { clock: { ...clock, now } });
  const intake = createIntake(collector, { lags: (lags) => store.setLags(lags) }, clock);
  return { clock, busy, store, intake };
}

const many = (prefix: string) => allNodes(...Array.from({ length: 400 }, (_, index) => `${prefix}${index}`));
const nothing = (): void => undefined;

it('a source whose facts wait for a slow engine is behind, also in its record, and live once they are applied', () => {
  const { clock, busy, store, intake } = createBusy();
  intake.lagOf(NODES).missing(null, '');
  intake.measure();
  intake.take(batch(allNodes('a'), status(NODES, 'live', null)), nothing);
  clock.advance(1_000);
  expect(store.sources()).toMatchObject([{ state: 'live', lagSeconds: 0, waiting: 0 }]);

  const seen: unknown[] = [];
  store.onCommit(() => {
    const { nodes, sources } = store.replica.records;
    seen.push([nodes.has('node:m0'), nodes.has('node:late'), sources.get(NODES)?.state]);
  });
  // The list takes more than 5 s, even if the engine processes much in one step.
  busy.step = 500;
  intake.take(batch(many('m')), nothing);
  intake.take(batch(nodeUpsert('late')), nothing);
  for (let turn = 0; seen.length < 3 && turn < 10_000; turn++) clock.advance(10);
  // The status is processed before the node that waits behind the list.
  expect(seen).toEqual([
    [true, false, 'live'],
    [true, false, 'behind'],
    [true, true, 'behind'],
  ]);
  expect(store.replica.records.sources.get(NODES)?.reason).toBe(
    'facts arrive faster than ifscope can process them; findings are evaluated less often',
  );

  busy.step = 0;
  clock.advance(10_000);
  expect(store.sources()).toMatchObject([{ state: 'live', reason: null, lagSeconds: 0, waiting: 0 }]);
});

it('reports the lag even while the engine is fully busy', () => {
  const { clock, busy, store, intake } = createBusy();
  intake.lagOf(NODES).missing(null, '');
  intake.measure();
  intake.take(batch(allNodes('a'), status(NODES, 'live', null)), nothing);
  busy.step = 1_000;
  const { version } = store;
  intake.take(batch(many('m')), nothing);
  while (clock.now() < AT + 9_000) clock.advance(10);
  expect(store.version).toBe(version);
  const [source] = store.sources();
  expect(source).toMatchObject({ state: 'behind', waiting: 400 });
  expect(source?.lagSeconds).toBeGreaterThanOrEqual(7);
});

it('stops measuring', () => {
  const { clock, intake } = createBusy();
  intake.measure();
  expect(clock.armed).toBe(1);
  intake.stop();
  expect(clock.armed).toBe(0);
});
