/**
 * Lays out a node's link diagram: pods with one row per interface, and ENIs and cards in columns beside them. An ENI's
 * height follows its number of wires. ENIs are in device order, spread over the height of the rows. Wires meet an ENI
 * in row order, so wires of one ENI never cross.
 */
import { byNaturalName } from '../../model/order';
import type { EniRecord, InterfaceRecord, NetworkCardRecord, NodeRecord, PodRecord } from '../../model/records';
import { tally } from '../../model/sums';
import type { NetworkRanks } from '../../view/network-colours';
import { recordsOf, type ViewSource } from '../../view/view-source';
import { cardsOf } from '../rack/cards';
import { createSceneFacts, type SceneFacts } from '../scene/facts';
import { isBroken, podInterfaces } from './wiring';
import { BODY } from '../picture/mark-writer';
import type { Rect } from '../picture/rect';
import { distinctNames } from '../picture/distinct-names';

/** Height of a row, in pixels. */
export const ROW = 17.5;
const NAMESPACE_GAP = 8;
const TOP = 118;
const WIRE_PITCH = 10.5;
const ENI_LEAST = 62;
const ENI_GAP = 28;
/** The slot at which a wire ends. */
const SLOT = { w: 15, h: 8 } as const;

/** An interface in the diagram. `broken`: requested but not reported. */
export interface FocusRow {
  readonly record: InterfaceRecord;
  /** Centre of the row. */
  readonly y: number;
  /** The interface's frame. */
  readonly rect: Rect;
  readonly broken: boolean;
}

/** A pod in the diagram. */
export interface FocusPod {
  readonly pod: PodRecord;
  /** The name, shortened to fit the column but still distinct from the others; null if there is no room. */
  readonly label: string | null;
  readonly rows: readonly FocusRow[];
  /** Centre of its rows. */
  readonly y: number;
  /** The pod's frame in the pod column, as high as its rows. */
  readonly rect: Rect;
}

export interface FocusEni {
  /** Null for the group of interfaces without a known ENI. */
  readonly eni: EniRecord | null;
  readonly rect: Rect;
  /** The slot where each interface's wire ends, by interface id. */
  readonly slots: ReadonlyMap<string, Rect>;
  readonly card: number | null;
}

/** A network card in the diagram; `index` is null when it is not known. */
export interface FocusCard {
  readonly index: number | null;
  readonly record: NetworkCardRecord | null;
  readonly id: string;
  readonly rect: Rect;
}

/** Left and right edges of the columns, in pixels. */
export interface FocusColumns {
  readonly left: number;
  readonly pods: number;
  readonly interfaces: number;
  readonly interfacesEnd: number;
  readonly enis: number;
  readonly enisEnd: number;
  readonly cards: number;
  readonly right: number;
}

/** A link diagram with positions. Coordinates are pixels. */
export interface FocusLayout {
  readonly source: ViewSource;
  readonly facts: SceneFacts;
  readonly node: NodeRecord;
  readonly width: number;
  readonly height: number;
  readonly columns: FocusColumns;
  readonly pods: readonly FocusPod[];
  readonly enis: readonly FocusEni[];
  readonly cards: readonly FocusCard[];
  readonly hostNetworkPods: number;
  /** The box that counts the hostNetwork pods, below the cards; null without such pods. */
  readonly hostNetwork: Rect | null;
  readonly rowOf: ReadonlyMap<string, FocusRow>;
  readonly eniOf: ReadonlyMap<string, FocusEni>;
}

/** Minimum width for whole addresses and for the wires to their ENIs, in pixels. */
const MIN_WIDTH = 480;
/** From this width on, every column has room for its full text. */
const FULL_WIDTH = 980;

/** Columns wide enough for their full text. */
function wideColumns(width: number): FocusColumns {
  const left = 32;
  const right = width - 32;
  const pods = left + Math.min(268, width * 0.19);
  const interfaces = pods + 36;
  const interfacesEnd = interfaces + 176;
  const cards = right - Math.min(138, width * 0.12);
  const eniWidth = Math.min(236, width * 0.2);
  // Space for wires and, if the cards leave it, for the labels of broken ones.
  const wires = Math.max(170, Math.min(250, cards - 80 - eniWidth - interfacesEnd));
  const enis = Math.max(interfacesEnd + wires, cards - 175 - eniWidth);
  return { left, pods, interfaces, interfacesEnd, enis, enisEnd: enis + eniWidth, cards, right };
}

/** Columns at the minimum width: names are clipped, addresses are not. */
const NARROW: FocusColumns = {
  left: 12,
  pods: 96,
  interfaces: 108,
  interfacesEnd: 268,
  enis: 310,
  enisEnd: 414,
  cards: 424,
  right: MIN_WIDTH - 12,
};

