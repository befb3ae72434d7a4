import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmless } from '../model/harmless';
import { TABLES } from '../model/records';
import { CHANGE_KINDS, SEVERITIES } from '../model/vocabulary';
import { COLOUR_MODES } from './colour-mode';
import { FILTER_STATES } from './filter';
import { GROUPINGS, ORDERS } from './node-groups';
import { DEFAULTS, THEME_CHOICES, formatPageState, parsePageState, type PageState } from './page-state';
import { VIEWS } from './views';

const text = fc.string({ maxLength: 60, unit: 'binary' }).map((value) => harmless(value.toWellFormed()));
const word = text.filter((value) => value !== '');
const recordId = fc.tuple(fc.constantFrom('pod:', 'eni-', 'if:', 'f:'), text).map(([prefix, rest]) => prefix + rest);
const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Number(value.toPrecision(6)) + 0);

const pageState: fc.Arbitrary<PageState> = fc.record({
  view: fc.constantFrom(...VIEWS.map(({ id }) => id)),
  selection: fc.array(recordId, { maxLength: 8 }),
  focus: fc.option(text.map((name) => `node:${name}`)),
  camera: fc.option(fc.record({ x: coordinate, y: coordinate, k: fc.constantFrom(0.001, 0.25, 1, 3.5, 12) })),
  group: fc.constantFrom(...GROUPINGS),
  order: fc.constantFrom(...ORDERS),
  folded: fc.uniqueArray(text, { maxLength: 4 }),
  colour: fc.constantFrom(...COLOUR_MODES),
  filter: fc.record({
    namespaces: fc.array(word, { maxLength: 3 }),
    networks: fc.array(word, { maxLength: 3 }),
    states: fc.subarray([...FILTER_STATES]),
    severities: fc.subarray([...SEVERITIES]),
    rules: fc.array(word, { maxLength: 3 }),
    text,
  }),
  sort: text,
  columns: text,
  since: text,
  told: fc.subarray([...CHANGE_KINDS, ...TABLES]),
  byNode: fc.boolean(),
  whatIf: fc.array(word, { maxLength: 3 }),
  muted: fc.array(word, { maxLength: 3 }),
  search: text,
  ranks: fc
    .uniqueArray(
      text.map((name) => `net:${name}`),
      { maxLength: 4 },
    )
    .chain((ids) => fc.array(fc.constant(null), { maxLength: 3 }).map((gaps) => [...gaps, ...ids].slice(0, 7)))
    .map((ranks) => ranks.slice(0, ranks.findLastIndex((id) => id !== null) + 1)),
  theme: fc.constantFrom(...THEME_CHOICES),
  kiosk: fc.boolean(),
});

describe('page state in the address', () => {
  test('defaults leave the address empty', () => {
    expect(formatPageState(DEFAULTS)).toBe('');
    const { view, group, order, colour, theme } = parsePageState('');
    expect([view, group, order, colour, theme]).toEqual(['topology', 'zone', 'name', 'network', 'system']);
  });

  test('a formatted state is parsed back unchanged', () => {
    fc.assert(
      fc.property(pageState, (state) => {
        expect(parsePageState(formatPageState(state))).toEqual(state);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test('an id remains readable', () => {
    const query = formatPageState({ ...DEFAULTS, selection: ['pod:core/upf-7c9d4-x2kqp', 'eni-0d3e44'] });
    expect(query).toBe('?sel=pod:core/upf-7c9d4-x2kqp&sel=eni-0d3e44');
  });

  test.each([
    ['?view=history', 'a view that does not exist'],
    ['?at=1,2', 'a camera with a missing number'],
    ['?at=1,2,', 'a camera with an empty number'],
    ['?at=1,2,0', 'a camera without a size'],
    ['?at=1,2,Infinity', 'a camera of infinite size'],
    ['?at=1,2,3,4', 'a camera with too many numbers'],
    ['?group=colour&order=size&theme=pink&colour=blue', 'values outside the lists'],
    ['?sel=&focus=&q=', 'empty values'],
    ['?sel=nothing&focus=eni-1&rank=pod:a/b&rank=cluster', 'ids that name nothing, or nothing that fits there'],
    ['?%E0%A4%A', 'a broken escape'],
    ['?constructor=1&__proto__=2', 'keys of Object.prototype'],
  ])('%s (%s) falls back to the defaults', (query) => {
    expect(parsePageState(query)).toEqual(DEFAULTS);
  });

  test('keeps only the newest entries of a deep stack', () => {
    const selection = Array.from({ length: 12 }, (_, index) => `eni-${index}`);
    expect(parsePageState(formatPageState({ ...DEFAULTS, selection })).selection).toEqual(selection.slice(4));
    expect(parsePageState(`?${selection.map((id) => `sel=${id}`).join('&')}`).selection).toEqual(selection.slice(4));
  });

  test('removes invisible characters from the URL', () => {
    const { selection, search } = parsePageState('?sel=pod:core/a%E2%80%AEb&q=%1B[31m');
    expect([selection[0], search]).toEqual([String.raw`pod:core/a\u202eb`, String.raw`\u001b[31m`]);
  });

  test('truncates a text of a megabyte', () => {
    expect(parsePageState(`?filter=${'a'.repeat(1_000_000)}`).filter.text).toHaveLength(2000);
  });
});
