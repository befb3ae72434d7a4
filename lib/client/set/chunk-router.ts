/**
 * Routes every change to the chunk that has or will have the record: by the known ids of arrived chunks, and by changes
 * kept for chunks that have not arrived. Keeps the totals.
 */
import { mayAwaitAddress } from '../../model/awaits-address';
import type { RecordPatch, TableDelta } from '../../model/delta';
import { idParts } from '../../model/ids';
import type { EniRecord, HostNicRecord, InterfaceRecord, PodRecord, RecordByTable } from '../../model/records';
import { applyPatch } from '../../records/apply';
import { CHUNKED, type Chunk, type ChunkDelta, type ChunkedTable } from './chunk';
import { NO_NODE, standsOnNoEni, type ChunkEntries } from './chunk-entries';
import type { ChunkStore } from './chunk-store';
import type { EarlyChanges } from './early';
import type { EniOutlines } from './eni-outlines';
import type { HeadFacts } from './head-facts';
import { hashOf, IdTable, type Hash } from './id-table';
import { Outbox } from './outbox';
import { Tallies } from './tallies';

interface Entered {
  readonly gone: ReadonlySet<string>;
  /** Patches of records that were received before the records. */
  readonly patches: readonly (readonly [ChunkedTable, RecordPatch<ChunkedTable>])[];
}

type Any = RecordByTable[ChunkedTable];
type AnyPatch = RecordPatch<ChunkedTable>;

const namespaceOf = (pod: string): string => idParts(pod)[0] ?? '';

/** Fields that the whole picture depends on. */
const MATTERS: Readonly<Record<ChunkedTable, readonly string[]>> = {
  pods: ['ips', 'phase', 'deleting', 'hostNetwork', 'node'],
  interfaces: ['eni', 'ips', 'hostNic', 'node'],
  enis: [],
  hostNics: ['vfs', 'node'],
  attachments: [],
};

