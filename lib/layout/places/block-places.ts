/**
 * Places of addresses in blocks other than ENIs: addresses on no ENI, virtual functions, Fargate pods, waiting pods.
 */
import { byCodeUnit } from '../../model/order';
import type { InterfaceRecord, NodeRecord } from '../../model/records';
import { recordsOf, type ViewSource } from '../../view/view-source';
import type { Rect } from '../picture/rect';
import { ENI, SLOT } from '../rack/geometry';
import { looseInterfaces, vfInterfaces } from '../rack/node-box';
import { slotRect, type Slot } from './eni-places';

const UNKNOWN = { style: 'unknown', network: null, ip: null, interface: null, id: null } as const;

const heldBy = (record: InterfaceRecord, rect: Rect): Slot => ({
  style: 'assigned',
  network: record.network,
  ip: record.ips[0] ?? null,
  interface: record.id,
  id: record.id,
  rect,
});

/** The slots of a node's addresses that are on no ENI. */
export const looseSlots = (source: ViewSource, node: NodeRecord, block: Rect): readonly Slot[] =>
  looseInterfaces(source, node).map((record, index) => heldBy(record, slotRect(block, 1, index)));

/** Layout units taken by the text before a line of such addresses; also the minimum width of that line. */
const BESIDE_WORDS = 66;

/** The same in one line, as many as fit. `words`: whether the line starts with text. */
export function besideSlots(
  source: ViewSource,
  node: NodeRecord,
  block: Rect,
): { readonly slots: readonly Slot[]; readonly words: boolean; readonly more: number } {
  const records = looseInterfaces(source, node);
  const words = block.w > 2 * BESIDE_WORDS + ENI.inset;
  const left = block.x + (words ? BESIDE_WORDS : ENI.inset);
  const room = Math.floor((block.x + block.w - left - 2 * SLOT.pitchX + (SLOT.pitchX - SLOT.w)) / SLOT.pitchX);
  const slots = records
    .slice(0, room)
    .map((record, index) =>
      heldBy(record, { x: left + index * SLOT.pitchX, y: block.y + (block.h - SLOT.h) / 2, w: SLOT.w, h: SLOT.h }),
    );
  return { slots, words, more: records.length - slots.length };
}

/** The virtual functions of a host NIC. Rectangles are in layout units. */
export interface VfPlaces {
  readonly slots: readonly Slot[];
  readonly free: readonly Rect[];
  readonly used: number;
  readonly total: number;
}

/** The virtual functions of a host NIC: held by known interfaces first, then used by unknown holders, then free. */
export function vfPlaces(source: ViewSource, node: string, nic: string, block: Rect): VfPlaces {
  const held = vfInterfaces(source, node, nic);
  const vfs = source.records.hostNics.get(nic)?.vfs ?? null;
  const total = vfs?.total ?? held.length;
  const used = Math.max(vfs?.used ?? 0, held.length);
  const slots: Slot[] = [];
  const free: Rect[] = [];
  for (let index = 0; index < total; index++) {
    const rect = slotRect(block, 1, index);
    const record = held[index];
    if (record !== undefined) slots.push(heldBy(record, rect));
    else if (index < used) slots.push({ ...UNKNOWN, rect });
    else free.push(rect);
  }
  return { slots, free, used, total };
}

/** The one slot of a Fargate tile, centred. */
export function tileSlot(source: ViewSource, node: string, { x, y, w, h }: Rect): Slot {
  const held = recordsOf(source.indexes.interfacesByNode, node, source.records.interfaces)
    .filter(({ ips }) => ips.length > 0)
    .sort((a, b) => byCodeUnit(a.id, b.id))[0];
  const rect = { x: x + (w - SLOT.w) / 2, y: y + (h - SLOT.h) / 2, w: SLOT.w, h: SLOT.h };
  return held === undefined ? { ...UNKNOWN, rect } : heldBy(held, rect);
}
