/** From a place to what stands there, and back: hits, neighbours, and where an interface's slot is. */
import type { EniRecord, NodeRecord } from '../model/records';
import { idsOf, type ViewSource } from '../view/view-source';
import { ENI, SLOT } from './geometry';
import { branchesOf } from './scene/facts';
import { branchLineRect, prefixItems, prefixRect, slotItems, slotRect, splitPrefixes } from './scene/slots';
import { contentOf, overflowRows } from './rack/content';
import { looseInterfaces, vfInterfaces } from './rack/node-box';
import { blockKind, blockOf, blockRect, boxRect, type Rack, type Rect } from './rack/rack';
import { requestedInterface, waitingPods, waitingRow, WAITING_ROWS } from './rack/waiting';

/** Something that stands at a place: the record, the address of its slot, and its rectangle in layout units. */
export interface Place {
  readonly id: string;
  readonly ip: string | null;
  readonly rect: Rect;
  readonly box: number;
}

const inside = ({ x, y, w, h }: Rect, px: number, py: number): boolean =>
  px >= x && px < x + w && py >= y && py < y + h;

/** Boxes that a rectangle of the layout touches, in drawing order. O(columns + log + found). */
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
  return boxesIn(rack, { x, y, w: 0, h: 0 }).find((box) => inside(boxRect(rack, box), x, y)) ?? -1;
}

interface Slot {
  readonly interface: string | null;
  readonly ip: string | null;
  readonly rect: Rect;
}

const primaryFirst = (eni: EniRecord, node: NodeRecord | undefined): EniRecord =>
  contentOf(eni, node) === 'ipv6' ? { ...eni, prefixes: [] } : eni;

/** The slots of an ENI's block with their rectangles, as they are drawn. */
function eniSlots(source: ViewSource, eni: EniRecord, node: NodeRecord | undefined, rect: Rect, scale: number): Slot[] {
  const networkOf = (id: string): string => source.records.interfaces.get(id)?.network ?? 'cluster';
  switch (contentOf(eni, node)) {
    case 'none':
      return [];
    case 'ipv6':
    case 'slots': {
      const held = slotItems(primaryFirst(eni, node), networkOf).map((item, index) => ({
        interface: item.interface,
        ip: item.ip,
        rect: slotRect(rect, scale, index),
      }));
      return held;
    }
    case 'prefixes': {
      const { rows } = splitPrefixes(eni);
      const loose = slotItems(eni, networkOf)
        .filter(({ ip }) => !rows.some(({ cidr }) => cidr === ip))
        .slice(0, overflowRows(eni) * SLOT.perRow)
        .map((item, index) => ({ interface: item.interface, ip: item.ip, rect: slotRect(rect, scale, index) }));
      const cells = rows.flatMap((prefix, row) =>
        prefixItems(prefix, eni, networkOf).map((item, cell) => ({
          interface: item.interface,
          ip: item.ip,
          rect: prefixRect(rect, scale, eni, row, cell),
        })),
      );
      return [...loose, ...cells];
    }
    case 'trunk': {
      const branches = branchesOf(source, eni.id);
      const lines = Math.floor((rect.h / scale - ENI.title - 6) / ENI.lines);
      return branches.map((branch, index) => {
        const at = branches.length > lines ? slotRect(rect, scale, index) : branchLineRect(rect, scale, index);
        const address = branch.addresses.find(({ interface: holder }) => holder !== null) ?? branch.addresses[0];
        const slot =
          branches.length > lines
            ? at
            : { x: at.x + 3 * scale, y: at.y + (at.h - SLOT.h * scale) / 2, w: SLOT.w * scale, h: SLOT.h * scale };
        return { interface: address?.interface ?? null, ip: address?.ip ?? null, rect: slot };
      });
    }
  }
}

