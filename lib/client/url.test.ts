import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUPINGS } from '../view/group';
import { DEFAULTS, FILTER_STATES, THEMES, VIEWS, formatPageState, parsePageState, type PageState } from './url';

const text = fc.string({ maxLength: 60, unit: 'binary' }).map((value) => value.toWellFormed());
const id = text.filter((value) => value !== '');
const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Number(value.toPrecision(6)) + 0);

const pageState: fc.Arbitrary<PageState> = fc.record({
  view: fc.constantFrom(...VIEWS),
  selection: fc.array(id, { maxLength: 8 }),
  focus: fc.option(id),
  camera: fc.option(fc.record({ x: coordinate, y: coordinate, k: fc.constantFrom(0.001, 0.25, 1, 3.5, 12) })),
  group: fc.constantFrom(...GROUPINGS),
  filter: fc.record({
    namespaces: fc.array(id, { maxLength: 3 }),
    networks: fc.array(id, { maxLength: 3 }),
    states: fc.subarray([...FILTER_STATES]),
    severities: fc.subarray(['error', 'warning', 'info'] as const),
    text,
  }),
  sort: text,
  search: text,
  ranks: fc.array(id, { maxLength: 7 }),
  theme: fc.constantFrom(...THEMES),
});

describe('page state in the address', () => {
  test('defaults leave the address empty', () => {
    expect(formatPageState(DEFAULTS)).toBe('');
    expect(parsePageState('')).toEqual(DEFAULTS);
  });

  test('what is written is read back', () => {
    fc.assert(
      fc.property(pageState, (state) => {
        expect(parsePageState(formatPageState(state))).toEqual(state);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test('an id stays readable', () => {
    const query = formatPageState({ ...DEFAULTS, selection: ['pod:core/upf-7c9d4-x2kqp', 'eni-0d3e44'] });
    expect(query).toBe('?sel=pod:core/upf-7c9d4-x2kqp&sel=eni-0d3e44');
  });

  test.each([
    ['?view=history', 'a view that does not exist'],
    ['?at=1,2', 'a camera with a number missing'],
    ['?at=1,2,', 'a camera with an empty number'],
    ['?at=1,2,0', 'a camera without size'],
    ['?at=1,2,Infinity', 'a camera without end'],
    ['?at=1,2,3,4', 'a camera with a number too many'],
    ['?group=colour&theme=pink', 'words from outside the lists'],
    ['?sel=&focus=&q=', 'empty values'],
    ['?%E0%A4%A', 'a broken escape'],
    ['?constructor=1&__proto__=2', 'keys of objects'],
  ])('%s (%s) falls back to the defaults', (query) => {
    expect(parsePageState(query)).toEqual(DEFAULTS);
  });

  test('the newest entries of a deep stack are kept', () => {
    const selection = Array.from({ length: 12 }, (_, index) => `eni-${index}`);
    expect(parsePageState(formatPageState({ ...DEFAULTS, selection })).selection).toEqual(selection.slice(4));
    expect(parsePageState(`?${selection.map((id) => `sel=${id}`).join('&')}`).selection).toEqual(selection.slice(4));
  });

  test('a text of a megabyte is cut', () => {
    expect(parsePageState(`?filter=${'a'.repeat(1_000_000)}`).filter.text).toHaveLength(2000);
  });
});
