/** Rules that wait to be run over records: a relist makes a million of them due, and nobody is to wait for all at once. */
import type { AnyRule } from './rule';

interface Job {
  readonly rules: readonly AnyRule[];
  readonly ids: Iterator<string>;
}

export class Backlog {
  readonly #jobs: Job[] = [];

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  /** After all that waits. `ids` are read as they are taken: they must not change meanwhile. */
  add(rules: readonly AnyRule[], ids: Iterable<string>): void {
    if (rules.length > 0) this.#jobs.push({ rules, ids: ids[Symbol.iterator]() });
  }

  /** Takes up to about `limit` pairs of rule and record. */
  *take(limit: number): Generator<readonly [rules: readonly AnyRule[], id: string]> {
    let taken = 0;
    while (taken < limit) {
      const [job] = this.#jobs;
      if (job === undefined) return;
      const next = job.ids.next();
      if (next.done === true) this.#jobs.shift();
      else {
        taken += job.rules.length;
        yield [job.rules, next.value];
      }
    }
    // What has been emptied by the last pair is no longer waiting.
    for (;;) {
      const [job] = this.#jobs;
      if (job === undefined) return;
      const next = job.ids.next();
      if (next.done !== true) {
        yield [job.rules, next.value];
        return;
      }
      this.#jobs.shift();
    }
  }
}
