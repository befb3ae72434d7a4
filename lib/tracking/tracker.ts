/**
 * Decides which units run again. A unit is stale when a key that its latest run read has changed, when its scheduled time
 * has come, or when a clock that it awaits has reached the awaited moment.
 *
 * A unit is whatever is derived again as a whole; a key is whatever may change. The caller gives each run of a unit a trace
 * that notes its reads, and records the trace afterwards, which replaces that of the previous run.
 */
import { DueList } from './due-list';
import { Edges } from './edges';
import { Names, type Name } from './names';

/** What one run of a unit read. */
export interface Trace {
  /** Space and key of each read, alternating; a key may occur several times. */
  readonly keys: string[];
  /** When the unit must run again because time alone may change its result, epoch milliseconds; null for never. */
  rerunAt: number | null;
  /** By clock: the moment that the clock must reach before the result changes, epoch milliseconds. Null if no clock is awaited. */
  awaited: Map<string, number> | null;
}

/** An empty trace for one run. */
export const newTrace = (): Trace => ({ keys: [], rerunAt: null, awaited: null });

/** Notes that the result changes once the clock reaches `at`, epoch milliseconds; the earliest of several counts. */
export function waitFor(trace: Trace, clock: string, at: number): void {
  trace.awaited ??= new Map();
  trace.awaited.set(clock, Math.min(at, trace.awaited.get(clock) ?? Infinity));
}

/** Every clock has reached this moment. */
const NOW = Number.NEGATIVE_INFINITY;

/** Holds the latest trace of every unit and reports the units that are stale. */
export class Tracker {
  readonly #names = new Names();
  readonly #edges = new Edges();
  readonly #due = new DueList<number>();
  readonly #awaiting = new Map<string, DueList<number>>();
  readonly #stale: (space: string, key: string) => void;
  /** By number: the latest run that read it, so that each key is counted once. */
  #readIn: number[] = [];
  #run = 0;

  /** Calls `stale` for every unit that must run again or has no reader left, possibly repeatedly. It must not run units itself. */
  constructor(stale: (space: string, key: string) => void) {
    this.#stale = stale;
  }

  /** The keys that each unit's latest run read. */
  *reads(): Iterable<readonly [unit: Name, keys: readonly Name[]]> {
    for (let unit = 1; unit <= this.#names.highest; unit++)
      if (this.#edges.hasKeys(unit))
        yield [this.#nameOf(unit), this.#edges.keysOf(unit).map((key) => this.#nameOf(key))];
  }

  isRead(space: string, key: string): boolean {
    const number = this.#names.find(space, key);
    return number !== undefined && this.#edges.hasReaders(number);
  }

  changed(space: string, key: string): void {
    const number = this.#names.find(space, key);
    if (number !== undefined) this.#edges.eachReader(number, (unit) => this.#makeStale(unit));
  }

  /**
   * Like `changed`, but the units become due at `at` and are left to `takeDue`, unless `clock` advances before. For changes
   * that affect too many units to run at once, or that are followed by more of the same.
   */
  changedLater(space: string, key: string, at: number, clock?: string): void {
    const number = this.#names.find(space, key);
    if (number !== undefined) this.#edges.eachReader(number, (unit) => this.#postpone(unit, at, clock));
  }

  /** A clock has advanced to `to`. With `later`, units become due then and are left to `takeDue`; with null, they are stale now. */
  advanced(clock: string, to: number, later: number | null): void {
    for (const unit of this.#awaiting.get(clock)?.take(to) ?? []) {
      if (later !== null) this.#due.schedule(unit, later);
      else this.#makeStale(unit);
    }
  }

  /** Schedules the unit for `at`, epoch milliseconds, or until `clock` advances, in addition to the time that its run requested. */
  schedule(space: string, key: string, at: number, clock?: string): void {
    this.#postpone(this.#names.numberOf(space, key), at, clock);
  }

  /** When the next unit is due, epoch milliseconds; null when none is. */
  get nextDueAt(): number | null {
    return this.#due.nextAt;
  }

  /** Marks due units as stale, at most `limit` of them. */
  takeDue(now: number, limit: number): void {
    for (const unit of this.#due.take(now, limit)) this.#makeStale(unit);
  }

  /** Replaces the trace of the unit's previous run. */
  record(space: string, key: string, trace: Trace): void {
    const { keys, rerunAt, awaited } = trace;
    const idle = keys.length === 0 && rerunAt === null && awaited === null;
    const unit = idle ? this.#names.find(space, key) : this.#names.numberOf(space, key);
    if (unit === undefined) return;
    this.#recordKeys(unit, keys);
    if (rerunAt === null) this.#due.forget(unit);
    else this.#due.reschedule(unit, rerunAt);
    for (const [clock, list] of this.#awaiting) if (awaited?.has(clock) !== true) list.forget(unit);
    for (const [clock, at] of awaited ?? []) this.#waitersOf(clock).reschedule(unit, at);
    if (idle) this.#releaseIfIdle(unit);
  }

  /** Removes the unit and its trace. */
  forget(space: string, key: string): void {
    this.record(space, key, newTrace());
  }

  #postpone(unit: number, at: number, clock: string | undefined): void {
    this.#due.schedule(unit, at);
    if (clock !== undefined) this.#waitersOf(clock).schedule(unit, NOW);
  }

  #recordKeys(unit: number, keys: readonly string[]): void {
    this.#run++;
    const numbers: number[] = [];
    for (let at = 0; at < keys.length; at += 2) {
      if (isRepeated(keys, at)) continue;
      const number = this.#names.numberOf(keys[at] ?? '', keys[at + 1] ?? '');
      if (this.#readIn[number] === this.#run) continue;
      this.#readIn[number] = this.#run;
      numbers.push(number);
    }
    if (this.#edges.are(unit, numbers)) return;
    const before = this.#edges.keysOf(unit);
    this.#edges.replace(unit, numbers, this.#names.highest);
    for (const number of before) if (this.#readIn[number] !== this.#run) this.#unread(number);
  }

  /** Called when the key loses a reader. An answer without readers is reported as stale, so that it can be dropped. */
  #unread(key: number): void {
    if (!this.#edges.hasReaders(key) && this.#edges.hasKeys(key)) this.#makeStale(key);
    else this.#releaseIfIdle(key);
  }

  /** Releases the number unless it has readers, has reads itself, is due, or awaits a clock. */
  #releaseIfIdle(number: number): void {
    if (this.#edges.hasReaders(number) || this.#edges.hasKeys(number) || this.#due.has(number)) return;
    for (const list of this.#awaiting.values()) if (list.has(number)) return;
    this.#names.release(number);
  }

  #waitersOf(clock: string): DueList<number> {
    let list = this.#awaiting.get(clock);
    if (list === undefined) this.#awaiting.set(clock, (list = new DueList()));
    return list;
  }

  #makeStale(unit: number): void {
    this.#stale(this.#names.spaceOf(unit), this.#names.keyOf(unit));
  }

  #nameOf(number: number): Name {
    return [this.#names.spaceOf(number), this.#names.keyOf(number)];
  }
}

/** How many of the preceding reads are compared. */
const LOOK_BACK = 16;

/**
 * Whether one of the preceding reads is of the same key. Most repeated reads follow each other closely, and looking up
 * a name costs more than this comparison.
 */
function isRepeated(keys: readonly string[], at: number): boolean {
  for (let before = at - 2; before >= 0 && before >= at - LOOK_BACK; before -= 2)
    if (keys[before + 1] === keys[at + 1] && keys[before] === keys[at]) return true;
  return false;
}
