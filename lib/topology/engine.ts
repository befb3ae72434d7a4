/**
 * The pure core: batches of facts in, changes of records out.
 *
 * Invariants: the replica equals the result of a new engine for the same facts, and equals its own changes applied in
 * order. Applying a batch twice changes nothing; batches of different sources commute. The only clock is `batch.at` and
 * `tick`.
 */
import { ENIS, PODS } from '../model/source-ids';
import type { Delta } from '../model/delta';
import type { Batch } from '../model/observation';
import type { ClusterInfo } from '../model/records';
import { equal } from '../model/equal';
import type { IsIndexed } from '../records/indexes';
import { createReplica, NO_CLUSTER, type Replica } from '../records/replica';
import { Queries } from '../tracking/queries';
import { newTrace, Tracker, type Trace } from '../tracking/tracker';
import { spaceOf, type Collection } from './facts/keys';
import { FactReader, type ReaderContext, type UnitSubject, type Relation } from './facts/reader';
import { Reducer, type Reduced } from './facts/reduce';
import { FactStore } from './facts/store';
import { NOTHING } from './shared/derivation';
import { StaleUnits } from './stale-units';
import { UnitRecords } from './unit-records';
import { FAMILIES, type Family } from './units';

/** The record changes caused by a batch. */
export interface Change {
  /** The whole cluster record, if anything in it changed. */
  readonly cluster?: ClusterInfo;
  /** All tables except findings. */
  readonly tables: Delta['tables'];
}

/** Maximum number of units that one tick runs because of time alone, so that a tick does not block for long. */
const UNITS_PER_TICK = 100;

/** Maximum number of units that one step runs. */
const UNITS_PER_STEP = 32;

/**
 * Maximum time for which a node waits for more of its pods while the first list of pods runs, in milliseconds. The list is
 * ordered by name, so each part of it has pods of every node.
 */
const LIST_WAIT_MS = 10_000;

/** The clock that advances once the first list of pods is complete, or is not awaited for another reason. */
const PODS_LISTED = 'podsListed';

/** What changes with each pod of a node. */
const PODS_OF_NODES: ReadonlySet<Collection> = new Set<Collection>(['podsByNode', 'recordsOfPods']);

const FAMILY_OF = new Map(FAMILIES.map((family) => [family.name, family]));

/** By collection: the families that have a unit for each of its keys. */
const FAMILIES_FOR = new Map<Collection, readonly Family[]>();
for (const family of FAMILIES) {
  for (const collection of family.of) {
    FAMILIES_FOR.set(collection, [...(FAMILIES_FOR.get(collection) ?? []), family]);
  }
}

/** By collection: the families that read it through another index. */
const RELATIONS_OF = new Map<Collection, (readonly [Family, Relation])[]>();
for (const family of FAMILIES)
  for (const relation of family.relations ?? [])
    RELATIONS_OF.set(relation.reads, [...(RELATIONS_OF.get(relation.reads) ?? []), [family, relation]]);

