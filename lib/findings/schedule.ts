/**
 * When which check runs again: after a change of what it read, at a time that it asked for, or once a source has answered again.
 *
 * A unit is a rule and a record. What a rule reads along a relation (its records' own node, the pods of its own node) is noted
 * once for the rule, all else once for the unit.
 */
import type { SourceRecord, Table } from '../model/records';
import { equal } from '../records/equal';
import { Dependencies } from '../tracking/dependencies';
import { DueList } from '../tracking/due-list';
import type { Checks } from './backlog';
import type { Changes } from './changes';
import { Reading, type Host, type Records } from './reading';
import { isShared, isSlow, keyOf, RELATIONS, type PodSignals } from './relations';
import type { Collection, Reader } from './rule/reader';
import type { AnyRule, Scope } from './rule/rule';
import { timeOf } from './rule/time';

/** Checks of large sums run this long after the change that asks for them. Milliseconds. */
const LATER = 5_000;
/** Rules over these sum up what every pod's change moves: changes of other records, or of their own counts, run them later. */
const SUMS: ReadonlySet<Scope> = new Set(['subnets', 'networks']);
/** The checks of more records than this are not listed one by one. */
const MANY = 1_000;

/** What the latest run of a check read and asked for. */
interface Run extends Pick<Reading, 'keys' | 'awaited'> {
  /** Epoch milliseconds; `Infinity` for never. */
  readonly again: number;
}

interface Shared {
  readonly compute: (read: Reader) => unknown;
  value: unknown;
}

export class Schedule implements Host {
  readonly #rules = new Map<Scope, AnyRule[]>();
  readonly #byName = new Map<string, AnyRule>();
  readonly #edges = new Dependencies();
  readonly #due = new DueList();
  /** By source: which units wait for it to have answered at some time. */
  readonly #awaiting = new Map<string, DueList>();
  /** Ids of the records with something in one of the lists above, by rule. */
  readonly #listed = new Map<AnyRule, Set<string>>();
  /** By scope and table: rules that read parents of their records. */
  readonly #parentReaders = new Map<Scope, Map<Table, Set<AnyRule>>>();
  /** By scope and collection: rules that read members of their own records. */
  readonly #memberReaders = new Map<Scope, Map<Collection | PodSignals, Set<AnyRule>>>();
  readonly #shared = new Map<string, Shared>();
  #from: Records | null = null;

  constructor(rules: readonly AnyRule[]) {
    for (const rule of rules) {
      this.#byName.set(nameOf(rule), rule);
      this.#rules.set(rule.scope, [...(this.#rules.get(rule.scope) ?? []), rule]);
      this.#listed.set(rule, new Set());
      this.#parentReaders.set(rule.scope, new Map());
      this.#memberReaders.set(rule.scope, new Map());
    }
  }

  /** How many (unit, key) pairs are kept. */
  get edges(): number {
    return this.#edges.edges;
  }

  /** Epoch milliseconds; null when nothing waits for time to pass. */
  get nextAt(): number | null {
    return this.#due.nextAt;
  }

  /** Forgets shared values: after this everything is judged from scratch. */
  restart(from: Records): void {
    this.#from = from;
    this.#shared.clear();
  }

