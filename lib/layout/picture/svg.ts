/**
 * Writes a picture as one self-contained SVG file: text escaped, colours resolved by the theme, fonts with fallbacks,
 * title and description for screen readers. Equal marks give equal bytes: numbers are rounded, and nothing depends on
 * time or randomness.
 */
import { escapeXml } from '../../model/escape-xml';
import { CELL_STRIPES, cellColour, cellLayers, type CellFill, type CellLayer } from './cell-layers';
import { ICON_BOX, iconLayers } from './icons';
import type { CellsMark, HatchMark, IconMark, Mark, Picture, Span, Stroke, TextMark } from './mark';
import { MONO, round, SANS } from './text';
import { colourOf, type Theme, type Tone } from './tokens';

const n = (value: number): string => String(round(value));

interface Writer {
  readonly theme: Theme;
  readonly colour: (tone: Tone) => string;
  /** The pattern id of a hatch with this look; each is defined once. */
  readonly pattern: (key: string, body: () => string) => string;
}

const classAndId = (mark: Mark): string =>
  ` class="${escapeXml(mark.part)}"${mark.id === null ? '' : ` data-id="${escapeXml(mark.id)}"`}`;

const opacity = (mark: Mark): string =>
  mark.opacity === undefined || mark.opacity >= 1 ? '' : ` opacity="${n(mark.opacity)}"`;

function strokeOf(writer: Writer, stroke: Stroke | null): string {
  if (stroke === null) return '';
  const dash = stroke.dash === undefined ? '' : ` stroke-dasharray="${stroke.dash.join(' ')}"`;
  return ` stroke="${writer.colour(stroke.tone)}" stroke-width="${n(stroke.width)}"${dash}`;
}

const fillOf = (writer: Writer, fill: Tone | null, fillOpacity?: number): string =>
  fill === null
    ? ' fill="none"'
    : ` fill="${writer.colour(fill)}"${fillOpacity === undefined ? '' : ` fill-opacity="${n(fillOpacity)}"`}`;

/** A rounded rectangle as path data, so that many cells form one element. */
function roundedPath(x: number, y: number, w: number, h: number, r: number): string {
  const k = Math.min(r, w / 2, h / 2);
  if (k <= 0.2) return `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}z`;
  const arc = (dx: number, dy: number): string => `a${n(k)} ${n(k)} 0 0 1 ${n(dx)} ${n(dy)}`;
  return `M${n(x + k)} ${n(y)}h${n(w - 2 * k)}${arc(k, k)}v${n(h - 2 * k)}${arc(-k, k)}h${n(2 * k - w)}${arc(-k, -k)}v${n(2 * k - h)}${arc(k, -k)}z`;
}

const corners = (at: readonly number[]): (readonly [number, number])[] => {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i + 1 < at.length; i += 2) pairs.push([at[i] ?? 0, at[i + 1] ?? 0]);
  return pairs;
};

function stripes(writer: Writer, colour: string, angle: 45 | -45, stripe: number, period: number): string {
  return writer.pattern(`${colour} ${angle} ${stripe} ${period}`, () => {
    const turn = angle === 45 ? -45 : 45;
    return ` width="${n(period)}" height="${n(period)}" patternUnits="userSpaceOnUse" patternTransform="rotate(${turn})"><rect width="${n(period)}" height="${n(stripe)}" fill="${colour}"/>`;
  });
}

function cellLayer(writer: Writer, layer: CellLayer, { w, h, at }: CellsMark): string {
  const places = corners(at);
  if (layer.kind === 'glyph')
    return places
      .map(
        ([x, y]) =>
          `<text x="${n(x + w / 2)}" y="${n(y + layer.y)}" font-size="${n(layer.size)}" text-anchor="middle" fill="${writer.colour(layer.tone)}">${layer.text}</text>`,
      )
      .join('');
  const boxes = layer.boxes.flatMap((box) =>
    places.map(([x, y]) => roundedPath(x + box.x, y + box.y, box.w, box.h, box.r)),
  );
  const slashes = layer.slash ? places.map(([x, y]) => `M${n(x + 1)} ${n(y + h - 1)}L${n(x + w - 1)} ${n(y + 1)}`) : [];
  const fill = cellFill(writer, layer.fill);
  const rule = layer.hole ? ' fill-rule="evenodd"' : '';
  return `<path d="${[...boxes, ...slashes].join('')}" fill="${fill}"${rule}${strokeOf(writer, layer.stroke)}/>`;
}

function cellFill(writer: Writer, fill: CellFill | null): string {
  if (fill === null) return 'none';
  if (fill.kind !== 'stripes') return cellColour(writer.theme, fill);
  const { angle, stripe, period } = CELL_STRIPES;
  return `url(#${stripes(writer, writer.colour(fill.tone), angle, stripe, period)})`;
}

const cells = (writer: Writer, mark: CellsMark): string =>
  cellLayers(mark)
    .map((layer) => cellLayer(writer, layer, mark))
    .join('');

function tspan(writer: Writer, { text, tone, weight, mono }: Span): string {
  const style = `${weight === undefined || weight === 400 ? '' : ` font-weight="${weight}"`}${mono === true ? ` font-family="${MONO.replaceAll('"', '')}"` : ''}`;
  return `<tspan fill="${writer.colour(tone)}"${style}>${escapeXml(text)}</tspan>`;
}

