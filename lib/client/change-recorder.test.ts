import { describe, expect, test } from 'vitest';
import { cut } from '../../e2e/testing/chunked';
import { CLUSTER, sampleRecords, TAKEN_AT } from '../../e2e/testing/capture-cluster';
import { replicaOf } from '../../e2e/testing/client';
import type { Delta } from '../model/delta';
import type { RecordMaps } from '../model/records';
import { diffTables } from '../records/diff';
import { diffTopologies } from '../snapshot/diff';
import { toTopology } from '../snapshot/encode';
import type { PageReplica } from './client-state';
import { ClientStore } from './client-store';
import { recordChanges, type ChangeRecorder } from './change-recorder';

const NODES = 3;
const before = sampleRecords(NODES, 4);
const world = { now: () => 0, clock: () => 0, later: (run: () => void) => run() };

function recording(replica: PageReplica): { readonly store: ClientStore; readonly recorder: ChangeRecorder } {
  const store = new ClientStore();
  store.reset({ replica, epoch: 'e', version: 0 });
  return { store, recorder: recordChanges(store, world) };
}

/** All chunks are there; `mostLive`: how many are kept as records. */
function chunked(mostLive: number): PageReplica {
  const { replica, arrivals } = cut(before, 1, mostLive);
  for (const arrive of arrivals) arrive();
  return replica;
}

const deltaTo = (after: RecordMaps, from = 0): Delta => ({
  epoch: 'e',
  from,
  to: from + 1,
  at: 1_000 * (from + 1),
  tables: diffTables(before, after),
});

const told = ({ recorder: { log } }: { readonly recorder: ChangeRecorder }): readonly string[] =>
  log.spans
    .flatMap(({ bursts }) => [...bursts.values()].flatMap(({ changes }) => changes.map(({ sentence }) => sentence)))
    .sort();

const [pod, otherPod] = [...before.pods.values()];
const [eni] = [...before.enis.values()];
const [node, otherNode] = [...before.nodes.values()];
if (pod === undefined || otherPod === undefined || eni === undefined || node === undefined || otherNode === undefined)
  throw new Error('the sample is too small');
const without = <T>(map: ReadonlyMap<string, T>, drop: (record: T) => boolean): ReadonlyMap<string, T> =>
  new Map([...map].filter(([, record]) => !drop(record)));
const put = <T extends { readonly id: string }>(map: ReadonlyMap<string, T>, record: T): ReadonlyMap<string, T> =>
  new Map([...map, [record.id, record]]);

const CHANGES: readonly (readonly [string, Partial<RecordMaps>])[] = [
  ['a pod changes', { pods: put(before.pods, { ...pod, phase: 'Failed' }) }],
  ['a pod is moved', { pods: put(before.pods, { ...pod, node: otherNode.id }) }],
  [
    'a pod is deleted with its interfaces',
    {
      pods: without(before.pods, ({ id }) => id === pod.id),
      interfaces: without(before.interfaces, (one) => one.pod === pod.id),
    },
  ],
  ['a pod is added', { pods: put(before.pods, { ...pod, id: 'pod:a/new', namespace: 'a', name: 'new' }) }],
  ['a node changes', { nodes: put(before.nodes, { ...node, ready: false, unschedulable: true }) }],
  ['an ENI is detached', { enis: put(before.enis, { ...eni, node: null }) }],
  [
    'a slot changes',
    { enis: put(before.enis, { ...eni, addresses: eni.addresses.map((one) => ({ ...one, state: 'cooling' })) }) },
  ],
];

describe('a delta is described like the difference of two files', () => {
  test.each(CHANGES)('%s', (_, change) => {
    const after = { ...before, ...change };
    const [, ...sentences] = diffTopologies(
      toTopology(before, CLUSTER, TAKEN_AT),
      toTopology(after, CLUSTER, TAKEN_AT),
    ).lines;
    expect(sentences.length).toBeGreaterThan(0);
    const replica = chunked(NODES + 1);
    // A chunk is kept as records once it has been read.
    for (const table of ['pods', 'enis'] as const)
      for (const id of before[table].keys()) replica.records[table].get(id);
    for (const one of [recording(replicaOf(before)), recording(replica)]) {
      one.store.receive({ kind: 'delta', delta: deltaTo(after) }, 0);
      expect(told(one)).toEqual([...sentences].sort());
    }
  });
});

