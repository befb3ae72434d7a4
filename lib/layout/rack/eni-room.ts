/**
 * Where the ENIs of a listed card stand, and how much room the card keeps. The room is that of every ENI that the instance
 * type allows: one that is attached fills a place that was kept for it, and moves nothing. The first places are whole;
 * those that few nodes fill are small, two or four to a row.
 */
import type { NetworkCardRecord, NodeRecord } from '../../model/records';
import type { EniLook } from '../../view/eni-outline';
import { contentHeight, contentOf, fullPrefixHeight, IPV6_HEIGHT, slotsOf, trunkHeight } from './eni-content';
import { ENI, eniHeight, INNER, slotRows } from './geometry';

/** A network card with its ENIs. */
export interface CardBox {
  /** Null: stands for ENIs whose card is not known. */
  readonly index: number | null;
  readonly id: string;
  readonly record: NetworkCardRecord | null;
  /** By device index, then id; branches hang from their trunk and are not among them. */
  readonly enis: readonly EniLook[];
}

/** A place of an ENI; x and y are from the card's own corner. */
export interface EniRoom {
  /** Null: nothing is attached there. */
  readonly eni: EniLook | null;
  readonly trunk: boolean;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly scale: number;
}

/** Whole places: on the first card, on any other, and in prefix mode, where ipamd fills one ENI after the other. */
const WHOLE = { first: 4, other: 1, prefix: 1 } as const;
/** Up to this many small ENIs are placed two to a row; more are placed four to a row. */
const TWO_A_ROW = 4;

const isTrunk = (eni: EniLook): boolean => eni.role === 'trunk';

/** ENIs that the type allows on a card; null when not known. */
const limitOf = (card: CardBox): number | null => card.record?.maxEnis ?? card.record?.eniSlots.limit ?? null;

/** Whether one of the card's places is for a trunk. */
const keepsTrunk = (card: CardBox, node: NodeRecord): boolean =>
  card.enis.some(isTrunk) || (card.index === 0 && (node.branch?.limit ?? 0) > 0);

/**
 * Which ENI has which place. On the first card an ENI's device index is its place, so that nothing moves up when one is
 * detached; on other cards indices need not begin with 0.
 */
function seated(card: CardBox, enis: readonly EniLook[], places: number): readonly (EniLook | null)[] {
  const seats = Array.from({ length: Math.max(places, enis.length) }, (): EniLook | null => null);
  const waiting: EniLook[] = [];
  for (const eni of enis) {
    const own = card.index === 0 ? eni.deviceIndex : null;
    if (own !== null && own < seats.length && seats[own] === null) seats[own] = eni;
    else waiting.push(eni);
  }
  for (const eni of waiting) seats[seats.indexOf(null)] = eni;
  return seats;
}

/** The height that is kept for any ENI: that of the tallest content it may have. */
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

const ownHeight = (eni: EniLook, node: NodeRecord): number => contentHeight(contentOf(eni, node), eni, node);

/** The places of a card, top down. Without a known limit there are as many as there are ENIs. */
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
  /** A row of places; an ENI is as high as its content, and the row as the tallest that may stand there. */
  const addRow = (row: readonly (EniLook | null)[], perRow: number): void => {
    const w = (INNER - (perRow - 1) * ENI.gap) / perRow;
    const scale = w / INNER;
    let height = 0;
    row.forEach((eni, place) => {
      const h = (eni === null ? kept : ownHeight(eni, node)) * scale;
      // An ENI that carries no addresses is a line, and stays attached as long as its instance runs.
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
