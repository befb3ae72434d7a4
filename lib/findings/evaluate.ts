/**
 * Runs rules over records and keeps their findings.
 *
 * Invariant: after `update` and every due `tick`, the findings equal those of running every rule over every record at that
 * time, except for what depends on history (`heldSince`). A check reads other records only through a reader that notes its
 * reads, and runs again when one of them changes. Each finding keeps its `since`. No call runs more than a few thousand
 * checks (fewer if they read much); the rest stays due for the next ticks.
 */
import type { TableDelta } from '../model/delta';
import type { ClusterInfo, SourceRecord } from '../model/records';
import type { Replica } from '../records/replica';
import { newTrace, type Trace, type Tracker } from '../tracking/tracker';
import { Backlog, type Checks } from './backlog';
import { Changes } from './changes';
import { FindingChanges } from './rule-findings';
import { TracedReader, type CheckedRecord } from './reading';
import { RuleState } from './rule-state';
import type { AnyRule, Rule, RuleContext, CompleteSighting } from './rule/rule';
import { trustedSources } from './rule/trust';
import { Schedule } from './schedule';

/** Maximum cost of the checks of one call: some 20 ms. */
const COST_PER_CALL = 5_000;
/** A check costs 1, and 1 more for every so many reads: a subnet's checks read thousands of ENIs and nodes. */
const READS_PER_COST = 8;

/** Evaluates the rules over a replica, incrementally; each call must pass the same replica. `now` is epoch milliseconds. */
export class Findings {
  readonly #states = new Map<AnyRule, RuleState>();
  readonly #schedule: Schedule;
  readonly #backlog = new Backlog();
  readonly #changes = new Changes();
  readonly #result = new FindingChanges();
  #replica: Replica | null = null;
  #cluster: ClusterInfo | null = null;
  /** Whether a source has changed its state since trust was last evaluated. */
  #sourcesMoved = true;
  /** Since when the backlog has not been empty. */
  #behindSince = 0;

  constructor(rules: readonly AnyRule[]) {
    this.#schedule = new Schedule(rules);
    for (const rule of rules) this.#states.set(rule, new RuleState(rule, this.#result));
  }

  /** Epoch milliseconds of the next `tick` that may change something. */
  get nextDueAt(): number | null {
    return this.#backlog.isEmpty ? this.#schedule.nextAt : this.#behindSince;
  }

  /** The keys that each check's latest run read, except those along its record's relations. */
  readonly reads = (): ReturnType<Tracker['reads']> => this.#schedule.reads();

  /** Runs every rule over every record: on the first call, and for files. */
  all(replica: Replica, now: number): TableDelta<'findings'> | null {
    this.#follow(replica);
    this.#readTrust(replica);
    this.#judgeEverything(replica, now);
    this.#runPending(Infinity, replica, now);
    return this.#result.take();
  }

  /** Call after a change was applied to the replica. Null if no finding changed. */
  update(replica: Replica, now: number): TableDelta<'findings'> | null {
    // Earlier checks are left to the next ticks, so that a small change does not wait for them.
    const behind = !this.#backlog.isEmpty;
    this.#catchUp(replica, now);
    if (!behind) this.#runPending(COST_PER_CALL, replica, now);
    return this.#result.take();
  }

  /** Runs only what is due. */
  tick(replica: Replica, now: number): TableDelta<'findings'> | null {
    this.#catchUp(replica, now);
    this.#runPending(COST_PER_CALL, replica, now);
    return this.#result.take();
  }

  /** Runs the checks that wait for further changes as well, because there will be none. */
  settle(replica: Replica, now: number): TableDelta<'findings'> | null {
    this.#catchUp(replica, now);
    this.#judge(this.#schedule.takeWaiting(now), replica, now);
    return this.#result.take();
  }

