import { describe, expect, test } from 'vitest';
import { aSource } from '../../e2e/testing/records';
import type { SourceRecord, SourceState } from '../model/records';
import { oldData } from './missing';
import { lostWith, missingParts } from './missing-parts';

const sources = (
  ...list: readonly (readonly [string, SourceState, string | null, string | null])[]
): ReadonlyMap<string, SourceRecord> =>
  new Map(list.map(([id, state, asOf, reason]) => [id, aSource(id, state, { asOf, reason })]));

const AT = '2026-11-21T06:00:00Z';

describe('missing parts', () => {
  test('EC2 denied: names what is missing and why', () => {
    const found = missingParts(sources(['ec2/network-interfaces', 'denied', null, 'EC2 answers AccessDenied.']));
    expect(found).toEqual([
      {
        severity: 'warning',
        text: 'ENIs and address slots are not known; pools are known only from aws-node’s metrics. ec2/network-interfaces: not permitted. EC2 answers AccessDenied.',
      },
    ]);
  });

  test('capitalises EC2’s message at the beginning of a sentence', () => {
    const [found] = missingParts(sources(['ec2/subnets', 'denied', null, 'not allowed to call ec2:DescribeSubnets']));
    expect(found?.text).toBe(
      'Subnets are not known. ec2/subnets: not permitted. Not allowed to call ec2:DescribeSubnets.',
    );
  });

  test('sources with the same reason share a line', () => {
    const found = missingParts(
      sources(
        ['ec2/network-interfaces', 'denied', null, 'EC2 says no'],
        ['ec2/subnets', 'denied', null, 'EC2 says no'],
      ),
    );
    expect(found.map(({ text }) => text)).toEqual([
      'ENIs and address slots are not known; pools are known only from aws-node’s metrics; subnets are not known. ' +
        'ec2/network-interfaces, ec2/subnets: not permitted. EC2 says no.',
    ]);
  });

  test.each<[SourceState, string | null, number]>([
    ['live', '2026-11-21T06:00:00Z', 0],
    ['starting', null, 0],
    ['stale', '2026-11-21T06:00:00Z', 0],
    ['failing', '2026-11-21T06:00:00Z', 0],
    ['failing', null, 1],
    ['absent', null, 1],
    ['off', null, 1],
  ])('pods %s since %s: %i parts missing', (state, asOf, count) => {
    expect(missingParts(sources(['kubernetes/pods', state, asOf, null]))).toHaveLength(count);
  });
});

describe('old data', () => {
  const now = Date.parse('2026-11-21T06:11:00Z');

  test('is reported for the oldest of Kubernetes and EC2', () => {
    const found = oldData(
      sources(
        ['kubernetes/pods', 'stale', '2026-11-21T06:09:00Z', null],
        ['ec2/network-interfaces', 'failing', '2026-11-21T06:04:00Z', null],
      ),
      {},
      {},
      now,
    );
    expect(found).toEqual({ asOf: 'as of 06:04', badge: 'EC2 7 min old' });
  });

  test('uses a heartbeat that is newer than the record', () => {
    const found = oldData(
      sources(['kubernetes/pods', 'stale', '2026-11-21T06:00:00Z', null]),
      { 'kubernetes/pods': '2026-11-21T06:10:00Z' },
      {},
      now,
    );
    expect(found?.badge).toBe('Kubernetes 1 min old');
  });

  test('includes a source that is live in its record but behind by its figures', () => {
    const found = oldData(
      sources(['kubernetes/pods', 'live', '2026-11-21T06:00:00Z', null]),
      { 'kubernetes/pods': '2026-11-21T06:08:44Z' },
      { 'kubernetes/pods': { lagSeconds: 136, waiting: 0, listing: null, cause: 'the watch is slow' } },
      now,
    );
    expect(found).toEqual({ asOf: 'as of 06:08', badge: 'Kubernetes 2 min old' });
  });

  test('does not include a source that has never answered, or a live one', () => {
    expect(
      oldData(
        sources(
          ['kubernetes/pods', 'live', '2026-11-21T05:00:00Z', null],
          ['ec2/network-interfaces', 'denied', null, null],
        ),
        {},
        {},
        now,
      ),
    ).toBeNull();
  });
});

test.each<[string, SourceState, string | null, string | null]>([
  [
    'ec2/network-interfaces',
    'denied',
    null,
    'ENIs and address slots are not known; pools are known only from aws-node’s metrics.',
  ],
  ['ec2/network-interfaces', 'live', AT, null],
  ['ec2/network-interfaces', 'stale', AT, null],
  ['kubernetes/pods', 'denied', AT, 'Pods of other namespaces are not shown; which slots are free is not known.'],
  ['kubernetes/events', 'denied', null, null],
  ['constructor', 'denied', null, null],
])('the list of sources shows what is lost without %s, %s', (id, state, asOf, said) =>
  expect(lostWith({ id, state, asOf })).toBe(said),
);
