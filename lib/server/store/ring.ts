/**
 * The most recent deltas, limited in bytes; the oldest are dropped first.
 *
 * The deltas are gapless: each starts where the previous one ended. A delta that exceeds the limit by itself empties
 * the ring; versions before it can only be left by a reset.
 */
import type { Delta } from '../../model/delta';
import { estimateBytes } from './delta-bytes';

/** The most recent deltas. */
export interface Ring {
  /** Estimated bytes of the deltas kept (`estimateBytes`). */
  readonly bytes: number;
  /** The earliest version that `span` can start from; null while the ring is empty. */
  readonly oldest: number | null;
  /** Adds the newest delta, then drops the oldest ones until at most `limit` bytes remain. */
  push(delta: Delta, limit: number): void;
  clear(): void;
  /** The deltas from version `from` to version `to`; null when the ring does not reach back that far. */
  span(from: number, to: number): readonly Delta[] | null;
  /** Bytes of all deltas from version `from` on; null when the ring does not reach back that far. */
  bytesFrom(from: number): number | null;
}

/** An empty ring. */
export function createRing(): Ring {
  let entries: ({ readonly delta: Delta; readonly bytes: number; readonly before: number } | undefined)[] = [];
  /** Index of the oldest entry; the empty places before it are removed many at a time, so that dropping stays O(1). */
  let head = 0;
  let bytes = 0;
  /** Bytes of all deltas ever added; an entry's `before` is the sum of those before it. */
  let sum = 0;

  const drop = (): void => {
    bytes -= entries[head]?.bytes ?? 0;
    entries[head++] = undefined;
    if (head > 1024 && head * 2 > entries.length) {
      entries = entries.slice(head);
      head = 0;
    }
  };

  const indexFrom = (from: number): number => {
    let low = head;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((entries[middle]?.delta.from ?? Infinity) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get bytes() {
      return bytes;
    },
    get oldest() {
      return entries[head]?.delta.from ?? null;
    },
    push(delta, limit) {
      const last = entries.at(-1);
      if (head < entries.length && last !== undefined && last.delta.to !== delta.from)
        throw new Error(`a delta from version ${delta.from} does not follow version ${last.delta.to}`);
      const added = estimateBytes(delta);
      entries.push({ delta, bytes: added, before: sum });
      bytes += added;
      sum += added;
      while (bytes > limit) drop();
      if (head === entries.length) {
        entries = [];
        head = 0;
      }
    },
    clear() {
      entries = [];
      head = 0;
      bytes = 0;
    },
    span(from, to) {
      const start = indexFrom(from);
      if (entries[start]?.delta.from !== from) return null;
      const deltas: Delta[] = [];
      for (let i = start; i < entries.length; i++) {
        const entry = entries[i];
        if (entry === undefined || entry.delta.to > to) break;
        deltas.push(entry.delta);
      }
      return deltas.at(-1)?.to === to ? deltas : null;
    },
    bytesFrom(from) {
      const entry = entries[indexFrom(from)];
      return entry?.delta.from === from ? sum - entry.before : null;
    },
  };
}
