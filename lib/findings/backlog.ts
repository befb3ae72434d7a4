/** Queued checks: a relist adds a million of them, too many for one call. */
import type { AnyRule } from './rule/rule';

/** A record, and the rules to check it with. */
export type Checks = readonly [rules: readonly AnyRule[], id: string];

/** Queued checks, taken a few at a time. */
export class Backlog {
  /** Each job holds its next checks, so that no empty job is kept. */
  readonly #jobs: { readonly rest: Iterator<Checks>; next: Checks }[] = [];

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  /** Queues checks. The iterator is read only when checks are taken, so its source must not change until then. */
  add(checks: Iterable<Checks>): void {
    const rest = checks[Symbol.iterator]();
    const first = rest.next();
    if (first.done !== true) this.#jobs.push({ rest, next: first.value });
  }

  clear(): void {
    this.#jobs.length = 0;
  }

  /** Takes checks while `goesOn` returns true. */
  *take(goesOn: () => boolean): Generator<Checks> {
    for (let job = this.#jobs[0]; job !== undefined && goesOn(); job = this.#jobs[0]) {
      yield job.next;
      const next = job.rest.next();
      if (next.done === true) this.#jobs.shift();
      else job.next = next.value;
    }
  }
}
