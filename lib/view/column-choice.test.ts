import { describe, expect, test } from 'vitest';
import { chosenColumns, columnsText, earlyFirst, movedColumn, shownColumns } from './column-choice';

const COLUMNS = [{ id: 'pod' }, { id: 'node' }, { id: 'mac' }, { id: 'labels', optional: true }];
const shown = (text: string): readonly string[] =>
  shownColumns(COLUMNS, chosenColumns(text, 'interfaces')).map(({ id }) => id);

describe('columns of a table', () => {
  test('that users look for come right after the first column in a narrow window', () => {
    const columns = [{ id: 'pod' }, { id: 'node' }, { id: 'mac', early: true }, { id: 'labels', early: true }];
    expect(earlyFirst(columns).map(({ id }) => id)).toEqual(['pod', 'mac', 'labels', 'node']);
    expect(earlyFirst(columns.slice(0, 1))).toEqual([{ id: 'pod' }]);
    expect(earlyFirst([])).toEqual([]);
  });

  test.each([
    ['', ['pod', 'node', 'mac'], 'no choice'],
    ['interfaces:mac,pod', ['mac', 'pod'], 'an order'],
    ['interfaces:pod,labels', ['pod', 'labels'], 'one that is hidden by default'],
    ['interfaces:pod,pod,,nothing', ['pod'], 'duplicate, empty and unknown ones'],
    ['enis:mac', ['pod', 'node', 'mac'], 'those of another view'],
    ['interfaces:nothing', ['pod', 'node', 'mac'], 'only unknown ones'],
    ['interfaces', ['pod', 'node', 'mac'], 'a text without columns'],
  ])('%s: %j (%s)', (text, ids) => {
    expect(shown(text)).toEqual(ids);
  });

  test('a choice is read back as written, and the default is not written', () => {
    expect(shown(columnsText(COLUMNS, 'interfaces', ['labels', 'pod']))).toEqual(['labels', 'pod']);
    expect(columnsText(COLUMNS, 'interfaces', ['pod', 'node', 'mac'])).toBe('');
  });

  test.each([
    ['node', -1, ['node', 'pod', 'mac']],
    ['node', 1, ['pod', 'mac', 'node']],
    ['pod', -1, ['pod', 'node', 'mac']],
    ['mac', 1, ['pod', 'node', 'mac']],
    ['labels', 1, ['pod', 'node', 'mac']],
  ] as const)('%s moves by %i', (id, step, after) => {
    expect(movedColumn(['pod', 'node', 'mac'], id, step)).toEqual(after);
  });
});
