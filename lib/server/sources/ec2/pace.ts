/**
 * Limits the rate of EC2 calls: one at a time, at least a gap apart, including retries, because ipamd needs the
 * account's API quota more. Faster until every call has been answered once, slower while EC2 throttles. Also counts the
 * calls, so that the rate can be shown.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import { sleep, type Timers } from '../timers';
import type { Ec2Policy } from './policy';
import { ec2TroubleOf } from './trouble';

const MINUTE_MS = 60_000;

type PacePolicy = Pick<Ec2Policy, 'gapMs' | 'firstGapMs' | 'slowest'>;

/** The rate limit of one client. */
export class Pace {
  readonly #timers: Timers;
  readonly #now: () => number;
  readonly #policy: PacePolicy;
  #freeAt = Number.NEGATIVE_INFINITY;
  #begunAt: number[] = [];
  #slowdown = 1;
  #throttled = 0;
  #isFirst = true;

  constructor(timers: Timers, now: () => number, policy: PacePolicy) {
    this.#timers = timers;
    this.#now = now;
    this.#policy = policy;
  }

  /** Calls started in the last minute, including retries. */
  get callsLastMinute(): number {
    return this.#recent().length;
  }

  /** 1, or the factor by which polling is slower because EC2 throttles. */
  get slowdown(): number {
    return this.#slowdown;
  }

  /** Calls throttled by EC2 so far, including those that the SDK retried successfully. */
  get throttled(): number {
    return this.#throttled;
  }

  /** Makes every call of the client wait for its turn, including the SDK's own retries. */
  govern(client: EC2Client, signal: AbortSignal): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        await this.turn(signal);
        signal.throwIfAborted();
        try {
          return await next(args);
        } catch (error) {
          if (ec2TroubleOf(error, '').kind === 'throttled') this.#throttled++;
          throw error;
        }
      },
      { step: 'finalizeRequest', priority: 'low', name: 'ifscopePace' },
    );
  }

  /** Resolves when the next call may start. */
  async turn(signal: AbortSignal): Promise<void> {
    const at = Math.max(this.#now(), this.#freeAt);
    const { gapMs, firstGapMs } = this.#policy;
    this.#freeAt = at + (this.#isFirst && this.#throttled === 0 ? Math.min(firstGapMs, gapMs) : gapMs);
    if (at > this.#now()) await sleep(this.#timers, at - this.#now(), 'pace', signal);
    this.#begunAt = [...this.#recent(), this.#now()];
  }

  /** Every call has been answered once, so the normal gap applies from now on. */
  settle(): void {
    this.#isFirst = false;
  }

  slowDown(): void {
    this.#slowdown = Math.min(this.#policy.slowest, this.#slowdown * 2);
  }

  speedUp(): void {
    this.#slowdown = Math.max(1, this.#slowdown / 2);
  }

  #recent(): number[] {
    return this.#begunAt.filter((at) => this.#now() - at < MINUTE_MS);
  }
}
