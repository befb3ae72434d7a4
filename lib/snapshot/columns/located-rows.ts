/**
 * Reads from columns only what locates each record: its id, its node and, for an interface, its network. Creating the
 * records takes several times as long, and a page needs few of them.
 */
import { mayAwaitAddress } from '../../model/awaits-address';
import { podId } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import type { ValueOf } from '../../model/schema/shape';
import type { ParseLike } from './alike';
import { decodeColumn, decodeElements, decodeField } from './codec';
import { INTERFACES_ALIKE } from './interface-row';
import { idOf, predictedName, predictedNetwork } from './interfaces';
import { unpackAttachment, unpackHostNic } from './node-parts';
import { NODE_ROWS, type NodeTable } from './node-rows';
import type { PackedNodeTables } from './node-tables';
import type { NodeList } from './nodes';
import { nameOfPod, PODS_ALIKE, unpackPod } from './pods';

interface Located {
  readonly id: string;
  readonly node: string | null;
}

/** The records of some nodes, as far as they locate them. */
export interface LocatedTables {
  readonly pods: readonly (Located & Pick<PodRecord, 'namespace'>)[];
  readonly interfaces: readonly LocatedInterface[];
  readonly enis: readonly Located[];
  readonly hostNics: readonly Located[];
  readonly attachments: readonly Located[];
  /** Pods that may be waiting for an address. */
  readonly unaddressed: readonly PodRecord[];
}

interface LocatedInterface extends Located {
  readonly network: string;
  readonly hostNic: string | null;
  /** Whether it has an address, but is on no ENI. */
  readonly isLoose: boolean;
}

interface LocatedPod extends Located, Pick<PodRecord, 'namespace' | 'name' | 'ips' | 'requested'> {
  readonly mayAwait: boolean;
}

type Row<T extends NodeTable> = ValueOf<(typeof NODE_ROWS)[T]>;

/** What every table is read with. */
interface Reading {
  readonly packed: PackedNodeTables;
  readonly nodes: NodeList;
  readonly words: readonly string[];
  readonly parse: ParseLike;
}

function column<T extends NodeTable, K extends string & keyof Row<T>>(
  table: T,
  name: K,
  { packed, words }: Reading,
): readonly Row<T>[K][] {
  const [rows, columns] = packed[table];
  return rows === 0 ? [] : (decodeField(NODE_ROWS[table], columns, name, rows, words) as Row<T>[K][]);
}

function rowsOf<T extends NodeTable>(table: T, { packed, words }: Reading): readonly Row<T>[] {
  const [rows, columns] = packed[table];
  return decodeColumn(NODE_ROWS[table], columns, rows, words) as Row<T>[];
}

/** Gives the ids, nodes and networks that `decodeNodeTables` gives. `words` and `parse` are shared by all chunks. */
export function locateRows(
  packed: PackedNodeTables,
  nodes: NodeList,
  words: readonly string[],
  parse: ParseLike,
): LocatedTables {
  const reading: Reading = { packed, nodes, words, parse };
  const pods = locatePods(reading);
  const nodeAt = column('enis', 'nodeAt', reading);
  return {
    pods,
    interfaces: locateInterfaces(pods, reading),
    enis: column('enis', 'id', reading).map((id, row) => ({ id, node: nodes.at(nodeAt[row] ?? null) })),
    hostNics: rowsOf('hostNics', reading).map((row) => unpackHostNic(row, nodes)),
    attachments: rowsOf('attachments', reading).map((row) => unpackAttachment(row, nodes)),
    unaddressed: pods.some(({ mayAwait }) => mayAwait)
      ? rowsOf('pods', reading)
          .filter((_, row) => pods[row]?.mayAwait === true)
          .map((row) => unpackPod(PODS_ALIKE.unpack(row, parse), nodes))
      : [],
  };
}

function locatePods(reading: Reading): readonly LocatedPod[] {
  const names = column('pods', 'name', reading);
  const ids = column('pods', 'id', reading);
  const nodeAt = column('pods', 'nodeAt', reading);
  const ips = column('pods', 'ips', reading);
  return column('pods', 'like', reading).map((like, row) => {
    const common = PODS_ALIKE.commonOf(like, reading.parse);
    const { namespace, requested } = common;
    const name = nameOfPod(common, names[row] ?? '');
    const own = ips[row] ?? [];
    return {
      id: ids[row] ?? podId(namespace, name),
      namespace,
      name,
      node: reading.nodes.at(nodeAt[row] ?? null),
      ips: own,
      requested,
      mayAwait: mayAwaitAddress({ ...common, ips: own }),
    };
  });
}

function locateInterfaces(pods: readonly LocatedPod[], reading: Reading): readonly LocatedInterface[] {
  const [, enis] = reading.packed.enis;
  const onEnis = new Set(enis === null ? [] : decodeElements(NODE_ROWS.enis, enis, ['addresses', 'ip'], reading.words));
  const ids = column('interfaces', 'id', reading);
  const podAt = column('interfaces', 'podAt', reading);
  const nodeAt = column('interfaces', 'nodeAt', reading);
  const ips = column('interfaces', 'ips', reading);
  const eni = column('interfaces', 'eni', reading);
  const hostNic = column('interfaces', 'hostNic', reading);
  return column('interfaces', 'like', reading).map((like, row) => {
    const { nodeSame, eniSame, nameSame, name, networkSame, network, requestIndex } = INTERFACES_ALIKE.commonOf(
      like,
      reading.parse,
    );
    const pod = pods[podAt[row] ?? -1];
    const [first] = ips[row] ?? pod?.ips ?? [];
    const isOnEni = eniSame ? onEnis.has(first) : eni[row] != null;
    return {
      id: ids[row] ?? idOf(pod, nameSame ? predictedName(pod, requestIndex) : name) ?? '',
      node: nodeSame ? (pod?.node ?? null) : reading.nodes.at(nodeAt[row] ?? null),
      network: (networkSame ? predictedNetwork(pod, requestIndex) : network) ?? '',
      hostNic: hostNic[row] ?? null,
      isLoose: first !== undefined && !isOnEni,
    };
  });
}
