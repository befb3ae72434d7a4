import { expect, test } from 'vitest';
import { anEni } from '../../e2e/testing/records';
import { reuse } from './reuse';

const warm = (last: number) => ({ ip: `10.0.0.${last}`, state: 'warm' as const, interface: null });
const eni = (addresses: readonly number[], tags: Readonly<Record<string, string>> = { a: '1' }) =>
  anEni(null, 'eni-1', { tags, addresses: addresses.map(warm) });

test('an unchanged record is the previous object', () => {
  const before = eni([4, 5]);
  expect(reuse<'enis'>(before, eni([4, 5]))).toBe(before);
});

test.each<[string, readonly number[], readonly number[]]>([
  ['one more entry at the end', [4, 5], [4, 5, 6]],
  ['one more entry at the front', [5, 6], [4, 5, 6]],
  ['one entry less in the middle', [4, 5, 6], [4, 6]],
  ['another entry in the middle', [4, 5, 7], [4, 6, 7]],
  ['nothing in common', [4], [5]],
  ['none left', [4], []],
])('a new state shares unchanged parts with the previous one: %s', (_case, old, now) => {
  const [before, after] = [eni(old), eni(now)];
  const record = reuse<'enis'>(before, after);
  expect(record).toEqual(after);
  expect(record.tags).toBe(before.tags);
  for (const entry of record.addresses) {
    const former = before.addresses.find(({ ip }) => ip === entry.ip);
    if (former !== undefined) expect(entry).toBe(former);
  }
});
