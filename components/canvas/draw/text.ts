/** Text in spans, positioned by the built-in width table, so that canvas and SVG agree. */
import type { Span, TextMark } from '../../../lib/layout/picture/mark';
import { MONO, SANS, spansWidth, spanWidth } from '../../../lib/layout/picture/text';
import type { Brush } from './brush';
import { snap } from './crisp';

const fontOf = (span: Span, size: number): string =>
  `${span.weight ?? 400} ${size}px ${span.mono === true ? MONO : SANS}`;

/** Draws the spans of a text one after the other, each in its own style. */
export function drawText(brush: Brush, { x, y, size, anchor, spans, rotate }: TextMark): void {
  const { context } = brush;
  context.textAlign = 'left';
  if (rotate !== undefined) {
    context.save();
    context.translate(x, y);
    context.rotate((rotate * Math.PI) / 180);
    context.translate(-x, -y);
  }
  const baseline = rotate === undefined ? snap(brush, y) : y;
  let left = anchor === 'start' ? x : x - spansWidth(spans, size) * (anchor === 'end' ? 1 : 0.5);
  for (const span of spans) {
    const font = fontOf(span, size);
    if (context.font !== font) context.font = font;
    context.fillStyle = brush.colour(span.tone);
    context.fillText(span.text, left, baseline);
    left += spanWidth(span, size);
  }
  if (rotate !== undefined) context.restore();
}
