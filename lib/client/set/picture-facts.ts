/**
 * What the whole picture shows of individual pods, interfaces and host NICs: pods without an address, interfaces on no
 * ENI, and the host NICs that are drawn. Follows every change without decoding a chunk, unless a patch alone is not
 * sufficient.
 */
import { mayAwaitAddress } from '../../model/awaits-address';
import type { RecordPatch } from '../../model/delta';
import type { HostNicRecord, InterfaceRecord, PodRecord } from '../../model/records';
import { applyPatch } from '../../records/apply';
import type { ChunkedPatch, ChunkedRecord, ChunkedTable } from './chunk';
import { standsOnNoEni, type ChunkEntries } from './chunk-entries';
import type { HeadFacts } from './head-facts';
import type { Tallies } from './tallies';

/** Fields that the whole picture depends on. */
const MATTERS: Readonly<Record<ChunkedTable, readonly string[]>> = {
  pods: ['ips', 'phase', 'deleting', 'hostNetwork', 'node'],
  interfaces: ['eni', 'ips', 'hostNic', 'node'],
  enis: [],
  hostNics: ['vfs', 'node'],
  attachments: [],
};

interface PictureFactsParts {
  readonly tallies: Tallies;
  readonly head: HeadFacts;
  readonly hasEnis: (node: string) => boolean;
}

/** The facts of one record set; stored in its tallies and its head. */
export class PictureFacts {
  readonly #parts: PictureFactsParts;

  constructor(parts: PictureFactsParts) {
    this.#parts = parts;
  }

  /** Applies a chunk that has arrived, except for the records in `gone`. */
  arrived(entries: ChunkEntries, gone: ReadonlySet<string>): void {
    const { unaddressed, loose } = this.#parts.tallies;
    for (const pod of entries.unaddressed) if (!gone.has(pod.id)) unaddressed.set(pod.id, pod.node, pod);
    for (const [id, node, nic] of entries.loose) if (!gone.has(id)) loose.set(id, node, nic);
  }

  /** Applies a whole record, new or changed. */
  put(table: ChunkedTable, record: ChunkedRecord): void {
    const { loose, unaddressed } = this.#parts.tallies;
    const { id, node } = record;
    if (table === 'pods') {
      if (mayAwaitAddress(record as PodRecord)) unaddressed.set(id, node, record as PodRecord);
      else unaddressed.delete(id);
    } else if (table === 'interfaces') {
      if (standsOnNoEni(record as InterfaceRecord)) loose.set(id, node, (record as InterfaceRecord).hostNic);
      else loose.delete(id);
    } else if (table === 'hostNics') this.#putNic(record as HostNicRecord);
  }

  /** Applies a patch. `read` returns the previous record, and is called only if the patch alone is not sufficient. */
  patch(table: ChunkedTable, patch: ChunkedPatch, read: () => ChunkedRecord | undefined): void {
    const drawn = table === 'hostNics' ? this.#parts.head.nics.get(patch.id) : undefined;
    if (drawn !== undefined) this.#putNic(applyPatch('hostNics', drawn, patch as RecordPatch<'hostNics'>));
    const waiting = table === 'pods' ? this.#parts.tallies.unaddressed.get(patch.id) : undefined;
    if (waiting !== undefined) this.put('pods', applyPatch('pods', waiting, patch as RecordPatch<'pods'>));
    if (drawn !== undefined || waiting !== undefined || !MATTERS[table].some((field) => field in patch.set)) return;
    const { eni, ips, phase, deleting } = patch.set as Partial<InterfaceRecord & PodRecord>;
    const hasAddress = ips !== undefined && ips.length > 0;
    // Such a pod is not waiting now, and was not waiting before.
    if (table === 'pods' && (hasAddress || deleting === true || (phase !== undefined && phase !== 'Pending'))) return;
    if (table === 'interfaces' && ((eni !== undefined && eni !== null) || ips?.length === 0))
      this.#parts.tallies.loose.delete(patch.id);
    else {
      const before = read();
      if (before !== undefined) this.put(table, applyPatch(table, before, patch));
    }
  }

  /** The record is gone. */
  drop(table: ChunkedTable, id: string): void {
    if (table === 'interfaces') this.#parts.tallies.loose.delete(id);
    else if (table === 'pods') this.#parts.tallies.unaddressed.delete(id);
  }

  #putNic(nic: HostNicRecord): void {
    const { head, hasEnis } = this.#parts;
    if (nic.vfs !== null || !hasEnis(nic.node)) head.nics.set(nic);
    else head.nics.delete(nic.id);
  }
}
