/**
 * Measures text with a built-in table of Inter's advance widths, so that canvas and SVG agree and a scene needs no
 * browser. JetBrains Mono is 0.6 em per character. Text that does not fit is dropped or replaced by a shorter wording,
 * never shrunk.
 */
import type { Span } from './mark';
import inter from './font/inter.json';

/** CSS font family of text. */
export const SANS = `'Inter Variable', Inter, system-ui, sans-serif`;
/** CSS font family of addresses, MACs and rule ids. */
export const MONO = `'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, monospace`;

type Weight = NonNullable<Span['weight']>;

const MONO_ADVANCE = 0.6;
/** For characters outside the table: a wide Latin letter, and a full-width character. */
const UNKNOWN_ADVANCE = 0.65;
const WIDE_ADVANCE = 1.02;

const COLUMN: ReadonlyMap<number, number> = new Map(
  Array.from(inter.characters, (character, index) => [character.codePointAt(0) ?? 0, index]),
);
const WIDTHS: Readonly<Record<Weight, readonly number[]>> = inter.widths;

/** East Asian scripts, Hangul and emoji are one em wide. */
const isWide = (code: number): boolean => code >= 0x1100 && (code < 0x2000 || code >= 0x2e80);

/** Width of a text in pixels. `size`: font size in pixels. */
export function textWidth(text: string, size: number, weight: Weight = 400, mono = false): number {
  const widths = WIDTHS[weight];
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    if (mono) sum += isWide(code) ? WIDE_ADVANCE : MONO_ADVANCE;
    else {
      const column = COLUMN.get(code);
      const width = column === undefined ? undefined : widths[column];
      sum += width === undefined ? (isWide(code) ? WIDE_ADVANCE : UNKNOWN_ADVANCE) : width / inter.unitsPerEm;
    }
  }
  return sum * size;
}

/** Width of a run in pixels. `size`: font size in pixels. */
export const spanWidth = (span: Span, size: number): number =>
  textWidth(span.text, size, span.weight ?? 400, span.mono ?? false);

/** Width of a line in pixels. `size`: font size in pixels. */
export const spansWidth = (spans: readonly Span[], size: number): number =>
  spans.reduce((sum, span) => sum + spanWidth(span, size), 0);

/** The first wording that fits; null when none does. Wordings are ordered longest first. */
export function fitting(wordings: readonly (readonly Span[])[], size: number, width: number): readonly Span[] | null {
  return wordings.find((spans) => spansWidth(spans, size) <= width) ?? null;
}

/** The text, or its beginning with `…`, within this width; null when fewer than three characters fit. */
export function clipped(text: string, size: number, width: number, weight: Weight = 400, mono = false): string | null {
  if (textWidth(text, size, weight, mono) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`${text.slice(0, middle)}…`, size, weight, mono) <= width) low = middle;
    else high = middle - 1;
  }
  // Never split a surrogate pair.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(low - 1)) ? low - 1 : low;
  return end < 3 ? null : `${text.slice(0, end)}…`;
}

/**
 * The text, or its beginning and end around `…`, within this width (pods of one owner differ at the end); null when
 * fewer than three characters fit.
 */
export function clippedMiddle(text: string, size: number, width: number, weight: Weight = 400): string | null {
  if (textWidth(text, size, weight) <= width) return text;
  const characters = Array.from(text);
  const cut = (kept: number): string => {
    const tail = Math.floor(kept / 2);
    return `${characters.slice(0, kept - tail).join('')}…${characters.slice(characters.length - tail).join('')}`;
  };
  let low = 0;
  let high = characters.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(cut(middle), size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return low < 3 ? null : cut(low);
}

/**
 * The address, or its end after `…`, cut before a separator (neighbours share their beginning); null when not even its
 * last part fits.
 */
export function clippedAddress(ip: string, size: number, width: number): string | null {
  if (textWidth(ip, size, 400, true) <= width) return ip;
  for (let at = 1; at < ip.length; at++) {
    const separator = ip.charAt(at);
    if (separator !== '.' && separator !== ':') continue;
    const end = `…${ip.slice(at)}`;
    if (textWidth(end, size, 400, true) <= width) return end;
  }
  return null;
}

/** A coordinate with at most two decimals, so that equal pictures are equal bytes. */
export const round = (value: number): number => Math.round(value * 100) / 100 + 0;
