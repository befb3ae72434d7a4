/** Creates the marks of a scene. Converts layout units to pixels and provides the measures that many marks share. */
import type { Icon, Mark, RectMark, Span, Stroke, TextMark } from './mark';
import { clipped, fitting, spansWidth } from './text';
import type { Tone } from './tokens';
import type { Rect, View } from './rect';

type Style = Partial<Pick<RectMark, 'r' | 'fill' | 'fillOpacity' | 'stroke' | 'shadow' | 'opacity'>>;

/** A writer without marks that transforms by `view`. */
export function createMarkWriter(view: View) {
  const marks: Mark[] = [];
  const { scale } = view;
  const text = (
    part: string,
    id: string | null,
    x: number,
    y: number,
    size: number,
    spans: readonly Span[],
    anchor: TextMark['anchor'] = 'start',
  ): void => void marks.push({ kind: 'text', part, id, x, y, size, spans, anchor });
  return {
    marks,
    view,
    scale,
    px: (x: number): number => x * scale + view.x,
    py: (y: number): number => y * scale + view.y,
    /** Converts a rectangle from layout units to pixels. */
    place: ({ x, y, w, h }: Rect): Rect => ({
      x: x * scale + view.x,
      y: y * scale + view.y,
      w: w * scale,
      h: h * scale,
    }),
    rect(
      part: string,
      id: string | null,
      { x, y, w, h }: Rect,
      { r = 0, fill = null, stroke = null, ...rest }: Style,
    ): void {
      marks.push({ kind: 'rect', part, id, x, y, w, h, r, fill, stroke, ...rest });
    },
    line: (part: string, id: string | null, x1: number, y1: number, x2: number, y2: number, stroke: Stroke): void =>
      void marks.push({ kind: 'line', part, id, x1, y1, x2, y2, stroke }),
    /** Draws a path along its stroke. */
    path: (part: string, id: string | null, d: string, stroke: Stroke, opacity?: number): void =>
      void marks.push({ kind: 'path', part, id, d, fill: null, stroke, ...(opacity === undefined ? {} : { opacity }) }),
    text,
    /** Draws the first wording that fits; returns its width in pixels, 0 when none fits. */
    fit(
      part: string,
      id: string | null,
      x: number,
      y: number,
      size: number,
      width: number,
      wordings: readonly (readonly Span[])[],
      anchor?: TextMark['anchor'],
    ): number {
      const spans = fitting(wordings, size, width);
      if (spans === null) return 0;
      text(part, id, x, y, size, spans, anchor);
      return spansWidth(spans, size);
    },
    icon: (
      part: string,
      id: string | null,
      icon: Icon,
      x: number,
      y: number,
      size: number,
      tone: Tone,
      inner: Tone = 'surface',
      rim = false,
    ): void => void marks.push({ kind: 'icon', part, id, icon, x, y, size, tone, inner, rim }),
    hatch: (part: string, id: string | null, { x, y, w, h }: Rect, r: number): void =>
      void marks.push({ kind: 'hatch', part, id, x, y, w, h, r, tone: 'hatch', angle: -45, stripe: 3, period: 8 }),
  };
}

/** Appends marks. Functions that take a `Rect` expect pixels, as `place` returns them. */
export type MarkWriter = ReturnType<typeof createMarkWriter>;

/** Size of body text, in pixels. */
export const BODY = 12;
/** Minimum line height of readable text, in pixels; text with less room is dropped. */
export const MIN_LINE = 13;

/** A run of text in the sans-serif font. */
export const span = (text: string, tone: Tone = 'text2', weight: Span['weight'] = 400): Span => ({
  text,
  tone,
  weight,
});
/** A run of bold text. */
export const bold = (text: string, tone: Tone = 'ink'): Span => ({ text, tone, weight: 650 });
/** A run of monospaced text, for addresses, MACs and rule ids. */
export const mono = (text: string, tone: Tone = 'text2'): Span => ({ text, tone, mono: true });

/** The text clipped to the width, as the only wording; no wording if nothing fits. */
export function clippedSpan(text: string, size: number, width: number, like: Omit<Span, 'text'>): readonly Span[] {
  const cut = clipped(text, size, width, like.weight ?? 400, like.mono ?? false);
  return cut === null ? [] : [{ ...like, text: cut }];
}

/** The baseline that centres a line of text of this size on y. */
export const centred = (y: number, size: number): number => y + size * 0.36;
