/**
 * Answers that several units share, kept until something that they were made from changes. The readers of an answer run
 * again only if the new answer differs from the old one.
 */
import { equal } from '../records/equal';
import { newTrace, type Trace, type Tracker } from './tracker';

/** A pure function of what it reads. `name` is unique among the queries of one set; answers are JSON-safe values. */
export interface Query<R, T> {
  readonly name: string;
  readonly of: (reader: R, key: string) => T;
}

interface Answer<R> {
  readonly query: Query<R, unknown>;
  readonly key: string;
  value: unknown;
}

/** Tells the unit of an answer from all others. */
const PREFIX = '?';

export class Queries<R> {
  readonly #tracker: Tracker;
  readonly #readerOf: (trace: Trace) => R;
  readonly #answers = new Map<string, Answer<R>>();
  readonly #stale = new Set<string>();

  constructor(tracker: Tracker, readerOf: (trace: Trace) => R) {
    this.#tracker = tracker;
    this.#readerOf = readerOf;
  }

  /** Takes note of a stale unit; false when it is no answer's. */
  stale(unit: string): boolean {
    if (!unit.startsWith(PREFIX)) return false;
    this.#stale.add(unit);
    return true;
  }

  /** The answer as of now, noted in the trace of whoever asks. */
  ask<T>(query: Query<R, T>, key: string, trace: Trace): T {
    const unit = `${PREFIX}${query.name} ${key}`;
    trace.keys.add(unit);
    let answer = this.#answers.get(unit);
    if (answer === undefined) {
      answer = { query, key, value: undefined };
      answer.value = this.#evaluate(unit, answer);
      this.#answers.set(unit, answer);
    } else if (answer.query !== query) {
      throw new Error(`two queries are named ${query.name}`);
    } else if (this.#stale.has(unit)) {
      this.#refresh(unit, answer);
    }
    return answer.value as T;
  }

  /** Brings the answers up to date that are stale and still read. */
  refresh(): void {
    for (const unit of this.#stale) {
      const answer = this.#answers.get(unit);
      if (answer !== undefined && this.#tracker.isRead(unit)) {
        this.#refresh(unit, answer);
      } else {
        this.#stale.delete(unit);
        this.#answers.delete(unit);
        this.#tracker.forget(unit);
      }
    }
  }

  #refresh(unit: string, answer: Answer<R>): void {
    this.#stale.delete(unit);
    const value = this.#evaluate(unit, answer);
    if (equal(value, answer.value)) return;
    answer.value = value;
    this.#tracker.changed(unit);
  }

  #evaluate(unit: string, { query, key }: Answer<R>): unknown {
    const trace = newTrace();
    const value = query.of(this.#readerOf(trace), key);
    this.#tracker.record(unit, trace);
    return value;
  }
}
