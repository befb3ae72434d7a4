/**
 * The pods, interfaces and ENIs of a few nodes: columns as received, plus later changes. Records are decoded on demand
 * and dropped again.
 */
import type { Delta, RecordPatch, TableDelta } from '../../model/delta';
import type { RecordByTable } from '../../model/records';
import { keptFor } from '../../model/remembered';
import { applyTable } from '../../records/apply';
import { squash } from '../../records/squash';

/** The tables that grow with the number of pods. All others are small and held as records. */
export const CHUNKED = ['pods', 'interfaces', 'enis', 'hostNics', 'attachments'] as const;
export type ChunkedTable = (typeof CHUNKED)[number];
export type ChunkedRecord = RecordByTable[ChunkedTable];
export type ChunkedPatch = RecordPatch<ChunkedTable>;

/** Whether the records of a table are in chunks. */
export const isChunked = (table: string): table is ChunkedTable => CHUNKED.some((one) => one === table);

/** The records of one chunk. */
export type ChunkRecords = { readonly [T in ChunkedTable]: ReadonlyMap<string, RecordByTable[T]> };
type LiveRecords = { readonly [T in ChunkedTable]: Map<string, RecordByTable[T]> };

/** Decodes the records of a chunk; the same bytes give equal records. */
export type DecodeChunk = (columns: Uint8Array) => ChunkRecords;

/** Changes of the chunked tables. */
export type ChunkDelta = { readonly [T in ChunkedTable]?: TableDelta<T> };

/** Called for changed records of chunks held as records. `before` is undefined for a new record, `after` for a removed one. */
export type ChunkListener = <T extends ChunkedTable>(
  table: T,
  id: string,
  before: RecordByTable[T] | undefined,
  after: RecordByTable[T] | undefined,
) => void;

const asDelta = (tables: ChunkDelta): Delta => ({ epoch: '', from: 0, to: 0, at: 0, tables });

/** A single change equivalent to both in order. */
const squashed = (first: ChunkDelta | null, second: ChunkDelta): ChunkDelta =>
  first === null ? second : squash(asDelta(first), asDelta(second)).tables;

/** Removals kept before those of records that the columns do not have are forgotten. */
const MAX_DROPS = 256;

const emptyRecords = (): LiveRecords => ({
  pods: new Map(),
  interfaces: new Map(),
  enis: new Map(),
  hostNics: new Map(),
  attachments: new Map(),
});

/** Record ids of a chunk by owner. */
export type ChunkIndex = ReadonlyMap<string, ReadonlySet<string>>;

const GROUPS = {
  podsByNode: (records: LiveRecords) => group(records.pods, ({ node }) => node),
  interfacesByNode: (records: LiveRecords) => group(records.interfaces, ({ node }) => node),
  interfacesByPod: (records: LiveRecords) => group(records.interfaces, ({ pod }) => pod),
  hostNicsByNode: (records: LiveRecords) => group(records.hostNics, ({ node }) => node),
  attachmentsByNode: (records: LiveRecords) => group(records.attachments, ({ node }) => node),
} as const;
/** An index within a chunk. */
export type ChunkIndexName = keyof typeof GROUPS;

function group<R>(records: ReadonlyMap<string, R>, keyOf: (record: R) => string | null): ChunkIndex {
  const found = new Map<string, Set<string>>();
  for (const [id, record] of records) {
    const key = keyOf(record);
    if (key === null) continue;
    keptFor(found, key, () => new Set<string>()).add(id);
  }
  return found;
}

export class Chunk {
  /** Whether the columns have arrived; until then only later changes are known. */
  here = false;
  /** Incremented with every change of a record. */
  revision = 0;
  #columns: Uint8Array | null = null;
  /** The changes since the columns were made. */
  #since: ChunkDelta | null = null;
  /** Number of removals in `#since` above which it is reduced. */
  #maxDrops = MAX_DROPS;
  #live: LiveRecords | null = null;
  readonly #indexes = new Map<ChunkIndexName, ChunkIndex>();

  get isLive(): boolean {
    return this.#live !== null;
  }

  get since(): ChunkDelta | null {
    return this.#since;
  }

  /** Sets the columns; null for a chunk without initial records. Changes known so far happened after them. */
  arrive(columns: Uint8Array | null): void {
    this.here = true;
    this.#columns = columns;
    this.revision++;
    this.forget();
  }

  apply(delta: ChunkDelta, decode: DecodeChunk, listener: ChunkListener): void {
    this.revision++;
    this.#since = squashed(this.#since, delta);
    this.#indexes.clear();
    if (this.#live !== null) applyTo(this.#live, delta, listener);
    if (this.here && countDrops(this.#since) > this.#maxDrops) this.#reduce(decode, this.#since);
  }

  /** Forgets the removal of records that came after the columns, so that a page open for days does not list them all. */
  #reduce(decode: DecodeChunk, since: ChunkDelta): void {
    const base: ChunkRecords = this.#columns === null ? emptyRecords() : decode(this.#columns);
    this.#since = Object.fromEntries(
      CHUNKED.flatMap((table) => {
        const change = since[table];
        return change === undefined
          ? []
          : [[table, { ...change, drop: change.drop.filter((id) => base[table].has(id)) }]];
      }),
    );
    this.#maxDrops = countDrops(this.#since) + MAX_DROPS;
  }

  /** A record received whole since the columns; undefined for any other. */
  wholeOf<T extends ChunkedTable>(table: T, id: string): RecordByTable[T] | undefined {
    const change: TableDelta<T> | undefined = this.#since?.[table];
    return change?.put.find((record) => record.id === id);
  }

  hasWhole(table: ChunkedTable, id: string): boolean {
    return this.wholeOf(table, id) !== undefined;
  }

  /** All current records. */
  records(decode: DecodeChunk): ChunkRecords {
    if (this.#live === null) {
      const made = this.#columns === null ? emptyRecords() : copied(decode(this.#columns));
      if (this.#since !== null) applyTo(made, this.#since, () => undefined);
      this.#live = made;
    }
    return this.#live;
  }

  index(name: ChunkIndexName, decode: DecodeChunk): ChunkIndex {
    return keptFor(this.#indexes, name, () => {
      this.records(decode);
      return GROUPS[name](this.#live ?? emptyRecords());
    });
  }

  /** Frees the records; the next access decodes them again. */
  forget(): void {
    this.#live = null;
    this.#indexes.clear();
  }
}

const countDrops = (delta: ChunkDelta): number =>
  CHUNKED.reduce((sum, table) => sum + (delta[table]?.drop.length ?? 0), 0);

const copied = ({ pods, interfaces, enis, hostNics, attachments }: ChunkRecords): LiveRecords => ({
  pods: new Map(pods),
  interfaces: new Map(interfaces),
  enis: new Map(enis),
  hostNics: new Map(hostNics),
  attachments: new Map(attachments),
});

function applyTo(records: LiveRecords, delta: ChunkDelta, listener: ChunkListener): void {
  for (const table of CHUNKED) {
    const change = delta[table] as TableDelta<ChunkedTable> | undefined;
    const into = records[table] as Map<string, RecordByTable[ChunkedTable]>;
    if (change !== undefined)
      applyTable<ChunkedTable>(table, into, change, (id, before, after) => listener(table, id, before, after));
  }
}