function text(writer: Writer, mark: TextMark): string {
  const anchor = mark.anchor === 'start' ? '' : ` text-anchor="${mark.anchor}"`;
  const turn = mark.rotate === undefined ? '' : ` transform="rotate(${n(mark.rotate)} ${n(mark.x)} ${n(mark.y)})"`;
  const spans = mark.spans.map((span) => tspan(writer, span)).join('');
  return `<text${classAndId(mark)} x="${n(mark.x)}" y="${n(mark.y)}" font-size="${n(mark.size)}"${anchor}${turn}${opacity(mark)} xml:space="preserve">${spans}</text>`;
}

function icon(writer: Writer, mark: IconMark): string {
  const paths = iconLayers(mark).map(
    ({ d, fill, stroke }) => `<path d="${d}"${fillOf(writer, fill)}${strokeOf(writer, stroke)}/>`,
  );
  return `<g${classAndId(mark)} transform="translate(${n(mark.x)} ${n(mark.y)}) scale(${n(mark.size / ICON_BOX)})" stroke-linecap="round"${opacity(mark)}>${paths.join('')}</g>`;
}

function hatch(writer: Writer, mark: HatchMark): string {
  const id = stripes(writer, writer.colour(mark.tone), mark.angle, mark.stripe, mark.period);
  return `<rect${classAndId(mark)} x="${n(mark.x)}" y="${n(mark.y)}" width="${n(mark.w)}" height="${n(mark.h)}" rx="${n(mark.r)}" fill="url(#${id})"${opacity(mark)}/>`;
}

function element(writer: Writer, mark: Mark): string {
  switch (mark.kind) {
    case 'rect': {
      const shadow = mark.shadow === true ? ' filter="url(#shadow)"' : '';
      return `<rect${classAndId(mark)} x="${n(mark.x)}" y="${n(mark.y)}" width="${n(mark.w)}" height="${n(mark.h)}"${mark.r > 0 ? ` rx="${n(mark.r)}"` : ''}${fillOf(writer, mark.fill, mark.fillOpacity)}${strokeOf(writer, mark.stroke)}${shadow}${opacity(mark)}/>`;
    }
    case 'path':
      return `<path${classAndId(mark)} d="${mark.d}"${fillOf(writer, mark.fill, mark.fillOpacity)}${strokeOf(writer, mark.stroke)}${opacity(mark)}/>`;
    case 'line':
      return `<path${classAndId(mark)} d="M${n(mark.x1)} ${n(mark.y1)}L${n(mark.x2)} ${n(mark.y2)}" fill="none"${strokeOf(writer, mark.stroke)}${opacity(mark)}/>`;
    case 'text':
      return text(writer, mark);
    case 'cells':
      return `<g${classAndId(mark)}${opacity(mark)}>${cells(writer, mark)}</g>`;
    case 'dots':
      return `<path${classAndId(mark)} d="${corners(mark.at)
        .map(([x, y]) => `M${n(x)} ${n(y)}h0`)
        .join(
          '',
        )}" fill="none" stroke="${writer.colour(mark.tone)}" stroke-width="${n(mark.radius * 2)}" stroke-linecap="round"${opacity(mark)}/>`;
    case 'hatch':
      return hatch(writer, mark);
    case 'icon':
      return icon(writer, mark);
  }
}

/** By ss02, an installed Inter tells 0 from O and 1, l and I from each other, as the page's font does by itself. */
const TEXT_STYLE = "white-space:pre;font-variant-ligatures:none;font-feature-settings:'ss02'";

/** Options of the SVG output. */
export interface SvgOptions {
  readonly theme: Theme;
  /** The background; null: transparent, for a diagram inside a page, whose style sheet styles the text. */
  readonly ground?: Tone | null;
  /** Prefix of ids, for several pictures in one page. */
  readonly prefix?: string;
}

/** The whole file, one element per line. */
export function toSvg(picture: Picture, { theme, ground = 'bg', prefix = 'p' }: SvgOptions): string {
  const patterns = new Map<string, string>();
  const definitions: string[] = [];
  const writer: Writer = {
    theme,
    colour: (tone) => colourOf(theme, tone),
    pattern(key, body) {
      const known = patterns.get(key);
      if (known !== undefined) return known;
      const id = `${prefix}${patterns.size}`;
      patterns.set(key, id);
      definitions.push(`<pattern id="${id}"${body()}</pattern>`);
      return id;
    },
  };
  const lines = picture.marks.map((mark) => element(writer, mark).replace('url(#shadow)', `url(#${prefix}s)`));
  const shadow = `<filter id="${prefix}s" x="-5%" y="-5%" width="110%" height="110%"><feDropShadow dx="0" dy="1" stdDeviation="1.5" flood-opacity="${theme === 'light' ? '0.08' : '0.4'}"/></filter>`;
  const size = `width="${n(picture.width)}" height="${n(picture.height)}" viewBox="0 0 ${n(picture.width)} ${n(picture.height)}"`;
  const back = ground === null ? [] : [`<rect width="100%" height="100%" fill="${colourOf(theme, ground)}"/>`];
  // A page's Content Security Policy forbids style attributes in markup.
  const text = ground === null ? '' : ` style="${TEXT_STYLE}"`;
  const usesShadow = picture.marks.some((mark) => mark.kind === 'rect' && mark.shadow === true);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="${prefix}t ${prefix}d" font-family="${SANS}" font-size="12"${text}>`,
    `<title id="${prefix}t">${escapeXml(picture.title)}</title>`,
    `<desc id="${prefix}d">${escapeXml(picture.description)}</desc>`,
    `<defs>${[...(usesShadow ? [shadow] : []), ...definitions].join('')}</defs>`,
    ...back,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}
