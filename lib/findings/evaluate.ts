/**
 * Runs rules over changed records and keeps their findings.
 *
 * Always holds: after `update` and every due `tick`, the findings equal those of running every rule over every record at that
 * time (but for what needs memory: `heldSince`). Each finding keeps its `since` while it stands. No call runs more than a
 * few thousand checks: what a relist asks for beyond that is due at once, tick after tick.
 */
import type { RecordPatch, TableDelta } from '../model/delta';
import { findingId } from '../model/ids';
import type { FindingRecord } from '../model/records';
import type { Change } from '../topology/engine';
import type { Replica } from '../records/replica';
import { Backlog } from './backlog';
import { dirtyOf } from './dirty';
import { DueList } from '../tracking/due-list';
import type { AnyRule, Rule, RuleContext, Scope, Sighting } from './rule';
import { answerOf, trustedSources } from './trust';

type Reader = Pick<Replica, 'records' | 'indexes' | 'cluster'>;

/** Rules over large sums run this long after the change that asked for them. Milliseconds. */
const LATER = 5_000;
/** Checks in one call: some 20 ms. */
const CHECKS_AT_ONCE = 5_000;
/** A change of more records than this is looked at by every rule, without asking which rules it concerns. */
const MANY = 5_000;
/** Characters of one text of a finding. */
const LONGEST = 1_000;

export interface Findings {
  /** After `change` was applied to the replica. `null` when no finding changed. `now` in epoch milliseconds. */
  update(replica: Reader, change: Pick<Change, 'tables'>, now: number): TableDelta<'findings'> | null;
  /** Runs what is due; nothing else. */
  tick(replica: Reader, now: number): TableDelta<'findings'> | null;
  /** Runs every rule over every record: the first time, and for files. */
  all(replica: Reader, now: number): TableDelta<'findings'> | null;
  /** Epoch milliseconds of the next `tick` that may change something. */
  readonly nextDueAt: number | null;
}

interface Cell {
  readonly rule: AnyRule;
  readonly record: string;
}

export function createFindings(rules: readonly AnyRule[]): Findings {
  return new Evaluator(rules);
}

/** A rule with what it remembers, by record id. */
interface Memory {
  /** The rule may speak: all that it needs is trusted. */
  speaks: boolean;
  /** What each of the sources that it heeds has to say. */
  hears: string;
  /** It has looked at every record since it may speak, so it knows when a new finding began. */
  looked: boolean;
  readonly found: Map<string, readonly FindingRecord[]>;
  readonly held: Map<string, ReadonlyMap<string, number>>;
  /** Which records it wants to see again at some time. */
  readonly waits: Set<string>;
}

class Evaluator implements Findings {
  readonly #byScope = new Map<Scope, AnyRule[]>();
  readonly #byKey = new Map<string, AnyRule>();
  readonly #memory = new Map<AnyRule, Memory>();
  readonly #due = new DueList();
  readonly #backlog = new Backlog();
  readonly #cellsBySubject = new Map<string, Set<string>>();
  #judged = false;
  /** Since when the backlog waits. */
  #behindSince = 0;