function blockSlots(source: ViewSource, rack: Rack, block: number): Slot[] {
  const rect = blockRect(rack, block);
  const ref = rack.blocks.ref[block] ?? '';
  const node = source.records.nodes.get(rack.boxes.id[rack.blocks.node[block] ?? 0] ?? '');
  const listed = (ids: readonly { readonly id: string; readonly ips: readonly string[] }[]): Slot[] =>
    ids.map(({ id, ips }, index) => ({ interface: id, ip: ips[0] ?? null, rect: slotRect(rect, 1, index) }));
  switch (blockKind(rack, block)) {
    case 'eni': {
      const eni = source.records.enis.get(ref);
      return eni === undefined ? [] : eniSlots(source, eni, node, rect, rack.blocks.scale[block] ?? 1);
    }
    case 'addresses':
      return node === undefined ? [] : listed(looseInterfaces(source, node));
    case 'vfs':
      return node === undefined ? [] : listed(vfInterfaces(source, node.id, ref));
    case 'tile':
      return [...idsOf(source.indexes.interfacesByNode, ref)].map((id) => ({
        interface: id,
        ip: source.records.interfaces.get(id)?.ips[0] ?? null,
        rect: { x: rect.x + (rect.w - SLOT.w) / 2, y: rect.y + (rect.h - SLOT.h) / 2, w: SLOT.w, h: SLOT.h },
      }));
    case 'waiting':
      return node === undefined
        ? []
        : waitingPods(source, node, rack.now)
            .slice(0, WAITING_ROWS)
            .map((pod, row) => ({
              interface: requestedInterface(source, pod)?.id ?? pod.id,
              ip: null,
              rect: waitingRow(rect, row),
            }));
    case 'card-heading':
    case 'fold':
    case 'cell':
    case 'region':
    case 'no-enis':
    case 'ghost-ref':
    case 'nic-heading':
    case 'shelf-eni':
      return [];
  }
}

const blocksOfBox = (rack: Rack, box: number): number[] => {
  const first = rack.boxes.firstBlock[box] ?? 0;
  return Array.from({ length: (rack.boxes.firstBlock[box + 1] ?? first) - first }, (_, i) => first + i);
};

const nodeBlocks = new Set(['waiting', 'no-enis', 'addresses', 'fold', 'region']);

/**
 * What is at a point of the layout, innermost first: a slot (where `slots` can be told apart), an ENI or another block, a
 * node. Null on the ground.
 */
export function placeAt(source: ViewSource, rack: Rack, x: number, y: number, slots: boolean): Place | null {
  const box = boxAt(rack, x, y);
  if (box < 0) return null;
  const rect = boxRect(rack, box);
  const whole: Place | null = source.records.nodes.has(rack.boxes.id[box] ?? '')
    ? { id: rack.boxes.id[box] ?? '', ip: null, rect, box }
    : null;
  let hit: Place | null = whole;
  for (const block of blocksOfBox(rack, box)) {
    const at = blockRect(rack, block);
    if (!inside(at, x, y)) continue;
    const ref = rack.blocks.ref[block] ?? '';
    const kind = blockKind(rack, block);
    if (slots) {
      const reach = 1.5 * (rack.blocks.scale[block] ?? 1);
      const slot = blockSlots(source, rack, block).find(({ rect: one }) =>
        inside({ x: one.x - reach, y: one.y - reach, w: one.w + 2 * reach, h: one.h + 2 * reach }, x, y),
      );
      if (slot !== undefined) {
        const id = slot.interface ?? (kind === 'eni' ? ref : null);
        if (id !== null) return { id, ip: slot.ip, rect: slot.rect, box };
      }
    }
    hit = nodeBlocks.has(kind) ? (hit ?? null) : { id: ref, ip: null, rect: at, box };
  }
  return hit;
}

/** Blocks that are walked as a whole where they have no slots. */
const WALKED: ReadonlySet<string> = new Set(['eni', 'shelf-eni', 'ghost-ref', 'cell', 'fold', 'region']);

