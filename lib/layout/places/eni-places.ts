/**
 * Places of an ENI's addresses, for every kind of content. Drawing, hit tests, keyboard focus, wires and flashes all
 * use this list.
 */
import { CLUSTER_NETWORK } from '../../model/ids';
import { parseCidr } from '../../model/ip';
import type { EniPrefix, EniRecord, NodeRecord } from '../../model/records';
import type { ViewSource } from '../../view/view-source';
import type { Rect } from '../picture/rect';
import { branchesOf } from '../rack/cards';
import { contentOf, overflowRows, PREFIX_DOTS, prefixDotRows, prefixRows, slotsOf } from '../rack/eni-content';
import { ENI, PREFIX, SLOT } from '../rack/geometry';
import { inRange, isFour, prefixItems, slotItems, type NetworkOf, type SlotItem } from './slots';

/** One slot of the picture. Rectangles are in layout units. */
export interface Slot extends SlotItem {
  /** Record id: the interface that holds the address, otherwise the ENI; null if neither is known. */
  readonly id: string | null;
  readonly rect: Rect;
}

/** A /28 prefix with a row of cells. */
export interface PrefixRow {
  readonly prefix: EniPrefix;
  readonly frame: Rect;
  readonly cells: readonly Slot[];
}

/** A branch ENI on its trunk. */
export interface Branch {
  readonly eni: EniRecord;
  readonly slot: Slot;
  /** The branch's line; null if the trunk has more branches than lines and shows each as a slot only. */
  readonly line: Rect | null;
}

interface Slots {
  /** Every shown address, in reading order. */
  readonly slots: readonly Slot[];
}
interface Free {
  /** Free capacity: one dot at the centre of each rectangle. */
  readonly free: readonly Rect[];
}

/** The places of an ENI, by the kind of its content. */
export type EniPlaces = Slots &
  (
    | { readonly content: 'none' }
    /** One slot for each interface that holds the device. */
    | { readonly content: 'device' }
    | ({ readonly content: 'slots' } & Free)
    | ({
        readonly content: 'prefixes';
        /** The primary address, leftovers of secondary IP mode, and prefixes beyond the last row: one slot each. */
        readonly loose: readonly Slot[];
        readonly rows: readonly PrefixRow[];
        /** Baseline of the text below the dots. */
        readonly freeLine: number;
      } & Free)
    | { readonly content: 'ipv6'; readonly bar: Rect }
    | { readonly content: 'trunk'; readonly branches: readonly Branch[] }
  );

/** Slot `index` of a grid inside a block; `scale` is the block's own (below 1 in a cell of the card matrix). */
export function slotRect(block: Rect, scale: number, index: number): Rect {
  return {
    x: block.x + (ENI.inset + (index % SLOT.perRow) * SLOT.pitchX) * scale,
    y: block.y + (ENI.title + Math.floor(index / SLOT.perRow) * SLOT.pitchY) * scale,
    w: SLOT.w * scale,
    h: SLOT.h * scale,
  };
}

/** The rectangle of an ENI, and what its places depend on. */
interface Box {
  readonly eni: EniRecord;
  readonly rect: Rect;
  readonly scale: number;
  readonly networkOf: NetworkOf;
}

/** Copies field by field: a spread is several times slower, and a frame makes thousands. */
const slotOf = ({ style, network, ip, interface: holder }: SlotItem, eni: EniRecord, rect: Rect): Slot => ({
  style,
  network,
  ip,
  interface: holder,
  id: holder ?? eni.id,
  rect,
});

const inGrid = ({ eni, rect, scale }: Box, items: readonly SlotItem[]): Slot[] =>
  items.map((item, index) => slotOf(item, eni, slotRect(rect, scale, index)));

function gridPlaces(box: Box): EniPlaces {
  const { eni, rect, scale, networkOf } = box;
  const places = slotsOf(eni) + 1;
  const slots = inGrid(box, slotItems(eni, networkOf).slice(0, places));
  const free = Array.from({ length: places - slots.length }, (_, index) => slotRect(rect, scale, slots.length + index));
  return { content: 'slots', slots, free };
}

/** Rows for the primary address, leftovers of the other mode, and prefixes without a row of their own. */
function looseRowsOf(eni: EniRecord, rest: readonly EniPrefix[]): number {
  const ranges = eni.prefixes.map(({ cidr }) => parseCidr(cidr));
  const single = eni.addresses.filter(
    ({ ip }) => isFour(ip) && !ranges.some((range) => range?.family === 4 && inRange(range, ip)),
  );
  const rows = Math.ceil((Math.max(1, single.length) + rest.length) / SLOT.perRow);
  return Math.max(1, Math.min(rows, overflowRows(eni)));
}

