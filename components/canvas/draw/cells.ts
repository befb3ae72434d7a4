/** Slots and dots on a canvas. */
import {
  CELL_STRIPES,
  cellColour,
  cellLayers,
  type CellFill,
  type CellLayer,
} from '../../../lib/layout/picture/cell-layers';
import type { CellsMark, DotsMark } from '../../../lib/layout/picture/mark';
import { SANS } from '../../../lib/layout/picture/text';
import { setStroke, type Brush } from './brush';
import { snap, snapFill } from './crisp';

type Shape = Extract<CellLayer, { readonly kind: 'shape' }>;

type Each = (x: number, y: number) => void;

function each(at: readonly number[], visit: Each): void {
  for (let i = 0; i + 1 < at.length; i += 2) visit(at[i] ?? 0, at[i + 1] ?? 0);
}

/** Traces one layer of all cells as one path. */
function trace(context: CanvasRenderingContext2D, mark: CellsMark, { boxes, slash }: Shape): void {
  context.beginPath();
  for (const box of boxes)
    each(mark.at, (x, y) => {
      if (box.r < 0.3) context.rect(x + box.x, y + box.y, box.w, box.h);
      else context.roundRect(x + box.x, y + box.y, box.w, box.h, box.r);
    });
  if (!slash) return;
  each(mark.at, (x, y) => {
    context.moveTo(x + 1, y + mark.h - 1);
    context.lineTo(x + mark.w - 1, y + 1);
  });
}

function fillStyle(brush: Brush, mark: CellsMark, fill: CellFill): string | CanvasPattern {
  if (fill.kind !== 'stripes') return cellColour(brush.theme, fill);
  const { angle, stripe, period } = CELL_STRIPES;
  return brush.stripes(fill.tone, angle, stripe, period, mark.at[0] ?? 0, mark.at[1] ?? 0);
}

function drawLayer(brush: Brush, mark: CellsMark, layer: CellLayer): void {
  const { context } = brush;
  if (layer.kind === 'glyph') {
    context.fillStyle = brush.colour(layer.tone);
    context.font = `400 ${layer.size}px ${SANS}`;
    context.textAlign = 'center';
    each(mark.at, (x, y) => context.fillText(layer.text, x + mark.w / 2, y + layer.y));
    context.textAlign = 'left';
    return;
  }
  trace(context, mark, layer);
  if (layer.fill !== null) {
    context.fillStyle = fillStyle(brush, mark, layer.fill);
    context.fill(layer.hole ? 'evenodd' : 'nonzero');
  }
  if (layer.stroke === null) return;
  setStroke(brush, layer.stroke);
  context.stroke();
}

/**
 * Cells narrower than this keep their exact pitch: gaps that alternate between one and two pixels look worse than soft
 * edges.
 */
const SNAPPED = 12;

function snapped(brush: Brush, mark: CellsMark): CellsMark {
  const { at, w, h } = mark;
  if (at.length === 2) {
    const edges = snapFill(brush, { x: at[0] ?? 0, y: at[1] ?? 0, w, h });
    return { ...mark, w: Math.max(1 / brush.ratio, edges.w), h: edges.h, at: [edges.x, edges.y] };
  }
  const whole = w >= SNAPPED;
  return {
    ...mark,
    w: whole ? snap(brush, w) : w,
    h: snap(brush, h),
    at: at.map((value, index) => (whole || index % 2 === 1 ? snap(brush, value) : value)),
  };
}

/** Draws many slots as one path per layer. */
export function drawCells(brush: Brush, exact: CellsMark): void {
  const mark = snapped(brush, exact);
  for (const layer of cellLayers(mark)) drawLayer(brush, mark, layer);
}

/** Draws free capacity, one dot per slot. */
export function drawDots(brush: Brush, { at, radius, tone }: DotsMark): void {
  const { context } = brush;
  context.fillStyle = brush.colour(tone);
  if (radius < 1) {
    each(at, (x, y) => context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius));
    return;
  }
  context.beginPath();
  each(at, (x, y) => {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  });
  context.fill();
}
