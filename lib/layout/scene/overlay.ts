/**
 * Draws above the boxes: rings for selection, hover and focus, a selected pod's wires, name tags. Nothing here moves a
 * place.
 */
import { interfaceName } from '../../view/labels';
import { idParts } from '../../model/ids';
import type { InterfaceRecord } from '../../model/records';
import { networkUse, nodeOfRecord } from '../../view/partial-set';
import { idsOf, type ViewSource } from '../../view/view-source';
import { ENI, NODE } from '../rack/geometry';
import { slotsAreDrawn, slotScale } from '../rack/level';
import { placeOf, placesOf } from '../places/find';
import type { Place } from '../places/places';
import { boxRect } from '../rack/rack';
import { clippedMiddle, round, textWidth } from '../picture/text';
import { BODY, centred } from '../picture/mark-writer';
import { hasBarsName } from './bars';
import type { Scope } from './scope';
import { hasTileName } from './tile';
import type { Rect } from '../picture/rect';

/** The highlighted interfaces and the records they belong to. */
export interface Lit {
  readonly interfaces: ReadonlySet<string>;
  /** The pod whose wires are drawn; null when the selection is a network, or empty. */
  readonly pod: string | null;
}

/** The interfaces that a selection highlights; null when it highlights none (a node, an ENI, a card, a finding). */
export function litBy(scope: Pick<Scope, 'facts'>, selection: string | null): Lit | null {
  if (selection === null) return null;
  const { records, indexes } = scope.facts.source;
  if (records.pods.has(selection)) return { interfaces: idsOf(indexes.interfacesByPod, selection), pod: selection };
  const record = records.interfaces.get(selection);
  if (record !== undefined) return { interfaces: idsOf(indexes.interfacesByPod, record.pod), pod: record.pod };
  if (records.networks.has(selection)) return { interfaces: idsOf(indexes.interfacesByNetwork, selection), pod: null };
  return null;
}

/** The nodes of the highlighted records. */
export function nodesLit(
  source: ViewSource,
  selection: string | null,
  lit: ReadonlySet<string> | null,
): ReadonlySet<string> {
  if (lit === null) return new Set();
  if (selection !== null && source.records.networks.has(selection)) return networkUse(source, selection).nodes;
  return new Set([...lit].flatMap((id) => nodeOfRecord(source, id) ?? []));
}

/** A ring around a rectangle, `out` pixels outside it. */
export function drawRing(scope: Scope, part: string, id: string, rect: Rect, out: number, width: number): void {
  const { x, y, w, h } = scope.draw.place(rect);
  const r = Math.min(NODE.r, Math.min(w, h) / 4 + out);
  scope.draw.rect(
    part,
    id,
    { x: x - out, y: y - out, w: w + 2 * out, h: h + 2 * out },
    { r, stroke: { tone: 'sel', width } },
  );
}

const WIRE = 2;
const HALO = 2;

interface Wire {
  readonly record: InterfaceRecord;
  readonly place: Place;
}

/**
 * The path of a wire: from above the slot, along the gap above its row, to the node's right padding and up to its upper
 * edge.
 */
function wirePath(scope: Scope, place: Place, lane: number, lanes: number): string {
  const { draw, rack } = scope;
  const slot = draw.place(place.rect);
  const box = draw.place(boxRect(rack, place.box));
  const pad = NODE.padding * draw.scale;
  const step = Math.min(3.2, (pad - 3) / Math.max(1, lanes));
  const x = box.x + box.w - pad + 2.5 + lane * step;
  const y = slot.y - Math.min(4.5, 2 + 2.5 * draw.scale);
  const r = Math.min(4, Math.max(0, x - slot.x - slot.w / 2));
  const n = (value: number): string => String(round(value));
  return `M${n(slot.x + slot.w / 2)} ${n(y)}H${n(x - r)}Q${n(x)} ${n(y)} ${n(x)} ${n(y - r)}V${n(box.y)}`;
}

function drawWires(scope: Scope, wires: readonly Wire[]): void {
  const { draw, facts } = scope;
  for (const list of Map.groupBy(wires, ({ place }) => place.box).values()) {
    // The uppermost slot takes the innermost lane, so that wires never cross.
    const lanes = [...list].sort((a, b) => a.place.rect.y - b.place.rect.y);
    const paths = lanes.map(({ place }, lane) => wirePath(scope, place, lane, lanes.length));
    paths.forEach((d, lane) => {
      const id = lanes[lane]?.record.id ?? null;
      draw.path('wire halo', id, d, { tone: 'surface', width: WIRE + 2 * HALO });
    });
    paths.forEach((d, lane) => {
      const record = lanes[lane]?.record;
      if (record === undefined) return;
      const dash = record.link.certainty === 'inferred' ? { dash: [6, 3] as const } : {};
      const stroke = { tone: facts.tone(record.network), width: WIRE, ...dash };
      draw.path('wire', record.id, d, stroke);
    });
  }
}

