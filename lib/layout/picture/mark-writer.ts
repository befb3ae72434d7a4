/** Creates the marks of a scene. Converts layout units to pixels and provides the measures that many marks share. */
import type { Icon, Mark, Span, Stroke, TextMark } from './mark';
import { clipped, fitting, spansWidth } from './text';
import type { Tone } from './tokens';
import type { Rect, View } from './rect';

/** Appends marks. Methods that take a `Rect` expect pixels, as `place` returns them. */
export interface MarkWriter {
  readonly marks: Mark[];
  readonly view: View;
  readonly scale: number;
  /** Converts a rectangle from layout units to pixels. */
  place(rect: Rect): Rect;
  px(x: number): number;
  py(y: number): number;
  rect(
    part: string,
    id: string | null,
    rect: Rect,
    style: {
      r?: number;
      fill?: Tone | null;
      fillOpacity?: number;
      stroke?: Stroke | null;
      shadow?: boolean;
      opacity?: number;
    },
  ): void;
  line(part: string, id: string | null, x1: number, y1: number, x2: number, y2: number, stroke: Stroke): void;
  text(
    part: string,
    id: string | null,
    x: number,
    y: number,
    size: number,
    spans: readonly Span[],
    anchor?: TextMark['anchor'],
  ): void;
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
  ): number;
  icon(
    part: string,
    id: string | null,
    icon: Icon,
    x: number,
    y: number,
    size: number,
    tone: Tone,
    inner?: Tone,
    rim?: boolean,
  ): void;
  hatch(part: string, id: string | null, rect: Rect, r: number): void;
}

/** A writer without marks that transforms by `view`. */
export function createMarkWriter(view: View): MarkWriter {
  const marks: Mark[] = [];
  const { scale } = view;
  const writer: MarkWriter = {
    marks,
    view,
    scale,
    px: (x) => x * scale + view.x,
    py: (y) => y * scale + view.y,
    place: ({ x, y, w, h }) => ({ x: x * scale + view.x, y: y * scale + view.y, w: w * scale, h: h * scale }),
    rect(part, id, { x, y, w, h }, { r = 0, fill = null, stroke = null, ...rest }) {
      marks.push({ kind: 'rect', part, id, x, y, w, h, r, fill, stroke, ...rest });
    },
    line: (part, id, x1, y1, x2, y2, stroke) => void marks.push({ kind: 'line', part, id, x1, y1, x2, y2, stroke }),
    text: (part, id, x, y, size, spans, anchor = 'start') =>
      void marks.push({ kind: 'text', part, id, x, y, size, spans, anchor }),
    fit(part, id, x, y, size, width, wordings, anchor = 'start') {
      const spans = fitting(wordings, size, width);
      if (spans === null) return 0;
      writer.text(part, id, x, y, size, spans, anchor);
      return spansWidth(spans, size);
    },
    icon: (part, id, icon, x, y, size, tone, inner = 'surface', rim = false) =>
      void marks.push({ kind: 'icon', part, id, icon, x, y, size, tone, inner, rim }),
    hatch: (part, id, { x, y, w, h }, r) =>
      void marks.push({ kind: 'hatch', part, id, x, y, w, h, r, tone: 'hatch', angle: -45, stripe: 3, period: 8 }),
  };
  return writer;
}

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
