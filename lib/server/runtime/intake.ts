/** The way of batches from the sources to the records, and how far behind that makes each source. */
import type { Lags } from '../../model/lag';
import type { Batch } from '../../model/observation';
import { equal } from '../../records/equal';
import type { Collector } from '../collect/collector';
import { SourceLags } from '../sources/lags';
import type { SourceContext } from '../sources/source';
import type { Clock } from '../store/clock';
import type { Serving } from '../store/roles';

/** How often lags are measured. */
const MEASURE_MS = 1_000;

export interface Intake {
  readonly lagOf: SourceContext['lagOf'];
  /** `applied` runs when the batch has been committed. */
  take(batch: Batch, applied: (batch: Batch) => void): void;
  /** From now on, says every second which sources fell behind or caught up, and how far they are. */
  measure(): void;
  stop(): void;
}

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
