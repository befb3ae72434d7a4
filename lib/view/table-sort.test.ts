import { describe, expect, test } from 'vitest';
import { nextSort, parseSort, sortRows } from './table-sort';

describe('sorting', () => {
  test('names sort in natural order', () => {
    expect(sortRows(['net17', 'net9', 'eth0', 'net1'], (row) => row, false)).toEqual(['eth0', 'net1', 'net9', 'net17']);
  });

  test('rows without a value come last in both directions', () => {
    const rows = [{ n: null }, { n: 2 }, { n: 10 }];
    expect(sortRows(rows, (row) => row.n, false).map(({ n }) => n)).toEqual([2, 10, null]);
    expect(sortRows(rows, (row) => row.n, true).map(({ n }) => n)).toEqual([10, 2, null]);
  });

  test('ties keep the table’s own order', () => {
    const rows = [
      { id: 'b', k: 1 },
      { id: 'a', k: 1 },
    ];
    expect(sortRows(rows, (row) => row.k, true)).toEqual(rows);
  });

  test('a heading sorts ascending, descending, then in the table’s own order', () => {
    const columns = ['pod', 'node'];
    const pressed = [''];
    for (let i = 0; i < 3; i++) pressed.push(nextSort(parseSort(pressed.at(-1) ?? '', columns), 'pod'));
    expect(pressed).toEqual(['', 'pod', '-pod', '']);
  });

  test('an unknown column does not sort', () => {
    expect(parseSort('-constructor', ['pod'])).toBeNull();
  });
});