/** Beside an open panel in a small window, all columns shrink in proportion, so that nothing scrolls sideways. */
function columnsFor(width: number): FocusColumns {
  if (width >= FULL_WIDTH) return wideColumns(width);
  const wide = wideColumns(FULL_WIDTH);
  const t = (width - MIN_WIDTH) / (FULL_WIDTH - MIN_WIDTH);
  const mixed = (key: keyof FocusColumns): number => NARROW[key] + (wide[key] - NARROW[key]) * t;
  return {
    left: mixed('left'),
    pods: mixed('pods'),
    interfaces: mixed('interfaces'),
    interfacesEnd: mixed('interfacesEnd'),
    enis: mixed('enis'),
    enisEnd: mixed('enisEnd'),
    cards: mixed('cards'),
    right: mixed('right'),
  };
}

/** Whether the legend of wires needs a line of its own in the head of the diagram. */
export const isNarrow = (width: number): boolean => width < FULL_WIDTH;

const byPod = (a: PodRecord, b: PodRecord): number =>
  byNaturalName(a.namespace, b.namespace) || byNaturalName(a.name, b.name);

/** The name of a pod within its node, with the namespace if another pod has the same name. */
function nameOf(pods: readonly PodRecord[]): (pod: PodRecord) => string {
  const counts = tally(pods.map(({ name }) => name));
  return ({ namespace, name }) => ((counts.get(name) ?? 0) > 1 ? `${namespace}/${name}` : name);
}

function placeRows(
  source: ViewSource,
  node: string,
  { left, pods: podsEnd, interfaces, interfacesEnd }: FocusColumns,
): { pods: FocusPod[]; bottom: number } {
  const pods: FocusPod[] = [];
  const onNode = recordsOf(source.indexes.podsByNode, node, source.records.pods).sort(byPod);
  const called = nameOf(onNode);
  // Measured in bold, the wider font.
  const labels = distinctNames(onNode.map(called), BODY, podsEnd - left - 20);
  let y = TOP + 18;
  let namespace: string | null = null;
  for (const pod of onNode) {
    const records = podInterfaces(source, pod.id);
    if (records.length === 0) continue;
    if (namespace !== null && namespace !== pod.namespace) y += NAMESPACE_GAP;
    namespace = pod.namespace;
    const frame = { x: interfaces - 2, w: interfacesEnd - interfaces + 2, h: 18 };
    const rows = records.map((record, index): FocusRow => {
      const middle = y + index * ROW;
      return { record, y: middle, rect: { ...frame, y: middle - frame.h / 2 }, broken: isBroken(record) };
    });
    const height = (records.length - 1) * ROW;
    pods.push({
      pod,
      label: labels.get(called(pod)) ?? null,
      rows,
      y: y + height / 2,
      rect: { x: left, y: y - 8, w: podsEnd - left, h: height + 16 },
    });
    y += records.length * ROW;
  }
  return { pods, bottom: y };
}

/** Places boxes one below the other, as near to their preferred centres as their order and gaps allow. */
function spread(heights: readonly number[], top: number, bottom: number): readonly number[] {
  const total = heights.reduce((sum, height) => sum + height, 0);
  const gap = heights.length < 2 ? 0 : Math.max(ENI_GAP, (bottom - top - total) / (heights.length + 1));
  const used = total + gap * Math.max(0, heights.length - 1);
  let y = top + Math.max(0, (bottom - top - used) / 2);
  return heights.map((height) => {
    const at = y;
    y += height + gap;
    return at;
  });
}

/** Spreads cards beside their ENIs, each as high as its ribbons. */
function placeCards(
  boxes: ReturnType<typeof cardsOf>,
  enis: readonly FocusEni[],
  columns: FocusColumns,
  bottom: number,
): readonly FocusCard[] {
  const heights = boxes.map(({ index }) => {
    const on = enis.filter(({ card, eni }) => card === index && eni !== null);
    return Math.max(96, on.reduce((sum, { slots }) => sum + Math.max(8, slots.size * 4.2), 0) + 40);
  });
  const places = spread(heights, TOP + 10, bottom);
  return boxes.map(({ index, record, id }, place) => ({
    index,
    record,
    id,
    rect: { x: columns.cards, y: places[place] ?? TOP, w: columns.right - columns.cards, h: heights[place] ?? 96 },
  }));
}

