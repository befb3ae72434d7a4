/**
 * Places: everything in the picture that can be clicked, focused or announced, with its rectangle and role. The rack
 * and the slot formulas store places as columns; a `Place` object is created on demand, because a large cluster has too
 * many slots to keep as objects.
 */
import type { ViewSource } from '../../view/view-source';
import { contains, grown, type Rect } from '../picture/rect';
import { slotsAreDrawn } from '../rack/level';
import { blockKind, blockRect, boxKind, boxRect, type BlockKind, type Rack } from '../rack/rack';
import { waitingLine } from '../rack/waiting';
import { besideSlots, looseSlots, tileSlot, vfPlaces } from './block-places';
import { eniPlaces, type Slot } from './eni-places';

/**
 * The kind of place; it decides what a click, Enter and the arrow keys do. `remnant`: an object that still refers to a
 * deleted node.
 */
export type Role = 'node' | 'card' | 'fold' | 'eni' | 'slot' | 'waiting-pod' | 'host-nic' | 'remnant';

/** Something in the picture. */
export interface Place {
  /** Record id. */
  readonly id: string;
  readonly role: Role;
  /** The address of a slot; null for other places, and for a slot without an address. */
  readonly ip: string | null;
  /** In layout units. */
  readonly rect: Rect;
  /** Index of the box that contains it. */
  readonly box: number;
}

/** The role of each kind of block, and whether keyboard focus stops there; null: part of its node. */
const BLOCK_ROLES: Readonly<Record<BlockKind, { readonly role: Role; readonly stop: boolean } | null>> = {
  'card-heading': { role: 'card', stop: false },
  eni: { role: 'eni', stop: true },
  fold: { role: 'fold', stop: true },
  cell: { role: 'card', stop: true },
  region: { role: 'fold', stop: true },
  waiting: null,
  'no-enis': null,
  addresses: null,
  beside: null,
  vacant: null,
  'ghost-ref': { role: 'remnant', stop: true },
  'nic-heading': { role: 'host-nic', stop: false },
  vfs: { role: 'host-nic', stop: false },
  tile: { role: 'node', stop: true },
  'shelf-eni': { role: 'eni', stop: true },
};

/** The blocks of a box, in drawing order. */
export function blocksOf({ boxes }: Rack, box: number): readonly number[] {
  const first = boxes.firstBlock[box] ?? 0;
  return Array.from({ length: (boxes.firstBlock[box + 1] ?? first) - first }, (_, i) => first + i);
}

/** The place of a node; null for a group of Fargate tiles and for the shelf, which are not records. */
export function boxPlace(rack: Rack, box: number): Place | null {
  const kind = boxKind(rack, box);
  if (kind !== 'node' && kind !== 'ghost') return null;
  return { id: rack.boxes.id[box] ?? '', role: 'node', ip: null, rect: boxRect(rack, box), box };
}

/** The place of a whole block; null if it is only part of its node. */
export function blockPlace(rack: Rack, block: number): Place | null {
  const kind = BLOCK_ROLES[blockKind(rack, block)];
  if (kind === null) return null;
  const id = rack.blocks.ref[block] ?? '';
  const box = rack.blocks.node[block] ?? 0;
  // The heading of ENIs with an unknown card carries its node's id.
  const role = kind.role === 'card' && id === rack.boxes.id[box] ? 'node' : kind.role;
  return { id, role, ip: null, rect: blockRect(rack, block), box };
}

function slotsIn(source: ViewSource, rack: Rack, block: number): readonly Slot[] {
  const { records } = source;
  const ref = rack.blocks.ref[block] ?? '';
  const rect = blockRect(rack, block);
  const node = records.nodes.get(rack.boxes.id[rack.blocks.node[block] ?? 0] ?? '');
  switch (blockKind(rack, block)) {
    case 'eni': {
      const eni = records.enis.get(ref);
      return eni === undefined ? [] : eniPlaces(source, eni, node, rect, rack.blocks.scale[block] ?? 1).slots;
    }
    case 'addresses':
      return node === undefined ? [] : looseSlots(source, node, rect);
    case 'beside':
      return node === undefined ? [] : besideSlots(source, node, rect).slots;
    case 'vfs':
      return node === undefined ? [] : vfPlaces(source, node.id, ref, rect).slots;
    case 'tile':
      return [tileSlot(source, ref, rect)];
    default:
      return [];
  }
}

