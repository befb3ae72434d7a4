/**
 * The whole state of the page as a URL query, so that a link shows a colleague the same thing.
 *
 * Defaults are left out. Invalid values fall back to their defaults and never cause an error, because anybody can write
 * a URL. `parse(format(state))` is `state`.
 */
import { harmless } from '../model/harmless';
import { CLUSTER_NETWORK, kindOfId, type RecordKind } from '../model/ids';
import { TABLES } from '../model/records';
import { CHANGE_KINDS, SEVERITIES } from '../model/vocabulary';
import { COLOUR_MODES, type ColourMode } from './colour-mode';
import { NAD_COLOURS, type ChosenRanks } from './network-colours';
import { FILTER_STATES, type Filter } from './filter';
import { GROUPINGS, ORDERS, type Grouping, type Order } from './node-groups';
import { DEFAULT_VIEW, VIEWS, type View } from './views';

/** The themes of the page; `system` follows the device. */
export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

/** The section that the canvas shows: the scene point at its centre, and CSS pixels per scene unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface PageState {
  readonly view: View;
  /** Details stack: the last entry is shown, earlier ones are the way back. Record ids, or a slot's id. */
  readonly selection: readonly string[];
  /** The node whose link diagram is open. */
  readonly focus: string | null;
  /** Null: the whole picture, fitted to the window. */
  readonly camera: Camera | null;
  readonly group: Grouping;
  /** How the nodes of a group are ordered. */
  readonly order: Order;
  /** Keys of folded groups of nodes. */
  readonly folded: readonly string[];
  /** What the colours of the picture mean. */
  readonly colour: ColourMode;
  readonly filter: Filter;
  /** Sort column of the view's table, with a leading `-` for descending; `''`: the table's own order. */
  readonly sort: string;
  /** Columns of one view's table in order, as `VIEW:id,id`; `''`: the defaults. */
  readonly columns: string;
  /** Start of the shown changes (`changes/since`); `''`: from the start of the log. */
  readonly since: string;
  /** Kinds and tables of the shown changes; empty: all. */
  readonly told: readonly string[];
  /** Whether the Networks view shows networks by node. */
  readonly byNode: boolean;
  /** The settings changed in the Capacity view, each `KEY=value` (`capacity/changes`). */
  readonly whatIf: readonly string[];
  /** Muted findings, each `KEY=reason` (`muted`). */
  readonly muted: readonly string[];
  /** Text of the find box while it is open. */
  readonly search: string;
  /** Networks with colours 1, 2, … as chosen by the user; empty: all automatic (`network-colours`). */
  readonly ranks: ChosenRanks;
  readonly theme: ThemeChoice;
  /** Wall display: the picture alone, without controls. */
  readonly kiosk: boolean;
}

const TOLD: readonly string[] = [...CHANGE_KINDS, ...TABLES];

/** Maximum length of the stack in the URL; older entries are dropped. */
export const STACK_LIMIT = 8;
const TEXT_LIMIT = 2_000;
const LIST_LIMIT = 50;
/** Maximum number of folded groups. */
const FOLD_LIMIT = 200;
/** Placeholder for an unchosen colour between chosen ones. */
const UNCHOSEN = '-';

/** The first value of the list is the default. */
const oneOf = <T extends string>(list: readonly [T, ...T[]], text: string | null): T =>
  list.find((entry) => entry === text) ?? list[0];

/** The URL is untrusted text that the page shows: control characters are escaped and the length is limited. */
const cut = (text: string | null): string => harmless((text ?? '').slice(0, TEXT_LIMIT));

function parseCamera(text: string | null): Camera | null {
  if (text === null) return null;
  const [x, y, k, ...rest] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (x === undefined || y === undefined || k === undefined || rest.length > 0) return null;
  return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(k) && k > 0 ? { x, y, k } : null;
}

const texts = (params: URLSearchParams, key: string): string[] =>
  params
    .getAll(key)
    .map(cut)
    .filter((text) => text !== '')
    .slice(0, LIST_LIMIT);

function parseFilter(params: URLSearchParams): Filter {
  const among = <T extends string>(key: string, list: readonly T[]): T[] =>
    list.filter((word) => params.getAll(key).includes(word));
  return {
    namespaces: texts(params, 'ns'),
    networks: texts(params, 'net'),
    states: among('state', FILTER_STATES),
    severities: among('severity', SEVERITIES),
    rules: texts(params, 'rule'),
    text: cut(params.get('filter')),
  };
}

