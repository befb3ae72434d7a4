/**
 * After every step of a history, the view of a visitor with some namespaces equals one built from the whole set from
 * scratch, and contains no name of another namespace.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import { diffTables } from '../../lib/records/diff';
import { createReplica } from '../../lib/records/replica';
import type { RecordMaps } from '../../lib/model/records';
import { Collector } from '../../lib/server/collect/collector';
import { visibleSet, visibilityOf, type ViewerRights } from '../../lib/server/rights/visible-set';
import { Views } from '../../lib/server/rights/views';
import { Store } from '../../lib/server/store/store';
import { Engine } from '../../lib/topology/engine';
import { around, foundIn, hiddenTexts } from '../testing/hidden';
import { createFakeClock } from '../testing/servers/fake-clock';
import { historyText } from './describe';
import { batchesOf, historiesOf, START } from './history';

const COUNT = 100;

const textOf = (records: RecordMaps): string =>
  JSON.stringify(Object.values(records).map((table) => [...(table as ReadonlyMap<string, unknown>).values()]));
const seeing = (...namespaces: string[]): ViewerRights => ({ namespaces: new Set(namespaces), trouble: null });

const PLANTED: Readonly<Record<string, RegExp>> = { team: /\bteam\b/, default: /\bdefault\/[abcxy]\b/ };

/**
 * The names that must not occur for a visitor with these namespaces; none if visible pods name networks of the other
 * namespace themselves.
 */
function planted(records: RecordMaps, { namespaces }: ViewerRights): readonly RegExp[] {
  if (visibilityOf(records, namespaces).used.size > 0) return [];
  return Object.entries(PLANTED).flatMap(([name, pattern]) => (namespaces.has(name) ? [] : [pattern]));
}

it(`incremental and full derivation agree (${COUNT} histories)`, () => {
  let looked = 0;
  fc.assert(
    fc.property(historiesOf(8), fc.nat(4), (history, joins) => {
      const clock = createFakeClock(START);
      const store = new Store({ epoch: 'e', clock });
      let epoch = 0;
      const views = new Views({ store, clock, newEpoch: () => `v${epoch++}` });
      const collector = new Collector({
        engine: new Engine(),
        findings: new Findings(RULES),
        clock,
        serving: {
          commit: (change) => store.commit(change),
          ages: (ages) => store.setAges(ages),
        },
      });
      const rights = [seeing(), seeing('default'), seeing('team')];
      let followed: { readonly visible: ViewerRights; readonly view: NonNullable<ReturnType<Views['viewFor']>> }[] = [];
      const viewer = createReplica();
      let at = 0;
      for (const [step, batch] of batchesOf(history).entries()) {
        if (step === joins) {
          followed = rights.flatMap((visible) => {
            const view = views.viewFor(visible);
            if (view === null) return [];
            // A view without viewers is dropped after a few minutes.
            view.hub.open(null);
            return [{ visible, view }];
          });
          const mine = followed[1]?.view.store;
          if (mine !== undefined) viewer.reset(mine.replica.records, mine.replica.cluster);
          at = mine?.version ?? 0;
        }
        clock.advance(Math.max(0, batch.at - clock.now()));
        collector.apply(batch);
        for (const { visible, view } of followed) {
          const { records, cluster } = view.store.replica;
          expect(diffTables(records, visibleSet(store.replica.records, visible)), historyText(history)).toEqual({});
          expect(cluster).toEqual(store.replica.cluster);
          const found = foundIn(textOf(records), hiddenTexts(store.replica.records, visible.namespaces));
          expect(found, `${around(textOf(records), found)}\n${historyText(history)}`).toEqual([]);
          for (const pattern of planted(store.replica.records, visible)) {
            looked++;
            const at = pattern.exec(textOf(records))?.index;
            expect(at === undefined ? '' : textOf(records).slice(at - 200, at + 100), historyText(history)).toBe('');
          }
        }
      }
      const mine = followed[1]?.view.store;
      if (mine === undefined) return;
      const since = mine.since({ epoch: mine.epoch, version: at });
      if (since.kind === 'delta') viewer.apply(since.delta.tables, since.delta.cluster);
      expect(diffTables(viewer.records, mine.replica.records), historyText(history)).toEqual({});
    }),
    { numRuns: COUNT, seed: 20261129 },
  );
  expect(looked).toBeGreaterThan(COUNT);
}, 120_000);
