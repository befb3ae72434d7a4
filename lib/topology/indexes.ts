/**
 * The exact indexes over a record set: who belongs to whom, and who carries an address or a MAC.
 *
 * Kept by the replica as deltas are applied. Keys and values are record ids, but for the keys of `ownersByIp` (canonical
 * address) and `ownersByMac` (six lower-case octets). A key without ids is not there.
 */
import type { EniRecord, InterfaceRecord, RecordByTable, Table } from '../model/records';
import { MultiMap, type Index } from './multi-map';

export type { Index } from './multi-map';

const NAMES = [
  'enisByNode',
  'cardsByNode',
  'podsByNode',
  'interfacesByNode',
  'interfacesByPod',
  'interfacesByEni',
  'interfacesByNetwork',
  'attachmentsByNode',
  'attachmentsByNetwork',
  'branchesByTrunk',
  'hostNicsByNode',
  'enisBySubnet',
  'findingsBySubject',
  'signalsBySubject',
  'ownersByIp',
  'ownersByMac',
] as const;

type IndexName = (typeof NAMES)[number];

export type Indexes = { readonly [N in IndexName]: Index };

type Emit = (index: IndexName, key: string) => void;

const byNode =
  (index: IndexName) =>
  (record: { readonly node: string | null }, emit: Emit): void => {
    if (record.node !== null) emit(index, record.node);
  };

/** Under which keys a record stands. */
const KEYS: { readonly [T in Table]?: (record: RecordByTable[T], emit: Emit) => void } = {
  networkCards: byNode('cardsByNode'),
  hostNics: byNode('hostNicsByNode'),
  pods: byNode('podsByNode'),
  enis: keysOfEni,
  attachments: (record, emit) => {
    emit('attachmentsByNode', record.node);
    emit('attachmentsByNetwork', record.network);
  },
  interfaces: keysOfInterface,
  signals: (record, emit) => emit('signalsBySubject', record.subject),
  findings: (record, emit) => {
    for (const subject of record.subjects) emit('findingsBySubject', subject);
  },
};

function keysOfEni(record: EniRecord, emit: Emit): void {
  if (record.node !== null) emit('enisByNode', record.node);
  if (record.trunk !== null) emit('branchesByTrunk', record.trunk);
  if (record.subnet !== null) emit('enisBySubnet', record.subnet);
  if (record.mac !== null) emit('ownersByMac', record.mac);
  for (const address of record.addresses) emit('ownersByIp', address.ip);
}

function keysOfInterface(record: InterfaceRecord, emit: Emit): void {
  if (record.node !== null) emit('interfacesByNode', record.node);
  emit('interfacesByPod', record.pod);
  emit('interfacesByNetwork', record.network);
  if (record.eni !== null) emit('interfacesByEni', record.eni);
  if (record.mac !== null) emit('ownersByMac', record.mac);
  for (const ip of record.ips) emit('ownersByIp', ip);
}

export class MutableIndexes {
  readonly #maps = Object.fromEntries(NAMES.map((name) => [name, new MultiMap()])) as Record<IndexName, MultiMap>;

  get view(): Indexes {
    return this.#maps;
  }

  /** Moves a record's keys from its state before to its state after; either may be undefined. */
  move<T extends Table>(
    table: T,
    id: string,
    before: RecordByTable[T] | undefined,
    after: RecordByTable[T] | undefined,
  ): void {
    const keysOf = KEYS[table];
    if (keysOf === undefined) return;
    if (before === undefined || after === undefined) {
      if (before !== undefined) keysOf(before, (index, key) => this.#maps[index].remove(key, id));
      if (after !== undefined) keysOf(after, (index, key) => this.#maps[index].add(key, id));
      return;
    }
    // Most changes move no key: only what differs is touched.
    const old = new Set<string>();
    keysOf(before, (index, key) => old.add(`${index} ${key}`));
    keysOf(after, (index, key) => {
      if (!old.delete(`${index} ${key}`)) this.#maps[index].add(key, id);
    });
    for (const entry of old) {
      const space = entry.indexOf(' ');
      this.#maps[entry.slice(0, space) as IndexName].remove(entry.slice(space + 1), id);
    }
  }

  clear(): void {
    for (const map of Object.values(this.#maps)) map.clear();
  }
}
