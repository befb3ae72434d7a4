/** Slots and dots. Kept in step with `cells` of `lib/layout/picture/svg`. */
import type { CellsMark, DotsMark } from '../../../lib/layout/picture/mark';
import { SANS } from '../../../lib/layout/picture/text';
import { blend, WARM_TINT } from '../../../lib/layout/picture/tokens';
import type { Brush } from './brush';
import { snap, snapFill } from './crisp';

type Each = (x: number, y: number) => void;

function each(at: readonly number[], visit: Each): void {
  for (let i = 0; i + 1 < at.length; i += 2) visit(at[i] ?? 0, at[i + 1] ?? 0);
}

/** All cells as one path, drawn in by `inset`. */
function trace(context: CanvasRenderingContext2D, { at, w, h, r }: CellsMark, inset: number): void {
  context.beginPath();
  const radius = Math.max(0, r - inset);
  each(at, (x, y) => {
    if (radius < 0.3) context.rect(x + inset, y + inset, w - 2 * inset, h - 2 * inset);
    else context.roundRect(x + inset, y + inset, w - 2 * inset, h - 2 * inset, radius);
  });
}

function outlined(
  brush: Brush,
  mark: CellsMark,
  fill: string | CanvasPattern | null,
  edge: string,
  dash: number[] = [],
): void {
  const { context } = brush;
  trace(context, mark, 0.5);
  if (fill !== null) {
    context.fillStyle = fill;
    context.fill();
  }
  context.strokeStyle = edge;
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.stroke();
}

/** Cells narrower than this keep their exact pitch: gaps that alternate between one pixel and two are worse than soft edges. */
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

export function drawCells(brush: Brush, exact: CellsMark): void {
  const { context } = brush;
  const mark = snapped(brush, exact);
  const { w, h, at } = mark;
  const surface = brush.colour('surface');
  const tone = brush.colour(mark.tone);
  const edge = brush.colour('edge');
  switch (mark.style) {
    case 'primary':
      trace(context, mark, 0);
      context.fillStyle = tone;
      context.fill();
      context.fillStyle = surface;
      each(at, (x, y) =>
        context.fillRect(x + w * 0.275, y + h / 2 - Math.max(0.6, h * 0.09), w * 0.45, Math.max(1.2, h * 0.18)),
      );
      return;
    case 'assigned':
      trace(context, mark, 0);
      // The ninth network and on: a hole, because "other" is near to some of the eight.
      if (mark.tone === 'other') each(at, (x, y) => context.rect(x + w * 0.35, y + h * 0.3, w * 0.3, h * 0.4));
      context.fillStyle = tone;
      context.fill(mark.tone === 'other' ? 'evenodd' : 'nonzero');
      return;
    case 'warm':
      outlined(brush, mark, blend(tone, surface, WARM_TINT[brush.theme]), tone);
      return;
    case 'cooling': {
      trace(context, mark, 0.5);
      context.fillStyle = surface;
      context.fill();
      outlined(brush, mark, brush.stripes(mark.tone, 45, 1.6, 4, at[0] ?? 0, at[1] ?? 0), tone);
      return;
    }
    case 'unclaimed':
      outlined(brush, mark, surface, edge);
      return;
    case 'excluded':
      outlined(brush, mark, surface, edge);
      context.beginPath();
      each(at, (x, y) => {
        context.moveTo(x + 1, y + h - 1);
        context.lineTo(x + w - 1, y + 1);
      });
      context.stroke();
      return;
    case 'unknown':
      outlined(brush, mark, surface, edge, [2, 2]);
      if (h < 9) return;
      context.fillStyle = brush.colour('text2');
      context.font = `400 ${Math.min(11, h)}px ${SANS}`;
      context.textAlign = 'center';
      each(at, (x, y) => context.fillText('?', x + w / 2, y + h / 2 + Math.min(11, h) * 0.36));
      context.textAlign = 'left';
      return;
    case 'requested':
      trace(context, mark, 0.5);
      context.strokeStyle = brush.colour('err');
      context.lineWidth = 1.2;
      context.setLineDash([2, 2]);
      context.stroke();
      return;
  }
}

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
