import { expect, test } from 'vitest';
import type { InterfaceRecord } from '../../model/records';
import { createCluster } from '../../../e2e/testing/layout';
import { noEniWords } from './wiring';

const source = createCluster().node('n').build();
const unknown = { rule: 'none', certainty: 'unknown', evidence: '', candidates: [] as readonly string[] };
const record = (change: object): InterfaceRecord =>
  ({
    network: 'cluster',
    state: 'reported',
    ips: ['10.0.0.9'],
    addresses: [],
    hostNic: null,
    link: unknown,
    ...change,
  }) as unknown as InterfaceRecord;

test.each<[string, object, readonly [string, string]]>([
  ['no evidence for any', {}, ['ENI not known', 'no evidence']],
  [
    'one ENI is possible',
    { state: 'expected', link: { ...unknown, candidates: ['eni-0f8af1d0d11a6c857'] } },
    ['ENI not known', 'perhaps eni-0f8a…57'],
  ],
  [
    'two ENIs are possible',
    { link: { ...unknown, candidates: ['eni-0a9ba7d123896a4b2', 'eni-03a0c34eeccd15cbc'] } },
    ['ENI not known', '2 candidates'],
  ],
  ['it was only requested', { state: 'requested', ips: [] }, ['not reported', 'requested only']],
])('an interface without an ENI shows the reason: %s', (_case, change, words) => {
  expect(noEniWords(source, record(change))).toEqual(words);
});
