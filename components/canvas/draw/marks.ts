/** Draws a scene's marks on a 2D context, in order. A new kind of mark does not compile until it is drawn here. */
import type { HatchMark, LineMark, Mark, PathMark, RectMark } from '../../../lib/layout/picture/mark';
import { setStroke, type Brush } from './brush';
import { drawCells, drawDots } from './cells';
import { snapFill, snapLine, snapStroke } from './crisp';
import { drawIcon } from './icon';
import { drawText } from './text';

/** A rectangle with square corners needs no path, which makes thousands of tiles cheaper. */
function paintRect(
  context: CanvasRenderingContext2D,
  how: 'fill' | 'stroke',
  x: number,
  y: number,
  w: number,
  h: number,
  r: number,
): void {
  if (r < 0.5) {
    context[`${how}Rect`](x, y, w, h);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(r, w / 2, h / 2));
  context[how]();
}

const SHADOW = { light: 'rgb(16 24 40 / 0.10)', dark: 'rgb(0 0 0 / 0.45)' } as const;

function drawRect(brush: Brush, mark: RectMark): void {
  const { context } = brush;
  const { r, fill, fillOpacity, stroke, shadow, opacity } = mark;
  const { x, y, w, h } = snapFill(brush, mark);
  if (shadow === true) {
    // A blurred shadow costs more than the node itself; a line below the edge has the same effect.
    context.fillStyle = SHADOW[brush.theme];
    paintRect(context, 'fill', x, y + 1.5, w, h, r);
  }
  if (fill !== null) {
    if (fillOpacity !== undefined) context.globalAlpha = fillOpacity * (opacity ?? 1);
    context.fillStyle = brush.colour(fill);
    paintRect(context, 'fill', x, y, w, h, r);
    if (fillOpacity !== undefined) context.globalAlpha = opacity ?? 1;
  }
  if (stroke !== null) {
    const along = snapStroke(brush, mark, stroke.width);
    setStroke(brush, stroke);
    paintRect(context, 'stroke', along.x, along.y, along.w, along.h, r);
  }
}

function drawPath(brush: Brush, { d, fill, fillOpacity, stroke, opacity }: PathMark): void {
  const { context } = brush;
  const path = new Path2D(d);
  if (fill !== null) {
    context.globalAlpha = (fillOpacity ?? 1) * (opacity ?? 1);
    context.fillStyle = brush.colour(fill);
    context.fill(path);
    context.globalAlpha = opacity ?? 1;
  }
  if (stroke !== null) {
    setStroke(brush, stroke);
    context.stroke(path);
  }
}

function drawLine(brush: Brush, { x1, y1, x2, y2, stroke }: LineMark): void {
  const { context } = brush;
  setStroke(brush, stroke);
  const upright = x1 === x2;
  const level = y1 === y2;
  context.beginPath();
  context.moveTo(upright ? snapLine(brush, x1, stroke.width) : x1, level ? snapLine(brush, y1, stroke.width) : y1);
  context.lineTo(upright ? snapLine(brush, x2, stroke.width) : x2, level ? snapLine(brush, y2, stroke.width) : y2);
  context.stroke();
}

function drawHatch(brush: Brush, mark: HatchMark): void {
  const { context } = brush;
  const { r, tone, angle, stripe, period } = mark;
  const { x, y, w, h } = snapFill(brush, mark);
  context.fillStyle = brush.stripes(tone, angle, stripe, period, x, y);
  paintRect(context, 'fill', x, y, w, h, r);
}

function drawMark(brush: Brush, mark: Mark): void {
  switch (mark.kind) {
    case 'rect':
      drawRect(brush, mark);
      return;
    case 'path':
      drawPath(brush, mark);
      return;
    case 'line':
      drawLine(brush, mark);
      return;
    case 'text':
      drawText(brush, mark);
      return;
    case 'cells':
      drawCells(brush, mark);
      return;
    case 'dots':
      drawDots(brush, mark);
      return;
    case 'hatch':
      drawHatch(brush, mark);
      return;
    case 'icon':
      drawIcon(brush, mark);
      return;
  }
}

/** Draws marks in order, later ones on top. */
export function drawMarks(brush: Brush, marks: readonly Mark[]): void {
  const { context } = brush;
  for (const mark of marks) {
    const { opacity } = mark;
    if (opacity !== undefined && opacity !== context.globalAlpha) context.globalAlpha = opacity;
    else if (opacity === undefined && context.globalAlpha !== 1) context.globalAlpha = 1;
    drawMark(brush, mark);
  }
  context.globalAlpha = 1;
}
