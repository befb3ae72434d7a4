/**
 * Places a node's network cards and their ENIs: listed one below the other or, if more than four cards carry addresses,
 * as a matrix of eight columns by card index. A run of three or more equal cards without addresses folds into one.
 */
import { cardId } from '../../model/ids';
import { byCodeUnit } from '../../model/order';
import type { NetworkCardRecord, NodeRecord } from '../../model/records';
import type { EniOrOutline } from '../../view/eni-outline';
import { layoutEnisUnder } from '../../view/partial-set';
import { recordsOf, type ViewSource } from '../../view/view-source';
import { CARD, ENI, INNER, NODE } from './geometry';
import type { BlockList } from './block-list';
import { contentHeight, contentOf } from './eni-content';
import { eniRooms, type CardBox } from './eni-room';

const LAST = 1_000;
const byDevice = (a: EniOrOutline, b: EniOrOutline): number =>
  (a.deviceIndex ?? LAST) - (b.deviceIndex ?? LAST) || byCodeUnit(a.id, b.id);

/** Cards by index: known cards and those that ENIs refer to; an unknown card last. */
export function cardsOf(source: ViewSource, node: NodeRecord): readonly CardBox[] {
  const attached = layoutEnisUnder(source, 'enisByNode', node.id).filter(({ role }) => role !== 'branch');
  const enis = Map.groupBy(attached, ({ card }) => card);
  const records = new Map<number | null, NetworkCardRecord>();
  for (const card of recordsOf(source.indexes.cardsByNode, node.id, source.records.networkCards))
    records.set(card.index, card);
  return [...new Set([...records.keys(), ...enis.keys()])]
    .sort((a, b) => (a === null ? 1 : b === null ? -1 : a - b))
    .map((index) => ({
      index,
      id: index === null ? node.id : cardId(node.name, index),
      record: records.get(index) ?? null,
      enis: (enis.get(index) ?? []).sort(byDevice),
    }));
}

/** Sorts after every VLAN id (12 bits). */
const LAST_VLAN = 4096;

/** A trunk's branches, by VLAN and id. */
export const branchesOf = (source: ViewSource, trunk: string): EniOrOutline[] =>
  layoutEnisUnder(source, 'branchesByTrunk', trunk).sort(
    (a, b) => (a.vlan ?? LAST_VLAN) - (b.vlan ?? LAST_VLAN) || byCodeUnit(a.id, b.id),
  );

/** Whether a card carries addresses, or will once ipamd attaches an ENI to it. */
const addressed = (card: CardBox, node: NodeRecord): boolean =>
  card.index === null ||
  card.enis.some((eni) => contentOf(eni, node) !== 'none') ||
  (card.enis.length === 0 && card.record?.managed === true);

/** Two cards without addresses look equal if these keys are equal. */
const sameness = (card: CardBox): string =>
  [card.record?.performance, card.record?.managed, ...card.enis.map((eni) => `${eni.interfaceType} ${eni.role}`)].join(
    '|',
  );

/** A single card, or several that fold into one. */
export type CardRun = readonly CardBox[];

/**
 * Groups cards into runs: three or more consecutive equal cards without addresses form one run; every other card is its
 * own run.
 */
export function runsOf(cards: readonly CardBox[], node: NodeRecord): readonly CardRun[] {
  const runs: CardBox[][] = [];
  for (const card of cards) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const equal =
      last !== undefined && !addressed(last, node) && !addressed(card, node) && sameness(last) === sameness(card);
    if (equal) run?.push(card);
    else runs.push([card]);
  }
  return runs.flatMap((run) => (run.length >= 3 ? [run] : run.map((card) => [card])));
}

function listCards(list: BlockList, runs: readonly CardRun[], node: NodeRecord, top: number): number {
  let y = top;
  runs.forEach((run, index) => {
    const card = run[0];
    if (card === undefined) return;
    if (index > 0) y += run.length > 1 ? CARD.gap - ENI.gap : CARD.gap;
    if (run.length > 1) {
      list.add({ kind: 'fold', ref: card.id, x: NODE.padding, y, w: INNER, h: CARD.height, rows: run.length });
      y += CARD.height;
      return;
    }
    list.add({ kind: 'card-heading', ref: card.id, x: NODE.padding, y, w: INNER, h: CARD.height });
    y += CARD.height;
    const { rooms, height } = eniRooms(card, node);
    for (const { eni, trunk, x, w, h, scale, ...room } of rooms) {
      const at = { x: NODE.padding + x, y: y + room.y, w, h, scale };
      if (eni === null) list.add({ kind: 'vacant', ref: card.id, ...at, rows: trunk ? 1 : 0 });
      else list.add({ kind: 'eni', ref: eni.id, ...at });
    }
    y += height;
  });
  return y;
}

