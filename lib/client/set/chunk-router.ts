/**
 * Routes every change to the chunk of its record: by known ids, or waiting until that chunk has arrived. Maintains the
 * totals.
 */
import type { RecordPatch, TableDelta } from '../../model/delta';
import { idParts } from '../../model/ids';
import type { EniRecord, InterfaceRecord, PodRecord, RecordByTable } from '../../model/records';
import { applyPatch } from '../../records/apply';
import {
  CHUNKED,
  type Chunk,
  type ChunkDelta,
  type ChunkedPatch,
  type ChunkedRecord,
  type ChunkedTable,
} from './chunk';
import { NO_NODE, type ChunkEntries } from './chunk-entries';
import type { ChunkStore } from './chunk-store';
import type { EarlyChanges } from './early';
import { EniMoves } from './eni-moves';
import type { EniOutlines } from './eni-outlines';
import type { HeadFacts } from './head-facts';
import { hashOf, IdTable, type Hash } from './id-table';
import { Outbox } from './outbox';
import { PictureFacts } from './picture-facts';
import { Tallies } from './tallies';

interface Entered {
  readonly gone: ReadonlySet<string>;
  /** Patches of records that were received before the records. */
  readonly patches: readonly (readonly [ChunkedTable, ChunkedPatch])[];
}

const namespaceOf = (pod: string): string => idParts(pod)[0] ?? '';

interface RouterParts {
  readonly store: ChunkStore;
  readonly enis: EniOutlines;
  readonly head: HeadFacts;
  readonly early: EarlyChanges;
  /** Number of records of each table in all chunks. */
  readonly sizes: Readonly<Record<ChunkedTable, number>>;
  readonly inPrefixMode: (node: string | null) => boolean;
}

