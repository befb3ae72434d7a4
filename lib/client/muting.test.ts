import { expect, it } from 'vitest';
import { aFinding, aNode, recordMaps } from '../../e2e/testing/records';
import { createReplica } from '../records/replica';
import { causesLeft } from '../view/causes-left';
import { findTroubles } from '../view/troubles';
import { ClientStore } from './client-store';
import { throughMutes } from './muting';

const FINDINGS = [
  aFinding('max-pods-too-high', 'warning', ['node:a']),
  aFinding('max-pods-too-high', 'warning', ['node:b']),
  aFinding('eni-leaked', 'error', ['node:a']),
];

function shown() {
  const replica = createReplica();
  replica.reset(recordMaps({ nodes: [aNode('a'), aNode('b')], findings: FINDINGS }), replica.cluster);
  const store = new ClientStore();
  store.reset({ replica, epoch: 'e', version: 1, rest: Promise.resolve() } as never);
  return store;
}
const countsOf = (store: ReturnType<typeof shown>) => {
  const { replica } = store.getState();
  const { byNode } = findTroubles(replica);
  return {
    shown: replica.records.findings.size,
    muted: replica.muted?.size ?? 0,
    a: byNode.get('node:a')?.count ?? 0,
    ofA: replica.indexes.findingsBySubject.get('node:a')?.size ?? 0,
    ofB: replica.indexes.findingsBySubject.has('node:b'),
  };
};

it('leaves muted findings out of lists, marks and indexes alike, and counts them', () => {
  const store = shown();
  expect(countsOf(store)).toEqual({ shown: 3, muted: 0, a: 2, ofA: 2, ofB: true });
  store.showBy(throughMutes(['max-pods-too-high=known']));
  expect(countsOf(store)).toEqual({ shown: 1, muted: 2, a: 1, ofA: 1, ofB: false });
  store.showBy(throughMutes([`${FINDINGS[2]?.id ?? ''}=one`]));
  expect(countsOf(store)).toEqual({ shown: 2, muted: 1, a: 1, ofA: 1, ofB: true });
  store.showBy(throughMutes([]));
  expect(countsOf(store)).toEqual({ shown: 3, muted: 0, a: 2, ofA: 2, ofB: true });
});

it('follows findings that appear and disappear, and another set', () => {
  const store = shown();
  store.showBy(throughMutes(['max-pods-too-high=known']));
  const more = aFinding('max-pods-too-high', 'warning', ['node:a', 'node:c'], { id: 'f:max-pods-too-high/new' });
  const delta = {
    epoch: 'e',
    from: 1,
    to: 2,
    at: 0,
    tables: { findings: { put: [more], patch: [], drop: [FINDINGS[2]?.id ?? ''] } },
  };
  expect(store.receive({ kind: 'delta', delta }, 0)).toBe('applied');
  expect(countsOf(store)).toEqual({ shown: 0, muted: 3, a: 0, ofA: 0, ofB: false });
  const other = createReplica();
  other.reset(recordMaps({ nodes: [aNode('a')], findings: [more] }), other.cluster);
  store.reset({ replica: other, epoch: 'f', version: 1, rest: Promise.resolve() } as never);
  expect(countsOf(store)).toMatchObject({ shown: 0, muted: 1 });
});

it('the causes under a filter still know the nodes of records that have not arrived', () => {
  const replica = createReplica();
  const finding = aFinding('pod-ip-failed', 'error', ['pod:shop/late']);
  replica.reset(recordMaps({ nodes: [aNode('a')], findings: [finding, ...FINDINGS] }), replica.cluster);
  const partial = { nodeOf: () => 'node:a' };
  const muted = throughMutes(['eni-leaked=known'])({ ...replica, partial } as never);
  const [cause] = causesLeft(muted, new Set([finding.id]));
  expect([...(cause?.nodes ?? [])]).toEqual(['node:a']);
});
