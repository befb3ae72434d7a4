/** A clock for tests: time moves only on `advance`, and timers run in the order in which they are due. */
import type { Clock } from '../../../lib/server/store/clock';

export interface FakeClock extends Clock {
  /** Moves time by `ms` and runs the timers that become due, including those armed meanwhile. */
  advance(ms: number): void;
  /** Number of armed timers. */
  readonly armed: number;
}

export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  let order = 0;
  const timers = new Map<number, { due: number; run: () => void }>();
  const nextDue = (until: number): number | null => {
    let best: [id: number, due: number] | null = null;
    for (const [id, { due }] of timers) if (due <= until && (best === null || due < best[1])) best = [id, due];
    return best?.[0] ?? null;
  };
  return {
    now: () => now,
    after(ms, run) {
      const id = order++;
      timers.set(id, { due: now + Math.max(0, ms), run });
      return () => timers.delete(id);
    },
    advance(ms) {
      const until = now + ms;
      for (let id = nextDue(until); id !== null; id = nextDue(until)) {
        const timer = timers.get(id);
        timers.delete(id);
        now = Math.max(now, timer?.due ?? now);
        timer?.run();
      }
      now = until;
    },
    get armed() {
      return timers.size;
    },
  };
}
