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
  'nodesByEniConfigSubnet',
  'ipPoolsByNetwork',
  'findingsBySubject',
  'signalsBySubject',
  'ownersByIp',
  'ownersByMac',
] as const;

export type IndexName = (typeof NAMES)[number];

export type Indexes = { readonly [N in IndexName]: Index };

type Emit = (index: IndexName, key: string) => void;

const byNode =
  (index: IndexName) =>
  (record: { readonly node: string | null }, emit: Emit): void => {
    if (record.node !== null) emit(index, record.node);
  };

/** Under which keys a record stands. */
const KEYS: { readonly [T in Table]?: (record: RecordByTable[T], emit: Emit) => void } = {
  nodes: ({ eniConfig }, emit) => {
    if (eniConfig?.subnet != null) emit('nodesByEniConfigSubnet', eniConfig.subnet);
  },
  ipPools: ({ networks }, emit) => {
    for (const network of networks) emit('ipPoolsByNetwork', network);
  },
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

/** Calls `emit` for every key of every index under which the record stands. */
export function placesOf<T extends Table>(table: T, record: RecordByTable[T], emit: Emit): void {
  KEYS[table]?.(record, emit);
}

type Place = readonly [index: IndexName, key: string];

const samePlaces = (a: readonly Place[], b: readonly Place[]): boolean =>
  a.length === b.length && a.every(([index, key], at) => index === b[at]?.[0] && key === b[at][1]);

const stands = (places: readonly Place[], [index, key]: Place): boolean =>
  places.some((place) => place[0] === index && place[1] === key);

/** Pairs that are compared one by one; with more, texts are cheaper. */
const FEW = 256;

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
    // Most changes move no key, and then both states name the same ones in the same order.
    const old: Place[] = [];
    keysOf(before, (index, key) => old.push([index, key]));
    const now: Place[] = [];
    keysOf(after, (index, key) => now.push([index, key]));
    if (samePlaces(old, now)) return;
    if (old.length * now.length <= FEW) {
      for (const place of old) if (!stands(now, place)) this.#maps[place[0]].remove(place[1], id);
    } else {
      const kept = new Set(now.map(([index, key]) => `${index} ${key}`));
      for (const [index, key] of old) if (!kept.has(`${index} ${key}`)) this.#maps[index].remove(key, id);
    }
    // Adding what is there already does nothing.
    for (const [index, key] of now) this.#maps[index].add(key, id);
  }

  clear(): void {
    for (const map of Object.values(this.#maps)) map.clear();
  }
}
