import { expect, test } from 'vitest';
import type { SourceRecord } from '../model/records';
import { emptyNotice, factsOf, viewOfKey, VIEWS } from './views';

test('a digit opens the view at its place, no other key does', () => {
  expect(VIEWS.map((_, index) => viewOfKey(String(index + 1)))).toEqual(VIEWS.map(({ id }) => id));
  for (const key of ['0', String(VIEWS.length + 1), '01', 'a', 'Enter', ' ']) expect(viewOfKey(key)).toBeNull();
});

const source = (change: Partial<SourceRecord>): SourceRecord => ({
  id: 'ec2/subnets',
  state: 'live',
  asOf: null,
  reason: null,
  ...change,
});

const NONE = 'There are no subnets: EC2 lists no subnet for this cluster’s ENIs.';

test.each<[string, Partial<SourceRecord> | null, string]>([
  ['no such source', null, NONE],
  ['a live one', { state: 'live' }, NONE],
  ['one that answered before it failed', { state: 'failing', asOf: '2026-11-21T06:04:00Z' }, NONE],
  [
    'one that starts',
    { state: 'starting' },
    'Subnets are not known yet: The source ec2/subnets is starting. The first answer is on its way.',
  ],
  [
    'a denied one',
    { state: 'denied', reason: 'ec2:DescribeSubnets is not permitted' },
    'Subnets are not known: ec2:DescribeSubnets is not permitted. Grant ifscope read access to see them.',
  ],
  [
    'one that never answered',
    { state: 'failing', reason: 'Timeout.' },
    'Subnets are not known: Timeout. ifscope keeps trying.',
  ],
  ['one that is off', { state: 'off' }, 'Subnets are not known: The source ec2/subnets is off.'],
])('an empty view with %s', (_, change, words) => {
  const { title, text } = emptyNotice(factsOf('subnets'), change === null ? undefined : source(change));
  expect(`${title}: ${text}`).toBe(words);
});