/** The router of one record set. */
export class ChunkRouter {
  readonly tallies = new Tallies();
  readonly #parts: RouterParts;
  readonly #store: ChunkStore;
  readonly #enis: EniOutlines;
  readonly #early: EarlyChanges;
  readonly #ids = new IdTable();
  readonly #sizes: Record<ChunkedTable, number>;
  /** ENIs of the head that arrive with the records without a node. */
  readonly #restEnis = new Set<string>();
  readonly #moves = new EniMoves();
  readonly #picture: PictureFacts;
  /** ENIs whose height must be computed again. */
  readonly #unmeasured = new Set<string>();
  /** Numbers of nodes that a record has left. */
  readonly #left = new Set<number>();

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#store = parts.store;
    this.#enis = parts.enis;
    this.#early = parts.early;
    this.#sizes = { ...parts.sizes };
    this.#picture = new PictureFacts({
      tallies: this.tallies,
      head: parts.head,
      hasEnis: (node) => parts.enis.indexes.enisByNode.has(node),
    });
    for (const { id, node } of parts.enis.all()) {
      if (node === null || this.#store.knownNumber(node) === undefined) this.#restEnis.add(id);
      else this.#ids.set(hashOf(id), this.#store.numberOf(node), 0);
    }
    for (const id of this.#restEnis)
      this.#ids.set(hashOf(id), this.#store.numberOf(parts.enis.get(id)?.node ?? null), 0);
    for (const [node, { networks }] of parts.head.sums()) {
      const number = this.#store.numberOf(node);
      for (const { network, count } of networks)
        this.tallies.interfaces.add(this.tallies.networkNumber(network), number, count);
    }
  }

  sizeOf(table: ChunkedTable): number {
    return this.#sizes[table];
  }

  /** The number of the record's node; undefined for an unknown record. */
  numberOf(id: string): number | undefined {
    return this.#ids.nodeOf(hashOf(id));
  }

  /** The chunk that has a record; undefined for an unknown record. */
  chunkOf(table: ChunkedTable, id: string): Chunk | undefined {
    const number = this.numberOf(id);
    return number === undefined ? undefined : this.#holder(table, id, number);
  }

  /** Whether the interface is in the network. */
  isIn(network: string, id: string): boolean {
    const number = this.tallies.knownNetwork(network);
    return number !== undefined && id.startsWith('if:') && this.#ids.markOf(hashOf(id)) === number;
  }

  apply(delta: ChunkDelta): void {
    const out = new Outbox();
    for (const table of CHUNKED) this.#route(table, delta, out);
    this.#send(out);
    this.#measure();
    this.#release();
  }

  /** Frees the numbers of nodes without records; while chunks arrive, their records may follow. */
  #release(): void {
    if (this.#store.missing > 0) return;
    for (const number of this.#left) if (this.#ids.countOf(number) === 0) this.#store.release(number);
    this.#left.clear();
  }

  /** A chunk of nodes has arrived: its columns and entries. */
  arrive(part: number, columns: Uint8Array, entries: ChunkEntries): void {
    const chunk = this.#store.arrive(part, columns);
    const out = new Outbox();
    const { gone, patches } = this.#enter(chunk, entries, out);
    for (const [namespace, count] of entries.namespaces) this.tallies.countPods(namespace, count);
    for (const id of gone) if (id.startsWith('pod:')) this.tallies.countPods(namespaceOf(id), -1);
    this.#picture.arrived(entries, gone);
    for (const [table, patch] of patches) this.#patch(table, patch, out);
    this.#send(out);
    this.#moveNow(chunk);
    this.#afterArrival();
  }

  /** Adds records without a node (or with one that is not in the head), as of the keyframe. */
  arriveRest(records: { readonly [T in ChunkedTable]: readonly RecordByTable[T][] }): void {
    const out = new Outbox();
    for (const eni of records.enis) this.#beginEni(eni, out);
    for (const table of CHUNKED) {
      if (table === 'enis') continue;
      const list: readonly ChunkedRecord[] = records[table];
      for (const record of list) this.#begin(table, record, out);
    }
    this.#send(out);
    this.#store.restCame();
    this.#afterArrival();
  }

  #begin(table: ChunkedTable, base: ChunkedRecord, out: Outbox): void {
    const hash = hashOf(base.id);
    const early = this.#early.take(hash);
    if (early?.patch === null) {
      this.#sizes[table]--;
      return;
    }
    const record = early === null ? base : applyPatch(table, base, early.patch as ChunkedPatch);
    this.#enterWhole(table, record, hash, out);
  }

  /** An ENI has arrived whose outline was in the head. */
  #beginEni(base: EniRecord, out: Outbox): void {
    if (!this.#restEnis.delete(base.id)) return;
    const hash = hashOf(base.id);
    const patch = this.#early.take(hash)?.patch as RecordPatch<'enis'> | undefined;
    const record = patch === undefined ? base : applyPatch('enis', base, patch);
    this.#enterWhole('enis', record, hash, out);
    if (patch !== undefined) this.#enis.put(record);
  }

  /** Enters the ids of a chunk. `gone`: records that have been removed or are older than a known version. */
  #enter(chunk: Chunk, entries: ChunkEntries, out: Outbox): Entered {
    const networks = this.tallies.numbersOf(entries);
    const gone = new Set<string>();
    const patches: Entered['patches'][number][] = [];
    let at = 0;
    CHUNKED.forEach((table, place) => {
      const end = at + (entries.counts[place] ?? 0);
      for (; at < end; at++) {
        // ENIs were counted with the head.
        if (table === 'enis') continue;
        const hash: Hash = [entries.high[at] ?? 0, entries.low[at] ?? 0];
        const node = entries.node[at] ?? NO_NODE;
        const network = networks[entries.network[at] ?? 0] ?? 0;
        const early = this.#early.size === 0 ? null : this.#early.take(hash);
        if (early === null || early.patch !== null) {
          if (early !== null) patches.push([table, early.patch as ChunkedPatch]);
          this.#ids.set(hash, node, network);
          continue;
        }
        gone.add(early.id);
        this.#sizes[table]--;
        // It was counted with the head.
        if (table === 'interfaces') this.tallies.interfaces.add(network, node, -1);
        // The newer record may be in this same chunk, and then takes precedence.
        const newer = this.#ids.nodeOf(hash);
        if (newer === undefined || this.#store.chunkAt(newer) !== chunk) out.to(chunk, table).drop.push(early.id);
      }
    });
    return { gone, patches };
  }

  /** Moves the ENIs that changed chunks before this one arrived. */
  #moveNow(chunk: Chunk): void {
    const out = new Outbox();
    for (const id of this.#moves.take(chunk)) {
      const number = this.numberOf(id);
      const record = this.#store.records(chunk).enis.get(id);
      if (number === undefined || record === undefined) continue;
      out.to(chunk, 'enis').drop.push(id);
      out.to(this.#store.chunkAt(number), 'enis').put.push(record);
    }
    this.#send(out);
  }

  #afterArrival(): void {
    if (this.#store.missing === 0) this.#early.clear();
    this.#measure();
  }

  #send(out: Outbox): void {
    for (const [chunk, part] of out.parts()) this.#store.apply(chunk, part);
  }

  #route(table: ChunkedTable, delta: ChunkDelta, out: Outbox): void {
    const change = delta[table] as TableDelta<ChunkedTable> | undefined;
    if (change === undefined) return;
    for (const id of change.drop) this.#drop(table, id, out);
    for (const record of change.put) this.#put(table, record, out);
    for (const patch of change.patch) this.#patch(table, patch, out);
  }

  #drop(table: ChunkedTable, id: string, out: Outbox): void {
    const { head } = this.#parts;
    if (table === 'hostNics') head.nics.delete(id);
    if (table === 'pods') head.pods.delete(id);
    const hash = hashOf(id);
    const number = this.#ids.nodeOf(hash);
    if (number === undefined) {
      if (this.#store.missing === 0 || table === 'enis') return;
      this.#early.end(hash, table, id);
      return;
    }
    this.#sizes[table]--;
    const held = this.#holder(table, id, number);
    this.#forget(table, id, hash, number);
    out.to(held, table).drop.push(id);
    this.#moves.cancel(held, id);
    if (table !== 'enis') return;
    this.#restEnis.delete(id);
    this.#enis.drop(id);
  }

  #put(table: ChunkedTable, record: ChunkedRecord, out: Outbox): void {
    const hash = hashOf(record.id);
    const before = this.#ids.nodeOf(hash);
    if (before === undefined) {
      this.#sizes[table]++;
      if (this.#store.missing > 0 && table !== 'enis') this.#early.end(hash, table, record.id);
    } else {
      const held = this.#holder(table, record.id, before);
      if (held !== this.#store.chunkAt(this.#store.numberOf(record.node))) out.to(held, table).drop.push(record.id);
      this.#moves.cancel(held, record.id);
      this.#forget(table, record.id, hash, before);
    }
    this.#enterWhole(table, record, hash, out);
    if (table !== 'enis') return;
    this.#restEnis.delete(record.id);
    this.#enis.put(record as EniRecord);
  }

  #enterWhole(table: ChunkedTable, record: ChunkedRecord, hash: Hash, out: Outbox): void {
    const number = this.#store.numberOf(record.node);
    out.to(this.#store.chunkAt(number), table).put.push(record);
    this.#know(table, hash, number, table === 'interfaces' ? this.#networkNumber(record as InterfaceRecord) : 0);
    this.#picture.put(table, record);
    if (table !== 'pods') return;
    this.#parts.head.pods.delete(record.id);
    this.tallies.countPods((record as PodRecord).namespace, 1);
  }

  #patch(table: ChunkedTable, patch: ChunkedPatch, out: Outbox): void {
    const hash = hashOf(patch.id);
    const before = this.#ids.nodeOf(hash);
    if (before === undefined) {
      this.#patchEarly(table, hash, patch);
      return;
    }
    const set = patch.set as Partial<InterfaceRecord & PodRecord>;
    if (table === 'enis' && this.#enis.patch(patch as RecordPatch<'enis'>, this.#parts.inPrefixMode))
      this.#unmeasured.add(patch.id);
    const number = set.node === undefined ? before : this.#store.numberOf(set.node);
    if (table === 'enis' && this.#restEnis.has(patch.id)) {
      this.#early.patch(hash, table, patch);
      this.#ids.set(hash, number, 0);
      return;
    }
    const held = this.#holder(table, patch.id, before);
    const moved = this.#store.chunkAt(number) !== held;
    if (moved && (held.here || held.hasWhole(table, patch.id))) {
      const record = this.#read(held, table, patch.id);
      if (record !== undefined) this.#put(table, applyPatch(table, record, patch), out);
      return;
    }
    if (moved) this.#moves.wait(held, patch.id);
    else this.#moves.cancel(held, patch.id);
    out.to(held, table).patch.push(patch);
    const mark = this.#ids.markOf(hash) ?? 0;
    this.#left.add(before);
    if (table === 'interfaces') this.tallies.interfaces.add(mark, before, -1);
    const { network } = set;
    this.#know(table, hash, number, network === undefined ? mark : this.#networkNumber({ network }));
    this.#picture.patch(table, patch, () => this.#read(held, table, patch.id));
  }

  /** Patches a record that has not arrived: only the head's facts about it are known. */
  #patchEarly(table: ChunkedTable, hash: Hash, patch: ChunkedPatch): void {
    if (this.#store.missing === 0 || table === 'enis') return;
    this.#early.patch(hash, table, patch);
    const { pods, nics } = this.#parts.head;
    const pod = table === 'pods' ? pods.get(patch.id) : undefined;
    if (pod !== undefined) pods.set(applyPatch('pods', pod, patch as RecordPatch<'pods'>));
    const nic = table === 'hostNics' ? nics.get(patch.id) : undefined;
    if (nic !== undefined) nics.set(applyPatch('hostNics', nic, patch as RecordPatch<'hostNics'>));
  }

  /** The chunk that has a record: its node's, except for an ENI waiting to be moved. */
  #holder(table: ChunkedTable, id: string, number: number): Chunk {
    return (table === 'enis' ? this.#moves.holderOf(id) : undefined) ?? this.#store.chunkAt(number);
  }

  #networkNumber({ network }: Pick<InterfaceRecord, 'network'>): number {
    return this.tallies.networkNumber(network);
  }

  #know(table: ChunkedTable, hash: Hash, number: number, network: number): void {
    this.#ids.set(hash, number, network);
    if (table === 'interfaces') this.tallies.interfaces.add(network, number, 1);
  }

  #forget(table: ChunkedTable, id: string, hash: Hash, number: number): void {
    const mark = this.#ids.markOf(hash) ?? 0;
    this.#ids.delete(hash);
    this.#left.add(number);
    this.#picture.drop(table, id);
    if (table === 'interfaces') this.tallies.interfaces.add(mark, number, -1);
    else if (table === 'pods') this.tallies.countPods(namespaceOf(id), -1);
  }

  /** A record of a chunk; one received whole since is returned without decoding the chunk. */
  #read(chunk: Chunk, table: ChunkedTable, id: string): ChunkedRecord | undefined {
    return (chunk.isLive ? undefined : chunk.wholeOf(table, id)) ?? this.#store.records(chunk)[table].get(id);
  }

  #measure(): void {
    for (const id of this.#unmeasured) {
      if (this.#restEnis.has(id)) continue;
      const chunk = this.chunkOf('enis', id);
      if (chunk?.here === false) continue;
      this.#unmeasured.delete(id);
      const record = chunk === undefined ? undefined : this.#store.records(chunk).enis.get(id);
      if (record !== undefined) this.#enis.put(record);
    }
  }
}
