/** The ways to walk the record set that views, rules and lookups share; kept up to date record by record. Keys are record ids unless said. */
import type { RecordByTable, Table } from '../model/records';
import { IdIndex, type ReadonlyIdIndex } from './id-index';

interface Entry<T extends Table> {
  readonly table: T;
  /** The keys under which a record stands. */
  readonly keys: (record: RecordByTable[T]) => readonly (string | null)[];
}

const entry = <T extends Table>(table: T, keys: Entry<T>['keys']): Entry<T> => ({ table, keys });

const INDEXES = {
  enisByNode: [entry('enis', (eni) => [eni.node])],
  enisBySubnet: [entry('enis', (eni) => [eni.subnet])],
  branchesByTrunk: [entry('enis', (eni) => [eni.trunk])],
  cardsByNode: [entry('networkCards', (card) => [card.node])],
  hostNicsByNode: [entry('hostNics', (nic) => [nic.node])],
  podsByNode: [entry('pods', (pod) => [pod.node])],
  interfacesByNode: [entry('interfaces', (face) => [face.node])],
  interfacesByPod: [entry('interfaces', (face) => [face.pod])],
  interfacesByEni: [entry('interfaces', (face) => [face.eni])],
  interfacesByNetwork: [entry('interfaces', (face) => [face.network])],
  attachmentsByNode: [entry('attachments', (attachment) => [attachment.node])],
  attachmentsByNetwork: [entry('attachments', (attachment) => [attachment.network])],
  findingsBySubject: [entry('findings', (finding) => finding.subjects)],
  signalsBySubject: [entry('signals', (signal) => [signal.subject])],
  /** Canonical address → ENIs and interfaces that carry it. */
  ownersByIp: [entry('enis', (eni) => eni.addresses.map(({ ip }) => ip)), entry('interfaces', (face) => face.ips)],
  /** Canonical MAC → ENIs and interfaces that carry it. */
  ownersByMac: [entry('enis', (eni) => [eni.mac]), entry('interfaces', (face) => [face.mac])],
} as const;

export type IndexName = keyof typeof INDEXES;
export type Indexes = { readonly [N in IndexName]: ReadonlyIdIndex };

interface Route {
  readonly index: IdIndex;
  readonly keys: (record: never) => readonly (string | null)[];
}

export interface MutableIndexes {
  readonly indexes: Indexes;
  /** One record of a table went from `before` to `after`. */
  update<T extends Table>(table: T, before: RecordByTable[T] | undefined, after: RecordByTable[T] | undefined): void;
  clear(): void;
}

export function createIndexes(): MutableIndexes {
  const routes = new Map<Table, Route[]>();
  const indexes = {} as { [N in IndexName]: IdIndex };
  for (const name of Object.keys(INDEXES) as IndexName[]) {
    const index = new IdIndex();
    indexes[name] = index;
    for (const { table, keys } of INDEXES[name]) routes.set(table, [...(routes.get(table) ?? []), { index, keys }]);
  }
  return {
    indexes,
    update(table, before, after) {
      for (const { index, keys } of routes.get(table) ?? []) {
        const read = keys as (record: object) => readonly (string | null)[];
        const old = before === undefined ? [] : read(before);
        const now = after === undefined ? [] : read(after);
        if (old.length === 1 && now.length === 1 && old[0] === now[0]) continue;
        const kept = new Set(now);
        if (before !== undefined)
          for (const key of old) if (key !== null && !kept.has(key)) index.remove(key, before.id);
        if (after !== undefined) for (const key of now) if (key !== null) index.add(key, after.id);
      }
    },
    clear() {
      for (const index of Object.values(indexes)) index.clear();
    },
  };
}
