/** Caches answers that units share until what they were derived from changes; their readers run again only if the answer differs. */
import { equal } from '../model/equal';
import { newTrace, type Trace, type Tracker } from './tracker';

/** A pure function of what it reads. `name` is unique among the queries of one set; answers are JSON-safe values. */
export interface Query<R, T> {
  readonly name: string;
  readonly of: (reader: R, key: string) => T;
  /**
   * Set for answers that are large and cheap to derive again. Only the newest few are cached, and they are not
   * compared: their readers run again whenever an input changes. Such an answer may be any immutable value.
   */
  readonly isTransient?: boolean;
}

/** Maximum number of cached transient answers per query. */
const MAX_TRANSIENT = 64;

/** Distinguishes the spaces of answers from all others. */
const PREFIX = '?';

interface Answers<R> {
  readonly query: Query<R, unknown>;
  readonly space: string;
  readonly values: Map<string, unknown>;
}

/** The cached answers of all queries asked through one tracker. `readerOf` creates the reader of a query. */
export class Queries<R> {
  readonly #tracker: Tracker;
  readonly #readerOf: (trace: Trace) => R;
  /** By space. */
  readonly #answers = new Map<string, Answers<R>>();
  readonly #ofQuery = new Map<Query<R, unknown>, Answers<R>>();
  readonly #stale = new Map<Answers<R>, Set<string>>();

  constructor(tracker: Tracker, readerOf: (trace: Trace) => R) {
    this.#tracker = tracker;
    this.#readerOf = readerOf;
  }

  /** Notes that a unit is stale; false if the unit is not an answer. */
  stale(space: string, key: string): boolean {
    const answers = space.startsWith(PREFIX) ? this.#answers.get(space) : undefined;
    if (answers === undefined) return false;
    const keys = this.#stale.get(answers);
    if (keys === undefined) this.#stale.set(answers, new Set([key]));
    else keys.add(key);
    return true;
  }

  /** The current answer. The read is noted in `trace`. */
  ask<T>(query: Query<R, T>, key: string, trace: Trace): T {
    const answers = this.#answersOf(query);
    trace.keys.push(answers.space, key);
    if (this.#stale.get(answers)?.has(key) === true) this.#refresh(answers, key);
    const { values } = answers;
    if (values.has(key)) return values.get(key) as T;
    const value = this.#evaluate(answers, key);
    values.set(key, value);
    if (query.isTransient === true && values.size > MAX_TRANSIENT)
      for (const first of values.keys()) if (values.delete(first)) break;
    return value as T;
  }

  /** Drops the answer without running its readers again. */
  forget(query: Query<R, unknown>, key: string): void {
    const answers = this.#answersOf(query);
    answers.values.delete(key);
    this.#tracker.forget(answers.space, key);
  }

  /** Updates the answers that are stale and still read. */
  refresh(): void {
    if (this.#stale.size > 0)
      for (const [answers, keys] of this.#stale) for (const key of keys) this.#refresh(answers, key);
  }

  #answersOf(query: Query<R, unknown>): Answers<R> {
    const known = this.#ofQuery.get(query);
    if (known !== undefined) return known;
    const space = `${PREFIX}${query.name}`;
    if (this.#answers.has(space)) throw new Error(`two queries are named ${query.name}`);
    const answers: Answers<R> = { query, space, values: new Map() };
    this.#answers.set(space, answers);
    this.#ofQuery.set(query, answers);
    return answers;
  }

  #refresh(answers: Answers<R>, key: string): void {
    const { query, space, values } = answers;
    this.#drop(answers, key);
    if (!this.#tracker.isRead(space, key)) {
      values.delete(key);
      this.#tracker.forget(space, key);
    } else if (query.isTransient === true) {
      // Its readers run again and ask for it; its reads are then noted.
      values.delete(key);
      this.#tracker.changed(space, key);
    } else {
      const value = this.#evaluate(answers, key);
      if (equal(value, values.get(key))) return;
      values.set(key, value);
      this.#tracker.changed(space, key);
    }
  }

  #drop(answers: Answers<R>, key: string): void {
    const keys = this.#stale.get(answers);
    keys?.delete(key);
    if (keys?.size === 0) this.#stale.delete(answers);
  }

  #evaluate({ query, space }: Answers<R>, key: string): unknown {
    const trace = newTrace();
    const value = query.of(this.#readerOf(trace), key);
    this.#tracker.record(space, key, trace);
    return value;
  }
}
