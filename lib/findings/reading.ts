/** The reader of one run of one check: returns records of the replica and notes what was read. */
import { byCodeUnit } from '../model/order';
import type { InterfaceRecord, RecordByTable, SignalRecord, SourceRecord, SourceState, Table } from '../model/records';
import type { Replica } from '../records/replica';
import { waitFor, type Trace } from '../tracking/tracker';
import { holderKey, isOwner, isParent, POD_SIGNALS, SPACES, wholeOf, type PodSignals } from './relations';
import { COLLECTIONS, type Collection, type Member, type Reader } from './rule/reader';
import type { AnyRule, Scope } from './rule/rule';
import type { CountedTable, Steady } from './rule/steady';
import { timeOf } from './rule/time';

/** The records that rules read. */
export type Records = Pick<Replica, 'records' | 'indexes' | 'cluster'>;

/** What a run needs from its caller. */
export interface Host {
  /** Notes that the rule reads parents of its records in that table. */
  learnParent(rule: AnyRule, table: Table): void;
  /** Notes that the rule reads members of that collection that belong to its records. */
  learnMembers(rule: AnyRule, collection: Collection | PodSignals): void;
  /** The read is noted in `trace`. */
  shared<V>(name: string, compute: (read: Reader) => V, trace: Trace): V;
}

/** The rule and the record of the run. A shared value has neither, and trusts all sources. */
export interface CheckedRecord {
  readonly rule: AnyRule;
  readonly record: RecordByTable[Scope];
}

/** The reader of one check: notes what is read, so that a change of it runs the check again. */
export class TracedReader implements Reader {
  readonly #from: Records;
  readonly #host: Host;
  readonly #checked: CheckedRecord | null;
  readonly #trace: Trace;

  /** `trace` receives the reads outside of the relations of the checked record. */
  constructor(from: Records, host: Host, checked: CheckedRecord | null, trace: Trace) {
    this.#from = from;
    this.#host = host;
    this.#checked = checked;
    this.#trace = trace;
  }

  one<T extends Table>(table: T, id: string | null): Steady<T> | null {
    if (id === null) return null;
    const checked = this.#checked;
    if (checked !== null && isParent(checked.rule.scope, checked.record, table, id))
      this.#host.learnParent(checked.rule, table);
    else this.#note(table, table, id);
    return (this.#from.records[table].get(id) ?? null) as Steady<T> | null;
  }

  whole<T extends CountedTable>(table: T, id: string | null): RecordByTable[T] | null {
    if (id === null) return null;
    this.#note(wholeOf(table), table, id);
    const records: ReadonlyMap<string, RecordByTable[T]> = this.#from.records[table];
    return records.get(id) ?? null;
  }

  all<C extends Collection>(collection: C, of: string | null): readonly Member<C>[] {
    if (of === null) return [];
    this.#members(collection, of);
    const { indexes, records } = this.#from;
    const table: ReadonlyMap<string, RecordByTable[Table]> = records[COLLECTIONS[collection]];
    const members: Member<C>[] = [];
    for (const id of indexes[collection].idsOf(of)) {
      const record = table.get(id);
      if (record !== undefined) members.push(record as Member<C>);
    }
    return members.sort((a, b) => byCodeUnit(a.id, b.id));
  }

  *each<C extends Collection>(collection: C, of: string | null): Iterable<Member<C>> {
    if (of === null) return;
    this.#members(collection, of);
    const table: Table = COLLECTIONS[collection];
    for (const id of this.#from.indexes[collection].idsOf(of)) {
      const record = this.#from.records[table].get(id);
      // The owners of an address may include ENIs.
      if (record !== undefined) yield record as Member<C>;
    }
  }

  every<T extends Table>(table: T): Iterable<Steady<T>> {
    this.#read(SPACES.every, table);
    return this.#from.records[table].values() as Iterable<Steady<T>>;
  }

  holdersOn(node: string, ip: string): readonly InterfaceRecord[] {
    this.#read(SPACES.holders, holderKey(node, ip));
    const holders: InterfaceRecord[] = [];
    for (const id of this.#from.indexes.interfacesByNode.idsOf(node)) {
      const iface = this.#from.records.interfaces.get(id);
      if (iface?.ips.includes(ip) === true) holders.push(iface);
    }
    return holders.sort((a, b) => byCodeUnit(a.id, b.id));
  }

  podSignals(node: string): readonly SignalRecord[] {
    this.#members(POD_SIGNALS, node);
    const { indexes, records } = this.#from;
    const signals: SignalRecord[] = [];
    for (const pod of indexes.podsByNode.idsOf(node))
      for (const id of indexes.signalsBySubject.idsOf(pod)) {
        const signal = records.signals.get(id);
        if (signal !== undefined) signals.push(signal);
      }
    return signals.sort((a, b) => byCodeUnit(a.subject, b.subject) || byCodeUnit(a.id, b.id));
  }

  stateOf(source: string): SourceState | undefined {
    return this.#source(source)?.state;
  }

  isPartial(source: string): boolean {
    return this.#source(source)?.partial === true;
  }

  #source(source: string): SourceRecord | undefined {
    const rule = this.#checked?.rule;
    const isIn = (ids: readonly string[] | undefined): boolean => ids?.includes(source) === true;
    if (!isIn(rule?.needs) && !isIn(rule?.uses))
      throw new Error(`${rule?.id ?? 'a shared value'} asks about ${source}, which it does not heed`);
    this.#read(SPACES.state, source);
    return this.#from.records.sources.get(source);
  }

  hasAnsweredSince(source: string, at: number): boolean {
    const answeredAt = timeOf(this.#from.records.sources.get(source)?.asOf ?? null);
    if (answeredAt !== null && answeredAt >= at) {
      this.#read(SPACES.older, source);
      return true;
    }
    waitFor(this.#trace, source, at);
    return false;
  }

  shared<V>(name: string, compute: (read: Reader) => V): V {
    return this.#host.shared(name, compute, this.#trace);
  }

  get cluster(): Records['cluster'] {
    this.#read(SPACES.cluster, '');
    return this.#from.cluster;
  }

  #read(space: string, key: string): void {
    this.#trace.keys.push(space, key);
  }

  #members(collection: Collection | PodSignals, of: string): void {
    const checked = this.#checked;
    if (checked !== null && (checked.record.id === of || isOwner(checked.rule.scope, checked.record, collection, of)))
      this.#host.learnMembers(checked.rule, collection);
    else this.#read(collection, of);
  }

  /** The checked record itself needs no edge: its change runs the check anyway. */
  #note(space: string, table: Table, id: string): void {
    if (this.#checked?.rule.scope !== table || this.#checked.record.id !== id) this.#read(space, id);
  }
}
