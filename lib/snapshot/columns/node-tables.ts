/**
 * The tables that grow with the number of pods, as columns. Values that follow from another record (an interface's node
 * from its pod, an address's holder) are left out. Such references stay within the same columns; anything else is
 * written in full. Decoding gives the same records, except for pod uids.
 */
import { ipv4ToNumber } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { AttachmentRecord, EniRecord, HostNicRecord, InterfaceRecord, PodRecord } from '../../model/records';
import type { ValueOf } from '../../model/schema/shape';
import type { ParseLike } from './alike';
import { decodeColumn, encodeColumn } from './codec';
import { ENIS_ALIKE, placeOnNode } from './eni-row';
import { fillHolders, holders, packEni, unpackEni } from './enis';
import type { UnheldEni } from './enis';
import { INTERFACES_ALIKE } from './interface-row';
import { interfaceContext, packInterface, unpackInterface } from './interfaces';
import { packAttachment, packHostNic, unpackAttachment, unpackHostNic } from './node-parts';
import { NODE_ROWS, type NodeTable, type PackedTable } from './node-rows';
import type { NodeList } from './nodes';
import { PODS_ALIKE, packPod, unpackPod } from './pods';
import type { SharedWords } from './shared';

/** Records of some nodes, or those without a node. */
export interface NodeTables {
  readonly enis: readonly EniRecord[];
  readonly pods: readonly PodRecord[];
  readonly interfaces: readonly InterfaceRecord[];
  readonly hostNics: readonly HostNicRecord[];
  readonly attachments: readonly AttachmentRecord[];
}

/** The encoded tables. */
export type PackedNodeTables = Readonly<Record<NodeTable, PackedTable>>;

/** Encodes the tables. `nodes` must contain every node that the records refer to. */
export function encodeNodeTables(tables: NodeTables, nodes: NodeList, words: SharedWords): PackedNodeTables {
  const pods = inWireOrder(tables.pods, nodes, firstIp);
  const enis = inWireOrder(tables.enis, nodes, placeOnNode);
  const context = interfaceContext(pods, enis, nodes);
  const interfaces = tables.interfaces
    .map((one) => ({ one, at: context.podAt.get(one.pod) ?? pods.length }))
    .sort((a, b) => a.at - b.at || byCodeUnit(a.one.id, b.one.id))
    .map(({ one }) => one);
  const holder = holders(interfaces);
  const packed = (table: NodeTable, rows: readonly unknown[]): PackedTable =>
    rows.length === 0 ? [0, null] : [rows.length, encodeColumn(NODE_ROWS[table], rows, words)];
  return {
    enis: packed(
      'enis',
      enis.map((eni, index) => ENIS_ALIKE.pack(packEni(eni, enis[index - 1], nodes, holder))),
    ),
    pods: packed(
      'pods',
      pods.map((pod) => PODS_ALIKE.pack(packPod(pod, nodes))),
    ),
    interfaces: packed(
      'interfaces',
      interfaces.map((one) => INTERFACES_ALIKE.pack(packInterface(one, context))),
    ),
    hostNics: packed(
      'hostNics',
      inWireOrder(tables.hostNics, nodes, () => 0).map((one) => packHostNic(one, nodes)),
    ),
    attachments: packed(
      'attachments',
      inWireOrder(tables.attachments, nodes, () => 0).map((one) => packAttachment(one, nodes)),
    ),
  };
}

/** The inverse of `encodeNodeTables`. `words` and `parse` are shared by all chunks. */
export function decodeNodeTables(
  packed: PackedNodeTables,
  nodes: NodeList,
  words: readonly string[],
  parse: ParseLike,
): NodeTables {
  const rowsOf = <T extends NodeTable>(table: T): readonly ValueOf<(typeof NODE_ROWS)[T]>[] => {
    const [rows, columns] = packed[table];
    return decodeColumn(NODE_ROWS[table], columns, rows, words) as readonly ValueOf<(typeof NODE_ROWS)[T]>[];
  };
  const pods = rowsOf('pods').map((row) => unpackPod(PODS_ALIKE.unpack(row, parse), nodes));
  const unheld: UnheldEni[] = [];
  for (const row of rowsOf('enis')) unheld.push(unpackEni(ENIS_ALIKE.unpack(row, parse), unheld.at(-1), nodes));
  const context = interfaceContext(pods, unheld, nodes);
  const interfaces = rowsOf('interfaces').map((row) => unpackInterface(INTERFACES_ALIKE.unpack(row, parse), context));
  const holder = holders(interfaces);
  return {
    enis: unheld.map((eni) => fillHolders(eni, holder)),
    pods,
    interfaces,
    hostNics: rowsOf('hostNics').map((row) => unpackHostNic(row, nodes)),
    attachments: rowsOf('attachments').map((row) => unpackAttachment(row, nodes)),
  };
}

/**
 * Sorts records so that neighbours on the wire are neighbours in the cluster: their node repeats and their addresses
 * ascend.
 */
function inWireOrder<R extends { readonly id: string; readonly node: string | null }>(
  records: readonly R[],
  nodes: NodeList,
  placeOf: (record: R) => number,
): readonly R[] {
  return records
    .map((record) => ({ record, node: nodes.placeOf(record.node) ?? -1, place: placeOf(record) }))
    .sort((a, b) => a.node - b.node || a.place - b.place || byCodeUnit(a.record.id, b.record.id))
    .map(({ record }) => record);
}

function firstIp(pod: PodRecord): number {
  const ip = pod.ips[0];
  // Rows without an IPv4 address are first.
  return ip === undefined || ip.includes(':') ? 0 : ipv4ToNumber(ip) || 0;
}
