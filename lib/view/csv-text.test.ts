import { expect, test } from 'vitest';
import { toCsv } from './csv-text';

test('quotes what needs quotes, and defuses formulas', () => {
  const csv = toCsv(
    ['pod', 'note'],
    [
      ['core/a', 'x,"y"\nz'],
      ['=cmd()', '@SUM'],
      ['-1', ''],
    ],
  );
  expect(csv).toBe('pod,note\r\ncore/a,"x,""y""\nz"\r\n\'=cmd(),\'@SUM\r\n\'-1,\r\n');
});