  constructor(rules: readonly AnyRule[]) {
    for (const rule of rules) {
      this.#byKey.set(ruleKey(rule), rule);
      this.#byScope.set(rule.scope, [...(this.#byScope.get(rule.scope) ?? []), rule]);
      this.#memory.set(rule, {
        speaks: false,
        hears: '',
        looked: false,
        found: new Map(),
        held: new Map(),
        waits: new Set(),
      });
    }
  }

  get nextDueAt(): number | null {
    return this.#backlog.isEmpty ? this.#due.nextAt : this.#behindSince;
  }

  all(replica: Reader, now: number): TableDelta<'findings'> | null {
    const run = new Run();
    this.#trust(replica, run);
    for (const rule of this.#speaking([...this.#memory.keys()])) this.#lookAtAll([rule], replica, now);
    this.#work(Infinity, replica, now, run);
    return run.delta();
  }

  update(replica: Reader, change: Pick<Change, 'tables'>, now: number): TableDelta<'findings'> | null {
    const run = new Run();
    const behind = !this.#backlog.isEmpty;
    const begun = !this.#judged || change.tables.sources !== undefined ? this.#trust(replica, run) : [];
    if (sizeOf(change.tables) > MANY) {
      for (const rules of this.#byScope.values()) this.#lookAtAll(this.#speaking(rules), replica, now);
    } else {
      this.#lookAtSome(replica, change, now, run);
      for (const rule of begun) this.#lookAtAll([rule], replica, now);
    }
    // What waited before is the next ticks' business: a small change does not wait for it.
    if (!behind) this.#work(CHECKS_AT_ONCE, replica, now, run);
    return run.delta();
  }

  tick(replica: Reader, now: number): TableDelta<'findings'> | null {
    const run = new Run();
    this.#work(CHECKS_AT_ONCE, replica, now, run);
    return run.delta();
  }

  #lookAtSome(replica: Reader, change: Pick<Change, 'tables'>, now: number, run: Run): void {
    const dirty = dirtyOf(change.tables, replica);
    for (const [scope, ids] of dirty.now) {
      const rules = this.#speaking(this.#byScope.get(scope) ?? []);
      if (ids.size * rules.length > CHECKS_AT_ONCE) this.#defer(rules, ids, now);
      else for (const id of ids) for (const rule of rules) this.#run(rule, id, replica, now, run);
    }
    const naming = new Set<string>();
    for (const id of dirty.touched) for (const key of this.#cellsBySubject.get(id) ?? []) naming.add(key);
    for (const key of naming) this.#runCell(key, replica, now, run);
    for (const [scope, ids] of dirty.later) {
      const at = dirty.now.get(scope);
      for (const rule of this.#speaking(this.#byScope.get(scope) ?? []))
        for (const id of ids) if (at?.has(id) !== true) this.#ask(rule, id, now + LATER);
    }
  }

  #ask(rule: AnyRule, id: string, at: number): void {
    this.#memoryOf(rule).waits.add(id);
    this.#due.ask(cellKey(rule, id), at);
  }

  #defer(rules: readonly AnyRule[], ids: Iterable<string>, now: number): void {
    if (this.#backlog.isEmpty) this.#behindSince = now;
    this.#backlog.add(rules, ids);
  }

  /**
   * Reads which sources may be judged by. Rules that may no longer speak fall silent; those that now may, or that hear
   * another source than before, are returned: they look at everything again.
   */
  #trust(replica: Reader, run: Run): readonly AnyRule[] {
    const trusted = trustedSources(replica.records.sources);
    this.#judged = true;
    const begun: AnyRule[] = [];
    for (const [rule, memory] of this.#memory) {
      const speaks = rule.needs.every((source) => trusted.has(source));
      const hears = (rule.heeds ?? []).map((source) => answerOf(replica.records.sources.get(source))).join();
      const heard = memory.hears;
      memory.hears = hears;
      if (speaks === memory.speaks) {
        if (speaks && hears !== heard) begun.push(rule);
        continue;
      }
      memory.speaks = speaks;
      memory.looked = false;
      if (speaks) begun.push(rule);
      else this.#silence(rule, memory, run);
    }
    return begun;
  }

  #silence(rule: AnyRule, { found, held }: Memory, run: Run): void {
    held.clear();
    for (const [id, findings] of found) {
      for (const finding of findings) run.drop.add(finding.id);
      this.#index(cellKey(rule, id), findings, []);
    }
    found.clear();
  }

  #speaking(rules: readonly AnyRule[]): readonly AnyRule[] {
    return rules.filter((rule) => this.#memoryOf(rule).speaks);
  }

  /** Every record of the rules' scope, and what they found about records that are gone. All of one scope. */
  #lookAtAll(rules: readonly AnyRule[], replica: Reader, now: number): void {
    const [first] = rules;
    if (first === undefined) return;
    const records = replica.records[first.scope];
    const gone = rules.flatMap((rule) => [...this.#memoryOf(rule).found.keys()].filter((id) => !records.has(id)));
    const looked = (): void => {
      for (const rule of rules) this.#memoryOf(rule).looked = true;
    };
    this.#defer(rules, andThen([...records.keys(), ...gone], looked), now);
  }

  /** Runs what is due and what waits, up to `limit` checks. */
  #work(limit: number, replica: Reader, now: number, run: Run): void {
    for (const key of this.#due.take(now)) this.#runCell(key, replica, now, run);
    for (const [rules, id] of this.#backlog.take(limit))
      for (const rule of rules) this.#run(rule, id, replica, now, run);
  }

  #memoryOf(rule: AnyRule): Memory {
    const memory = this.#memory.get(rule);
    if (memory === undefined) throw new Error(`no rule ${rule.id}`);
    return memory;
  }

  #runCell(key: string, replica: Reader, now: number, run: Run): void {
    const { rule, record } = this.#cell(key);
    this.#run(rule, record, replica, now, run);
  }

  #cell(key: string): Cell {
    const space = key.indexOf(' ');
    const rule = this.#byKey.get(key.slice(0, space));
    if (!rule) throw new Error(`no rule for ${key}`);
    return { rule, record: key.slice(space + 1) };
  }

  #run(rule: AnyRule, id: string, replica: Reader, now: number, run: Run): void {
    const memory = this.#memoryOf(rule);
    const before = memory.found.get(id) ?? NOTHING;
    const sightings = this.#sight(rule, id, memory, replica, now);
    if (before.length === 0 && sightings.length === 0) return;
    const known = new Map(before.map((finding) => [finding.id, finding]));
    const after = sightings.map((sighting, index) =>
      this.#record(rule, sighting, sightings, index, known, memory.looked ? now : null),
    );
    for (const finding of before) if (!after.some((other) => other.id === finding.id)) run.drop.add(finding.id);
    for (const finding of after) {
      const old = known.get(finding.id);
      if (!old || !same(old, finding)) run.put.set(finding.id, finding);
    }
    this.#index(cellKey(rule, id), before, after);
    if (after.length === 0) memory.found.delete(id);
    else memory.found.set(id, after);
  }

  #sight(rule: AnyRule, id: string, memory: Memory, replica: Reader, now: number): readonly Sighting[] {
    const { speaks, held, waits } = memory;
    const record = replica.records[rule.scope].get(id);
    if (!record || !speaks) {
      held.delete(id);
      if (waits.delete(id)) this.#due.forget(cellKey(rule, id));
      return NONE;
    }
    const before = held.get(id);
    const look = new Look(replica, now, before);
    const sightings = (rule as Rule).check(record, look);
    if (waits.delete(id)) this.#due.forget(cellKey(rule, id));
    if (look.wish !== Infinity) this.#ask(rule, id, look.wish);
    if (look.held.size > 0) held.set(id, look.held);
    else if (before !== undefined) held.delete(id);
    return sightings;
  }

  #record(
    rule: AnyRule,
    sighting: Sighting,
    all: readonly Sighting[],
    index: number,
    known: ReadonlyMap<string, FindingRecord>,
    now: number | null,
  ): FindingRecord {
    const subject = sighting.subjects[0] ?? '';
    // One rule, one subject, several cases: the later ones are numbered, as repeated interface names are.
    const repeats = all.slice(0, index).filter((other) => other.subjects[0] === subject).length;
    const id = findingId(rule.id, subject) + (repeats > 0 ? `~${repeats + 1}` : '');
    const standing = known.get(id);
    return {
      id,
      rule: rule.id,
      severity: sighting.severity ?? rule.severity,
      subjects: [...new Set(sighting.subjects)],
      title: clipped(sighting.title),
      detail: clipped(sighting.detail),
      evidence: sighting.evidence.map(clipped),
      advice: sighting.advice,
      command: sighting.command ?? null,
      // What stood already at the first look began at a time that nobody saw.
      since: standing ? standing.since : (sighting.since ?? (now === null ? null : new Date(now).toISOString())),
    };
  }

  #index(key: string, before: readonly FindingRecord[], after: readonly FindingRecord[]): void {
    for (const subject of before.flatMap((finding) => finding.subjects)) {
      const cells = this.#cellsBySubject.get(subject);
      cells?.delete(key);
      if (cells?.size === 0) this.#cellsBySubject.delete(subject);
    }
    for (const subject of after.flatMap((finding) => finding.subjects)) {
      const cells = this.#cellsBySubject.get(subject) ?? new Set();
      this.#cellsBySubject.set(subject, cells.add(key));
    }
  }
}

