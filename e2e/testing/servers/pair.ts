/** A collector and the store that it sends to, in one thread. */
import type { Findings } from '../../../lib/findings/evaluate';
import { Collector } from '../../../lib/server/collect/collector';
import type { Clock } from '../../../lib/server/store/clock';
import { Store, type StoreOptions } from '../../../lib/server/store/store';
import { Engine } from '../../../lib/topology/engine';

export interface PairOptions extends Partial<StoreOptions> {
  readonly engine?: Engine;
  readonly findings?: Pick<Findings, 'update' | 'tick' | 'settle' | 'nextDueAt'>;
}

export function createPair(clock: Clock, { engine, findings, ...options }: PairOptions = {}) {
  const store = new Store({ epoch: 'e1', clock, ...options });
  const collector = new Collector({
    engine: engine ?? new Engine(),
    findings: findings ?? null,
    clock: options.clock ?? clock,
    serving: { commit: (change) => store.commit(change), ages: (ages) => store.setAges(ages) },
  });
  return { store, collector };
}
