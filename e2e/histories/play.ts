/**
 * Runs a history through an engine and the findings as the server does, and compares both with a start from scratch
 * after every step.
 */
import type { Batch } from '../../lib/model/observation';
import { TABLES, type RecordMaps, type Table } from '../../lib/model/records';
import { isReadByRules } from '../../lib/findings/rule/reader';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import { equal } from '../../lib/model/equal';
import { createReplica } from '../../lib/records/replica';
import { Engine, type Change } from '../../lib/topology/engine';
import { Ledger } from './ledger';

/** Rules that remember since when something holds: an evaluation from scratch cannot agree with them. */
const REMEMBERS = new Set([
  'branch-eni-leaked',
  'device-pool-incomplete',
  'ec2-permission-missing',
  'ipam-inconsistent',
  'multus-down',
  'pod-address-not-on-node',
  'pool-low',
  'prefix-fragmented',
  'unmanaged-miscount',
  'warm-pool-waste',
]);

const FORGETFUL = RULES.filter(({ id }) => !REMEMBERS.has(id));
/** Those of them that run immediately: for a rule on the slow clock, what it remembers began a few seconds later. */
const REMEMBERING = RULES.filter(({ id, scope }) => REMEMBERS.has(id) && scope !== 'subnets' && scope !== 'networks');

/** While the first list of pods runs, nodes wait for more of their pods, at most this long. Milliseconds. */
const LIST_WAIT = 10_000;

/** Rules over large sums run within this time. Milliseconds. */
const SLOW_CLOCK = 5_000;

/** One record, or one field of it, that differs. */
export interface Difference {
  readonly step: number;
  readonly what: string;
  readonly table: string;
  readonly id: string;
  readonly field: string;
  readonly incremental: unknown;
  readonly scratch: unknown;
}

type AnyRecord = { readonly id: string } & Readonly<Record<string, unknown>>;

function* differences(
  step: number,
  what: string,
  incremental: RecordMaps,
  scratch: RecordMaps,
  tables: readonly Table[],
  ignored: string | null,
): Iterable<Difference> {
  for (const table of tables) {
    const [ours, theirs] = [incremental[table], scratch[table]] as unknown as ReadonlyMap<string, AnyRecord>[];
    for (const [id, a] of ours ?? []) {
      const b = theirs?.get(id);
      if (b === undefined) yield { step, what, table, id, field: '(left over)', incremental: a, scratch: b };
      else if (a !== b && !equal(a, b)) yield* fieldsThatDiffer({ step, what, table, id }, a, b, ignored);
    }
    for (const [id, b] of theirs ?? [])
      if (ours?.has(id) !== true)
        yield { step, what, table, id, field: '(missing)', incremental: undefined, scratch: b };
  }
}

function* fieldsThatDiffer(
  where: Pick<Difference, 'step' | 'what' | 'table' | 'id'>,
  a: AnyRecord,
  b: AnyRecord,
  ignored: string | null,
): Iterable<Difference> {
  for (const field of new Set([...Object.keys(a), ...Object.keys(b)]))
    if (field !== ignored && !equal(a[field], b[field]))
      yield { ...where, field, incremental: a[field], scratch: b[field] };
}

const DERIVED = TABLES.filter((table) => table !== 'findings');

class Player {
  readonly engine: Engine = new Engine(isReadByRules);
  readonly findings: Findings = new Findings([...FORGETFUL, ...REMEMBERING]);
  /** Evaluates everything whenever the others evaluate anything, and therefore remembers the same. */
  readonly watchful = createReplica();
  readonly #watcher: Findings = new Findings(REMEMBERING);
  readonly follower = createReplica();
  readonly ledger = new Ledger();
  now = 0;
  #lastChangeAt = 0;