const ruleKey = (rule: AnyRule): string => `${rule.id}@${rule.scope}`;
const cellKey = (rule: AnyRule, record: string): string => `${ruleKey(rule)} ${record}`;

/** Texts of events and tags may be long; whoever wants all of them finds them in the record. */
const clipped = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const same = (a: FindingRecord, b: FindingRecord): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What one check may ask, and what it asked. */
class Look implements RuleContext {
  readonly replica: Reader;
  readonly now: number;
  wish = Infinity;
  held: ReadonlyMap<string, number> = NOTHING_HELD;
  readonly #before: ReadonlyMap<string, number> | undefined;

  constructor(replica: Reader, now: number, before: ReadonlyMap<string, number> | undefined) {
    this.replica = replica;
    this.now = now;
    this.#before = before;
  }

  again(at: number): void {
    this.wish = Math.min(this.wish, Math.max(at, this.now + 1));
  }

  heldSince(condition: string, holds: boolean): number {
    if (!holds) return this.now;
    const since = this.#before?.get(condition) ?? this.now;
    this.held = new Map([...this.held, [condition, since]]);
    return since;
  }
}

const NOTHING_HELD: ReadonlyMap<string, number> = new Map();
const NONE: readonly Sighting[] = [];
const NOTHING: readonly FindingRecord[] = [];

function* andThen(ids: readonly string[], end: () => void): Generator<string> {
  yield* ids;
  end();
}

function sizeOf(tables: Change['tables']): number {
  let size = 0;
  for (const table of Object.values(tables)) size += table.put.length + table.patch.length + table.drop.length;
  return size;
}

/** What one call changed. */
class Run {
  readonly put = new Map<string, FindingRecord>();
  readonly drop = new Set<string>();

  delta(): TableDelta<'findings'> | null {
    for (const id of this.put.keys()) this.drop.delete(id);
    if (this.put.size === 0 && this.drop.size === 0) return null;
    const patch: RecordPatch<'findings'>[] = [];
    return { put: [...this.put.values()], patch, drop: [...this.drop] };
  }
}
