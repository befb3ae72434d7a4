/**
 * Decides which units run again. A unit is stale when a key that its latest run read has changed, when a moment has passed
 * that it asked to be run at, or when a clock that it waits for has reached the moment it waits for.
 *
 * A unit is whatever is derived again as a whole; a key is whatever may change. Whoever runs a unit takes it from here, hands
 * its run a trace to note its reads in, and records the trace afterwards, in place of that of the run before.
 */
import { DueList } from './due-list';
import { Edges } from './edges';
import { Names, type Name } from './names';

/** What one run of a unit read. */
export interface Trace {
  /** Space and key of each read, one after the other; a key may stand there several times. */
  readonly keys: string[];
  /** When time alone may change the result, epoch milliseconds; null for never. */
  again: number | null;
  /** By clock: the moment it must reach to change the result, epoch milliseconds. Null for none. */
  awaited: Map<string, number> | null;
}

export const newTrace = (): Trace => ({ keys: [], again: null, awaited: null });

/** Notes that the result changes once the clock has reached a moment; of several the earliest counts. */
export function waitFor(trace: Trace, clock: string, at: number): void {
  trace.awaited ??= new Map();
  trace.awaited.set(clock, Math.min(at, trace.awaited.get(clock) ?? Infinity));
}

export class Tracker {
  readonly #names = new Names();
  readonly #edges = new Edges();
  readonly #due = new DueList<number>();
  readonly #awaiting = new Map<string, DueList<number>>();
  readonly #stale: (space: string, key: string) => void;
  /** By number: the latest run that read it, so that each key counts once. */
  #readIn: number[] = [];
  #run = 0;

  /** `stale` is called with every unit that is to run again, or that nobody reads any more, perhaps several times. It must run none itself. */
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

  /** Like `changed`, but the units are left to `takeDue` from `at` on: for what concerns so many that they must not all run at once. */
  changedLater(space: string, key: string, at: number): void {
    const number = this.#names.find(space, key);
    if (number !== undefined) this.#edges.eachReader(number, (unit) => this.#due.ask(unit, at));
  }

  /** A clock has advanced to a moment. `later`: the units are left to `takeDue` from then on; null: they are stale now. */
  advanced(clock: string, to: number, later: number | null): void {
    for (const unit of this.#awaiting.get(clock)?.take(to) ?? []) {
      if (later !== null) this.#due.ask(unit, later);
      else this.#makeStale(unit);
    }
  }

  /** The unit is to run at that time, whatever its run asked for. */
  ask(space: string, key: string, at: number): void {
    this.#due.ask(this.#names.numberOf(space, key), at);
  }

  /** When the next unit is due, epoch milliseconds; null when none waits. */
  get nextDueAt(): number | null {
    return this.#due.nextAt;
  }

  /** Makes units that are due stale, at most `limit` of them. */
  takeDue(now: number, limit: number): void {
    for (const unit of this.#due.take(now, limit)) this.#makeStale(unit);
  }

  /** Replaces what is known of the unit's latest run. */
  record(space: string, key: string, trace: Trace): void {
    const { keys, again, awaited } = trace;
    const idle = keys.length === 0 && again === null && awaited === null;
    const unit = idle ? this.#names.find(space, key) : this.#names.numberOf(space, key);
    if (unit === undefined) return;
    this.#recordKeys(unit, keys);
    if (again === null) this.#due.forget(unit);
    else this.#due.set(unit, again);
    for (const [clock, list] of this.#awaiting) if (awaited?.has(clock) !== true) list.forget(unit);
    for (const [clock, at] of awaited ?? []) this.#waitersOf(clock).set(unit, at);
    if (idle) this.#releaseIfIdle(unit);
  }

  /** The unit is no more. */
  forget(space: string, key: string): void {
    this.record(space, key, newTrace());
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

  /** A key that is read no more: an answer that nobody reads is stale, too, so that it can go. */
  #unread(key: number): void {
    if (!this.#edges.hasReaders(key) && this.#edges.hasKeys(key)) this.#makeStale(key);
    else this.#releaseIfIdle(key);
  }

  /** A number that stands for a unit in a list is kept, as is one that is read or has read. */
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

/** Reads that are looked back over. */
const LOOK_BACK = 16;

/** Whether one of the reads just before was of the same key: most repeated reads follow each other, and to find a name costs more. */
function isRepeated(keys: readonly string[], at: number): boolean {
  for (let before = at - 2; before >= 0 && before >= at - LOOK_BACK; before -= 2)
    if (keys[before + 1] === keys[at + 1] && keys[before] === keys[at]) return true;
  return false;
}
