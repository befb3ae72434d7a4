/**
 * The state of the serving role: the versions of the record set, as received from the collecting role.
 *
 * - Version n + 1 is version n plus one delta.
 * - The ages and lags of sources are stored separately from the records and make no version, because they change every
 * second.
 * - Listeners run after the commit is complete, in the order in which they were added, and must not throw.
 */
import type { Delta } from '../../model/delta';
import { sourceNow, type Ages, type Lags } from '../../model/lag';
import { TABLES, type ClusterInfo, type RecordMaps, type SourceRecord } from '../../model/records';
import { createReplica } from '../../records/replica';
import { squashAll } from '../../records/squash';
import type { Clock } from './clock';
import type { Position } from './position';
import { createRing, type Ring } from './ring';
import type { Committed } from './roles';

const LEAST_RING_BYTES = 4 * 2 ** 20;
const RING_BYTES_A_RECORD = 40;

/**
 * Maximum bytes of deltas that are kept for a set of this many records. More changes are answered with a reset, because
 * the compressed full set is smaller and applied faster. A large set takes longer to load, and 100 changes a second exceed
 * the minimum within half a minute, so more is kept there.
 */
export const ringBytesOf = (records: number): number => Math.max(LEAST_RING_BYTES, RING_BYTES_A_RECORD * records);

/** Settings of a store. */
export interface StoreOptions {
  /** Letters and digits; new with every server start. */
  readonly epoch: string;
  readonly clock: Clock;
  /** Maximum bytes of the ring of deltas, by the number of records; `ringBytesOf` by default. */
  readonly ringBytes?: (records: number) => number;
}

/** The changes since a position: none, one squashed delta, or too many, so that the full set must be loaded. */
export type Since =
  | { readonly kind: 'current' }
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'reset'; readonly reason: string };

const TOO_FAR_BACK = 'that is further back than the server remembers';

/** The versions of one record set. */
export class Store {
  readonly epoch: string;
  readonly replica = createReplica();
  readonly #options: StoreOptions;
  readonly #ring: Ring = createRing();
  readonly #listeners = new Set<() => void>();
  #ages: Ages = {};
  #lags: Lags = {};
  #version = 0;

  constructor(options: StoreOptions) {
    this.epoch = options.epoch;
    this.#options = options;
  }

  get version(): number {
    return this.#version;
  }

  /** Estimated bytes in the ring of deltas. */
  get ringBytes(): number {
    return this.#ring.bytes;
  }

  /** `asOf` of every source, newer than the source records. */
  get ages(): Ages {
    return this.#ages;
  }

  /** The lags of the sources; empty for a file. */
  get lags(): Lags {
    return this.#lags;
  }

  /** The current sources, with the newest ages and lags. */
  sources(): SourceRecord[] {
    return [...this.replica.records.sources.values()].map((source) => sourceNow(source, this.#ages, this.#lags));
  }

  /** The clock of the records: the server's, or for a file the time it was taken. Epoch milliseconds. */
  now(): number {
    return this.#options.clock.now();
  }

  /** Replaces the record set: one version, and a reset for every viewer. */
  reset(records: RecordMaps, cluster: ClusterInfo): void {
    this.replica.reset(records, cluster);
    this.#ages = Object.fromEntries([...records.sources.values()].map((source) => [source.id, source.asOf]));
    this.#ring.clear();
    this.#advance();
  }

  /** Adds the next version. */
  commit({ tables, cluster }: Committed): void {
    const { epoch } = this;
    const from = this.#version;
    this.replica.apply(tables, cluster);
    const change = { ...(cluster === undefined ? {} : { cluster }), tables };
    this.#ring.push({ epoch, from, to: from + 1, at: this.now(), ...change }, this.#maxRingBytes);
    this.#advance();
  }

  setAges(ages: Ages): void {
    this.#ages = ages;
  }

  setLags(lags: Lags): void {
    this.#lags = lags;
  }

  /** Why no delta leads on from `position`; null if one does, or nothing has changed. Costs nothing, unlike `since`. */
  resetReason({ epoch, version }: Position): string | null {
    if (epoch !== this.epoch) return 'the server was restarted since';
    if (version > this.#version) return 'this server has not reached that version';
    return this.distanceFrom(version) === null ? TOO_FAR_BACK : null;
  }

  /** The changes from `position` to version `to` (the newest by default). */
  since(position: Position, to = this.#version): Since {
    const reason = this.resetReason(position);
    if (reason !== null) return { kind: 'reset', reason };
    if (position.version >= to) return { kind: 'current' };
    const span = this.#ring.span(position.version, to);
    if (span === null) return { kind: 'reset', reason: TOO_FAR_BACK };
    const delta = squashAll(span);
    return delta === null ? { kind: 'current' } : { kind: 'delta', delta };
  }

  /**
   * The distance to a version, as a fraction of what the ring keeps. Null: no delta leads on from it.
   */
  distanceFrom(version: number): number | null {
    if (version === this.#version) return 0;
    const bytes = this.#ring.bytesFrom(version);
    return bytes === null ? null : bytes / this.#maxRingBytes;
  }

  /** Calls `listener` after every commit, until the returned function is called. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get #maxRingBytes(): number {
    const { records } = this.replica;
    const { ringBytes = ringBytesOf } = this.#options;
    return ringBytes(TABLES.reduce((sum, table) => sum + records[table].size, 0));
  }

  #advance(): void {
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }
}