  /** As in the collector: findings are evaluated after a change, and both are sent. */
  #commit(change: Change | null): void {
    if (change === null) return;
    this.#lastChangeAt = this.now;
    const { replica } = this.engine;
    this.follower.apply(change.tables, change.cluster);
    const judged = this.findings.update(replica, this.now);
    this.#watch();
    if (judged === null) return;
    replica.apply({ findings: judged });
    this.follower.apply({ findings: judged });
  }

  #watch(): void {
    const judged = this.#watcher.all(this.engine.replica, this.now);
    if (judged !== null) this.watchful.apply({ findings: judged });
  }

  #due(): number {
    return Math.min(this.engine.nextTickAt ?? Infinity, this.findings.nextDueAt ?? Infinity);
  }

  /** Lets time pass, with every tick that is due until then. */
  pass(until: number): void {
    for (let ticks = 0; this.#due() <= until; ticks++) {
      if (ticks > 1_000)
        throw new Error(`ticks do not end: ${this.engine.nextTickAt ?? '-'}, ${this.findings.nextDueAt ?? '-'}`);
      this.now = Math.max(this.now, this.#due());
      this.#commit(this.engine.tick(this.now));
      if ((this.findings.nextDueAt ?? Infinity) > this.now) continue;
      const judged = this.findings.tick(this.engine.replica, this.now);
      this.#watch();
      if (judged === null) continue;
      this.engine.replica.apply({ findings: judged });
      this.follower.apply({ findings: judged });
    }
    this.now = Math.max(this.now, until);
    this.ledger.now = this.now;
  }

  take(batch: Batch): void {
    this.pass(batch.at);
    this.ledger.apply(batch);
    this.#commit(this.engine.apply(batch));
    // The time of the batch may have passed while the previous one settled.
    this.pass(this.now);
  }

  /** Lets the rules over large sums run. */
  settle(): void {
    for (let i = 0; i < 10 && this.now < this.#lastChangeAt + SLOW_CLOCK; i++)
      this.pass(this.#lastChangeAt + SLOW_CLOCK);
  }

  /** Whether nodes wait for more of their pods. */
  get isListingPods(): boolean {
    const { state, asOf = null } = this.engine.replica.records.sources.get('kubernetes/pods') ?? {};
    return asOf === null && (state === 'starting' || state === 'failing');
  }

  /** Lets the nodes use the pods that have arrived. */
  endWait(): void {
    this.pass(this.now + LIST_WAIT);
  }

  *compareRecords(step: number): Iterable<Difference> {
    const { replica } = this.engine;
    const scratch = this.ledger.engine(step % 2 === 0);
    for (let i = 0; i < 100 && (scratch.nextTickAt ?? Infinity) <= this.now; i++) scratch.tick(this.now);
    yield* differences(step, 'engine', replica.records, scratch.replica.records, DERIVED, null);
    if (!equal(replica.cluster, scratch.replica.cluster))
      yield {
        step,
        what: 'engine',
        table: 'cluster',
        id: '',
        field: '',
        incremental: replica.cluster,
        scratch: scratch.replica.cluster,
      };
    // Ages of sources are sent separately from changes.
    yield* differences(step, 'changes', this.follower.records, replica.records, DERIVED, 'asOf');
  }

  *compareFindings(step: number): Iterable<Difference> {
    const { replica } = this.engine;
    // With every index; the collector's replica has only those that rules read.
    const indexed = createReplica();
    indexed.reset(replica.records, replica.cluster);
    const judged = new Findings(FORGETFUL).all(indexed, this.now);
    const scratch = createReplica();
    if (judged !== null) scratch.apply({ findings: judged });
    this.#watch();
    scratch.apply({ findings: { put: [...this.watchful.records.findings.values()], patch: [], drop: [] } });
    yield* differences(step, 'findings', replica.records, scratch.records, ['findings'], 'since');
    yield* differences(step, 'changes', this.follower.records, replica.records, ['findings'], null);
  }
}

/** The differences after each step. */
export function* playOn(batches: readonly Batch[]): Iterable<readonly Difference[]> {
  const player = new Player();
  for (const [step, batch] of batches.entries()) {
    player.take(batch);
    // In half of the cases, nodes still wait when the next batch arrives, which may be the end of the list.
    const isWaiting = player.isListingPods && step % 2 === 0;
    if (player.isListingPods && !isWaiting) player.endWait();
    const records = isWaiting ? [] : [...player.compareRecords(step)];
    player.settle();
    yield [...records, ...player.compareFindings(step)];
  }
}

/** The differences after the first step with any; empty if no step has one. */
export function play(batches: readonly Batch[]): readonly Difference[] {
  for (const differences of playOn(batches)) if (differences.length > 0) return differences;
  return [];
}