/** Turns facts into records, change by change. */
export class Engine {
  readonly replica: Replica;
  readonly #store = new FactStore((collection, key) => this.#changed(collection, key));
  readonly #reducer = new Reducer(this.#store, NO_CLUSTER);
  readonly #tracker = new Tracker((family, key) => this.#makeStale(family, key));
  readonly #queries = new Queries<FactReader>(this.#tracker, (trace) => this.#readerOf(trace, null));
  readonly #records: UnitRecords;
  readonly #stale = new StaleUnits((key) => this.#store.nodeOfPod(key));
  readonly #readerContext: ReaderContext = {
    now: () => this.#now,
    ask: (query, key, trace) => this.#queries.ask(query, key, trace),
    derivedPod: (key) => this.#records.pod(key),
  };
  #now = 0;

  /** `isIndexed`: which indexes the readers of the replica need; every one by default. */
  constructor(isIndexed?: IsIndexed) {
    this.replica = createReplica(isIndexed);
    this.#records = new UnitRecords(this.replica.records);
  }

  /** What each unit's latest run read: keys of facts, by unit. */
  readonly reads = (): ReturnType<Tracker['reads']> => this.#tracker.reads();

  /** Applies one batch. Null if no stored field changed; a newer `asOf` of a source alone is no change. */
  readonly apply = (batch: Batch): Change | null => lastOf(this.steps([batch]));

  /**
   * Applies several batches, in order, as one change, so that what several of them affect is derived once. Runs in
   * steps of a few milliseconds, so that the caller can do other work in between. The records change in the last step
   * only. Do not call `apply` or `tick` until the last step has run.
   */
  *steps(batches: readonly Batch[]): Generator<undefined, Change | null> {
    this.#records.begin();
    let cluster: ClusterInfo | undefined;
    for (const batch of batches) {
      this.#now = Math.max(this.#now, batch.at);
      const reduced = yield* this.#reducer.reduce(batch);
      this.#takeSources(reduced);
      cluster = reduced.cluster ?? cluster;
    }
    yield* this.#run();
    return this.#commit(yield* this.#records.pending.diffSteps(this.replica.records), cluster);
  }

  /** Derives again what depends on time alone, such as an address whose cooldown has ended. `now` in epoch milliseconds. */
  readonly tick = (now: number): Change | null => {
    this.#now = Math.max(this.#now, now);
    this.#records.begin();
    this.#tracker.takeDue(this.#now, UNITS_PER_TICK);
    lastOf(this.#run());
    return this.#commit(this.#records.pending.diff(this.replica.records), undefined);
  };

  /** When `tick` may next change something, epoch milliseconds; null if nothing is due. */
  get nextTickAt(): number | null {
    return this.#tracker.nextDueAt;
  }

  #readerOf(trace: Trace, own: UnitSubject | null): FactReader {
    return new FactReader(this.#store, trace, this.#readerContext, own);
  }

  /** Marks the readers of the key as stale, and the units that the key stands for, which may be new. */
  #changed(collection: Collection, key: string): void {
    if (PODS_OF_NODES.has(collection) && this.#store.isAwaited(PODS)) {
      this.#podIsListed(collection, key);
      return;
    }
    // Every node with pools reads it.
    if (collection === 'watchingSince') this.#tracker.changedLater(collection, key, this.#now);
    else this.#tracker.changed(spaceOf(collection), key);
    for (const family of FAMILIES_FOR.get(collection) ?? []) this.#stale.add(family, key);
    for (const [family, { along }] of RELATIONS_OF.get(collection) ?? [])
      for (const unit of this.#store.idsOf(along, key)) this.#stale.add(family, unit);
  }

  /** A pod of the node has arrived with the first list of pods: what was derived from the node's pods waits for the others. */
  #podIsListed(collection: Collection, node: string): void {
    const at = this.#now + LIST_WAIT_MS;
    this.#tracker.changedLater(spaceOf(collection), node, at, PODS_LISTED);
    for (const family of FAMILIES_FOR.get(collection) ?? [])
      if (this.#records.has(family.name, node)) this.#tracker.schedule(family.name, node, at, PODS_LISTED);
      else this.#stale.add(family, node);
  }

  #makeStale(name: string, key: string): void {
    if (this.#queries.stale(name, key)) return;
    const family = FAMILY_OF.get(name);
    if (family === undefined) throw new Error(`no family is named ${name}`);
    this.#stale.add(family, key);
  }

  #takeSources({ sources }: Reduced): void {
    if (!this.#store.isAwaited(PODS)) this.#tracker.advanced(PODS_LISTED, this.#now, null);
    for (const [id, source] of sources) {
      this.#records.pending.put('sources', source);
      const answeredAt = this.#store.answeredAt(id);
      if (answeredAt === null) continue;
      // Every node waits for the pod watch at the same time, so its readers run over several ticks.
      this.#tracker.advanced(id, answeredAt, id === PODS ? this.#now : null);
      if (id === ENIS) this.#store.histories.ec2AnsweredAsOf(answeredAt);
    }
  }

  /** Runs stale units until none is left. */
  *#run(): Generator<undefined, void> {
    let ran = 0;
    for (let unit = this.#nextUnit(); unit !== null; unit = this.#nextUnit()) {
      this.#runUnit(...unit);
      if (++ran % UNITS_PER_STEP === 0) yield;
    }
  }

  #nextUnit(): readonly [family: Family, key: string] | null {
    // Refresh answers first: whether a unit is stale may depend on them.
    this.#queries.refresh();
    return this.#stale.take();
  }

  #runUnit(family: Family, key: string): void {
    const { name, of, relations = [] } = family;
    const trace = newTrace();
    const exists = of.some((collection) => this.#store.has(collection, key));
    const { records, contribution } = exists
      ? family.derive(this.#readerOf(trace, { of, key, relations }), key)
      : NOTHING;
    this.#tracker.record(name, key, trace);
    const differs = this.#records.replace(name, key, records);
    if (family.isOfPods === true) {
      // If the pod has moved, the change of its fact has already marked its previous node as stale.
      const node = differs ? this.#store.nodeOfPod(key) : null;
      if (node !== null) this.#changed('recordsOfPods', node);
    } else this.#store.contributions.replace(`${name} ${key}`, contribution);
  }

  #commit(tables: Delta['tables'] | null, cluster: ClusterInfo | undefined): Change | null {
    if (tables === null && cluster === undefined) return null;
    this.replica.apply(tables ?? {}, cluster, this.#records.nextState);
    return withoutAges(tables ?? {}, cluster);
  }
}

function lastOf<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Ages are sent as heartbeats, so a source whose `asOf` alone changed is no change for viewers. */
function withoutAges(tables: Delta['tables'], cluster: ClusterInfo | undefined): Change | null {
  const { sources, ...others } = tables;
  const patch = sources?.patch.filter(({ set }) => !equal(Object.keys(set), ['asOf'])) ?? [];
  const kept = sources !== undefined && sources.put.length + patch.length + sources.drop.length > 0;
  const shown = kept ? { sources: { ...sources, patch }, ...others } : others;
  if (Object.keys(shown).length === 0 && cluster === undefined) return null;
  return cluster === undefined ? { tables: shown } : { cluster, tables: shown };
}
