/** Icons on a canvas; their paths are parsed once. */
import { ICON_BOX, iconLayers } from '../../../lib/layout/picture/icons';
import type { IconMark } from '../../../lib/layout/picture/mark';
import { setStroke, type Brush } from './brush';
import { remembered } from '../../../lib/model/remembered';

const path = remembered((d: string) => new Path2D(d));

/** Draws an icon of the shared set. */
export function drawIcon(brush: Brush, mark: IconMark): void {
  const { context } = brush;
  context.save();
  context.translate(mark.x, mark.y);
  context.scale(mark.size / ICON_BOX, mark.size / ICON_BOX);
  context.lineCap = 'round';
  for (const { d, fill, stroke } of iconLayers(mark)) {
    if (fill !== null) {
      context.fillStyle = brush.colour(fill);
      context.fill(path(d));
    }
    if (stroke === null) continue;
    setStroke(brush, stroke);
    context.stroke(path(d));
  }
  context.restore();
}
