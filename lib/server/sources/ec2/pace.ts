/**
 * One EC2 call at a time, at least a second apart, retries included: the account's call quota belongs to ipamd
 * (product.md, "Where facts come from"). Also counts, so that the rate can be shown.
 */
import { sleep, type Timers } from '../timers';

export interface Pace {
  /** Resolves when the next call may begin. */
  turn(signal: AbortSignal): Promise<void>;
  readonly callsLastMinute: number;
}

const MINUTE = 60_000;

export function createPace(timers: Timers, now: () => number, gapMs: number): Pace {
  let free = Number.NEGATIVE_INFINITY;
  let begun: number[] = [];
  const recent = (): number[] => begun.filter((at) => now() - at < MINUTE);
  return {
    async turn(signal) {
      const at = Math.max(now(), free);
      free = at + gapMs;
      if (at > now()) await sleep(timers, at - now(), 'pace', signal);
      begun = [...recent(), now()];
    },
    get callsLastMinute() {
      return recent().length;
    },
  };
}
