/** Applies batches to the store. Applying a batch twice changes nothing the second time. */
import type { FactKind } from '../../model/facts';
import type { Batch, Observation } from '../../model/observation';
import type { ClusterInfo, SourceRecord } from '../../model/records';
import { equal } from '../../model/equal';
import type { FactStore } from './store';

/** Maximum number of facts applied per step. */
const FACTS_PER_STEP = 200;

type ReplaceAll = Extract<Observation, { readonly op: 'replaceAll' }>;

const uidOf = (fact: unknown): string | null => {
  const uid = (fact as { readonly uid?: unknown }).uid;
  return typeof uid === 'string' && uid !== '' ? uid : null;
};

/** The content of a batch besides its facts. */
export interface Reduced {
  /** The whole cluster record, if anything in it changed. */
  cluster: ClusterInfo | undefined;
  /** Sources with a change, by id. */
  readonly sources: Map<string, SourceRecord>;
}

/** Applies observations to the store of facts. */
export class Reducer {
  readonly #store: FactStore;
  #cluster: ClusterInfo;

  constructor(store: FactStore, cluster: ClusterInfo) {
    this.#store = store;
    this.#cluster = cluster;
  }

  /** Yields every few hundred facts. */
  *reduce({ at, isFromFiles = false, observations }: Batch): Generator<undefined, Reduced> {
    const reduced: Reduced = { cluster: undefined, sources: new Map() };
    let taken = 0;
    for (const observation of observations) {
      switch (observation.op) {
        case 'replaceAll':
          yield* this.#replaceAll(observation, at);
          break;
        case 'keepOnly':
          this.#store.keepOnly(observation.kind, observation.scope, observation.keys, at);
          break;
        case 'upsert':
          if (++taken % FACTS_PER_STEP === 0) yield;
          this.#store.put(observation.kind, observation.scope, observation.key, observation.fact, at);
          break;
        case 'remove':
          this.#remove(observation.kind, observation.scope, observation.key, observation.uid, at);
          break;
        case 'status': {
          const source = this.#store.setSource(observation.source);
          if (source !== null) reduced.sources.set(source.id, source);
          break;
        }
        case 'cluster': {
          const next = { ...this.#cluster, ...observation.cluster };
          if (equal(next, this.#cluster)) break;
          reduced.cluster = this.#cluster = next;
          this.#store.vpc = next.vpcId;
        }
      }
      const isList = observation.op === 'replaceAll' || observation.op === 'keepOnly';
      // Deletions before this list may have been missed.
      if (isList && observation.kind === 'pod' && !isFromFiles) this.#store.watchingSince = at;
    }
    return reduced;
  }

  *#replaceAll({ kind, scope, facts }: ReplaceAll, at: number): Generator<undefined, void> {
    const listed = new Set<string>();
    for (const [key, fact] of facts) {
      listed.add(key);
      this.#store.put(kind, scope, key, fact, at);
      if (listed.size % FACTS_PER_STEP === 0) yield;
    }
    this.#store.keepOnly(kind, scope, listed, at);
  }

  /** A late delete of an older object with the same name is ignored. */
  #remove(kind: FactKind, scope: string, key: string, uid: string | null, at: number): void {
    const fact = this.#store.in(kind, scope, key);
    if (fact !== undefined && (uid === null || uidOf(fact) === uid)) this.#store.put(kind, scope, key, undefined, at);
  }
}
