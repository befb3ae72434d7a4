/**
 * Marks: the drawing instructions of a scene, a closed union in drawing order. Canvas and SVG draw the same list; for a
 * new kind of mark, the compiler names both. Coordinates are CSS pixels of the viewport. Colours are tones, which a
 * theme resolves. `part` names the mark's function for record `id` (`node-frame`, `eni-title`); in SVG it is the class.
 */
import type { AddressState } from '../../model/vocabulary';
import type { Rect } from './rect';
import type { Tone } from './tokens';

interface MarkBase {
  readonly part: string;
  readonly id: string | null;
  /** 0 to 1; 1 when absent. */
  readonly opacity?: number;
}

/** A line style; `width` in pixels. */
export interface Stroke {
  readonly tone: Tone;
  readonly width: number;
  /** Lengths of dash and gap in pixels; absent: solid. */
  readonly dash?: readonly [number, number];
}

/** A rounded rectangle. */
export interface RectMark extends MarkBase, Rect {
  readonly kind: 'rect';
  readonly r: number;
  readonly fill: Tone | null;
  readonly fillOpacity?: number;
  readonly stroke: Stroke | null;
  /** Only nodes and tooltips have a shadow. */
  readonly shadow?: boolean;
}

export interface PathMark extends MarkBase {
  readonly kind: 'path';
  /** SVG path data; numbers are rounded when the path is built. */
  readonly d: string;
  readonly fill: Tone | null;
  readonly fillOpacity?: number;
  readonly stroke: Stroke | null;
}

export interface LineMark extends MarkBase {
  readonly kind: 'line';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly stroke: Stroke;
}

/** One run of text in one style. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
  /** 400 when absent. */
  readonly weight?: 400 | 600 | 650 | 700;
  /** JetBrains Mono: addresses, MACs and rule ids only. */
  readonly mono?: boolean;
}

/** A line of text; `size` in pixels. */
export interface TextMark extends MarkBase {
  readonly kind: 'text';
  /** The start, end or centre of the text, depending on `anchor`. */
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly spans: readonly Span[];
  /** Degrees, clockwise, about (x, y); 0 when absent. */
  readonly rotate?: number;
}

/** How a slot looks; `requested` is the red broken slot of a waiting pod. */
export type CellStyle = AddressState | 'requested';

/** Cells with the same look in many places, drawn with one fill. */
export interface CellsMark extends MarkBase {
  readonly kind: 'cells';
  readonly style: CellStyle;
  /** The network's fill; ignored by styles without a network. */
  readonly tone: Tone;
  readonly w: number;
  readonly h: number;
  readonly r: number;
  /** Top left corners: x0, y0, x1, y1 … */
  readonly at: readonly number[];
}

/** Free capacity: one dot per slot. */
export interface DotsMark extends MarkBase {
  readonly kind: 'dots';
  readonly tone: Tone;
  readonly radius: number;
  /** Centres: x0, y0, x1, y1 … */
  readonly at: readonly number[];
}

/** Stripes in a rounded rectangle. */
export interface HatchMark extends MarkBase, Rect {
  readonly kind: 'hatch';
  readonly r: number;
  readonly tone: Tone;
  /** Angle of the stripes in degrees: 45 rises to the right, −45 falls. */
  readonly angle: 45 | -45;
  /** Width of a stripe; `period` is stripe and gap together. */
  readonly stripe: number;
  readonly period: number;
}

/** All icons; `icons.ts` defines their paths. */
export const ICONS = [
  'error',
  'warning',
  'info',
  'cordoned',
  'not-ready',
  'no-more-pods',
  'clock',
  'lock',
  'cross',
  'appeared',
  'went',
  'moved',
  'changed',
] as const;
export type Icon = (typeof ICONS)[number];

/** An icon; `size` in pixels. */
export interface IconMark extends MarkBase {
  readonly kind: 'icon';
  readonly icon: Icon;
  /** Top left corner. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly tone: Tone;
  /** Tone of the details inside a filled icon, usually the background. */
  readonly inner: Tone;
  /** A rim in the background colour, for icons that overlap a frame. */
  readonly rim?: boolean;
}

/** Any mark, discriminated by `kind`. */
export type Mark = RectMark | PathMark | LineMark | TextMark | CellsMark | DotsMark | HatchMark | IconMark;

/** A finished picture: its marks in drawing order, and a text alternative. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly marks: readonly Mark[];
}
