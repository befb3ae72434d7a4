/**
 * A capture folder as a source: read once, sent as one batch. It reports the same source records as the live sources would;
 * nothing of it changes afterwards, so its ages only grow.
 */
import type { Source } from '../source';
import type { Capture } from '../../../snapshot/capture/read';

/** The capture must have been read (`readCaptureFolder`), so that an unreadable folder is an error before anything starts. */
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
