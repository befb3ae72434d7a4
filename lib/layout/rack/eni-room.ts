/**
 * Places the ENIs of a listed card and reserves space on it. A card has a place for every ENI that the instance type
 * allows, so that an ENI that is attached fills a reserved place and moves nothing. The first places have full size;
 * those that few nodes fill are small, two or four per row.
 */
import type { NetworkCardRecord, NodeRecord } from '../../model/records';
import type { EniOrOutline } from '../../view/eni-outline';
import type { Rect } from '../picture/rect';
import { contentHeight, contentOf, fullPrefixHeight, IPV6_HEIGHT, slotsOf, trunkHeight } from './eni-content';
import { ENI, eniHeight, INNER, slotRows } from './geometry';

/** A network card with its ENIs. */
export interface CardBox {
  /** Null for ENIs with an unknown card. */
  readonly index: number | null;
  readonly id: string;
  readonly record: NetworkCardRecord | null;
  /** By device index, then id. Branches are placed on their trunk and are not included. */
  readonly enis: readonly EniOrOutline[];
}

/** The place of an ENI; x and y are relative to the card. */
export interface EniRoom extends Rect {
  /** Null: reserved, with no ENI attached. */
  readonly eni: EniOrOutline | null;
  readonly trunk: boolean;
  readonly scale: number;
}

/**
 * Number of full-size places: on the first card, on other cards, and in prefix mode, where ipamd fills one ENI after
 * the other.
 */
const WHOLE = { first: 4, other: 1, prefix: 1 } as const;
/** Up to this many small ENIs are placed two per row; more are placed four per row. */
const TWO_A_ROW = 4;

const isTrunk = (eni: EniOrOutline): boolean => eni.role === 'trunk';

/** Maximum ENIs of a card by instance type; null when not known. */
const limitOf = (card: CardBox): number | null => card.record?.maxEnis ?? card.record?.eniSlots.limit ?? null;

/** Whether one of the card's places is reserved for a trunk. */
const keepsTrunk = (card: CardBox, node: NodeRecord): boolean =>
  card.enis.some(isTrunk) || (card.index === 0 && (node.branch?.limit ?? 0) > 0);

/**
 * Assigns ENIs to places. On the first card the device index is the place, so that nothing moves up when an ENI is
 * detached. On other cards device indices need not start at 0.
 */
function seated(card: CardBox, enis: readonly EniOrOutline[], places: number): readonly (EniOrOutline | null)[] {
  const seats = Array.from({ length: Math.max(places, enis.length) }, (): EniOrOutline | null => null);
  const waiting: EniOrOutline[] = [];
  for (const eni of enis) {
    const own = card.index === 0 ? eni.deviceIndex : null;
    if (own !== null && own < seats.length && seats[own] === null) seats[own] = eni;
    else waiting.push(eni);
  }
  for (const eni of waiting) seats[seats.indexOf(null)] = eni;
  return seats;
}

/** The height reserved for any ENI: that of the tallest possible content. */
function keptHeight(node: NodeRecord, capacity: number): number {
  const slots = eniHeight(slotRows(capacity));
  switch (node.cni?.mode) {
    case 'prefix':
      return Math.max(slots, fullPrefixHeight(capacity));
    case 'ipv6':
      return Math.max(slots, IPV6_HEIGHT);
    default:
      return slots;
  }
}

const ownHeight = (eni: EniOrOutline, node: NodeRecord): number => contentHeight(contentOf(eni, node), eni, node);

/** The places of a card, top to bottom. Without a known limit, one place per ENI. */
export function eniRooms(
  card: CardBox,
  node: NodeRecord,
): { readonly rooms: readonly EniRoom[]; readonly height: number } {
  const limit = limitOf(card);
  const trunk = keepsTrunk(card, node);
  const others = card.enis.filter((eni) => !isTrunk(eni));
  const seats = seated(card, others, limit === null ? 0 : Math.max(0, limit - (trunk ? 1 : 0)));
  const capacity = node.limits === null ? Math.max(0, ...others.map(slotsOf)) : node.limits.ipv4PerEni - 1;
  const kept = limit === null ? 0 : keptHeight(node, capacity);
  const rooms: EniRoom[] = [];
  let y = 0;
  /** Adds a row of places. An ENI is as high as its content; the row is as high as the tallest possible content. */
  const addRow = (row: readonly (EniOrOutline | null)[], perRow: number): void => {
    const w = (INNER - (perRow - 1) * ENI.gap) / perRow;
    const scale = w / INNER;
    let height = 0;
    row.forEach((eni, place) => {
      const h = (eni === null ? kept : ownHeight(eni, node)) * scale;
      // An ENI without addresses is a line, and stays attached as long as its instance runs.
      const isLine = perRow === 1 && eni !== null && contentOf(eni, node) === 'none';
      height = Math.max(height, isLine ? h : Math.max(h, kept * scale));
      rooms.push({ eni, trunk: false, x: place * (w + ENI.gap), y, w, h, scale });
    });
    y += height + ENI.gap;
  };
  const whole = card.index !== 0 ? WHOLE.other : node.cni?.mode === 'prefix' ? WHOLE.prefix : WHOLE.first;
  const few = limit === null ? seats.length : whole;
  for (const eni of seats.slice(0, few)) addRow([eni], 1);
  if (trunk) {
    const h = trunkHeight(node);
    rooms.push({ eni: card.enis.find(isTrunk) ?? null, trunk: true, x: 0, y, w: INNER, h, scale: 1 });
    y += h + ENI.gap;
  }
  const small = seats.slice(few);
  const perRow = small.length <= TWO_A_ROW ? 2 : 4;
  for (let from = 0; from < small.length; from += perRow) addRow(small.slice(from, from + perRow), perRow);
  return { rooms, height: Math.max(0, y - ENI.gap) };
}