describe('changes of records that the page has not decoded are described from the delta alone; no chunk is read', () => {
  const far = (change: Partial<RecordMaps>): readonly string[] => {
    const replica = chunked(0);
    const one = recording(replica);
    const { isHeld } = replica;
    expect(isHeld?.('pods', pod.id)).toBe(false);
    one.store.receive({ kind: 'delta', delta: deltaTo({ ...before, ...change }) }, 0);
    return told(one);
  };

  test.each([
    ['a pod changes', `Pod ${pod.namespace}/${pod.name} changed: phase is now Failed.`],
    ['a pod is deleted with its interfaces', `Pod ${pod.namespace}/${pod.name} went.`],
    ['an ENI is detached', `ENI ${eni.id} moved to nowhere.`],
  ])('%s', (name, sentence) => {
    expect(far(CHANGES.find(([one]) => one === name)?.[1] ?? {})).toEqual([sentence]);
  });

  test('a slot changes', () => {
    const [sentence = ''] = far(CHANGES.find(([one]) => one === 'a slot changes')?.[1] ?? {});
    expect(sentence).toContain(`ENI ${eni.id} changed: slot `);
    expect(sentence).toContain(' is now cooling');
  });
});

test('a field without a sentence is not described', () => {
  const one = recording(replicaOf(before));
  const after = { ...before, pods: put(before.pods, { ...pod, startedAt: '2020-01-01T00:00:00Z' }) };
  one.store.receive({ kind: 'delta', delta: deltaTo(after) }, 0);
  expect(told(one)).toEqual([]);
});

test('while paused nothing is recorded; resuming records all waiting changes', () => {
  const one = recording(replicaOf(before));
  one.store.pause();
  one.store.receive(
    { kind: 'delta', delta: deltaTo({ ...before, pods: put(before.pods, { ...pod, phase: 'Failed' }) }) },
    0,
  );
  expect(told(one)).toEqual([]);
  one.store.resume();
  expect(told(one)).toHaveLength(1);
});

test('another set leaves a gap, after which changes are recorded again', () => {
  const one = recording(replicaOf(before));
  one.store.reset({ replica: replicaOf(before), epoch: 'e', version: 0 });
  expect(one.recorder.log.gaps).toHaveLength(1);
  one.store.receive(
    { kind: 'delta', delta: deltaTo({ ...before, pods: put(before.pods, { ...otherPod, phase: 'Failed' }) }) },
    0,
  );
  expect(told(one)).toHaveLength(1);
});

test('nothing is recorded until a set has arrived completely', () => {
  const { replica } = cut(before, 1, 1);
  const one = recording(replica);
  expect(one.recorder.log.since).toBeNull();
  one.store.receive(
    { kind: 'delta', delta: deltaTo({ ...before, nodes: put(before.nodes, { ...node, ready: false }) }) },
    0,
  );
  expect(told(one)).toEqual([]);
});

test('a page in the background, whose tasks run once a minute, does not collect changes without limit', () => {
  const store = new ClientStore();
  store.reset({ replica: chunked(8), epoch: 'e', version: 0 });
  let at = 0;
  const tasks: (() => void)[] = [];
  const { log } = recordChanges(store, { now: () => (at += 100), clock: () => 0, later: (run) => tasks.push(run) });
  for (let from = 0; from < 20; from++) {
    const pods = Array.from({ length: 500 }, (_, index) => ({ ...pod, id: `pod:a/p${from}-${index}`, namespace: 'a' }));
    store.receive(
      {
        kind: 'delta',
        delta: { epoch: 'e', from, to: from + 1, at: 0, tables: { pods: { put: pods, patch: [], drop: [] } } },
      },
      0,
    );
  }
  tasks.shift()?.();
  expect(log.count).toBeGreaterThan(10_000 - 5_500);
});
