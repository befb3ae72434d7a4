import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CLUSTER, sampleRecords } from '../../../e2e/testing/capture-cluster';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { createPair, type PairOptions } from '../../../e2e/testing/servers/pair';
import { AT, batch, nodeUpsert, status } from '../../../e2e/testing/servers/store';
import { createReplica } from '../../records/replica';
import { FrameCutter } from '../../snapshot/keyframe/frames';
import { decodeKeyframe, type DecodedKeyframe } from '../../../e2e/testing/keyframe-reader';
import { Keyframes, type ServedKeyframe } from './keyframes';

function create(more: PairOptions = {}) {
  const clock = createFakeClock(AT);
  const { store, collector } = createPair(clock, more);
  return { clock, store, collector, keyframes: new Keyframes(store, clock) };
}

function decoded({ chunks }: ServedKeyframe): DecodedKeyframe {
  const cutter = new FrameCutter();
  return decodeKeyframe(chunks.flatMap((bytes) => cutter.push(bytes)).map((bytes) => gunzipSync(bytes).toString()));
}

const names = (keyframe: ServedKeyframe): readonly string[] =>
  [...decoded(keyframe).records.nodes.values()].map(({ name }) => name);

describe('a keyframe', () => {
  it('is the same for all viewers for at least two seconds', async () => {
    const { clock, collector, keyframes } = create();
    collector.apply(batch(nodeUpsert('a')));
    const first = await Promise.all(Array.from({ length: 100 }, () => keyframes.get()));
    expect(new Set(first).size).toBe(1);
    collector.apply(batch(nodeUpsert('b')));
    clock.advance(1_999);
    expect(await keyframes.get()).toBe(first[0]);
    expect(keyframes.isMaking).toBe(false);
  });

  it('is served while the next one is made', async () => {
    const { clock, collector, keyframes } = create();
    collector.apply(batch(nodeUpsert('a')));
    const first = await keyframes.get();
    collector.apply(batch(nodeUpsert('b')));
    clock.advance(2_000);
    expect(await keyframes.get()).toBe(first);
    expect(keyframes.isMaking).toBe(true);
    await keyframes.settled();
    expect(names(await keyframes.get())).toEqual(['a', 'b']);
  });

  it('has the source states of its version: heartbeats report that a source is behind, and no delta would undo it', async () => {
    const { store, collector, keyframes } = create();
    collector.apply(batch(nodeUpsert('a'), status('kubernetes/nodes', 'live', null)));
    store.setLags({ 'kubernetes/nodes': { lagSeconds: 9, waiting: 1, listing: null, cause: 'much waits' } });
    expect(store.sources()).toMatchObject([{ state: 'behind', reason: 'much waits' }]);
    const { records } = decoded(await keyframes.get());
    expect([...records.sources.values()]).toMatchObject([{ state: 'live', reason: null }]);
  });

  it('is not made again while nothing changes', async () => {
    const { clock, collector, keyframes } = create();
    collector.apply(batch(nodeUpsert('a')));
    const first = await keyframes.get();
    clock.advance(3_600_000);
    expect(await keyframes.get()).toBe(first);
    expect(keyframes.isMaking).toBe(false);
  });

  it('is continued by the stream, even if it was made between changes', async () => {
    const { store, collector, keyframes } = create();
    store.reset(sampleRecords(40, 20), CLUSTER);
    const asked = keyframes.get();
    for (let i = 0; i < 50; i++) {
      collector.apply(batch(nodeUpsert(`n${i}`)));
      await new Promise(setImmediate);
    }
    const keyframe = await asked;
    expect(keyframe.version).toBeLessThan(store.version);
    const { records, cluster, meta } = decoded(keyframe);
    const viewer = createReplica();
    viewer.reset(records, cluster);
    const since = store.since(meta);
    if (since.kind !== 'delta') throw new Error(since.kind);
    viewer.apply(since.delta.tables);
    expect([...viewer.records.nodes.keys()].sort()).toEqual([...store.replica.records.nodes.keys()].sort());
    expect([...viewer.records.pods.keys()].sort()).toEqual([...store.replica.records.pods.keys()].sort());
  });

  it('from which the stream cannot continue is not served', async () => {
    const { collector, keyframes } = create({ ringBytes: () => 4_000 });
    collector.apply(batch(nodeUpsert('a')));
    const first = await keyframes.get();
    for (let i = 0; i < 30; i++) collector.apply(batch(nodeUpsert(`node-${i}`)));
    const next = await keyframes.get();
    expect(next).not.toBe(first);
    expect(names(next)).toHaveLength(31);
  });

  it('contains nothing from before a reset, even if the reset came while it was made', async () => {
    const { store, keyframes } = create();
    store.reset(sampleRecords(40, 20, 1), CLUSTER);
    const asked = keyframes.get();
    await new Promise(setImmediate);
    const after = sampleRecords(3, 2, 2);
    store.reset(after, CLUSTER);
    for (const keyframe of [await asked, await keyframes.get()]) {
      expect(keyframe.version).toBe(store.version);
      expect([...decoded(keyframe).records.pods.keys()].sort()).toEqual([...after.pods.keys()].sort());
    }
  });
});

describe('without viewers', () => {
  it('reaches five times the age that making it took: slow encoding is done less often', async () => {
    const { clock, collector, keyframes } = create();
    collector.apply(batch(nodeUpsert('a')));
    const making = keyframes.get();
    // Encoding waits while the thread is busy.
    clock.advance(3_000);
    const first = await making;
    collector.apply(batch(nodeUpsert('b')));
    clock.advance(11_999);
    expect(await keyframes.get()).toBe(first);
    expect(keyframes.isMaking).toBe(false);
    clock.advance(1);
    expect(await keyframes.get()).toBe(first);
    expect(keyframes.isMaking).toBe(true);
    await keyframes.settled();
    expect(names(await keyframes.get())).toEqual(['a', 'b']);
  });

  it('the first is made once every source has answered', async () => {
    const { collector, keyframes } = create();
    collector.apply(batch(status('kubernetes/nodes', 'starting', null), nodeUpsert('a')));
    expect(keyframes.isMaking).toBe(false);
    collector.apply(batch(status('kubernetes/nodes', 'live', null)));
    expect(keyframes.isMaking).toBe(true);
    keyframes.close();
    await keyframes.settled();
  });

  it('the first does not wait for aws-node, which is read node by node', async () => {
    const { collector, keyframes } = create();
    const starting = status('aws-node/metrics', 'starting', null);
    collector.apply(batch(starting, status('kubernetes/nodes', 'live', null), nodeUpsert('a')));
    expect(keyframes.isMaking).toBe(true);
    keyframes.close();
    await keyframes.settled();
  });

  it('another is made once a quarter of what the stream can bridge has passed, not earlier', async () => {
    const { clock, collector, keyframes } = create({ ringBytes: () => 40_000 });
    collector.apply(batch(status('kubernetes/nodes', 'live', null), nodeUpsert('a')));
    await keyframes.settled();
    clock.advance(60_000);
    collector.apply(batch(nodeUpsert('b')));
    expect(keyframes.isMaking).toBe(false);
    for (let i = 0; i < 15; i++) collector.apply(batch(nodeUpsert(`node-${i}`)));
    expect(keyframes.isMaking).toBe(true);
    await keyframes.settled();
    expect(names(await keyframes.get()).length).toBeGreaterThan(3);
  });
});
