/** Frames that arrived together, as few as possible: what is shown once need not be applied in a hundred steps. */
import type { Delta, Frame } from '../model/delta';
import { squashAll } from '../records/squash';

/** Squashes consecutive deltas. Of the heartbeats between them, only the last remains, after them. */
export function mergeFrames(frames: readonly Frame[]): readonly Frame[] {
  const merged: Frame[] = [];
  let deltas: Delta[] = [];
  let heartbeat: Frame | null = null;
  const flush = (): void => {
    const delta = squashAll(deltas);
    if (delta !== null) merged.push({ kind: 'delta', delta });
    if (heartbeat !== null) merged.push(heartbeat);
    [deltas, heartbeat] = [[], null];
  };
  for (const frame of frames) {
    const last = deltas.at(-1);
    if (frame.kind === 'heartbeat') heartbeat = frame;
    else if (frame.kind === 'delta') {
      if (last !== undefined && (last.epoch !== frame.delta.epoch || last.to !== frame.delta.from)) flush();
      deltas.push(frame.delta);
    } else {
      flush();
      merged.push(frame);
    }
  }
  flush();
  return merged;
}