const CELL_W = (INNER - (CARD.matrixColumns - 1) * CARD.matrixGap) / CARD.matrixColumns;
const CELL_H = 54;
const CELL_INSET = 3;
const CELL_TITLE = 16;

/** Adds cards as a matrix. ENIs in a cell are scaled to the cell's width; their contents follow that scale. */
function matrixCards(list: BlockList, runs: readonly CardRun[], node: NodeRecord, top: number): number {
  const place = (slot: number): { x: number; y: number } => ({
    x: NODE.padding + (slot % CARD.matrixColumns) * (CELL_W + CARD.matrixGap),
    y: top + Math.floor(slot / CARD.matrixColumns) * (CELL_H + CARD.matrixGap),
  });
  let slot = 0;
  let bottom = top;
  const folds: CardRun[] = [];
  for (const run of runs) {
    const card = run[0];
    if (card === undefined) continue;
    if (run.length > 1) {
      let labelled = false;
      for (let left = run.length; left > 0;) {
        const { x, y } = place(slot);
        const column = slot % CARD.matrixColumns;
        const wide = Math.min(left, CARD.matrixColumns - column);
        // A full-width run also covers the full rows below it.
        const rows = column === 0 && wide === CARD.matrixColumns ? Math.floor(left / CARD.matrixColumns) : 1;
        const w = wide * (CELL_W + CARD.matrixGap) - CARD.matrixGap;
        const h = rows * (CELL_H + CARD.matrixGap) - CARD.matrixGap;
        list.add({ kind: 'region', ref: card.id, x, y, w, h, rows: wide * rows });
        labelled ||= wide === CARD.matrixColumns;
        slot += wide * rows;
        left -= wide * rows;
        bottom = Math.max(bottom, y + h);
      }
      // A region as wide as the node has its own label.
      if (!labelled) folds.push(run);
      continue;
    }
    const { x, y } = place(slot++);
    list.add({ kind: 'cell', ref: card.id, x, y, w: CELL_W, h: CELL_H });
    const scale = (CELL_W - 2 * CELL_INSET) / INNER;
    let inner = y + CELL_TITLE;
    for (const eni of card.enis) {
      const h = contentHeight(contentOf(eni, node), eni, node) * scale;
      list.add({ kind: 'eni', ref: eni.id, x: x + CELL_INSET, y: inner, w: CELL_W - 2 * CELL_INSET, h, scale });
      inner += h + 2;
    }
    bottom = Math.max(bottom, y + CELL_H);
  }
  for (const run of folds) {
    const card = run[0];
    if (card === undefined) continue;
    list.add({
      kind: 'fold',
      ref: card.id,
      x: NODE.padding,
      y: bottom + 4,
      w: INNER,
      h: CARD.height,
      rows: run.length,
    });
    bottom += 4 + CARD.height;
  }
  return bottom;
}

/** Adds a node's cards below `top`; returns their bottom edge. Unfolded cards end with a line that folds them again. */
export function placeCards(
  list: BlockList,
  source: ViewSource,
  node: NodeRecord,
  unfolded: boolean,
  top: number,
): number {
  const cards = cardsOf(source, node);
  const runs = runsOf(cards, node);
  const single = runs.filter((run) => run.length === 1).length;
  const matrix = single > CARD.listed;
  if (!unfolded || (!matrix && single === runs.length))
    return matrix ? matrixCards(list, runs, node, top) : listCards(list, runs, node, top);
  const each = cards.map((card) => [card]);
  const bottom = listCards(list, each, node, top) + CARD.gap - ENI.gap;
  list.add({ kind: 'fold', ref: node.id, x: NODE.padding, y: bottom, w: INNER, h: CARD.height, rows: 0 });
  return bottom + CARD.height;
}
