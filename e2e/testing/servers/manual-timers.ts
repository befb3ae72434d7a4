/**
 * Timers for tests: time passes only when a test advances it. Waits are identified by label: `fire('back-off')` lets
 * the back-off pass and returns its duration. Waits of 0 ms run by themselves in the next turn of the event loop.
 */
import type { Timers } from '../../../lib/server/sources/timers';

interface Armed {
  readonly label: string;
  readonly at: number;
  readonly delay: number;
  readonly run: () => void;
}

export interface ManualTimers extends Timers {
  readonly now: () => number;
  /** Resolves with the delay once a wait with this label is armed. */
  armed(label: string): Promise<number>;
  /**
   * Waits until the timer is armed, advances the clock to it, runs it and all that are due earlier, and resolves with
   * its delay.
   */
  fire(label: string): Promise<number>;
  advance(milliseconds: number): void;
  /** Labels of the armed waits. */
  readonly labels: readonly string[];
}

export function createManualTimers(start = Date.UTC(2026, 0, 1)): ManualTimers {
  let clock = start;
  let armed: Armed[] = [];
  let waiters: { readonly label: string; readonly resolve: (timer: Armed) => void }[] = [];

  const find = (label: string): Armed | undefined => armed.find((each) => each.label === label);
  const runUntil = (at: number): void => {
    for (;;) {
      const [first] = armed.filter((each) => each.at <= at).sort((a, b) => a.at - b.at);
      if (first === undefined) break;
      clock = Math.max(clock, first.at);
      armed = armed.filter((each) => each !== first);
      first.run();
    }
    clock = Math.max(clock, at);
  };
  const wait = (label: string): Promise<Armed> => {
    const there = find(label);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve) => waiters.push({ label, resolve }));
  };
  return {
    now: () => clock,
    get labels() {
      return armed.map(({ label }) => label);
    },
    after(delay, label, run) {
      if (delay === 0) {
        const turn = setImmediate(run);
        return () => clearImmediate(turn);
      }
      const timer: Armed = { label, at: clock + delay, delay, run };
      armed.push(timer);
      const woken = waiters.filter((each) => each.label === label);
      waiters = waiters.filter((each) => each.label !== label);
      for (const { resolve } of woken) resolve(timer);
      return () => {
        armed = armed.filter((each) => each !== timer);
      };
    },
    armed: async (label) => (await wait(label)).delay,
    async fire(label) {
      const timer = await wait(label);
      runUntil(timer.at);
      return timer.delay;
    },
    advance: (milliseconds) => runUntil(clock + milliseconds),
  };
}