interface RouterParts {
  readonly store: ChunkStore;
  readonly enis: EniOutlines;
  readonly head: HeadFacts;
  readonly early: EarlyChanges;
  /** Number of records of each table in all chunks. */
  readonly sizes: Readonly<Record<ChunkedTable, number>>;
  readonly inPrefixMode: (node: string | null) => boolean;
}

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
  /** ENIs moved to a node of another chunk while the chunk that has them has not arrived. */
  readonly #moves = new Map<Chunk, Set<string>>();
  /** ENIs whose height must be computed again. */
  readonly #unmeasured = new Set<string>();

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#store = parts.store;
    this.#enis = parts.enis;
    this.#early = parts.early;
    this.#sizes = { ...parts.sizes };
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
  }

  /** A chunk of nodes has arrived: its columns and entries. */
  arrive(part: number, columns: Uint8Array, entries: ChunkEntries): void {
    const chunk = this.#store.arrive(part, columns);
    const out = new Outbox();
    const { gone, patches } = this.#enter(chunk, entries, out);
    for (const [namespace, count] of entries.namespaces) this.tallies.countPods(namespace, count);
    for (const id of gone) if (id.startsWith('pod:')) this.tallies.countPods(namespaceOf(id), -1);
    const { unaddressed, loose } = this.tallies;
    for (const id of entries.unaddressed)
      if (!gone.has(id)) unaddressed.set(id, this.#store.nodeAt(this.numberOf(id) ?? NO_NODE), true);
    for (const [id, on, nic] of entries.loose) if (!gone.has(id)) loose.set(id, on, nic);
    for (const [table, patch] of patches) this.#patch(table, patch, out);
    this.#send(out);
    for (const { id } of chunk.since?.enis?.patch ?? []) this.#unmeasured.add(id);
    this.#moveNow(chunk);
    this.#afterArrival();
  }

  /** The next records without a node (or with one that is not in the head), as of the keyframe. */
  arriveRest(records: { readonly [T in ChunkedTable]: readonly RecordByTable[T][] }): void {
    const out = new Outbox();
    for (const eni of records.enis) this.#beginEni(eni, out);
    for (const table of CHUNKED) {
      if (table === 'enis') continue;
      const list: readonly Any[] = records[table];
      for (const record of list) this.#begin(table, record, out);
    }
    this.#send(out);
    this.#store.restCame();
    this.#afterArrival();
  }

  #begin(table: ChunkedTable, base: Any, out: Outbox): void {
    const hash = hashOf(base.id);
    const early = this.#early.take(hash);
    if (early?.patch === null) {
      this.#sizes[table]--;
      return;
    }
    const record = early === null ? base : applyPatch(table, base, early.patch as AnyPatch);
    this.#enterWhole(table, record, hash, out);
  }

  /** An ENI has arrived whose outline came with the head. */
  #beginEni(base: EniRecord, out: Outbox): void {
    if (!this.#restEnis.delete(base.id)) return;
    const hash = hashOf(base.id);
    const patch = this.#early.take(hash)?.patch as RecordPatch<'enis'> | undefined;
    const record = patch === undefined ? base : applyPatch('enis', base, patch);
    this.#enterWhole('enis', record, hash, out);
    if (patch !== undefined) this.#enis.put(record);
  }

  /** Enters the ids of a chunk. `gone`: records that have been removed or are older than a known one. */
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
          if (early !== null) patches.push([table, early.patch as AnyPatch]);
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
    const moves = this.#moves.get(chunk);
    if (moves === undefined) return;
    this.#moves.delete(chunk);
    const out = new Outbox();
    for (const id of moves) {
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
    this.#moves.get(held)?.delete(id);
    if (table !== 'enis') return;
    this.#restEnis.delete(id);
    this.#enis.drop(id);
  }

  #put(table: ChunkedTable, record: Any, out: Outbox): void {
    const hash = hashOf(record.id);
    const before = this.#ids.nodeOf(hash);
    if (before === undefined) {
      this.#sizes[table]++;
      if (this.#store.missing > 0 && table !== 'enis') this.#early.end(hash, table, record.id);
    } else {
      const held = this.#holder(table, record.id, before);
      if (held !== this.#store.chunkAt(this.#store.numberOf(record.node))) out.to(held, table).drop.push(record.id);
      this.#moves.get(held)?.delete(record.id);
      this.#forget(table, record.id, hash, before);
    }
    this.#enterWhole(table, record, hash, out);
    if (table !== 'enis') return;
    this.#restEnis.delete(record.id);
    this.#enis.put(record as EniRecord);
  }

  #enterWhole(table: ChunkedTable, record: Any, hash: Hash, out: Outbox): void {
    const number = this.#store.numberOf(record.node);
    out.to(this.#store.chunkAt(number), table).put.push(record);
    this.#know(table, hash, number, table === 'interfaces' ? this.#networkNumber(record as InterfaceRecord) : 0);
    this.#judge(table, record);
    if (table !== 'pods') return;
    this.#parts.head.pods.delete(record.id);
    this.tallies.countPods((record as PodRecord).namespace, 1);
  }

  #patch(table: ChunkedTable, patch: AnyPatch, out: Outbox): void {
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
    if (moved) this.#moves.set(held, (this.#moves.get(held) ?? new Set<string>()).add(patch.id));
    else this.#moves.get(held)?.delete(patch.id);
    out.to(held, table).patch.push(patch);
    const mark = this.#ids.markOf(hash) ?? 0;
    if (table === 'interfaces') this.tallies.interfaces.add(mark, before, -1);
    const { network } = set;
    this.#know(table, hash, number, network === undefined ? mark : this.#networkNumber({ network }));
    this.#judgePatch(table, patch, held);
  }

  /** Patches a record that has not arrived: only the head's facts about it are known. */
  #patchEarly(table: ChunkedTable, hash: Hash, patch: AnyPatch): void {
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
    if (table === 'enis') for (const [chunk, ids] of this.#moves) if (ids.has(id)) return chunk;
    return this.#store.chunkAt(number);
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
    if (table === 'interfaces') {
      this.tallies.interfaces.add(mark, number, -1);
      this.tallies.loose.delete(id);
    } else if (table === 'pods') {
      this.tallies.unaddressed.delete(id);
      this.tallies.countPods(namespaceOf(id), -1);
    }
  }

  /** Updates what the whole picture needs of a record. */
  #judge(table: ChunkedTable, record: Any): void {
    const { loose, unaddressed } = this.tallies;
    const { id, node } = record;
    if (table === 'pods') {
      if (mayAwaitAddress(record as PodRecord)) unaddressed.set(id, node, true);
      else unaddressed.delete(id);
    } else if (table === 'interfaces') {
      if (standsOnNoEni(record as InterfaceRecord)) loose.set(id, node, (record as InterfaceRecord).hostNic);
      else loose.delete(id);
    } else if (table === 'hostNics') this.#judgeNic(record as HostNicRecord);
  }

  #judgeNic(nic: HostNicRecord): void {
    const { nics } = this.#parts.head;
    if (nic.vfs !== null || !this.#enis.indexes.enisByNode.has(nic.node)) nics.set(nic);
    else nics.delete(nic.id);
  }

  /** The same after a patch; reads the record only when the patch is not enough. */
  #judgePatch(table: ChunkedTable, patch: AnyPatch, held: Chunk): void {
    const drawn = table === 'hostNics' ? this.#parts.head.nics.get(patch.id) : undefined;
    if (drawn !== undefined) this.#judgeNic(applyPatch('hostNics', drawn, patch as RecordPatch<'hostNics'>));
    if (drawn !== undefined || !MATTERS[table].some((field) => field in patch.set)) return;
    const { eni, ips, phase, deleting } = patch.set as Partial<InterfaceRecord & PodRecord>;
    const hasAddress = ips !== undefined && ips.length > 0;
    if (table === 'pods' && (hasAddress || deleting === true || (phase !== undefined && phase !== 'Pending')))
      this.tallies.unaddressed.delete(patch.id);
    else if (table === 'interfaces' && ((eni !== undefined && eni !== null) || ips?.length === 0))
      this.tallies.loose.delete(patch.id);
    else {
      const before = this.#read(held, table, patch.id);
      if (before !== undefined) this.#judge(table, applyPatch(table, before, patch));
    }
  }

  /** A record of a chunk; one received whole since is returned without decoding the chunk. */
  #read(chunk: Chunk, table: ChunkedTable, id: string): Any | undefined {
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
