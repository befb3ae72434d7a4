import { expect, test } from 'vitest';
import { toCsv } from './csv';

test('quotes what must be quoted, and neutralises formulas', () => {
  const csv = toCsv(
    ['pod', 'note'],
    [
      ['core/a', 'x,"y"'],
      ['=cmd()', '@SUM'],
      ['-1', ''],
      [' =1', '＝1'],
    ],
  );
  expect(csv).toBe('pod,note\r\ncore/a,"x,""y"""\r\n\'=cmd(),\'@SUM\r\n\'-1,\r\n\' =1,\'＝1\r\n');
});

test.each([
  ['a\u001b[31mred', 'a\\u001b[31mred'],
  ['nul\u0000', 'nul\\u0000'],
  ['a\u202etxt.exe', 'a\\u202etxt.exe'],
  ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
  ['zero\u200bwidth', 'zero\\u200bwidth'],
  ['two\r\nlines', 'two\\u000d\\u000alines'],
  ['\t=1', '\\u0009=1'],
])('%j is written as %s', (hostile, written) => {
  expect(toCsv(['name'], [[hostile]])).toBe(`name\r\n${written}\r\n`);
});