/** Lays out a node's diagram; null for an unknown node. `wanted`: width in pixels; at least `MIN_WIDTH` is used. */
export function layoutFocus(
  source: ViewSource,
  ranks: NetworkRanks,
  nodeId: string,
  wanted: number,
): FocusLayout | null {
  const node = source.records.nodes.get(nodeId);
  if (node === undefined) return null;
  const width = Math.max(MIN_WIDTH, wanted);
  const columns = columnsFor(width);
  const { pods, bottom } = placeRows(source, nodeId, columns);
  const rows = pods.flatMap((pod) => pod.rows);

  const groups = new Map<string | null, FocusRow[]>();
  const order: { eni: EniRecord | null; card: number | null }[] = [];
  for (const card of cardsOf(source, node))
    for (const { id } of card.enis) {
      const eni = source.records.enis.get(id);
      if (eni === undefined) continue;
      groups.set(eni.id, []);
      order.push({ eni, card: card.index });
      for (const branch of recordsOf(source.indexes.branchesByTrunk, eni.id, source.records.enis)) {
        groups.set(branch.id, []);
        order.push({ eni: branch, card: card.index });
      }
    }
  const loose: FocusRow[] = [];
  for (const row of rows) {
    if (row.broken) continue;
    const group = row.record.eni === null ? undefined : groups.get(row.record.eni);
    (group ?? loose).push(row);
  }
  if (loose.length > 0) {
    groups.set(null, loose);
    order.push({ eni: null, card: null });
  }
  const heights = order.map(({ eni }) =>
    Math.max(ENI_LEAST, (groups.get(eni?.id ?? null) ?? []).length * WIRE_PITCH + 14),
  );
  const places = spread(heights, TOP + 10, bottom);
  const enis: FocusEni[] = order.map(({ eni, card }, index) => {
    const y = places[index] ?? TOP;
    const h = heights[index] ?? ENI_LEAST;
    const wired = groups.get(eni?.id ?? null) ?? [];
    const first = y + h / 2 - ((wired.length - 1) * WIRE_PITCH) / 2;
    return {
      eni,
      card,
      rect: { x: columns.enis, y, w: columns.enisEnd - columns.enis, h },
      slots: new Map(
        wired.map((row, place) => [
          row.record.id,
          { x: columns.enis + 8, y: first + place * WIRE_PITCH - SLOT.h / 2, ...SLOT },
        ]),
      ),
    };
  });
  const lowest = enis.reduce((most, { rect }) => Math.max(most, rect.y + rect.h), bottom);

  const boxes = cardsOf(source, node).filter(({ enis: on }) => on.length > 0);
  const cards = placeCards(boxes, enis, columns, lowest);
  const lowestCard = cards.reduce((most, { rect }) => Math.max(most, rect.y + rect.h), 0);
  const cardBottom = Math.max(lowestCard, lowest);
  const hostNetworkPods = recordsOf(source.indexes.podsByNode, nodeId, source.records.pods).filter(
    ({ hostNetwork, phase }) => hostNetwork && phase !== 'Succeeded' && phase !== 'Failed',
  ).length;
  return {
    source,
    facts: createSceneFacts(source, ranks),
    node,
    width,
    height: Math.max(bottom, lowest, cardBottom + (hostNetworkPods > 0 ? 64 : 0)) + 40,
    columns,
    pods,
    enis,
    cards,
    hostNetworkPods,
    hostNetwork:
      hostNetworkPods === 0 || cards.length === 0
        ? null
        : { x: columns.cards, y: lowestCard + 16, w: columns.right - columns.cards, h: 44 },
    rowOf: new Map(rows.map((row) => [row.record.id, row])),
    eniOf: new Map(enis.flatMap((eni) => [...eni.slots.keys()].map((id) => [id, eni] as const))),
  };
}

/** The y coordinate at which a wire meets a slot. */
export const middleOf = ({ y, h }: Rect): number => y + h / 2;

/** The rectangle that a tooltip is placed beside, and whether it goes below. */
export interface BesidePath {
  readonly rect: Rect;
  readonly below: boolean;
}

/** A position where the tooltip does not cover its path: beside the ENI, or below the pod's rows. */
export function besidePath(layout: FocusLayout, interfaceId: string, atEni: boolean): BesidePath | null {
  const row = layout.rowOf.get(interfaceId);
  if (row === undefined) return null;
  const eni = layout.eniOf.get(interfaceId);
  const slot = eni?.slots.get(interfaceId);
  if (atEni && eni !== undefined && slot !== undefined) return { rect: eni.rect, below: row.y <= middleOf(slot) };
  const { rect = row.rect } = layout.pods.find(({ rows }) => rows.includes(row)) ?? {};
  return { rect: { ...rect, w: layout.columns.interfacesEnd - rect.x }, below: true };
}