  /** Checks the records that changed in the replica. */
  #catchUp(replica: Replica, now: number): void {
    this.#follow(replica);
    const activated = this.#readTrust(replica);
    if (this.#changes.areMany) this.#judgeEverything(replica, now);
    else {
      if (replica.cluster !== this.#cluster) this.#schedule.wakeCluster(now);
      for (const checks of this.#schedule.wake(this.#changes, now)) this.#judge(checks, replica, now);
      this.#judgeMissed(activated, replica, now);
    }
    this.#changes.clear();
    this.#cluster = replica.cluster;
  }

  #follow(replica: Replica): void {
    if (this.#replica === replica) return;
    if (this.#replica !== null) throw new Error('an evaluator follows one replica');
    this.#replica = replica;
    this.#schedule.restart(replica);
    replica.onChange((table, id, before, after) => {
      if (table === 'findings') return;
      if (table === 'sources') this.#noteSource(before as SourceRecord | undefined, after as SourceRecord | undefined);
      else this.#changes.note(table, id, before, after);
    });
  }

  #noteSource(before: SourceRecord | undefined, after: SourceRecord | undefined): void {
    const source = after ?? before;
    if (source === undefined) return;
    if (before?.state !== after?.state) {
      this.#sourcesMoved = true;
      this.#schedule.moved(source);
    }
    if (before?.asOf !== after?.asOf) this.#schedule.answered(source, before?.asOf ?? null, after?.asOf ?? null);
  }

  /** Evaluates which sources are trusted. Deactivates the rules that lack one, and returns those that were activated. */
  #readTrust({ records: { sources } }: Replica): readonly RuleState[] {
    if (!this.#sourcesMoved) return [];
    this.#sourcesMoved = false;
    const trusted = trustedSources(sources);
    const begun: RuleState[] = [];
    for (const [rule, state] of this.#states) {
      const isActive = rule.needs.every((source) => trusted.has(source));
      if (isActive && !state.isActive) begun.push(state);
      if (isActive) state.activate();
      else state.deactivate();
    }
    return begun;
  }

  #judgeEverything(replica: Replica, now: number): void {
    this.#changes.clear();
    this.#cluster = replica.cluster;
    this.#schedule.restart(replica);
    // Pending checks are added again below.
    this.#backlog.clear();
    for (const state of this.#states.values()) state.missAll();
    const byScope = Map.groupBy(this.#states.keys(), ({ scope }) => scope);
    for (const rules of byScope.values()) this.#judgeAll(rules, replica, now);
  }

  /** Runs the checks that activated rules have missed: all of them record by record, so that the rules of a scope share the pass. */
  #judgeMissed(activated: readonly RuleState[], replica: Replica, now: number): void {
    const ofAll = activated.filter(({ missed }) => missed === null).map(({ rule }) => rule);
    for (const rules of Map.groupBy(ofAll, ({ scope }) => scope).values()) this.#judgeAll(rules, replica, now);
    for (const state of activated) {
      const { rule, missed } = state;
      if (missed === null) continue;
      this.#defer(
        eachThen([...missed], [rule], () => state.markComplete()),
        now,
      );
    }
  }

  /** Checks every record of the rules' scope, and deleted ones that still have state. All rules must have one scope. */
  #judgeAll(all: readonly AnyRule[], replica: Replica, now: number): void {
    const rules = all.filter((rule) => this.#stateOf(rule).isActive);
    const [first] = rules;
    if (first === undefined) return;
    const records = replica.records[first.scope];
    const gone = rules.flatMap((rule) => {
      const { found, conditions } = this.#stateOf(rule);
      return [...found.ids(), ...conditions.keys()].filter((id) => !records.has(id));
    });
    const end = (): void => {
      for (const rule of rules) this.#stateOf(rule).markComplete();
    };
    this.#defer(eachThen([...records.keys(), ...gone], rules, end), now);
  }

  /** Runs a few checks at once and queues the rest. */
  #judge(checks: Iterable<Checks>, replica: Replica, now: number): void {
    let left = COST_PER_CALL;
    const rest = Iterator.from(checks);
    for (let next = rest.next(); next.done !== true; next = rest.next()) {
      left -= this.#runAll(next.value, replica, now);
      if (left <= 0) break;
    }
    this.#defer(rest, now);
  }

  #defer(checks: Iterable<Checks>, now: number): void {
    if (this.#backlog.isEmpty) this.#behindSince = now;
    this.#backlog.add(checks);
  }

  /** Runs what is due and what is queued, up to that cost. */
  #runPending(limit: number, replica: Replica, now: number): void {
    this.#judge(this.#schedule.take(now), replica, now);
    let left = limit;
    for (const checks of this.#backlog.take(() => left > 0)) left -= this.#runAll(checks, replica, now);
  }

  /** Returns the cost. */
  #runAll([rules, id]: Checks, replica: Replica, now: number): number {
    return rules.reduce((cost, rule) => cost + this.#run(rule, id, replica, now), 0);
  }

  #stateOf(rule: AnyRule): RuleState {
    const state = this.#states.get(rule);
    if (state === undefined) throw new Error(`no rule ${rule.id}`);
    return state;
  }

  /** Returns the cost. */
  #run(rule: AnyRule, id: string, replica: Replica, now: number): number {
    const state = this.#stateOf(rule);
    if (!state.isActive) {
      state.miss(id);
      return 1;
    }
    const { conditions, found, isComplete } = state;
    const record = replica.records[rule.scope].get(id);
    if (record === undefined) {
      conditions.delete(id);
      this.#schedule.forget(rule, id);
      found.replace(id, NO_SIGHTINGS, null);
      return 1;
    }
    const before = conditions.get(id);
    const checked: CheckedRecord = { rule, record };
    const trace = newTrace();
    const run = new CheckRun(new TracedReader(replica, this.#schedule, checked, trace), trace, now, before);
    const sightings = (rule as Rule).check(record, run);
    this.#schedule.ran(rule, id, trace);
    if (run.conditions.size > 0) conditions.set(id, run.conditions);
    else if (before !== undefined) conditions.delete(id);
    // Findings of the first pass began at an unknown time.
    found.replace(id, sightings, isComplete ? now : null);
    return 1 + Math.floor(trace.keys.length / 2 / READS_PER_COST);
  }
}

/** The context of one check: what it may read, and what it has read. */
class CheckRun implements RuleContext {
  readonly read: TracedReader;
  readonly now: number;
  conditions: ReadonlyMap<string, number> = NO_CONDITIONS;
  readonly #trace: Trace;
  readonly #before: ReadonlyMap<string, number> | undefined;

  constructor(read: TracedReader, trace: Trace, now: number, before: ReadonlyMap<string, number> | undefined) {
    this.read = read;
    this.#trace = trace;
    this.now = now;
    this.#before = before;
  }

  rerunAt(at: number): void {
    this.#trace.rerunAt = Math.min(this.#trace.rerunAt ?? Infinity, Math.max(at, this.now + 1));
  }

  heldSince(condition: string, holds: boolean): number {
    if (!holds) return this.now;
    const since = this.#before?.get(condition) ?? this.now;
    this.conditions = new Map([...this.conditions, [condition, since]]);
    return since;
  }
}

const NO_CONDITIONS: ReadonlyMap<string, number> = new Map();
const NO_SIGHTINGS: readonly CompleteSighting[] = [];

function* eachThen(ids: readonly string[], rules: readonly AnyRule[], end: () => void): Generator<Checks> {
  for (const id of ids) yield [rules, id];
  end();
}
