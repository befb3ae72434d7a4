/** A record set that is followed for days: its memory depends on what exists, not on what has existed. */
import { expect, test } from 'vitest';
import { cut } from '../../../e2e/testing/chunked';
import { aNode, anInterface, aPod, recordMaps } from '../../../e2e/testing/records';
import { nodeId } from '../../model/ids';
import { Chunk, type ChunkRecords } from './chunk';

const NOTHING = (): ChunkRecords => ({
  pods: new Map([['pod:core/first', aPod('core', 'first')]]),
  interfaces: new Map(),
  enis: new Map(),
  hostNics: new Map(),
  attachments: new Map(),
});

test.each([
  ['a chunk of the server', new Uint8Array(1), ['pod:core/first']],
  ['a chunk made here', null, []],
])('%s does not remember pods that came and went', (_, columns, base) => {
  const chunk = new Chunk();
  chunk.arrive(columns);
  const apply = (put: readonly string[], drop: readonly string[]): void =>
    chunk.apply(
      { pods: { put: put.map((name) => aPod('core', name)), patch: [], drop: drop.map((name) => `pod:core/${name}`) } },
      NOTHING,
      () => undefined,
    );
  for (let pod = 0; pod < 5_000; pod++) {
    apply([`p${pod}`], []);
    apply([], [`p${pod}`]);
  }
  expect(chunk.since?.pods?.drop.length).toBeLessThan(1_000);
  expect([...chunk.records(NOTHING).pods.keys()]).toEqual(base);
  apply([], ['first']);
  for (let pod = 0; pod < 5_000; pod++) apply([], [`p${pod}`]);
  chunk.forget();
  expect([...chunk.records(NOTHING).pods.keys()]).toEqual([]);
});

test('nodes that came and went leave neither numbers nor chunks behind', () => {
  const nodes = ['a', 'b'].map((name) => aNode(name));
  const { replica, arrivals } = cut(recordMaps({ nodes }), 1, 8);
  for (const arrive of arrivals) arrive();
  const before = replica.chunks.length;
  for (let round = 0; round < 500; round++) {
    const name = `n${round}`;
    const node = nodeId(name);
    const pod = aPod('core', name, { node });
    const iface = anInterface('core', name, 'eth0', { node });
    replica.apply({
      nodes: { put: [aNode(name)], patch: [], drop: [] },
      pods: { put: [pod], patch: [], drop: [] },
      interfaces: { put: [iface], patch: [], drop: [] },
    });
    expect(replica.partial.nodeOf(pod.id)).toBe(node);
    expect([...replica.records.pods.keys()]).toEqual([pod.id]);
    replica.apply({
      interfaces: { put: [], patch: [], drop: [iface.id] },
      pods: { put: [], patch: [], drop: [pod.id] },
      nodes: { put: [], patch: [], drop: [node] },
    });
  }
  expect(replica.chunks.length - before).toBeLessThanOrEqual(1);
  expect(replica.partial.nodesOfNetwork('cluster')).toEqual(new Set());
});
