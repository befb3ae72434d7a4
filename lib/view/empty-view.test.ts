import { expect, test } from 'vitest';
import { aSource } from '../../e2e/testing/records';
import type { SourceRecord } from '../model/records';
import { unknownNotice } from './empty-view';
import { factsOf } from './views';

const source = (change: Partial<SourceRecord>): SourceRecord => aSource('ec2/subnets', 'live', change);

test.each<[string, Partial<SourceRecord> | null, string | null]>([
  ['no such source', null, null],
  ['a live one', { state: 'live' }, null],
  ['one that answered before it failed', { state: 'failing', asOf: '2026-11-21T06:04:00Z' }, null],
  [
    'a starting one',
    { state: 'starting' },
    'Subnets are not known yet: The source ec2/subnets is starting. It has not answered yet.',
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
  const notice = unknownNotice(factsOf('subnets'), change === null ? undefined : source(change));
  expect(notice && `${notice.title}: ${notice.text}`).toBe(words);
});