  learnParent(rule: AnyRule, table: Table): void {
    addTo(this.#parentReaders.get(rule.scope), table, rule);
  }

  learnMembers(rule: AnyRule, collection: Collection | PodSignals): void {
    addTo(this.#memberReaders.get(rule.scope), collection, rule);
  }

  shared<V>(name: string, compute: (read: Reader) => V): V {
    let known = this.#shared.get(name);
    if (known === undefined) {
      known = { compute, value: undefined };
      this.#shared.set(name, known);
      this.#compute(name, known);
    }
    return known.value as V;
  }

  /** Notes a run in place of the one before. */
  ran(rule: AnyRule, id: string, { keys, awaited, again }: Run): void {
    const listed = this.#listed.get(rule);
    const idle = keys.size === 0 && awaited.size === 0 && again === Infinity;
    if (listed === undefined || (idle && !listed.has(id))) return;
    const unit = unitOf(rule, id);
    this.#edges.replace(unit, keys);
    this.#due.forget(unit);
    if (again !== Infinity) this.#due.ask(unit, again);
    for (const list of this.#awaiting.values()) list.forget(unit);
    for (const [source, at] of awaited) this.#waiters(source).ask(unit, at);
    if (idle) listed.delete(id);
    else listed.add(id);
  }

  /** The record is gone, or the rule may not speak. */
  forget(rule: AnyRule, id: string): void {
    this.ran(rule, id, NO_RUN);
  }

  /** A source has answered, or answers no more: who waits for that is due. */
  answered({ id }: SourceRecord, before: string | null, after: string | null): void {
    const [old, now] = [timeOf(before) ?? -Infinity, timeOf(after) ?? -Infinity];
    if (now < old) for (const unit of this.#edges.readersOf(keyOf.older(id))) this.#due.ask(unit, 0);
    for (const unit of this.#awaiting.get(id)?.take(now) ?? []) this.#due.ask(unit, 0);
  }

  /** The checks that the changes call for at once. Those that run later, and shared values, become due in time. */
  wake(changes: Changes, now: number): readonly Iterable<Checks>[] {
    const from = this.#records();
    changes.settle(from);
    const woken = new Woken();
    for (const [scope, rules] of this.#rules) {
      for (const [id, steady] of changes.records.get(scope) ?? [])
        if (steady || !SUMS.has(scope)) woken.add(id, rules);
        else for (const rule of rules) this.#ask(rule, id, now + LATER);
      for (const [collection, readers] of this.#memberReaders.get(scope) ?? [])
        for (const id of changes.collections.get(collection) ?? [])
          if (from.records[scope].has(id)) for (const rule of readers) this.#wakeCheck(rule, id, now, woken);
    }
    for (const { scope, parent, children } of RELATIONS) {
      const readers = [...(this.#parentReaders.get(scope)?.get(parent) ?? [])];
      if (readers.length === 0) continue;
      for (const [id, steady] of changes.records.get(parent) ?? [])
        if (steady) woken.addAll([...from.indexes[children].idsOf(id)], readers);
    }
    for (const key of changes.keys) this.#wakeReaders(key, now, woken);
    return woken.checks();
  }

  /** The cluster's own facts changed. */
  wakeCluster(now: number): void {
    for (const unit of this.#edges.readersOf(keyOf.cluster)) this.#due.ask(unit, now);
  }

  /** Takes what is due, each check once. */
  take(now: number): readonly Checks[] {
    const checks: Checks[] = [];
    for (let due = this.#due.take(now); due.length > 0; due = this.#due.take(now))
      for (const unit of due)
        if (isShared(unit)) this.#refresh(unit.slice(keyOf.shared('').length), now);
        else checks.push(this.#checkOf(unit));
    return checks;
  }

  #wakeReaders(key: string, now: number, woken: Woken): void {
    for (const unit of this.#edges.readersOf(key)) {
      if (isShared(unit) || isSlow(key)) {
        this.#due.ask(unit, isSlow(key) ? now + LATER : now);
        continue;
      }
      const [rules, id] = this.#checkOf(unit);
      for (const rule of rules) this.#wakeCheck(rule, id, now, woken);
    }
  }

  #wakeCheck(rule: AnyRule, id: string, now: number, woken: Woken): void {
    if (SUMS.has(rule.scope)) this.#ask(rule, id, now + LATER);
    else woken.add(id, [rule]);
  }

  #refresh(name: string, now: number): void {
    const known = this.#shared.get(name);
    if (known === undefined) return;
    const before = known.value;
    this.#compute(name, known);
    if (equal(before, known.value)) return;
    for (const unit of this.#edges.readersOf(keyOf.shared(name))) this.#due.ask(unit, now);
  }

  #compute(name: string, known: Shared): void {
    const reading = new Reading(this.#records(), this, null);
    known.value = known.compute(reading);
    this.#edges.replace(keyOf.shared(name), reading.keys);
  }

  #ask(rule: AnyRule, id: string, at: number): void {
    this.#listed.get(rule)?.add(id);
    this.#due.ask(unitOf(rule, id), at);
  }

  #waiters(source: string): DueList {
    const known = this.#awaiting.get(source);
    if (known !== undefined) return known;
    const list = new DueList();
    this.#awaiting.set(source, list);
    return list;
  }

  #records(): Records {
    if (this.#from === null) throw new Error('no records to judge yet');
    return this.#from;
  }

  #checkOf(unit: string): Checks {
    const space = unit.indexOf(' ');
    const rule = this.#byName.get(unit.slice(0, space));
    if (rule === undefined) throw new Error(`no rule for ${unit}`);
    return [[rule], unit.slice(space + 1)];
  }
}

/** Checks that are to run at once, each once. */
class Woken {
  readonly #rules = new Map<string, Set<AnyRule>>();
  readonly #many: Iterable<Checks>[] = [];

  add(id: string, rules: Iterable<AnyRule>): void {
    const known = this.#rules.get(id);
    if (known === undefined) this.#rules.set(id, new Set(rules));
    else for (const rule of rules) known.add(rule);
  }

  addAll(ids: readonly string[], rules: readonly AnyRule[]): void {
    if (ids.length > MANY) this.#many.push(ids.values().map((id): Checks => [rules, id]));
    else for (const id of ids) this.add(id, rules);
  }

  checks(): readonly Iterable<Checks>[] {
    return [[...this.#rules].map(([id, rules]): Checks => [[...rules], id]), ...this.#many];
  }
}

const NO_RUN: Run = { keys: new Set(), awaited: new Map(), again: Infinity };

function addTo<K>(map: Map<K, Set<AnyRule>> | undefined, key: K, rule: AnyRule): void {
  const rules = map?.get(key);
  if (rules === undefined) map?.set(key, new Set([rule]));
  else rules.add(rule);
}

const nameOf = (rule: AnyRule): string => `${rule.id}@${rule.scope}`;
const unitOf = (rule: AnyRule, id: string): string => `${nameOf(rule)} ${id}`;
