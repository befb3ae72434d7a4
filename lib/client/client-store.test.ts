import { describe, expect, test } from 'vitest';
import { deltaFrame, pod, podDelta, recordMaps, replicaOf } from '../../e2e/testing/client';
import { PENDING_LIMIT } from './paused-changes';
import { ClientStore } from './client-store';

function loaded(version = 1): ClientStore {
  const store = new ClientStore();
  store.reset({ replica: replicaOf(recordMaps({ pods: [pod('a')] })), epoch: 'e1', version });
  return store;
}
const names = (store: ClientStore): string[] =>
  [...store.getState().replica.records.pods.values()].map(({ name }) => name);

describe('[S1] a delta is applied only to the version that it continues', () => {
  test('the next one is', () => {
    const store = loaded();
    expect(store.receive(deltaFrame(podDelta(1, [pod('b')])), 0)).toBe('applied');
    expect(names(store)).toEqual(['a', 'b']);
    expect(store.getState()).toMatchObject({ version: 2, revision: 2, lastChange: { everything: false } });
    expect([...store.getState().lastChange.ids]).toEqual(['pod:core/b']);
  });

  test.each([
    ['a gap', podDelta(5, [pod('b')]), 'refetch'],
    ['another epoch', podDelta(1, [pod('b')], [], 'e2'), 'refetch'],
    ['one we have', podDelta(0, [pod('b')]), 'stale'],
  ] as const)('%s is not', (_, delta, received) => {
    const store = loaded();
    expect(store.receive(deltaFrame(delta), 0)).toBe(received);
    expect(names(store)).toEqual(['a']);
    expect(store.getState().version).toBe(1);
  });

  test('before the first set nothing can be applied', () => {
    expect(new ClientStore().receive(deltaFrame(podDelta(0, [])), 0)).toBe('refetch');
  });
});

describe('the changes since a revision', () => {
  const idsSince = (store: ClientStore, revision: number): readonly string[] | 'everything' => {
    const { ids, everything } = store.changesSince(revision);
    return everything ? 'everything' : [...ids].sort();
  };
  test('cover all frames received since, including arrivals of the set', () => {
    const store = loaded();
    const { revision } = store.getState();
    expect(idsSince(store, revision)).toEqual([]);
    store.receive(deltaFrame(podDelta(1, [pod('b')])), 0);
    store.receive(deltaFrame(podDelta(2, [pod('c')])), 0);
    store.arrived();
    expect(idsSince(store, revision)).toEqual(['pod:core/b', 'pod:core/c']);
    expect(idsSince(store, revision + 1)).toEqual(['pod:core/c']);
    expect(idsSince(store, revision + 2)).toEqual([]);
  });
  test('cover everything after another set, and for a revision that is too old', () => {
    const store = loaded();
    const { revision } = store.getState();
    for (let version = 1; version < 100; version++) store.receive(deltaFrame(podDelta(version, [pod('b')])), 0);
    expect(idsSince(store, revision)).toBe('everything');
    expect(idsSince(store, store.getState().revision - 2)).toEqual(['pod:core/b']);
    store.reset({ replica: replicaOf(recordMaps({ pods: [] })), epoch: 'e1', version: 200 });
    expect(idsSince(store, store.getState().revision - 1)).toBe('everything');
  });
});

describe('[S2] only changed values are new objects', () => {
  test('a table that no delta touched keeps its revision', () => {
    const store = loaded();
    const before = store.getState().tableRevisions;
    store.receive(deltaFrame(podDelta(1, [pod('b')])), 0);
    const after = store.getState().tableRevisions;
    expect(after.pods).toBeGreaterThan(before.pods);
    expect({ ...after, pods: 0 }).toEqual({ ...before, pods: 0 });
  });

  test('a record that no delta touched is the same object', () => {
    const store = loaded();
    const before = store.getState().replica.records.pods.get('pod:core/a');
    store.receive(deltaFrame(podDelta(1, [pod('b')])), 0);
    expect(store.getState().replica.records.pods.get('pod:core/a')).toBe(before);
  });

  test('an unchanged connection state notifies no listener', () => {
    const store = loaded();
    let told = 0;
    store.subscribe(() => told++);
    store.setConnection({ phase: 'live', reason: null });
    store.setConnection({ phase: 'live', reason: null });
    expect(told).toBe(1);
  });
});

