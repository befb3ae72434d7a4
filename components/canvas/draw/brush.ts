/** The context of drawing marks: the 2D context, the theme's colours, and patterns shared by many marks. */
import { colourOf, type Theme, type Tone } from '../../../lib/layout/picture/tokens';
import type { Stroke } from '../../../lib/layout/picture/mark';

/** The context of all drawing functions. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly theme: Theme;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  colour(tone: Tone): string;
  /** Stripes of a colour, anchored at a point, so that they do not shift when the picture moves. */
  stripes(tone: Tone, angle: 45 | -45, stripe: number, period: number, x: number, y: number): CanvasPattern | string;
}

type Patterns = Map<string, CanvasPattern>;

/** Patterns outlive frames; keep one map per theme and pixel ratio. */
export const createPatterns = (): Patterns => new Map();

/** A brush for a context. `ratio`: device pixels per CSS pixel. */
export function createBrush(context: CanvasRenderingContext2D, theme: Theme, ratio: number, patterns: Patterns): Brush {
  // Without kerning, as in the width table, and without ligatures: Inter turns `2x5` into `2×5`.
  context.textRendering = 'optimizeSpeed';
  return {
    context,
    theme,
    ratio,
    colour: (tone) => colourOf(theme, tone),
    stripes(tone, angle, stripe, period, x, y) {
      const key = `${theme} ${tone} ${stripe} ${period} ${ratio}`;
      let pattern = patterns.get(key);
      if (pattern === undefined) {
        const tile = document.createElement('canvas');
        const size = Math.max(1, Math.round(period * ratio));
        tile.width = tile.height = size;
        const ink = tile.getContext('2d');
        if (ink === null) return colourOf(theme, tone);
        ink.fillStyle = colourOf(theme, tone);
        ink.fillRect(0, 0, size, stripe * ratio);
        const made = context.createPattern(tile, 'repeat');
        if (made === null) return colourOf(theme, tone);
        pattern = made;
        patterns.set(key, pattern);
      }
      pattern.setTransform(
        new DOMMatrix()
          .translate(x, y)
          .rotate(-angle)
          .scale(1 / ratio),
      );
      return pattern;
    },
  };
}

/** Sets colour, width and dashes for the following lines. */
export function setStroke(brush: Brush, stroke: Stroke): void {
  const { context } = brush;
  context.strokeStyle = brush.colour(stroke.tone);
  context.lineWidth = stroke.width;
  context.setLineDash(stroke.dash === undefined ? [] : [...stroke.dash]);
}
