/**
 * The indexes of a record set: relations between records, and the owners of an address or a MAC.
 *
 * The replica updates them with every delta. Keys and values are record ids, except the keys of `ownersByIp` (canonical
 * address) and `ownersByMac` (six lower-case octets). A key without ids is removed.
 */
import { isHiddenAddress } from '../model/hidden-address';
import type { RecordByTable, Table } from '../model/records';
import { RECORDS, perTable, type IndexName } from '../model/schema/tables';
import { MultiMap, type Index } from './multi-map';

export type { Index } from './multi-map';

/** All indexes by name. What each one maps is declared in `lib/model/schema`. */
export type Indexes = { readonly [N in IndexName]: Index };

/**
 * Where a record holds its keys: in the field itself (a text or a list of texts), or in a field of the field's object
 * or of each entry of its list.
 */
interface KeyPath {
  readonly index: IndexName;
  readonly field: string;
  readonly entryField: string | null;
}

const pathsOf = (indexes: object): readonly KeyPath[] =>
  (Object.entries(indexes) as [IndexName, string][]).map(([index, path]) => {
    const [field = '', entryField = null] = path.split('.');
    return { index, field, entryField };
  });

const PATHS = perTable((table) => pathsOf(RECORDS[table].indexes));

const NAMES = new Set(Object.values(PATHS).flatMap((paths) => paths.map(({ index }) => index)));

type Emit = (index: IndexName, key: string) => void;
type Fields = Readonly<Record<string, unknown>>;

function emitKey(index: IndexName, value: string | null | Fields, field: string | null, emit: Emit): void {
  const key = value === null || typeof value === 'string' ? value : value[field ?? ''];
  // Many records have the same stand-in.
  if (typeof key === 'string' && !isHiddenAddress(key)) emit(index, key);
}

/** Calls `emit` for every key of a record. */
function keysOf(paths: readonly KeyPath[], record: object, emit: Emit): void {
  for (const { index, field, entryField } of paths) {
    const value = (record as Fields)[field] as string | null | Fields | readonly (string | Fields)[];
    if (!Array.isArray(value)) emitKey(index, value as string | null | Fields, entryField, emit);
    else for (const entry of value as readonly (string | Fields)[]) emitKey(index, entry, entryField, emit);
  }
}

/** Calls `emit` for every key of the record in every index. */
export function indexKeysOf<T extends Table>(table: T, record: RecordByTable[T], emit: Emit): void {
  keysOf(PATHS[table], record, emit);
}

type IndexKey = readonly [index: IndexName, key: string];

const sameIndexKeys = (a: readonly IndexKey[], b: readonly IndexKey[]): boolean =>
  a.length === b.length && a.every(([index, key], at) => index === b[at]?.[0] && key === b[at][1]);

const includesKey = (places: readonly IndexKey[], [index, key]: IndexKey): boolean =>
  places.some((place) => place[0] === index && place[1] === key);

/** Up to this many keys are compared pairwise; beyond that, comparing strings is cheaper. */
const MAX_COMPARED_PAIRWISE = 256;

/** Whether an index contains the records of a table. */
export type IsIndexed = (table: Table, index: IndexName) => boolean;

/** The indexes and their only update operation, `move`. Readers get `view`. */
export class MutableIndexes {
  readonly #paths: Readonly<Record<Table, readonly KeyPath[]>>;
  readonly #maps = Object.fromEntries([...NAMES].map((name) => [name, new MultiMap()])) as Record<IndexName, MultiMap>;

  constructor(isIndexed: IsIndexed = () => true) {
    this.#paths = perTable((table) => PATHS[table].filter(({ index }) => isIndexed(table, index)));
  }

  get view(): Indexes {
    return this.#maps;
  }

  /** Replaces the record's previous keys by its current ones; `before` or `after` may be undefined. */
  move<T extends Table>(
    table: T,
    id: string,
    before: RecordByTable[T] | undefined,
    after: RecordByTable[T] | undefined,
  ): void {
    const paths = this.#paths[table];
    if (paths.length === 0) return;
    if (before === undefined || after === undefined) {
      if (before !== undefined) keysOf(paths, before, (index, key) => this.#maps[index].remove(key, id));
      if (after !== undefined) keysOf(paths, after, (index, key) => this.#maps[index].append(key, id));
      return;
    }
    // Most changes move no key: both states then yield the same keys in the same order.
    const old: IndexKey[] = [];
    keysOf(paths, before, (index, key) => old.push([index, key]));
    const now: IndexKey[] = [];
    keysOf(paths, after, (index, key) => now.push([index, key]));
    if (sameIndexKeys(old, now)) return;
    if (old.length * now.length <= MAX_COMPARED_PAIRWISE) {
      for (const place of old) if (!includesKey(now, place)) this.#maps[place[0]].remove(place[1], id);
    } else {
      const kept = new Set(now.map(([index, key]) => `${index} ${key}`));
      for (const [index, key] of old) if (!kept.has(`${index} ${key}`)) this.#maps[index].remove(key, id);
    }
    // Adding an existing key is a no-op.
    for (const [index, key] of now) this.#maps[index].add(key, id);
  }

  clear(): void {
    for (const map of Object.values(this.#maps)) map.clear();
  }
}
