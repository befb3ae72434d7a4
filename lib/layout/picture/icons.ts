/** Icons as paths in a square box: a filled shape in the icon's tone, with strokes in the inner tone on top. */
import type { Icon, IconMark, Stroke } from './mark';
import type { Tone } from './tokens';

/** Side of the box in which the paths are defined. */
export const ICON_BOX = 14;

interface IconShape {
  /** Filled with the tone; empty for icons made of lines only. */
  readonly body: string;
  /** Stroked with the tone. */
  readonly outline: string;
  /** Stroked with the inner tone, on the body. */
  readonly inner: string;
}

const CIRCLE = 'M7 .8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 7 .8z';

const ICON_SHAPES: Readonly<Record<Icon, IconShape>> = {
  error: { body: 'M4.4.7h5.2l3.7 3.7v5.2l-3.7 3.7H4.4L.7 9.6V4.4z', outline: '', inner: 'M5 5l4 4M9 5l-4 4' },
  warning: {
    body: 'M7 .9c.5 0 .9.2 1.1.7l5.2 9.8c.5.9-.1 1.9-1.1 1.9H1.8c-1 0-1.6-1-1.1-1.9L5.9 1.6C6.1 1.1 6.5.9 7 .9z',
    outline: '',
    inner: 'M7 4.8v3.7M7 10.7v.1',
  },
  info: { body: '', outline: CIRCLE, inner: 'M7 6.3v3.9M7 3.9v.1' },
  cordoned: { body: '', outline: `${CIRCLE}M2.7 2.7l8.6 8.6`, inner: '' },
  'not-ready': {
    body: 'M7 5.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2z',
    outline: 'M7 1v1.8M7 11.2V13M1 7h1.8M11.2 7H13M2.8 2.8l1.2 1.2M10 10l1.2 1.2M2.8 11.2L4 10M10 4l1.2-1.2',
    inner: '',
  },
  'no-more-pods': {
    body: '',
    outline: 'M3.2 1.2h7.6a2 2 0 0 1 2 2v7.6a2 2 0 0 1-2 2H3.2a2 2 0 0 1-2-2V3.2a2 2 0 0 1 2-2zM4.3 7h5.4',
    inner: '',
  },
  clock: { body: '', outline: `${CIRCLE}M7 3.8V7l2.3 1.5`, inner: '' },
  lock: { body: 'M3 6.3h8v6.2H3z', outline: 'M4.7 6.3V4.3a2.3 2.3 0 0 1 4.6 0v2', inner: '' },
  cross: { body: '', outline: 'M2.5 2.5l9 9M11.5 2.5l-9 9', inner: '' },
  // Kinds of change, distinguished by outline: disc, ring, arrowhead, triangle.
  appeared: { body: CIRCLE, outline: '', inner: 'M7 4v6M4 7h6' },
  went: { body: '', outline: `${CIRCLE}M4 7h6`, inner: '' },
  moved: { body: '', outline: 'M1 7h11M8 3l4 4-4 4', inner: '' },
  changed: { body: '', outline: 'M7 1.5l5.8 10.5H1.2z', inner: '' },
};

/** One path of an icon, in box units. */
export interface IconLayer {
  readonly d: string;
  readonly fill: Tone | null;
  readonly stroke: Stroke | null;
}

/** The paths that canvas and SVG draw for an icon, bottom first. */
export function iconLayers({
  icon,
  tone,
  inner,
  rim,
}: Pick<IconMark, 'icon' | 'tone' | 'inner' | 'rim'>): readonly IconLayer[] {
  const shape = ICON_SHAPES[icon];
  const filled = shape.body !== '';
  const layers: IconLayer[] = [];
  if (rim === true)
    layers.push({ d: shape.body || shape.outline, fill: 'surface', stroke: { tone: 'surface', width: 3 } });
  if (filled) layers.push({ d: shape.body, fill: tone, stroke: null });
  if (shape.outline !== '') layers.push({ d: shape.outline, fill: null, stroke: { tone, width: 1.5 } });
  if (shape.inner !== '')
    layers.push({ d: shape.inner, fill: null, stroke: { tone: filled ? inner : tone, width: 1.6 } });
  return layers;
}
