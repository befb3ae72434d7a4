import { describe, expect, test } from 'vitest';
import { aSource } from '../../e2e/testing/records';
import { ENIS, PODS } from '../model/source-ids';
import type { SourceState } from '../model/records';
import { noFindingsWords, silentSources, silentWords } from './silent-sources';

describe('sources without which the absence of findings proves nothing', () => {
  test.each<[string, SourceState, boolean]>([
    [PODS, 'live', false],
    [PODS, 'starting', true],
    [PODS, 'failing', true],
    [PODS, 'denied', true],
    [ENIS, 'off', true],
    [ENIS, 'absent', true],
    // Nothing is missing in a cluster without Multus.
    ['kubernetes/network-attachment-definitions', 'absent', false],
    ['aws-node/enis', 'off', false],
  ])('%s that is %s: %s', (id, state, silent) =>
    expect(silentSources(new Map([[id, aSource(id, state)]]))).toEqual(silent ? [id] : []),
  );
});

test.each<[SourceState, string | null, string]>([
  ['live', '2026-01-01T00:00:00Z', 'No findings'],
  ['stale', '2026-01-01T00:00:00Z', `No findings so far. Not up to date: ${PODS}`],
  ['denied', null, 'Findings are not known yet'],
])('without findings, and with pods that are %s since %s: %s', (state, asOf, words) =>
  expect(noFindingsWords(new Map([[PODS, { ...aSource(PODS, state), asOf }]]))).toBe(words),
);

test('without findings, and without an answer of EC2', () =>
  expect(noFindingsWords(new Map([aSource(PODS, 'live'), aSource(ENIS, 'absent')].map((one) => [one.id, one])))).toBe(
    `No findings so far. Not known: ${ENIS}`,
  ));

test('of many sources the most important ones are named', () => {
  const ids = ['aws-node/metrics', ENIS, 'ec2/subnets', 'kubernetes/events', 'kubernetes/jobs', PODS];
  const all = (count: number) => new Map(ids.slice(0, count).map((id) => [id, aSource(id, 'failing')]));
  expect(silentWords(all(4))).toBe(`${ENIS}, aws-node/metrics, ec2/subnets, kubernetes/events`);
  expect(silentWords(all(6))).toBe(`${ENIS}, ${PODS}, aws-node/metrics and 3 more`);
});