/** The slots of a block, or the line of waiting pods, as drawn. */
export function slotPlaces(source: ViewSource, rack: Rack, block: number): readonly Place[] {
  const box = rack.blocks.node[block] ?? 0;
  if (blockKind(rack, block) === 'waiting') {
    const node = source.records.nodes.get(rack.blocks.ref[block] ?? '');
    const line = node === undefined ? null : waitingLine(source, node, rack.now, blockRect(rack, block));
    const id = line?.requested?.id ?? line?.pods[0]?.id;
    return id === undefined ? [] : [{ id, role: 'waiting-pod', ip: null, rect: blockRect(rack, block), box }];
  }
  return slotsIn(source, rack, block).flatMap(({ id, ip, rect }): Place[] =>
    id === null ? [] : [{ id, role: 'slot', ip, rect, box }],
  );
}

const blockScale = (rack: Rack, block: number): number => rack.blocks.scale[block] ?? 1;

/** A slot's hit area includes half of the gap around it, in layout units. */
const GAP = 1.5;

/**
 * The innermost place at a point of the layout: a slot, a block, a node; null on the background. `slotScale`: CSS
 * pixels per layout unit if the level shows slots; 0 otherwise, and then cards cannot be folded either.
 */
export function placeAt(source: ViewSource, rack: Rack, x: number, y: number, slotScale: number): Place | null {
  const box = boxAt(rack, x, y);
  if (box < 0) return null;
  let found = boxPlace(rack, box);
  for (const block of blocksOf(rack, box)) {
    if (!contains(blockRect(rack, block), x, y)) continue;
    const scale = blockScale(rack, block);
    const slot = slotsAreDrawn(slotScale * scale)
      ? slotPlaces(source, rack, block).find(({ rect }) => contains(grown(rect, GAP * scale), x, y))
      : undefined;
    if (slot !== undefined) return slot;
    const place = blockPlace(rack, block);
    if (place !== null && (place.role !== 'fold' || slotScale > 0)) found = place;
  }
  return found;
}

/**
 * The focus stops of a box, in reading order: slots, waiting pods, and blocks without slots (an EFA-only ENI, an ENI on
 * the shelf). If the level shows no slots, the node itself.
 */
export function focusPlaces(source: ViewSource, rack: Rack, box: number, slotScale: number): readonly Place[] {
  if (slotScale === 0) {
    const node = boxPlace(rack, box);
    return node === null ? [] : [node];
  }
  return blocksOf(rack, box).flatMap((block) => {
    const drawn = slotsAreDrawn(slotScale * blockScale(rack, block));
    const slots = drawn ? slotPlaces(source, rack, block) : [];
    const whole = BLOCK_ROLES[blockKind(rack, block)]?.stop === true ? blockPlace(rack, block) : null;
    return slots.length > 0 || whole === null ? slots : [whole];
  });
}

/** Indices of the boxes that overlap a rectangle of the layout, in drawing order. O(columns + log + found). */
export function boxesIn(rack: Rack, view: Rect): number[] {
  const { columns, boxes } = rack;
  const found: number[] = [];
  for (let c = 0; c < columns.x.length; c++) {
    const x = columns.x[c] ?? 0;
    let low = columns.first[c] ?? 0;
    const end = columns.first[c + 1] ?? low;
    if (low === end || x > view.x + view.w || x + (boxes.w[low] ?? 0) < view.x) continue;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((boxes.y[middle] ?? 0) + (boxes.h[middle] ?? 0) < view.y) low = middle + 1;
      else high = middle;
    }
    for (let box = low; box < end && (boxes.y[box] ?? 0) <= view.y + view.h; box++) found.push(box);
  }
  return found;
}

/** The box at a point of the layout; −1 between boxes. */
export function boxAt(rack: Rack, x: number, y: number): number {
  return boxesIn(rack, { x, y, w: 0, h: 0 }).find((box) => contains(boxRect(rack, box), x, y)) ?? -1;
}
