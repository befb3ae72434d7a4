/**
 * A record set without muted findings, so that every mark, count and list leaves them out. Loaded with the first mute.
 */
import type { FindingRecord } from '../model/records';
import type { Index } from '../records/indexes';
import { muteFor, mutesOf, type Mute } from '../view/muted';
import type { PageReplica } from './client-state';

/** A live view of a map without some of its entries. */
class Selected<V> implements ReadonlyMap<string, V> {
  readonly #all: ReadonlyMap<string, V>;
  /** The value to show; undefined hides the entry. */
  readonly #keep: (value: V) => V | undefined;

  constructor(all: ReadonlyMap<string, V>, keep: (value: V) => V | undefined) {
    this.#all = all;
    this.#keep = keep;
  }

  get size(): number {
    let size = 0;
    for (const value of this.#all.values()) if (this.#keep(value) !== undefined) size++;
    return size;
  }

  get(key: string): V | undefined {
    const value = this.#all.get(key);
    return value === undefined ? undefined : this.#keep(value);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[string, V]> {
    for (const [key, value] of this.#all) {
      const selected = this.#keep(value);
      if (selected !== undefined) yield [key, selected];
    }
  }

  *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(each: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) each(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }
}

/** An index without some of its ids; a key without remaining ids is absent. */
function indexOfSelected(all: Index, isSelected: (id: string) => boolean): Index {
  const get = (key: string): ReadonlySet<string> | undefined => {
    const ids = [...all.idsOf(key)].filter(isSelected);
    return ids.length === 0 ? undefined : new Set(ids);
  };
  return {
    get,
    idsOf: (key) => get(key) ?? [],
    has: (key) => get(key) !== undefined,
    *keys() {
      for (const key of all.keys()) if (get(key) !== undefined) yield key;
    },
    get size() {
      return [...this.keys()].length;
    },
  };
}

function withoutMuted(replica: PageReplica, mutes: ReadonlyMap<string, Mute>): PageReplica {
  const { findings } = replica.records;
  const isMuted = (finding: FindingRecord): boolean => muteFor(mutes, finding) !== undefined;
  const shown = new Selected(findings, (finding) => (isMuted(finding) ? undefined : finding));
  const muted = new Selected(findings, (finding) => (isMuted(finding) ? finding : undefined));
  const bySubject = indexOfSelected(replica.indexes.findingsBySubject, (id) => shown.has(id));
  // Everything else is inherited from the replica, including its getters.
  return Object.create(replica, {
    records: { value: { ...replica.records, findings: shown } },
    indexes: { value: { ...replica.indexes, findingsBySubject: bySubject } },
    muted: { value: muted },
  }) as PageReplica;
}

/** Returns a view of a record set without muted findings. `texts`: the mutes as in the URL. */
export function throughMutes(texts: readonly string[]): (replica: PageReplica) => PageReplica {
  const mutes = mutesOf(texts);
  return (replica) => (mutes.size === 0 ? replica : withoutMuted(replica, mutes));
}
