/** A capture as a source: one batch, with the source records of the live sources. Nothing changes afterwards. */
import type { Source } from '../source';
import type { Capture } from '../../../snapshot/capture/read';

/** `capture` comes from `readCaptureFolder`, so that an unreadable folder is an error before anything starts. */
export function createCaptureSource(capture: Capture): Source {
  const ids = capture.batches.flatMap((batch) =>
    batch.observations.flatMap((one) => (one.op === 'status' ? [one.source.id] : [])),
  );
  return {
    ids,
    start(emit) {
      for (const batch of capture.batches) emit(batch);
    },
    stop: () => Promise.resolve(),
  };
}
