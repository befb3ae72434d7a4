import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../model/delta';
import { createReplica } from '../../records/replica';
import { whole } from '../../records/wire';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { createPair, type PairOptions } from '../../../e2e/testing/servers/pair';
import { allNodes, AT, batch, nodeUpsert, status } from '../../../e2e/testing/servers/store';
import { FRAME_MS, FRAME_OF_MANY_MS, HEARTBEAT_MS, Hub, MANY_VIEWERS, type Viewer } from './hub';
import { LAST_BLOCK } from './piece';

function create(more: PairOptions = {}) {
  const clock = createFakeClock(AT);
  const pair = createPair(clock, more);
  return { clock, ...pair, hub: new Hub(pair.store, clock) };
}

const text = (bytes: Uint8Array | null): string => (bytes === null ? '' : new TextDecoder().decode(bytes));
const frameOf = (bytes: Uint8Array | null): Frame | null => {
  const data = /^data: (.*)$/m.exec(text(bytes))?.[1];
  return data === undefined ? null : whole(JSON.parse(data) as Frame);
};

/** Reads like a browser: requests the next bytes as soon as it has the last ones; `got`: everything received so far. */
function reader(viewer: Viewer) {
  const got: Uint8Array[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const done = (async () => {
    for (let bytes = await viewer.next(); bytes !== null; bytes = await viewer.next()) {
      got.push(bytes);
      for (const { count, resolve } of waiting) if (got.length >= count) resolve();
    }
  })();
  return {
    got,
    done,
    /** Resolves when this many pieces have been received in total; without a number, one more than so far. */
    came: (count = got.length + 1): Promise<void> =>
      new Promise((resolve) => {
        if (got.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    frames: (): Frame[] => got.flatMap((bytes) => frameOf(bytes) ?? []),
    deltas: () =>
      got.flatMap((bytes) => {
        const frame = frameOf(bytes);
        return frame?.kind === 'delta' ? [frame.delta] : [];
      }),
  };
}
/** Lets all pending promises continue; no time passes. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe('frames', () => {
  it('combine the changes within a frame interval, and are encoded once for all viewers', async () => {
    const { clock, collector, hub } = create();
    const readers = [1, 2, 3].map(() => reader(hub.open({ epoch: 'e1', version: 0 })));
    await settle();
    collector.apply(batch(nodeUpsert('a')));
    clock.advance(0);
    await settle();
    for (let i = 0; i < 10; i++) collector.apply(batch(nodeUpsert(`n${i}`)));
    clock.advance(FRAME_MS - 1);
    await settle();
    expect(readers[0]?.deltas().map((delta) => [delta.from, delta.to])).toEqual([[0, 1]]);
    clock.advance(1);
    await settle();
    for (const each of readers)
      expect(each.deltas().map((delta) => [delta.from, delta.to])).toEqual([
        [0, 1],
        [1, 11],
      ]);
    expect(hub.encoded).toBe(2);
    expect(readers[1]?.got.at(-1)).toBe(readers[0]?.got.at(-1));
    expect(readers[2]?.got.at(-1)).toBe(readers[0]?.got.at(-1));
  });

  it('are half as frequent with many viewers', async () => {
    const { clock, collector, hub } = create();
    const readers = Array.from({ length: MANY_VIEWERS + 1 }, () => reader(hub.open({ epoch: 'e1', version: 0 })));
    collector.apply(batch(nodeUpsert('a')));
    clock.advance(0);
    await settle();
    collector.apply(batch(nodeUpsert('b')));
    clock.advance(FRAME_OF_MANY_MS - 1);
    await settle();
    expect(readers[0]?.deltas()).toHaveLength(1);
    clock.advance(1);
    await settle();
    for (const each of readers) expect(each.deltas()).toHaveLength(2);
  });

  it('are not encoded without viewers', () => {
    const { clock, collector, hub } = create();
    collector.apply(batch(nodeUpsert('a')));
    clock.advance(FRAME_MS);
    expect(hub.encoded).toBe(0);
  });
});

describe('a viewer', () => {
  it('that returns gets the missed changes as one delta', async () => {
    const { clock, collector, hub } = create();
    for (const name of ['a', 'b', 'c', 'd']) collector.apply(batch(nodeUpsert(name)));
    clock.advance(FRAME_MS);
    const back = reader(hub.open({ epoch: 'e1', version: 1 }));
    await settle();
    expect(back.deltas().map((delta) => [delta.from, delta.to])).toEqual([[1, 4]]);
  });

  it.each([
    ['names no version', null],
    ['comes from another start of the server', { epoch: 'e0', version: 1 }],
    ['is ahead of the server', { epoch: 'e1', version: 9 }],
  ])('that %s gets a reset, then follows', async (_, since) => {
    const { clock, collector, hub } = create();
    collector.apply(batch(nodeUpsert('a')));
    clock.advance(FRAME_MS);
    const viewer = reader(hub.open(since));
    await settle();
    expect(viewer.frames()[0]).toMatchObject({ kind: 'reset', epoch: 'e1', version: 1 });
    collector.apply(batch(nodeUpsert('b')));
    clock.advance(FRAME_MS);
    await settle();
    expect(viewer.deltas().map((delta) => [delta.from, delta.to])).toEqual([[1, 2]]);
  });

  it('that loaded the set between two frames misses nothing and gets nothing twice', async () => {
    const { clock, collector, hub } = create();
    const other = reader(hub.open({ epoch: 'e1', version: 0 }));
    await settle();
    collector.apply(batch(nodeUpsert('a')));
    clock.advance(0);
    collector.apply(batch(nodeUpsert('b')));
    const viewer = reader(hub.open({ epoch: 'e1', version: 2 }));
    collector.apply(batch(nodeUpsert('c')));
    await settle();
    expect(viewer.deltas()).toEqual([]);
    clock.advance(FRAME_MS);
    await settle();
    expect(viewer.deltas().map((delta) => [delta.from, delta.to])).toEqual([[2, 3]]);
    expect(other.deltas().map((delta) => [delta.from, delta.to])).toEqual([
      [0, 1],
      [1, 3],
    ]);
  });

  it('that stops reading costs nothing, and then gets every change or a reset', async () => {
    for (const bytes of [64 * 2 ** 20, 20_000]) {
      const { clock, store, collector, hub } = create({ ringBytes: () => bytes });
      const slow = hub.open({ epoch: 'e1', version: 0 });
      await slow.next();
      const fast = reader(hub.open({ epoch: 'e1', version: 0 }));
      const copy = createReplica();
      for (let i = 0; i < 200; i++) {
        collector.apply(batch(nodeUpsert(`node-${i}`), nodeUpsert('a', { unschedulable: i % 2 === 0 })));
        clock.advance(FRAME_MS);
        await settle();
      }
      expect(fast.deltas()).toHaveLength(200);
      const encoded = hub.encoded;
      let position = 0;
      for (let frame = frameOf(await slow.next()); position < store.version; frame = frameOf(await slow.next())) {
        if (frame?.kind === 'reset') {
          copy.reset(store.replica.records, store.replica.cluster);
          position = frame.version;
        } else if (frame?.kind === 'delta') {
          expect(frame.delta.from).toBe(position);
          copy.apply(frame.delta.tables, frame.delta.cluster);
          position = frame.delta.to;
        }
        if (position === store.version) break;
      }
      expect(new Map([...copy.records.nodes].sort())).toEqual(new Map([...store.replica.records.nodes].sort()));
      expect(hub.encoded - encoded).toBeLessThanOrEqual(1);
    }
  });

  it('that missed a flood of changes gets a reset instead of a delta larger than the set', async () => {
    const { clock, collector, hub } = create({ ringBytes: () => 5_000 });
    const viewer = reader(hub.open({ epoch: 'e1', version: 0 }));
    await settle();
    collector.apply(batch(allNodes(...Array.from({ length: 100 }, (_, index) => `node-${index}`))));
    clock.advance(FRAME_MS);
    await settle();
    expect(viewer.frames()).toMatchObject([{ kind: 'heartbeat' }, { kind: 'reset', version: 1 }]);
  });
});

describe('while nothing changes', () => {
  it('ages are sent when they change, in one heartbeat for all viewers', async () => {
    const { clock, store, collector, hub } = create();
    collector.apply(batch(status('kubernetes/nodes', 'live', '2026-01-01T00:00:00.000Z')));
    clock.advance(FRAME_MS);
    const readers = [1, 2].map(() => reader(hub.open({ epoch: 'e1', version: store.version })));
    await settle();
    expect(readers[0]?.frames()).toMatchObject([
      { kind: 'heartbeat', ages: { 'kubernetes/nodes': '2026-01-01T00:00:00.000Z' } },
    ]);
    collector.apply(batch(status('kubernetes/nodes', 'live', '2026-01-01T00:00:09.000Z')));
    clock.advance(HEARTBEAT_MS);
    await settle();
    expect(readers[0]?.frames()).toHaveLength(2);
    expect(readers[0]?.frames()[1]).toMatchObject({
      kind: 'heartbeat',
      ages: { 'kubernetes/nodes': '2026-01-01T00:00:09.000Z' },
    });
    expect(readers[1]?.got.at(-1)).toBe(readers[0]?.got.at(-1));
  });

  it('lags are sent when they change, without a version', async () => {
    const { clock, store, hub } = create();
    const viewer = reader(hub.open({ epoch: 'e1', version: 0 }));
    await settle();
    const lag = { lagSeconds: 7, waiting: 3, listing: null, cause: 'the watch is slow' };
    store.setLags({ 'kubernetes/pods': lag });
    clock.advance(HEARTBEAT_MS);
    await settle();
    clock.advance(HEARTBEAT_MS);
    await settle();
    expect(viewer.frames()).toMatchObject([
      { kind: 'heartbeat', lags: {} },
      { kind: 'heartbeat', version: 0, lags: { 'kubernetes/pods': lag } },
    ]);
  });

  it('something is sent every five seconds', async () => {
    const { clock, hub } = create();
    const viewer = reader(hub.open({ epoch: 'e1', version: 0 }));
    await settle();
    const before = viewer.got.length;
    for (let passed = 0; passed < 4 * HEARTBEAT_MS; passed += HEARTBEAT_MS) {
      clock.advance(HEARTBEAT_MS);
      await settle();
    }
    expect(viewer.got.slice(before).map(text)).toEqual([':\n\n', ':\n\n', ':\n\n', ':\n\n']);
  });
});

describe('compressed', () => {
  it('frames are compressed once, and any sequence of them is one stream', async () => {
    const { clock, collector, hub } = create();
    const one = reader(hub.open({ epoch: 'e1', version: 0 }, 'deflated'));
    const two = reader(hub.open({ epoch: 'e1', version: 0 }, 'deflated'));
    const asText = reader(hub.open({ epoch: 'e1', version: 0 }));
    const change = async (name: string): Promise<void> => {
      const deflating = [one, two].map((each) => each.came());
      collector.apply(batch(nodeUpsert(name)));
      clock.advance(FRAME_MS);
      await Promise.all(deflating);
    };
    await Promise.all([one.came(2), two.came(2)]);
    await change('a');
    await change('b');
    const late = reader(hub.open({ epoch: 'e1', version: 1 }, 'deflated'));
    await late.came(3);
    expect(two.got.at(-1)).toBe(one.got.at(-1));
    expect(late.got.at(1)).toBe(one.got.at(-1));
    const inflated = (pieces: readonly Uint8Array[]): string =>
      inflateRawSync(Buffer.concat([...pieces, LAST_BLOCK])).toString();
    expect(inflated(one.got)).toBe(asText.got.map(text).join(''));
    // Without the first pieces, and with one left out.
    expect(inflated(one.got.toSpliced(1, 1).slice(1))).toBe(asText.got.toSpliced(1, 1).slice(1).map(text).join(''));
  });
});

describe('closing', () => {
  it('ends every stream, and opens no further one', async () => {
    const { clock, hub } = create();
    const readers = Array.from({ length: 5 }, () => reader(hub.open({ epoch: 'e1', version: 0 })));
    await settle();
    hub.close();
    await Promise.all(readers.map((each) => each.done));
    expect(hub.viewers).toBe(0);
    expect(await hub.open(null).next()).toBeNull();
    expect(clock.armed).toBe(0);
  });

  it('one viewer’s stream leaves nothing behind', async () => {
    const { hub } = create();
    const viewer = hub.open({ epoch: 'e1', version: 0 });
    const each = reader(viewer);
    await settle();
    viewer.close();
    await each.done;
    expect(hub.viewers).toBe(0);
  });
});