describe('[S3] a pause keeps one squashed change set', () => {
  test('nothing moves, the count increases, and resuming shows all changes at once', () => {
    const store = loaded();
    store.pause();
    expect(store.receive(deltaFrame(podDelta(1, [pod('b')])), 0)).toBe('held');
    store.receive(deltaFrame(podDelta(2, [pod('b', { phase: 'Failed' })])), 0);
    store.receive(deltaFrame(podDelta(3, [], ['pod:core/a'])), 0);
    expect(names(store)).toEqual(['a']);
    expect(store.getState()).toMatchObject({ paused: true, version: 1, waiting: 2 });
    expect(store.position()).toEqual({ epoch: 'e1', version: 4 });
    const revision = store.getState().revision;
    expect(store.resume()).toBe('shown');
    expect(names(store)).toEqual(['b']);
    expect(store.getState()).toMatchObject({ paused: false, version: 4, waiting: 0, revision: revision + 1 });
  });

  test('resuming after a pause without a change shows the same set', () => {
    const store = loaded();
    store.pause();
    expect(store.resume()).toBe('shown');
    expect(store.getState()).toMatchObject({ version: 1, revision: 1 });
  });

  test('above the limit only the count is kept, and resuming requests the whole set', () => {
    const store = loaded();
    store.pause();
    const many = Array.from({ length: PENDING_LIMIT + 1 }, (_, index) => pod(`p${index}`));
    store.receive(deltaFrame(podDelta(1, many)), 0);
    expect(store.receive(deltaFrame(podDelta(2, [pod('b')])), 0)).toBe('held');
    expect(store.getState().waiting).toBe(PENDING_LIMIT + 2);
    expect(store.resume()).toBe('refetch');
    expect(names(store)).toEqual(['a']);
  });

  test('a gap while paused has no effect until the picture is resumed', () => {
    const store = loaded();
    store.pause();
    expect(store.receive({ kind: 'reset', epoch: 'e2', version: 9, reason: 'restarted' }, 0)).toBe('held');
    expect(store.receive(deltaFrame(podDelta(9, [pod('b')], [], 'e2')), 0)).toBe('held');
    expect(names(store)).toEqual(['a']);
    expect(store.resume()).toBe('refetch');
  });

  test('there is nothing to pause before the first set', () => {
    const store = new ClientStore();
    store.pause();
    expect(store.getState().paused).toBe(false);
  });
});

describe('[S4] heartbeats carry ages and the clock, never versions', () => {
  const heartbeat = {
    kind: 'heartbeat',
    epoch: 'e1',
    version: 7,
    at: 5_000,
    ages: { 'kubernetes/pods': null },
    lags: { 'kubernetes/pods': { lagSeconds: 7, waiting: 0, listing: null, cause: 'slow' } },
  } as const;

  test('of our epoch', () => {
    const store = loaded();
    expect(store.receive(heartbeat, 4_000)).toBe('applied');
    expect(store.getState()).toMatchObject({
      version: 1,
      revision: 1,
      clockSkew: 1_000,
      ages: heartbeat.ages,
      lags: heartbeat.lags,
    });
  });

  test('of another epoch: the server has restarted', () => {
    expect(loaded().receive({ ...heartbeat, epoch: 'e2' }, 0)).toBe('refetch');
  });
});

test('[S5] a reset replaces everything and counts as one revision', () => {
  const store = loaded();
  store.reset({ replica: replicaOf(recordMaps({ pods: [pod('z')] })), epoch: 'e2', version: 3 });
  expect(names(store)).toEqual(['z']);
  expect(store.getState()).toMatchObject({ epoch: 'e2', version: 3, revision: 2, lastChange: { everything: true } });
});

test('the measurements of the live sources are not shown for a file', () => {
  const store = loaded();
  const id = 'kubernetes/pods';
  const lag = { lagSeconds: 60, waiting: 0, listing: null, cause: 'slow' };
  store.receive(
    { kind: 'heartbeat', epoch: 'e1', version: 1, at: 0, ages: { [id]: '2026-01-01T00:00:00Z' }, lags: { [id]: lag } },
    0,
  );
  store.reset({ replica: replicaOf(recordMaps({})), epoch: 'file-1', version: 0, isFile: true });
  const { ages, lags } = store.getState();
  expect({ ages, lags }).toEqual({ ages: {}, lags: {} });
});
