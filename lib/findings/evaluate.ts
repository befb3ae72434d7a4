/**
 * Runs rules over changed records and keeps their findings.
 *
 * Always holds: after `update` and every due `tick`, the findings equal those of running every rule over every record at that
 * time (but for what needs memory: `heldSince`). Each finding keeps its `since` while it stands.
 */
import type { RecordPatch, TableDelta } from '../model/delta';
import { findingId } from '../model/ids';
import type { FindingRecord } from '../model/records';
import type { Change } from '../topology/engine';
import type { Replica } from '../topology/replica';
import { dirtyOf } from './dirty';
import { DueList } from './due';
import type { AnyRule, Rule, RuleContext, Scope, Sighting } from './rule';
import { trustedSources } from './trust';

type Reader = Pick<Replica, 'records' | 'indexes' | 'cluster'>;

/** Rules over large sums run this long after the change that asked for them. Milliseconds. */
const LATER = 5_000;
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

class Evaluator implements Findings {
  readonly #byScope = new Map<Scope, AnyRule[]>();
  readonly #byKey = new Map<string, AnyRule>();
  readonly #due = new DueList();
  readonly #found = new Map<string, readonly FindingRecord[]>();
  readonly #cellsBySubject = new Map<string, Set<string>>();
  readonly #held = new Map<string, Map<string, number>>();
  #trusted: ReadonlySet<string> = new Set();
  #started = false;

  constructor(rules: readonly AnyRule[]) {
    for (const rule of rules) {
      this.#byKey.set(ruleKey(rule), rule);
      this.#byScope.set(rule.scope, [...(this.#byScope.get(rule.scope) ?? []), rule]);
    }
  }

  get nextDueAt(): number | null {
    return this.#due.nextAt;
  }

  all(replica: Reader, now: number): TableDelta<'findings'> | null {
    this.#trusted = trustedSources(replica.records.sources);
    const run = new Run();
    const keys = new Set(this.#found.keys());
    for (const [scope, rules] of this.#byScope) {
      for (const id of replica.records[scope].keys()) for (const rule of rules) keys.add(cellKey(rule, id));
    }
    for (const key of keys) this.#run(key, replica, now, run);
    this.#started = true;
    return run.delta();
  }

  update(replica: Reader, change: Pick<Change, 'tables'>, now: number): TableDelta<'findings'> | null {
    const dirty = dirtyOf(change.tables, replica);
    if (!this.#started || (dirty.all && this.#trustChanged(replica))) return this.all(replica, now);
    const keys = new Set<string>();
    for (const [scope, ids] of dirty.now) {
      for (const rule of this.#byScope.get(scope) ?? []) for (const id of ids) keys.add(cellKey(rule, id));
    }
    for (const id of dirty.touched) for (const key of this.#cellsBySubject.get(id) ?? []) keys.add(key);
    for (const [scope, ids] of dirty.later) {
      for (const rule of this.#byScope.get(scope) ?? []) {
        for (const id of ids) if (!keys.has(cellKey(rule, id))) this.#due.ask(cellKey(rule, id), now + LATER);
      }
    }
    for (const key of this.#due.take(now)) keys.add(key);
    const run = new Run();
    for (const key of keys) this.#run(key, replica, now, run);
    return run.delta();
  }

  tick(replica: Reader, now: number): TableDelta<'findings'> | null {
    const run = new Run();
    for (const key of this.#due.take(now)) this.#run(key, replica, now, run);
    return run.delta();
  }

  #trustChanged(replica: Reader): boolean {
    const trusted = trustedSources(replica.records.sources);
    return trusted.size !== this.#trusted.size || [...trusted].some((id) => !this.#trusted.has(id));
  }

  #cell(key: string): Cell {
    const space = key.indexOf(' ');
    const rule = this.#byKey.get(key.slice(0, space));
    if (!rule) throw new Error(`no rule for ${key}`);
    return { rule, record: key.slice(space + 1) };
  }

  #run(key: string, replica: Reader, now: number, run: Run): void {
    const { rule, record } = this.#cell(key);
    const before = this.#found.get(key) ?? [];
    const sightings = this.#sight(rule, record, key, replica, now);
    const known = new Map(before.map((finding) => [finding.id, finding]));
    const after = sightings.map((sighting, index) => this.#record(rule, sighting, sightings, index, known, now));
    for (const finding of before) if (!after.some(({ id }) => id === finding.id)) run.drop.add(finding.id);
    for (const finding of after) {
      const old = known.get(finding.id);
      if (!old || !same(old, finding)) run.put.set(finding.id, finding);
    }
    this.#index(key, before, after);
  }

  #sight(rule: AnyRule, id: string, key: string, replica: Reader, now: number): readonly Sighting[] {
    this.#due.forget(key);
    const record = replica.records[rule.scope].get(id);
    if (!record || rule.needs.some((source) => !this.#trusted.has(source))) {
      this.#held.delete(key);
      return [];
    }
    const before = this.#held.get(key);
    const held = new Map<string, number>();
    const context: RuleContext = {
      replica,
      now,
      again: (at) => this.#due.ask(key, Math.max(at, now + 1)),
      heldSince: (condition, holds) => {
        const since = before?.get(condition) ?? now;
        if (holds) held.set(condition, since);
        return holds ? since : now;
      },
    };
    const sightings = (rule as Rule).check(record, context);
    if (held.size === 0) this.#held.delete(key);
    else this.#held.set(key, held);
    return sightings;
  }

  #record(
    rule: AnyRule,
    sighting: Sighting,
    all: readonly Sighting[],
    index: number,
    known: ReadonlyMap<string, FindingRecord>,
    now: number,
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
      since: standing ? standing.since : (sighting.since ?? (this.#started ? new Date(now).toISOString() : null)),
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
    if (after.length === 0) this.#found.delete(key);
    else this.#found.set(key, after);
  }
}

const ruleKey = (rule: AnyRule): string => `${rule.id}@${rule.scope}`;
const cellKey = (rule: AnyRule, record: string): string => `${ruleKey(rule)} ${record}`;

/** Texts of events and tags may be long; whoever wants all of them finds them in the record. */
const clipped = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const same = (a: FindingRecord, b: FindingRecord): boolean => JSON.stringify(a) === JSON.stringify(b);

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
