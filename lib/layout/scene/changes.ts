/**
 * Draws recent changes above the boxes: counts per kind on each node and, zoomed in, a ring and a sign at each record
 * and slot. Signs differ by shape and have no hue, because hue means network.
 */
import { CHANGE_KINDS, type ChangeKind } from '../../model/vocabulary';
import type { ChangeMarks, NodeMarks } from '../../view/changes/marks';
import { BODY, bold, centred } from '../picture/mark-writer';
import { textWidth } from '../picture/text';
import type { Rect } from '../picture/rect';
import { addressPlaces, placeOf } from '../places/find';
import { slotsAreDrawn, slotScale } from '../rack/level';
import { boxRect } from '../rack/rack';
import type { Scope } from './scope';

const SIGN = 12;
const TAG = { h: 18, pad: 5, gap: 3, between: 7 } as const;
/** Minimum tile width in pixels for a sign, and the width below which only a frame is drawn. */
const SIGN_FROM = 10;
/** The order in which one kind represents the others where there is room for only one. */
const FOREMOST: readonly ChangeKind[] = ['went', 'appeared', 'moved', 'changed'];

const foremost = ({ counts }: NodeMarks): ChangeKind => FOREMOST.find((kind) => counts[kind] > 0) ?? 'changed';

interface Part {
  readonly kind: ChangeKind;
  readonly text: string;
  readonly w: number;
}

function partOf(kind: ChangeKind, count: number): Part {
  const text = count.toLocaleString('en');
  return { kind, text, w: SIGN + TAG.gap + textWidth(text, BODY, 650) };
}

const widthOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, { w }) => sum + w + TAG.between, 2 * TAG.pad - TAG.between);

/**
 * Draws the counts on the node's lower edge: a sign and a number per kind, or one for all kinds if there is no room.
 */
function drawCounts({ draw }: Scope, node: string, { counts }: NodeMarks, box: Rect): void {
  const each = CHANGE_KINDS.filter((kind) => counts[kind] > 0).map((kind) => partOf(kind, counts[kind]));
  const all = CHANGE_KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  const parts = widthOf(each) + 8 <= box.w ? each : [partOf('changed', all)];
  const y = box.y + box.h - TAG.h - 2;
  const ground = { x: box.x + 4, y, w: widthOf(parts), h: TAG.h };
  draw.rect('changes', node, ground, { r: TAG.h / 2, fill: 'surface', stroke: { tone: 'ink', width: 1.2 } });
  let x = ground.x + TAG.pad;
  for (const { kind, text, w: width } of parts) {
    draw.icon(`change ${kind}`, node, kind, x, y + (TAG.h - SIGN) / 2, SIGN, 'ink');
    draw.text('change-count', node, x + SIGN + TAG.gap, centred(y + TAG.h / 2, BODY), BODY, [bold(text)]);
    x += width + TAG.between;
  }
}

function drawTileSign({ draw }: Scope, node: string, marks: NodeMarks, tile: Rect): void {
  const kind = foremost(marks);
  draw.rect('changes', node, tile, { r: 2, stroke: { tone: 'ink', width: tile.w < SIGN_FROM ? 1 : 1.5 } });
  if (tile.w < SIGN_FROM) return;
  const size = Math.min(SIGN, tile.w * 0.6, tile.h * 0.6);
  draw.icon(`change ${kind}`, node, kind, tile.x - size * 0.3, tile.y - size * 0.3, size, 'ink', 'surface', true);
}

function drawPlace({ draw }: Scope, id: string, kind: ChangeKind, rect: Rect): void {
  const { x, y, w, h } = draw.place(rect);
  draw.rect(
    'change-ring',
    id,
    { x: x - 2, y: y - 2, w: w + 4, h: h + 4 },
    { r: 4, stroke: { tone: 'ink', width: 1.5, dash: [3, 2] } },
  );
  const size = Math.min(SIGN, h);
  draw.icon(`change ${kind}`, id, kind, x + w - size / 2, y - size / 2, size, 'ink', 'surface', true);
}

function drawPlaces(scope: Scope, { records, slots }: NodeMarks): void {
  const { facts, rack } = scope;
  const { source } = facts;
  for (const [id, kind] of records) {
    const place = kind === 'went' ? null : placeOf(source, rack, id);
    // A record without a place of its own is covered by its node's count.
    if (place !== null && place.id === id) drawPlace(scope, id, kind, place.rect);
  }
  for (const [id, ips] of slots) {
    const eni = source.records.enis.get(id);
    for (const place of eni === undefined ? [] : addressPlaces(source, rack, eni, ips))
      drawPlace(scope, id, 'changed', place.rect);
  }
}

/** Draws the marks of the visible boxes. */
export const drawChanges =
  (marks: ChangeMarks) =>
  (scope: Scope, boxes: readonly number[]): void => {
    const { rack, draw, level } = scope;
    const near = slotsAreDrawn(slotScale(level, draw.scale));
    for (const box of boxes) {
      const node = rack.boxes.id[box] ?? '';
      const found = marks.get(node);
      if (found === undefined) continue;
      const rect = draw.place(boxRect(rack, box));
      if (level === 'tile') drawTileSign(scope, node, found, rect);
      else {
        if (near) drawPlaces(scope, found);
        drawCounts(scope, node, found, rect);
      }
    }
  };