const overlap = (a: Rect, b: Rect): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/**
 * Draws an interface's name beside its highlighted slot, at the right if there is room; dropped where it would cover one
 * of `taken`, to which it is added.
 */
function drawNameTag(scope: Scope, { record, place }: Wire, taken: Rect[]): void {
  const { draw, facts, rack } = scope;
  const slot = draw.place(place.rect);
  const text = interfaceName(record);
  const w = textWidth(text, BODY, 600) + 14;
  const h = 17;
  const box = draw.place(boxRect(rack, place.box));
  const right = slot.x + slot.w + 6;
  const left = slot.x - 6 - w;
  const y = slot.y + slot.h / 2 - h / 2;
  const sides = right + w <= box.x + box.w - ENI.inset ? [right, left] : [left];
  const inside = sides.filter((from) => from >= box.x - TAG_OUT);
  const x = inside.find((from) => !taken.some((one) => overlap(one, { x: from, y, w, h })));
  if (x === undefined) return;
  const tag = { x, y, w, h };
  taken.push(tag);
  draw.rect('tag', record.id, tag, { r: 4, fill: 'surface', stroke: { tone: facts.tone(record.network), width: 1.5 } });
  draw.text(
    'tag-name',
    record.id,
    x + w / 2,
    centred(y + h / 2, BODY),
    BODY,
    [{ text, tone: facts.textTone(record.network), weight: 600 }],
    'middle',
  );
}

/** Width by which a tag may extend beyond its node's left edge: the gap between columns. */
const TAG_OUT = 10;
/** Maximum width of the tag of a node that is smaller than its name. */
const WIDEST_TAG = 220;
/** Pixels that a name needs below the upper edge. */
const NAME_ROW = 21;

/**
 * Draws a pod's name on the upper edge of its node, right-aligned; on a small node, whose own name is there, inside its
 * lower edge and no wider than the node, so that it covers no other name; where nodes have no names, on the lower edge
 * at full width.
 */
function drawPodTag(scope: Scope, pod: string, box: number): void {
  const { draw, rack } = scope;
  const frame = draw.place(boxRect(rack, box));
  const small = scope.level === 'tile' || scope.level === 'bars';
  const named = scope.level === 'tile' ? hasTileName(frame) : hasBarsName(scope, box, frame);
  const room = small ? (named ? frame.w - 16 : WIDEST_TAG) : Math.max(60, frame.w + TAG_OUT - 16);
  const name = clippedMiddle(idParts(pod)[1] ?? pod, BODY, room, 650) ?? '…';
  const w = textWidth(name, BODY, 650) + 16;
  const h = 19;
  const x = small ? Math.max(2, frame.x + frame.w / 2 - w / 2) : frame.x + frame.w - w;
  const low = named ? Math.max(frame.y + NAME_ROW, frame.y + frame.h - h - 2) : frame.y + frame.h - h / 2;
  const y = small ? low : frame.y - h / 2 - 3;
  draw.rect('pod-tag', pod, { x, y, w, h }, { r: h / 2, fill: 'sel' });
  draw.text(
    'pod-tag-name',
    pod,
    x + w / 2,
    centred(y + h / 2, BODY),
    BODY,
    [{ text: name, tone: 'surface', weight: 650 }],
    'middle',
  );
}

/** Draws the selection: rings, wires and tags, halo first. */
export function drawSelection(scope: Scope, selection: string, lit: Lit | null): void {
  const { facts, rack, draw, level } = scope;
  const { source } = facts;
  if (lit === null) {
    const place = placeOf(source, rack, selection);
    if (place !== null && hasBox(scope, place)) drawRing(scope, 'selected', selection, place.rect, 0, 2);
    return;
  }
  if (lit.pod === null) return;
  const node = source.records.pods.get(lit.pod)?.node ?? null;
  const home = node === null ? undefined : rack.boxOf.get(node);
  if (home !== undefined) drawRing(scope, 'selected', node ?? '', boxRect(rack, home), 0, 2);
  const near = slotsAreDrawn(slotScale(level, draw.scale));
  if (near) {
    const places = placesOf(source, rack, [...lit.interfaces].sort());
    const wires = places.flatMap((place) => {
      const record = source.records.interfaces.get(place.id);
      return record === undefined ? [] : [{ record, place }];
    });
    // A waiting pod has a row, but no slot for a wire to end on.
    const ended = wires.filter(({ place }) => place.role === 'slot');
    drawWires(scope, ended);
    for (const { place } of wires)
      if (place.role === 'slot') drawRing(scope, 'slot-ring', place.id, place.rect, 3, 2);
      else drawRing(scope, 'slot-ring', place.id, place.rect, 0, 1.5);
    const taken = ended.map(({ place }) => draw.place(place.rect));
    if (level === 'slots') for (const wire of ended) drawNameTag(scope, wire, taken);
  }
  if (home !== undefined) drawPodTag(scope, lit.pod, home);
}

const hasBox = (scope: Scope, place: Place): boolean => place.box < scope.rack.boxes.id.length;