function prefixPlaces(box: Box): EniPlaces {
  const { eni, rect, scale, networkOf } = box;
  const four = eni.prefixes.filter(({ cidr }) => isFour(cidr));
  const withRow = four.slice(0, prefixRows(eni));
  const rest = four.slice(withRow.length);
  const loose = inGrid(
    box,
    slotItems({ ...eni, prefixes: four }, networkOf)
      .filter(({ ip }) => !withRow.some(({ cidr }) => cidr === ip))
      .slice(0, overflowRows(eni) * SLOT.perRow),
  );
  const looseHeight = looseRowsOf(eni, rest) * SLOT.pitchY;
  const rows = withRow.map((prefix, row): PrefixRow => {
    const x = rect.x + ENI.inset * scale;
    const y = rect.y + (ENI.title + looseHeight + row * PREFIX.row + PREFIX.frame) * scale;
    const cells = prefixItems(prefix, eni, networkOf).map((item, cell) => ({
      ...item,
      id: item.interface ?? eni.id,
      rect: {
        x: rect.x + (ENI.inset + cell * PREFIX.pitch) * scale,
        y,
        w: PREFIX.w * scale,
        h: PREFIX.h * scale,
      },
    }));
    const frame = {
      x: x - PREFIX.frame * scale,
      y: y - PREFIX.frame * scale,
      w: (PREFIX.cells * PREFIX.pitch - (PREFIX.pitch - PREFIX.w) + 2 * PREFIX.frame) * scale,
      h: (PREFIX.h + 2 * PREFIX.frame) * scale,
    };
    return { prefix, frame, cells };
  });
  const spare = Math.max(0, slotsOf(eni) - four.length);
  const top = looseHeight + rows.length * PREFIX.row + 4;
  const free = Array.from({ length: spare }, (_, index) => ({
    x: rect.x + (ENI.inset + 4 + (index % PREFIX_DOTS) * PREFIX.pitch) * scale,
    y: rect.y + (ENI.title + top + 5 + Math.floor(index / PREFIX_DOTS) * SLOT.pitchY) * scale,
    w: 0,
    h: 0,
  }));
  const freeLine = rect.y + (ENI.title + top + prefixDotRows(spare) * SLOT.pitchY + 11) * scale;
  return {
    content: 'prefixes',
    slots: [...loose, ...rows.flatMap(({ cells }) => cells)],
    loose,
    rows,
    free,
    freeLine,
  };
}

/** The pods that hold the whole device, each as one slot with the pod's address. */
function deviceItems(eni: EniRecord, networkOf: NetworkOf): readonly SlotItem[] {
  return eni.claimedBy.map((id) => ({
    style: 'assigned',
    network: networkOf(id),
    ip: eni.addresses.find(({ interface: holder }) => holder === id)?.ip ?? null,
    interface: id,
  }));
}

function ipv6Places(box: Box): EniPlaces {
  const { eni, rect, scale, networkOf } = box;
  const primary = slotItems({ ...eni, prefixes: [] }, networkOf).filter(({ style }) => style === 'primary');
  const first = slotRect(rect, scale, 0);
  return {
    content: 'ipv6',
    slots: inGrid(box, primary.slice(0, 1)).map((slot) => ({ ...slot, rect: { ...first, y: first.y + 2 * scale } })),
    bar: {
      x: first.x + SLOT.pitchX * scale,
      y: first.y - scale,
      w: rect.w - (SLOT.pitchX + 2 * ENI.inset) * scale,
      h: 17 * scale,
    },
  };
}

const BRANCH_INSET = ENI.inset + 16;

function trunkPlaces({ eni: trunk, rect, scale, networkOf }: Box, source: ViewSource): EniPlaces {
  const enis = branchesOf(source, trunk.id).flatMap(({ id }) => source.records.enis.get(id) ?? []);
  const room = Math.floor((rect.h / scale - ENI.title - 6) / ENI.lines);
  const branches = enis.map((eni, index): Branch => {
    const address = eni.addresses.find(({ interface: holder }) => holder !== null) ?? eni.addresses[0];
    const holder = address?.interface ?? null;
    const item: SlotItem = {
      style: eni.branchPod === null && holder === null ? 'unclaimed' : 'assigned',
      network: holder === null ? CLUSTER_NETWORK : networkOf(holder),
      ip: address?.ip ?? null,
      interface: holder,
    };
    const id = holder ?? eni.id;
    if (enis.length > room) return { eni, slot: { ...item, id, rect: slotRect(rect, scale, index) }, line: null };
    const line = {
      x: rect.x + BRANCH_INSET * scale,
      y: rect.y + (ENI.title + index * ENI.lines) * scale,
      w: rect.w - (BRANCH_INSET + ENI.inset) * scale,
      h: (ENI.lines - 2) * scale,
    };
    const at = {
      x: line.x + 3 * scale,
      y: line.y + (line.h - SLOT.h * scale) / 2,
      w: SLOT.w * scale,
      h: SLOT.h * scale,
    };
    return { eni, slot: { ...item, id, rect: at }, line };
  });
  return { content: 'trunk', slots: branches.map(({ slot }) => slot), branches };
}

/** All places of an ENI in its block. `node`: undefined for an ENI that is not attached to a node. */
export function eniPlaces(
  source: ViewSource,
  eni: EniRecord,
  node: NodeRecord | undefined,
  rect: Rect,
  scale: number,
): EniPlaces {
  const networkOf = (id: string): string => source.records.interfaces.get(id)?.network ?? CLUSTER_NETWORK;
  const box = { eni, rect, scale, networkOf };
  switch (contentOf(eni, node)) {
    case 'none':
      return { content: 'none', slots: [] };
    case 'device':
      return { content: 'device', slots: inGrid(box, deviceItems(eni, networkOf)) };
    case 'slots':
      return gridPlaces(box);
    case 'prefixes':
      return prefixPlaces(box);
    case 'ipv6':
      return ipv6Places(box);
    case 'trunk':
      return trunkPlaces(box, source);
  }
}
