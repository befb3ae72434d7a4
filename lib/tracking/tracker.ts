/**
 * Decides which units run again. A unit is stale when a key that its latest run read has changed, when a moment has passed
 * that it asked to be run at, or when a clock that it waits for has reached the moment it waits for.
 *
 * Whoever runs a unit takes it from here, hands its run a trace to note its reads in, and records the trace afterwards.
 */
import { Dependencies } from './dependencies';
import { DueList } from './due-list';

/** What one run of a unit read. */
export interface Trace {
  readonly keys: Set<string>;
  /** When time alone may change the result, epoch milliseconds; null for never. */
  again: number | null;
  /** By clock: the moment it must reach to change the result, epoch milliseconds. */
  readonly awaited: Map<string, number>;
}

export const newTrace = (): Trace => ({ keys: new Set(), again: null, awaited: new Map() });

export class Tracker {
  readonly #dependencies = new Dependencies();
  readonly #due = new DueList();
  readonly #awaiting = new Map<string, DueList>();
  readonly #stale: (unit: string) => void;

  /** `stale` is called with every unit that is to run again, perhaps several times. */
  constructor(stale: (unit: string) => void) {
    this.#stale = stale;
  }

  /** The keys that each unit's latest run read. */
  reads(): Iterable<readonly [unit: string, keys: readonly string[]]> {
    return this.#dependencies.entries();
  }

  isRead(key: string): boolean {
    return this.#dependencies.isRead(key);
  }

  changed(key: string): void {
    for (const unit of this.#dependencies.readersOf(key)) this.#stale(unit);
  }

  /** Like `changed`, but the units are left to `takeDue`: for what concerns so many that they must not all run at once. */
  changedLater(key: string, now: number): void {
    for (const unit of this.#dependencies.readersOf(key)) this.#due.ask(unit, now);
  }

  /** A clock has advanced to a moment. `later`: the units are left to `takeDue`. */
  advanced(clock: string, to: number, later: boolean, now: number): void {
    for (const unit of this.#awaiting.get(clock)?.take(to) ?? []) {
      if (later) this.#due.ask(unit, now);
      else this.#stale(unit);
    }
  }

  /** When the next unit is due, epoch milliseconds; null when none waits. */
  get nextDueAt(): number | null {
    return this.#due.nextAt;
  }

  /** Makes units that are due stale, at most `limit` of them. */
  takeDue(now: number, limit: number): void {
    for (const unit of this.#due.take(now, limit)) this.#stale(unit);
  }

  /** Replaces what is known of the unit's latest run. */
  record(unit: string, { keys, again, awaited }: Trace): void {
    this.#dependencies.replace(unit, keys);
    if (again === null) this.#due.forget(unit);
    else this.#due.set(unit, again);
    for (const [clock, list] of this.#awaiting) if (!awaited.has(clock)) list.forget(unit);
    for (const [clock, at] of awaited) {
      const list = this.#awaiting.get(clock) ?? new DueList();
      this.#awaiting.set(clock, list);
      list.set(unit, at);
    }
  }

  /** The unit is no more. */
  forget(unit: string): void {
    this.record(unit, newTrace());
  }
}
