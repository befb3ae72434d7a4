/** Places the blocks of one node's box. Heights are in layout units. */
import { compareIps } from '../../model/ip';
import { byNaturalName } from '../../model/order';
import type { InterfaceRecord, NodeRecord } from '../../model/records';
import { hostNicsOf, layoutEnisUnder } from '../../view/partial-set';
import { idsOf, recordsOf, type ViewSource } from '../../view/view-source';
import { CARD, ENI, eniHeight, HEADER, INNER, NODE, SLOT, STRIP } from './geometry';
import type { BlockList } from './block-list';
import { placeCards } from './cards';
import { waitingPods } from './waiting';

/** Header of a node without a pool: its title and one line of text. */
export const SHORT_HEADER = 54;
/** Height of a reference in a deleted node's box. */
export const REF_HEIGHT = 46;
const NO_ENIS_HEIGHT = 62;

/** Whether EC2 has data about this node; if not, no ENIs are missing. */
export const onEc2 = (node: NodeRecord): boolean =>
  node.instanceId !== null || node.computeType === 'ec2' || node.computeType === 'auto';

const firstIp = (record: InterfaceRecord): string => record.ips[0] ?? '';

/**
 * Interfaces with an address that are on no ENI in the picture, by address: pods of a node without EC2 data, and
 * networks local to the node. Virtual functions of a bare-metal node are placed on their host NIC instead.
 */
export function looseInterfaces(source: ViewSource, node: NodeRecord): readonly InterfaceRecord[] {
  return recordsOf(source.indexes.interfacesByNode, node.id, source.records.interfaces)
    .filter((record) => record.eni === null && record.ips.length > 0 && !onVf(source, record))
    .sort((a, b) => compareIps(firstIp(a), firstIp(b)) || byNaturalName(a.id, b.id));
}

const hasVfs = (source: ViewSource, nic: string): boolean => (source.records.hostNics.get(nic)?.vfs?.total ?? 0) > 0;
const onVf = (source: ViewSource, record: InterfaceRecord): boolean =>
  record.hostNic !== null && record.eni === null && hasVfs(source, record.hostNic);

/** Interfaces that hold a virtual function of a host NIC, by PCI address. */
export function vfInterfaces(source: ViewSource, node: string, nic: string): readonly InterfaceRecord[] {
  return recordsOf(source.indexes.interfacesByNode, node, source.records.interfaces)
    .filter((record) => record.hostNic === nic && record.eni === null)
    .sort(
      (a, b) => byNaturalName(a.device?.pciAddress ?? '~', b.device?.pciAddress ?? '~') || byNaturalName(a.id, b.id),
    );
}

/** Maximum number of rows reserved for pods without ENIs; a node with more pods grows. */
const KEPT_ROWS = 8;

/**
 * Rows for the node's max pods, up to a limit. Beyond the limit rows are added in steps, so that a new pod rarely moves
 * anything.
 */
function looseRows({ maxPods }: NodeRecord, count: number): number {
  let rows = maxPods === null ? 1 : Math.min(KEPT_ROWS, Math.max(1, Math.ceil(maxPods / SLOT.perRow)));
  while (rows * SLOT.perRow < count) rows *= 2;
  return rows;
}

/** Whether pods of the cluster network have their addresses on ENIs, so that few addresses are on none. */
const usesEnis = (node: NodeRecord): boolean =>
  node.cni?.mode === 'ipv6' || node.pools.some(({ total }) => total !== null);

/** Height of a node's heading. */
export const headerHeight = (node: NodeRecord): number =>
  node.pools.some(({ total }) => total !== null) ? HEADER.height : SHORT_HEADER;

/** Adds the blocks of a node; returns the height of its box. */
export function placeNode(
  list: BlockList,
  source: ViewSource,
  node: NodeRecord,
  unfolded: boolean,
  now: number | null,
): number {
  const x = NODE.padding;
  let y = headerHeight(node);
  const hasEnis = layoutEnisUnder(source, 'enisByNode', node.id).length > 0;
  if (hasEnis) y = placeCards(list, source, node, unfolded, y);
  else if (onEc2(node)) {
    list.add({ kind: 'no-enis', ref: node.id, x, y, w: INNER, h: CARD.height + NO_ENIS_HEIGHT });
    y += CARD.height + NO_ENIS_HEIGHT;
  } else y = placeHostNics(list, source, node, y);

  const loose = source.partial?.looseCount(node.id) ?? looseInterfaces(source, node).length;
  const few = hasEnis && usesEnis(node);
  if (!few) {
    const rows = looseRows(node, loose);
    y += y > headerHeight(node) ? ENI.gap : 0;
    if (loose > 0) list.add({ kind: 'addresses', ref: node.id, x, y, w: INNER, h: eniHeight(rows), rows });
    y += eniHeight(rows);
  }
  y += STRIP.gap;
  const waits = waitingPods(source, node, now).length > 0;
  const beside = few && loose > 0;
  const w = waits && beside ? (INNER - STRIP.gap) / 2 : INNER;
  if (waits) list.add({ kind: 'waiting', ref: node.id, x, y, w, h: STRIP.height });
  if (beside) list.add({ kind: 'beside', ref: node.id, x: x + INNER - w, y, w, h: STRIP.height });
  return y + STRIP.height + STRIP.bottom;
}

function placeHostNics(list: BlockList, source: ViewSource, node: NodeRecord, top: number): number {
  let y = top;
  const nics = hostNicsOf(source, node.id).toSorted((a, b) => byNaturalName(a.name, b.name));
  nics.forEach((nic, index) => {
    if (index > 0) y += CARD.gap - 4;
    list.add({ kind: 'nic-heading', ref: nic.id, x: NODE.padding, y, w: INNER, h: CARD.height });
    y += CARD.height;
    const total = nic.vfs?.total ?? 0;
    if (total === 0) return;
    const rows = Math.ceil(total / SLOT.perRow);
    list.add({ kind: 'vfs', ref: nic.id, x: NODE.padding, y, w: INNER, h: eniHeight(rows), rows });
    y += eniHeight(rows);
  });
  return y;
}

/** Records that still refer to a deleted node: its ENIs, then its pods. */
export function ghostRefs(source: ViewSource, node: NodeRecord): readonly string[] {
  return [
    ...[...idsOf(source.indexes.enisByNode, node.id)].sort(byNaturalName),
    ...[...idsOf(source.indexes.podsByNode, node.id)].sort(byNaturalName),
  ];
}

/** Number of references that a deleted node shows; its heading counts them all. */
export const GHOST_REFS = 4;

/** Adds the blocks of a deleted node; returns the height of its box. */
export function placeGhost(list: BlockList, source: ViewSource, node: NodeRecord): number {
  let y = SHORT_HEADER + CARD.height;
  const refs = ghostRefs(source, node);
  refs.slice(0, GHOST_REFS).forEach((ref, index) => {
    if (index > 0) y += ENI.gap + 2;
    list.add({ kind: 'ghost-ref', ref, x: NODE.padding, y, w: INNER, h: REF_HEIGHT });
    y += REF_HEIGHT;
  });
  return y + NODE.padding;
}
