/** Icons from the same shapes as in the SVG; their paths are parsed once. */
import { ICON_SHAPES } from '../../../lib/layout/picture/icons';
import type { IconMark } from '../../../lib/layout/picture/mark';
import type { Brush } from './brush';

const parsed = new Map<string, Path2D>();

function path(d: string): Path2D {
  let made = parsed.get(d);
  if (made === undefined) {
    made = new Path2D(d);
    parsed.set(d, made);
  }
  return made;
}

export function drawIcon(brush: Brush, { icon, x, y, size, tone, inner, rim }: IconMark): void {
  const { context } = brush;
  const shape = ICON_SHAPES[icon];
  context.save();
  context.translate(x, y);
  context.scale(size / 14, size / 14);
  context.lineCap = 'round';
  context.setLineDash([]);
  const stroke = (d: string, colour: string, width: number): void => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(path(d));
  };
  const whole = shape.body === '' ? shape.outline : shape.body;
  if (rim === true) {
    context.fillStyle = brush.colour('surface');
    context.fill(path(whole));
    stroke(whole, brush.colour('surface'), 3);
  }
  if (shape.body !== '') {
    context.fillStyle = brush.colour(tone);
    context.fill(path(shape.body));
  }
  if (shape.outline !== '') stroke(shape.outline, brush.colour(tone), 1.5);
  if (shape.inner !== '') stroke(shape.inner, brush.colour(shape.body === '' ? tone : inner), 1.6);
  context.restore();
}