/** The chosen networks by colour, each once; text that is not a network id means automatic. */
function parseRanks(texts: readonly string[]): ChosenRanks {
  const ids = texts
    .filter((text) => text === UNCHOSEN || (kindOfId(text) === 'network' && text !== CLUSTER_NETWORK))
    .filter((text, index, all) => text === UNCHOSEN || all.indexOf(text) === index)
    .slice(0, NAD_COLOURS)
    .map((text) => (text === UNCHOSEN ? null : text));
  return ids.slice(0, ids.findLastIndex((id) => id !== null) + 1);
}

/** Reads a query string, with or without `?`. Unknown keys are ignored. */
export function parsePageState(query: string): PageState {
  const params = new URLSearchParams(query);
  // Ids of unknown kinds, and of kinds that do not belong here, are dropped.
  const ids = (key: string, only?: RecordKind): string[] =>
    params
      .getAll(key)
      .map(cut)
      .filter((id) => (only === undefined ? kindOfId(id) !== null : kindOfId(id) === only));
  return {
    view: VIEWS.find(({ id }) => id === params.get('view'))?.id ?? DEFAULT_VIEW,
    selection: ids('sel').slice(-STACK_LIMIT),
    focus: ids('focus', 'node').at(-1) ?? null,
    camera: parseCamera(params.get('at')),
    group: oneOf(GROUPINGS, params.get('group')),
    order: oneOf(ORDERS, params.get('order')),
    // An empty key is the group of nodes without a value.
    folded: [...new Set(params.getAll('fold').map(cut))].slice(0, FOLD_LIMIT),
    colour: oneOf(COLOUR_MODES, params.get('colour')),
    filter: parseFilter(params),
    sort: cut(params.get('sort')),
    columns: cut(params.get('cols')),
    since: cut(params.get('since')),
    told: TOLD.filter((word) => params.getAll('told').includes(word)),
    byNode: params.get('by') === 'node',
    whatIf: texts(params, 'if'),
    muted: texts(params, 'mute'),
    search: cut(params.get('q')),
    ranks: parseRanks(params.getAll('rank').map(cut)),
    theme: oneOf(THEME_CHOICES, params.get('theme')),
    kiosk: params.has('kiosk') && params.get('kiosk') !== '0',
  };
}

/** The state of a URL without a query. */
export const DEFAULTS: PageState = parsePageState('');

/** Leaves characters unencoded that a query may contain (RFC 3986 §3.4), so that ids in a URL stay readable. */
const readable = (text: string): string =>
  encodeURIComponent(text).replace(/%(3A|2F|2C|3D|40)/g, (hex) => decodeURIComponent(hex));

const number = (value: number): string => String(Number(value.toPrecision(6)));

/** The query string with `?`, or `''` when everything is at its default. Keys are in a fixed order. */
export function formatPageState(state: PageState): string {
  const pairs: [string, string][] = [];
  const add = (key: string, value: string, fallback = ''): void => {
    if (value !== fallback) pairs.push([key, value]);
  };
  const all = (key: string, values: readonly string[]): void => values.forEach((value) => add(key, value));
  add('view', state.view, DEFAULTS.view);
  all('sel', state.selection.slice(-STACK_LIMIT));
  add('focus', state.focus ?? '');
  add('at', state.camera === null ? '' : [state.camera.x, state.camera.y, state.camera.k].map(number).join(','));
  add('group', state.group, DEFAULTS.group);
  add('order', state.order, DEFAULTS.order);
  for (const key of state.folded) pairs.push(['fold', key]);
  add('colour', state.colour, DEFAULTS.colour);
  all('ns', state.filter.namespaces);
  all('net', state.filter.networks);
  all('state', state.filter.states);
  all('severity', state.filter.severities);
  all('rule', state.filter.rules);
  add('filter', state.filter.text);
  add('sort', state.sort);
  add('cols', state.columns);
  add('since', state.since);
  all('told', state.told);
  add('by', state.byNode ? 'node' : '');
  all('if', state.whatIf);
  all('mute', state.muted);
  add('q', state.search);
  all(
    'rank',
    state.ranks.map((id) => id ?? UNCHOSEN),
  );
  add('theme', state.theme, DEFAULTS.theme);
  if (state.kiosk) pairs.push(['kiosk', '']);
  return pairs.length === 0
    ? ''
    : `?${pairs.map(([key, value]) => (value === '' ? key : `${key}=${readable(value)}`)).join('&')}`;
}
