/** Passes batches from the sources to the collector and measures each source's lag. */
import type { Lags } from '../../model/lag';
import type { Batch } from '../../model/observation';
import { equal } from '../../model/equal';
import type { Collector } from '../collect/collector';
import { SourceLags } from '../sources/lags';
import type { SourceContext } from '../sources/source';
import type { Clock } from '../store/clock';
import type { Serving } from '../store/roles';

/** Interval of measuring lags, in milliseconds. */
const MEASURE_MS = 1_000;

/** The path of batches from sources to records. */
export interface Intake {
  readonly lagOf: SourceContext['lagOf'];
  /** Passes on a batch; `applied` runs when it has been committed. */
  take(batch: Batch, applied: (batch: Batch) => void): void;
  /** Starts to report every second the sources that fell behind or caught up, and all lags. */
  measure(): void;
  stop(): void;
}

/** Measures only after `measure` is called. */
export function createIntake(collector: Pick<Collector, 'take'>, serving: Pick<Serving, 'lags'>, clock: Clock): Intake {
  const lags = new SourceLags(() => clock.now());
  let told: Lags = {};
  let cancel = (): void => undefined;

  const take = (batch: Batch, applied: (batch: Batch) => void, isUrgent: boolean): void =>
    collector.take(
      batch,
      () => {
        lags.committed(batch);
        applied(batch);
      },
      isUrgent,
    );
  const measure = (): void => {
    cancel = clock.after(MEASURE_MS, measure);
    const observations = lags.check();
    if (observations.length > 0) take({ at: clock.now(), observations }, () => undefined, true);
    const { figures } = lags;
    if (equal(figures, told)) return;
    told = figures;
    serving.lags(figures);
  };
  return {
    lagOf: (source) => lags.reading(source),
    take: (batch, applied) => take(lags.arrived(batch), applied, false),
    measure,
    stop: () => cancel(),
  };
}
