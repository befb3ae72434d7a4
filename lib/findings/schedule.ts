/**
 * Decides when each check runs again: after a change of what it read, at a time that it requested, or once a source has
 * answered again.
 *
 * A unit is a rule and a record. What a rule reads along a relation (the node of its records, the pods of its own node) is
 * noted once per rule, everything else once per unit. Values that rules share are queries.
 */
import type { SourceRecord, Table } from '../model/records';
import { Queries, type Query } from '../tracking/queries';
import { Tracker, type Trace } from '../tracking/tracker';
import type { Checks } from './backlog';
import type { Changes } from './changes';
import { TracedReader, type Host, type Records } from './reading';
import { isOwners, RELATIONS, SPACES, type PodSignals } from './relations';
import type { Collection, Reader } from './rule/reader';
import type { AnyRule, Scope } from './rule/rule';
import { timeOf } from './rule/time';

/** Checks of large sums run this long after the change that triggers them. Milliseconds. */
const SUM_DELAY = 5_000;
/** Rules of these scopes read sums that change with every pod: changes of other records, or of their own counts, run them later. */
const SUM_SCOPES: ReadonlySet<Scope> = new Set(['subnets', 'networks']);
/** If more records than this are affected, their checks are not listed one by one. */
const MAX_LISTED = 1_000;

/** Decides which checks run after a change, and runs them. */
export class Schedule implements Host {
  readonly #rules = new Map<Scope, AnyRule[]>();
  readonly #byName = new Map<string, AnyRule>();
  readonly #tracker = new Tracker((rule, id) => this.#makeStale(rule, id));
  readonly #queries = new Queries<Reader>(
    this.#tracker,
    (trace) => new TracedReader(this.#records(), this, null, trace),
  );
  readonly #shared = new Map<string, Query<Reader, unknown>>();
  /** Stale checks that have not been taken yet. */
  #stale: (readonly [rule: AnyRule, id: string])[] = [];
  /** By scope and table: the rules that read parents of their records. */
  readonly #parentReaders = new Map<Scope, Map<Table, Set<AnyRule>>>();
  /** By scope and collection: the rules that read members of their own records. */
  readonly #memberReaders = new Map<Scope, Map<Collection | PodSignals, Set<AnyRule>>>();
  #from: Records | null = null;

  constructor(rules: readonly AnyRule[]) {
    for (const rule of rules) {
      this.#byName.set(nameOf(rule), rule);
      this.#rules.set(rule.scope, [...(this.#rules.get(rule.scope) ?? []), rule]);
      this.#parentReaders.set(rule.scope, new Map());
      this.#memberReaders.set(rule.scope, new Map());
    }
  }

  /** The keys that each check's latest run read. */
  reads(): ReturnType<Tracker['reads']> {
    return this.#tracker.reads();
  }

  /** Epoch milliseconds; null if no check is due by time alone. */
  get nextAt(): number | null {
    return this.#tracker.nextDueAt;
  }

