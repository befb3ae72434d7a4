/**
 * Every follower of a collector has the engine's records after every step: the store in its thread, the store in
 * another thread at any moment, one whose collecting thread dies and starts over, and a server that follows over HTTP.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import type { Batch } from '../../lib/model/observation';
import type { RecordMaps } from '../../lib/model/records';
import { diffTables } from '../../lib/records/diff';
import { equal } from '../../lib/model/equal';
import { Collector } from '../../lib/server/collect/collector';
import type { Serving } from '../../lib/server/store/roles';
import { Store } from '../../lib/server/store/store';
import { Engine } from '../../lib/topology/engine';
import { createFakeClock } from '../testing/servers/fake-clock';
import { status } from '../testing/servers/store';
import { serveIfscope } from '../testing/servers/ifscope';
import { Link } from '../testing/servers/link';
import { serving, startReplica } from '../testing/servers/replica';
import { historyText } from './describe';
import { batchesOf, historiesOf, START } from './history';

const COUNT = 300;
/** Each takes as long as one or two frames. */
const OVER_HTTP = 25;

/** Ages of sources are sent separately from changes. */
const withoutAges = (records: RecordMaps): RecordMaps => ({
  ...records,
  sources: new Map([...records.sources].map(([id, source]) => [id, { ...source, asOf: null }])),
});
const differences = (served: Store, collected: Collector): unknown =>
  diffTables(withoutAges(served.replica.records), withoutAges(collected.replica.records));

function collect(serving: Pick<Serving, 'commit' | 'ages' | 'lags'>) {
  const clock = createFakeClock(START);
  const collector = new Collector({ engine: new Engine(), findings: new Findings(RULES), clock, serving });
  return {
    collector,
    take: (batch: Batch): void => {
      clock.advance(Math.max(0, batch.at - clock.now()));
      collector.apply(batch);
    },
  };
}
const storeOf = (): Store => new Store({ epoch: 'e', clock: createFakeClock(START) });

it(`in its own thread and in another (${COUNT} histories)`, () => {
  fc.assert(
    fc.property(historiesOf(8), fc.array(fc.nat(4), { minLength: 8, maxLength: 8 }), (history, delivered) => {
      const [here, there] = [storeOf(), storeOf()];
      const link = new Link(there, { part: 2 });
      const { collector, take } = collect({
        commit(change) {
          here.commit(change);
          link.outbox.commit(change);
        },
        ages(ages) {
          here.setAges(ages);
          link.outbox.ages(ages);
        },
        lags(lags) {
          here.setLags(lags);
          link.outbox.lags(lags);
        },
      });
      for (const [step, batch] of batchesOf(history).entries()) {
        take(batch);
        expect(differences(here, collector), historyText(history)).toEqual({});
        link.deliver(delivered[step] ?? 1);
      }
      link.deliver();
      expect(differences(there, collector), historyText(history)).toEqual({});
      expect(there.replica.cluster).toEqual(collector.replica.cluster);
      expect(there.ages).toEqual(here.ages);
      expect(there.lags).toEqual(here.lags);
    }),
    { numRuns: COUNT, seed: 20260901 },
  );
}, 120_000);

it(`after a thread that died was started again (${COUNT} histories)`, () => {
  fc.assert(
    fc.property(historiesOf(8), fc.nat(8), fc.nat(5), fc.nat(4), (history, diesAt, left, gone) => {
      const store = storeOf();
      const before = new Link(store, { part: 2 });
      const first = collect(before.outbox);
      const batches = batchesOf(history);
      for (const batch of batches.slice(0, diesAt)) {
        first.take(batch);
        before.deliver(2);
      }
      before.deliver(left);
      before.reception.setLost('it died');
      // The next one sees the current cluster: the content of the first batches no longer exists.
      const after = new Link(store, { part: 2, reception: before.reception });
      const second = collect(after.outbox);
      after.outbox.started([]);
      second.take({ at: START, observations: [status('kubernetes/nodes', 'live', null)] });
      for (const batch of batches.slice(gone)) {
        second.take(batch);
        after.deliver(3);
      }
      after.deliver();
      before.reception.setLost(null);
      expect(differences(store, second.collector), historyText(history)).toEqual({});
      expect(store.replica.cluster).toEqual(second.collector.replica.cluster);
    }),
    { numRuns: COUNT, seed: 20260902 },
  );
}, 120_000);

it(`over HTTP, by the set and the stream, in another thread (${OVER_HTTP} histories)`, async () => {
  await fc.assert(
    fc.asyncProperty(historiesOf(8), fc.nat(8), async (history, joinsAt) => {
      const store = storeOf();
      const { collector, take } = collect({
        commit: (change) => store.commit(change),
        ages: (ages) => store.setAges(ages),
        lags: (lags) => store.setLags(lags),
      });
      const batches = batchesOf(history);
      for (const batch of batches.slice(0, joinsAt)) take(batch);
      const served = await serveIfscope(serving(store));
      const replica = await startReplica(served.url, {
        through: (into) => {
          const link = new Link(into, { part: 2 });
          return { serving: link.outbox, deliver: () => link.deliver() };
        },
      });
      try {
        await replica.until(() => replica.own()?.state === 'live');
        for (const batch of batches.slice(joinsAt)) take(batch);
        const own = replica.own()?.id ?? '';
        const { records } = replica.store.replica;
        const equals = (): boolean => {
          const sources = new Map([...records.sources].filter(([id]) => id !== own));
          const tables = diffTables(withoutAges({ ...records, sources }), withoutAges(collector.replica.records));
          return Object.keys(tables).length === 0 && equal(replica.store.replica.cluster, collector.replica.cluster);
        };
        await replica.until(equals);
        expect(served.asked.filter((path) => path.startsWith('/api/topology'))).toHaveLength(1);
      } finally {
        await replica.stop();
        await served.stop();
      }
    }),
    { numRuns: OVER_HTTP, seed: 20260903, endOnFailure: true },
  );
}, 120_000);