/** All slots of a box, and what in it has none (an EFA-only ENI, an ENI on the shelf), as places to walk. */
export function slotPlaces(source: ViewSource, rack: Rack, box: number): readonly Place[] {
  return blocksOfBox(rack, box).flatMap((block): Place[] => {
    const kind = blockKind(rack, block);
    const ref = rack.blocks.ref[block] ?? '';
    const slots = blockSlots(source, rack, block).flatMap(({ interface: holder, ip, rect }) => {
      const id = holder ?? (kind === 'eni' ? ref : null);
      return id === null ? [] : [{ id, ip, rect, box }];
    });
    if (slots.length > 0 || !WALKED.has(kind)) return slots;
    return [{ id: ref, ip: null, rect: blockRect(rack, block), box }];
  });
}

/** The node whose cards fold or unfold at a point of the layout; null elsewhere. */
export function foldAt(rack: Rack, x: number, y: number): string | null {
  const box = boxAt(rack, x, y);
  if (box < 0) return null;
  const folds = blocksOfBox(rack, box).some((block) => {
    const kind = blockKind(rack, block);
    return (kind === 'fold' || kind === 'region') && inside(blockRect(rack, block), x, y);
  });
  return folds ? (rack.boxes.id[box] ?? null) : null;
}

/** Every place that shows one of these interfaces, in the order given. */
export function placesOf(source: ViewSource, rack: Rack, interfaces: Iterable<string>): readonly Place[] {
  const places: Place[] = [];
  const cache = new Map<number, Slot[]>();
  for (const id of interfaces) {
    const record = source.records.interfaces.get(id);
    const box = record?.node == null ? undefined : rack.boxOf.get(record.node);
    if (record === undefined || box === undefined) continue;
    const eni = record.eni === null ? undefined : source.records.enis.get(record.eni);
    const direct =
      eni === undefined ? undefined : blockOf(rack, eni.role === 'branch' ? (eni.trunk ?? eni.id) : eni.id);
    const blocks = direct === undefined ? blocksOfBox(rack, box) : [direct];
    for (const block of blocks) {
      let slots = cache.get(block);
      if (slots === undefined) {
        slots = blockSlots(source, rack, block);
        cache.set(block, slots);
      }
      for (const slot of slots)
        if (slot.interface === id)
          places.push({ id, ip: slot.ip, rect: slot.rect, box: rack.blocks.node[block] ?? box });
    }
  }
  return places;
}

/** The slots of an ENI that show one of these addresses. */
export function addressPlaces(
  source: ViewSource,
  rack: Rack,
  eni: EniRecord,
  ips: ReadonlySet<string>,
): readonly Place[] {
  const block = blockOf(rack, eni.role === 'branch' ? (eni.trunk ?? eni.id) : eni.id);
  if (block === undefined) return [];
  const box = rack.blocks.node[block] ?? 0;
  return blockSlots(source, rack, block).flatMap(({ ip, interface: holder, rect }) =>
    ip !== null && ips.has(ip) ? [{ id: holder ?? eni.id, ip, rect, box }] : [],
  );
}

/** Where a record stands: its slot, its block or its box; null for one that has no place in the rack. */
export function placeOf(source: ViewSource, rack: Rack, id: string): Place | null {
  const box = rack.boxOf.get(id);
  const block = blockOf(rack, id);
  if (block !== undefined) return { id, ip: null, rect: blockRect(rack, block), box: rack.blocks.node[block] ?? 0 };
  if (box !== undefined) return { id, ip: null, rect: boxRect(rack, box), box };
  const { records, indexes } = source;
  if (records.interfaces.has(id)) {
    const place = placesOf(source, rack, [id])[0];
    if (place !== undefined) return place;
    const node = records.interfaces.get(id)?.node;
    return node == null ? null : placeOf(source, rack, node);
  }
  const pod = records.pods.get(id);
  if (pod !== undefined) {
    const place = placesOf(source, rack, idsOf(indexes.interfacesByPod, id))[0];
    if (place !== undefined) return place;
    return pod.node === null ? null : placeOf(source, rack, pod.node);
  }
  const eni = records.enis.get(id);
  if (eni?.trunk != null) return placeOf(source, rack, eni.trunk);
  const node = eni?.node ?? records.networkCards.get(id)?.node ?? records.hostNics.get(id)?.node ?? null;
  return node === null ? null : placeOf(source, rack, node);
}
