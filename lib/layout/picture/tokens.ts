/**
 * All colours of the product, defined once; canvas, SVG export and the page's CSS variables use these tables. Hue means
 * network and nothing else. `tokens.test.ts` checks the contrast of each token on every background it may appear on.
 */
export type Theme = 'light' | 'dark';

/** Backgrounds, text and state colours. */
export interface Palette {
  /** Canvas. */
  readonly bg: string;
  /** Cards and panels. */
  readonly surface: string;
  /** Bar troughs, pressed controls. */
  readonly sunk: string;
  /** Separators only; never the only carrier of meaning. */
  readonly line: string;
  /** Frames, free dots, neutral states. */
  readonly edge: string;
  readonly ink: string;
  readonly text2: string;
  readonly text3: string;
  /** Selection, focus ring, viewport in the map. */
  readonly sel: string;
  /** An ENI's primary address. */
  readonly primary: string;
  /** Stripes of unmanaged ENIs; texture only. */
  readonly hatch: string;
  readonly err: string;
  readonly errBg: string;
  readonly warn: string;
  readonly warnFill: string;
  readonly warnBg: string;
  /** The ninth and all further networks. */
  readonly other: string;
}

/** The palette of each theme. */
export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    bg: '#f4f5f7',
    surface: '#ffffff',
    sunk: '#eceff3',
    line: '#d8dde4',
    edge: '#77828f',
    ink: '#16202c',
    text2: '#44505e',
    text3: '#596573',
    sel: '#0b1320',
    primary: '#3c4856',
    hatch: '#e6e9ee',
    err: '#b3261e',
    errBg: '#fcecea',
    warn: '#855000',
    warnFill: '#a86400',
    warnBg: '#fdf1da',
    other: '#6b7683',
  },
  dark: {
    bg: '#0d1117',
    surface: '#161b22',
    sunk: '#21272f',
    line: '#2f3740',
    edge: '#7d8894',
    ink: '#e9eef4',
    text2: '#b9c3ce',
    text3: '#98a4b1',
    sel: '#ffffff',
    primary: '#aab5c1',
    hatch: '#232a33',
    err: '#ff8d84',
    errBg: '#37191a',
    warn: '#f2bc4b',
    warnFill: '#f2bc4b',
    warnBg: '#32270f',
    other: '#8b96a2',
  },
};

/** A network's colour as a fill, and as text on a surface. */
export interface NetworkColour {
  readonly fill: string;
  readonly text: string;
}

/** Number of networks with a colour of their own; all others are `other`. */
export const COLOURED_NETWORKS = 8;

const network = (fill: string, text: string): NetworkColour => ({ fill, text });

/** By rank: 0 is the cluster network; `view/network-colours` assigns the others to NADs. */
export const NETWORK_COLOURS: Readonly<Record<Theme, readonly NetworkColour[]>> = {
  light: [
    network('#346ac8', '#2c5cb0'),
    network('#da712a', '#a34a0c'),
    network('#549d87', '#2f7460'),
    network('#3f286a', '#3f286a'),
    network('#80435e', '#80435e'),
    network('#5a6641', '#4e5938'),
    network('#498fa4', '#2b6f83'),
    network('#4f2809', '#4f2809'),
  ],
  dark: [
    network('#5a9dfa', '#7fb4ff'),
    network('#f17816', '#f6954a'),
    network('#8fd6bf', '#8fd6bf'),
    network('#8156af', '#b591dd'),
    network('#b2718a', '#d197ae'),
    network('#d5f28e', '#d5f28e'),
    network('#7addff', '#7addff'),
    network('#8a6448', '#c39a7c'),
  ],
};

/** A network rank with a colour of its own. */
export type NetworkRankTone = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A named colour; a theme resolves it. */
export type Tone =
  | keyof Palette
  | `net${NetworkRankTone}`
  | `net${NetworkRankTone}Text`
  /** Text on the network's fill. */
  | `net${NetworkRankTone}On`
  | 'otherOn'
  | 'edgeOn'
  | 'primaryOn';

/** Opacity of the network colour over the surface in a warm slot. */
export const WARM_TINT: Readonly<Record<Theme, number>> = { light: 0.2, dark: 0.24 };
/** Opacity of dimmed slots: those outside the selection, or hidden by a filter. */
export const DIMMED_SLOT = 0.42;
/** Opacity of slots whose source is stale. Stale and dimmed are not multiplied. */
export const STALE_SLOT = 0.5;

const isRank = (rank: number): rank is NetworkRankTone =>
  Number.isInteger(rank) && rank >= 0 && rank < COLOURED_NETWORKS;

/** The fill tone of a network rank; `other` for null and for ranks without a colour. */
export const networkTone = (rank: number | null): Tone => (rank !== null && isRank(rank) ? `net${rank}` : 'other');
/** The tone of text on a network's fill. */
export const networkOnTone = (rank: number | null): Tone =>
  rank !== null && isRank(rank) ? `net${rank}On` : 'otherOn';
/** The tone of text in a network's colour on a surface. */
export const networkTextTone = (rank: number | null): Tone =>
  rank !== null && isRank(rank) ? `net${rank}Text` : 'other';

const channel = (value: number): number => {
  const s = value / 255;
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
};

/** Relative luminance by WCAG 2.2 of `#rrggbb`. */
export function luminance(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  return 0.2126 * channel((value >> 16) & 255) + 0.7152 * channel((value >> 8) & 255) + 0.0722 * channel(value & 255);
}

/** Contrast ratio by WCAG 2.2, 1 to 21. */
export function contrast(a: string, b: string): number {
  const x = luminance(a);
  const y = luminance(b);
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** The better contrast of surface and `sel` for text on a fill. */
const legibleOn = (theme: Theme, fill: string): string =>
  contrast(PALETTES[theme].surface, fill) >= contrast(PALETTES[theme].sel, fill)
    ? PALETTES[theme].surface
    : PALETTES[theme].sel;

function flatten(theme: Theme): Readonly<Record<Tone, string>> {
  const flat: Record<string, string> = { ...PALETTES[theme] };
  NETWORK_COLOURS[theme].forEach(({ fill, text }, rank) => {
    flat[`net${rank}`] = fill;
    flat[`net${rank}Text`] = text;
    flat[`net${rank}On`] = legibleOn(theme, fill);
  });
  for (const tone of ['other', 'edge', 'primary'] as const) flat[`${tone}On`] = legibleOn(theme, PALETTES[theme][tone]);
  return flat as Record<Tone, string>;
}

const FLAT: Readonly<Record<Theme, Readonly<Record<Tone, string>>>> = {
  light: flatten('light'),
  dark: flatten('dark'),
};

/** `#rrggbb` of a tone. */
export const colourOf = (theme: Theme, tone: Tone): string => FLAT[theme][tone];

/** All tones of a theme with their colours, in a fixed order; the source of the page's CSS variables. */
export const allColours = (theme: Theme): readonly (readonly [Tone, string])[] =>
  (Object.keys(FLAT[theme]) as Tone[]).map((tone) => [tone, FLAT[theme][tone]] as const);

/** `over` at this opacity on top of `under`, as `#rrggbb`. */
export function blend(over: string, under: string, opacity: number): string {
  const a = Number.parseInt(over.slice(1), 16);
  const b = Number.parseInt(under.slice(1), 16);
  const mix = (shift: number): number =>
    Math.round(((a >> shift) & 255) * opacity + ((b >> shift) & 255) * (1 - opacity));
  return `#${[16, 8, 0].map((shift) => mix(shift).toString(16).padStart(2, '0')).join('')}`;
}
