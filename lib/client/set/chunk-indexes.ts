/**
 * The indexes over records in chunks. Records of a node or pod are in that node's chunk. Members of networks, which are
 * spread over the cluster, are counted on arrival. Owners of an address are searched for, because normally only the
 * server answers such queries.
 */
import { TABLES, type RecordMaps } from '../../model/records';
import { indexKeysOf, type Indexes } from '../../records/indexes';
import type { Index } from '../../records/multi-map';
import type { IndexName } from '../../model/schema/tables';
import { CHUNKED, type ChunkIndexName } from './chunk';
import type { ChunkRouter } from './chunk-router';
import type { ChunkStore } from './chunk-store';
import type { HeadFacts } from './head-facts';

type ChunkIndexes = Pick<
  Indexes,
  ChunkIndexName | 'interfacesByNetwork' | 'interfacesByEni' | 'attachmentsByNetwork' | 'ownersByIp' | 'ownersByMac'
>;

const NOTHING: ReadonlySet<string> = new Set();

/** An index that supports only look-ups by key. */
const byKey = (get: (key: string) => ReadonlySet<string> | undefined): Index => {
  const unlisted = (): never => {
    throw new Error('the keys of this index are not listed');
  };
  return {
    get,
    idsOf: (key) => get(key) ?? NOTHING,
    has: (key) => get(key) !== undefined,
    keys: unlisted,
    get size() {
      return unlisted();
    },
  };
};

/** The indexes of a chunked record set. */
export function chunkIndexes(
  store: ChunkStore,
  router: ChunkRouter,
  records: RecordMaps,
  head: HeadFacts,
): ChunkIndexes {
  /** `before`: what the head contains about a node whose chunk has not arrived. */
  const onNode = (name: ChunkIndexName, before?: (node: string) => readonly { readonly id: string }[]): Index =>
    byKey((node) => {
      const number = store.knownNumber(node);
      if (number === undefined) return undefined;
      const chunk = store.chunkAt(number);
      const found = store.index(chunk, name).get(node);
      const early = chunk.here ? [] : (before?.(node) ?? []);
      return early.length === 0 ? found : new Set([...early.map(({ id }) => id), ...(found ?? [])]);
    });
  const searched = (name: IndexName): Index =>
    byKey((key) => {
      const found = new Set<string>();
      for (const table of TABLES) {
        if (!CHUNKED.some((one) => one === table)) continue;
        for (const record of records[table].values())
          indexKeysOf(table, record as never, (index, value) => {
            if (index === name && value === key) found.add(record.id);
          });
      }
      return found.size === 0 ? undefined : found;
    });
  return {
    podsByNode: onNode('podsByNode', (node) => head.pods.on(node)),
    interfacesByNode: onNode('interfacesByNode'),
    hostNicsByNode: onNode('hostNicsByNode', (node) => head.nics.on(node)),
    attachmentsByNode: onNode('attachmentsByNode'),
    interfacesByPod: byKey((pod) => {
      const chunk = router.chunkOf('pods', pod);
      return chunk === undefined ? undefined : store.index(chunk, 'interfacesByPod').get(pod);
    }),
    interfacesByNetwork: byKey((network) => {
      const size = router.tallies.interfacesIn(network);
      return size === 0 ? undefined : new NetworkMembers(network, size, router, records);
    }),
    interfacesByEni: searched('interfacesByEni'),
    attachmentsByNetwork: searched('attachmentsByNetwork'),
    ownersByIp: searched('ownersByIp'),
    ownersByMac: searched('ownersByMac'),
  };
}

/** The interfaces of a network. Size and membership are known; listing them reads every chunk. */
class NetworkMembers extends Set<string> {
  readonly #network: string;
  readonly #size: number;
  readonly #router: ChunkRouter;
  readonly #records: RecordMaps;

  constructor(network: string, size: number, router: ChunkRouter, records: RecordMaps) {
    super();
    this.#network = network;
    this.#size = size;
    this.#router = router;
    this.#records = records;
  }

  override get size(): number {
    return this.#size;
  }

  override has(id: string): boolean {
    return this.#router.isIn(this.#network, id);
  }

  override *values(): SetIterator<string> {
    for (const { id, network } of this.#records.interfaces.values()) if (network === this.#network) yield id;
  }

  override [Symbol.iterator](): SetIterator<string> {
    return this.values();
  }
}