  /** Drops shared values and starts from scratch. */
  restart(from: Records): void {
    this.#from = from;
    for (const query of this.#shared.values()) this.#queries.forget(query, '');
  }

  learnParent(rule: AnyRule, table: Table): void {
    addTo(this.#parentReaders.get(rule.scope), table, rule);
  }

  learnMembers(rule: AnyRule, collection: Collection | PodSignals): void {
    addTo(this.#memberReaders.get(rule.scope), collection, rule);
  }

  shared<V>(name: string, compute: (read: Reader) => V, trace: Trace): V {
    const query = this.#shared.get(name) ?? { name, of: compute };
    this.#shared.set(name, query);
    return this.#queries.ask(query as Query<Reader, V>, '', trace);
  }

  /** Replaces the trace of the check's previous run. */
  ran(rule: AnyRule, id: string, trace: Trace): void {
    this.#tracker.record(nameOf(rule), id, trace);
  }

  /** Called when the record is deleted or the rule is deactivated. */
  forget(rule: AnyRule, id: string): void {
    this.#tracker.forget(nameOf(rule), id);
  }

  /** Called when a source changes its state. */
  moved({ id }: SourceRecord): void {
    this.#tracker.changedLater(SPACES.state, id, 0);
  }

  /** Called when a source has answered, or has stopped answering: the checks that wait for it are due. */
  answered({ id }: SourceRecord, before: string | null, after: string | null): void {
    const [old, now] = [timeOf(before) ?? -Infinity, timeOf(after) ?? -Infinity];
    if (now < old) this.#tracker.changedLater(SPACES.older, id, 0);
    this.#tracker.advanced(id, now, 0);
  }

  /** The checks that run at once because of these changes. Later checks and shared values become due in time. */
  wake(changes: Changes, now: number): readonly Iterable<Checks>[] {
    const from = this.#records();
    changes.settle(from);
    const woken = new Woken();
    for (const [scope, rules] of this.#rules) {
      for (const [id, steady] of changes.records.get(scope) ?? [])
        if (steady) woken.add(id, rules);
        else for (const rule of rules) if (rule.isSteady !== true) this.#wakeCheck(rule, id, now, woken);
      for (const [collection, readers] of this.#memberReaders.get(scope) ?? [])
        for (const of of changes.collections.get(collection) ?? [])
          for (const id of isOwners(collection) ? from.indexes[collection].idsOf(of) : [of])
            if (from.records[scope].has(id)) for (const rule of readers) this.#wakeCheck(rule, id, now, woken);
    }
    for (const { scope, parent, children } of RELATIONS) {
      const readers = [...(this.#parentReaders.get(scope)?.get(parent) ?? [])];
      if (readers.length === 0) continue;
      for (const [id, steady] of changes.records.get(parent) ?? [])
        if (steady) woken.addAll([...from.indexes[children].idsOf(id)], readers);
    }
    for (const [space, keys] of changes.keys)
      for (const key of keys)
        if (space === SPACES.every) this.#tracker.changedLater(space, key, now + SUM_DELAY);
        else this.#tracker.changed(space, key);
    for (const [rule, id] of this.#takeStale()) this.#wakeCheck(rule, id, now, woken);
    return woken.checks();
  }

  /** Called when the cluster record changes. */
  wakeCluster(now: number): void {
    this.#tracker.changedLater(SPACES.cluster, '', now);
  }

  /** Takes what waits for further changes as well. */
  takeWaiting(now: number): readonly Checks[] {
    return this.take(now + SUM_DELAY);
  }

  /** Takes what is due, each check once. */
  take(now: number): readonly Checks[] {
    const woken = new Woken();
    for (;;) {
      this.#tracker.takeDue(now, Infinity);
      this.#queries.refresh();
      const stale = this.#takeStale();
      if (stale.length === 0) return woken.listed();
      for (const [rule, id] of stale) woken.add(id, [rule]);
    }
  }

  #makeStale(name: string, id: string): void {
    if (this.#queries.stale(name, id)) return;
    const rule = this.#byName.get(name);
    if (rule === undefined) throw new Error(`no rule is named ${name}`);
    this.#stale.push([rule, id]);
  }

  #takeStale(): readonly (readonly [rule: AnyRule, id: string])[] {
    const stale = this.#stale;
    if (stale.length > 0) this.#stale = [];
    return stale;
  }

  #wakeCheck(rule: AnyRule, id: string, now: number, woken: Woken): void {
    if (SUM_SCOPES.has(rule.scope)) this.#tracker.schedule(nameOf(rule), id, now + SUM_DELAY);
    else woken.add(id, [rule]);
  }

  #records(): Records {
    if (this.#from === null) throw new Error('no records to judge yet');
    return this.#from;
  }
}

/** Checks to run at once, without duplicates. */
class Woken {
  readonly #rules = new Map<string, Set<AnyRule>>();
  readonly #many: Iterable<Checks>[] = [];

  add(id: string, rules: Iterable<AnyRule>): void {
    const known = this.#rules.get(id);
    if (known === undefined) this.#rules.set(id, new Set(rules));
    else for (const rule of rules) known.add(rule);
  }

  addAll(ids: readonly string[], rules: readonly AnyRule[]): void {
    if (ids.length > MAX_LISTED) this.#many.push(ids.values().map((id): Checks => [rules, id]));
    else for (const id of ids) this.add(id, rules);
  }

  listed(): readonly Checks[] {
    return [...this.#rules].map(([id, rules]): Checks => [[...rules], id]);
  }

  checks(): readonly Iterable<Checks>[] {
    return [this.listed(), ...this.#many];
  }
}

function addTo<K>(map: Map<K, Set<AnyRule>> | undefined, key: K, rule: AnyRule): void {
  const rules = map?.get(key);
  if (rules === undefined) map?.set(key, new Set([rule]));
  else rules.add(rule);
}

const names = new WeakMap<AnyRule, string>();

/** The space of the rule's units. Cached because every check needs it. */
function nameOf(rule: AnyRule): string {
  let name = names.get(rule);
  if (name === undefined) names.set(rule, (name = `${rule.id}@${rule.scope}`));
  return name;
}
