/** Which view a visitor gets, and when it ends. */
import { expect, it } from 'vitest';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { aNode, aPod } from '../../../e2e/testing/records';
import { Store } from '../store/store';
import { Rights } from './rights';
import type { RightsView } from './view';
import { Views } from './views';

const alice = { user: 'alice', groups: [], session: null };

/** Waits for promises and the timers that they set. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};

function setUp({ most = 16 } = {}) {
  const clock = createFakeClock();
  const store = new Store({ epoch: 'e', clock });
  let epoch = 0;
  const views = new Views({ store, clock, newEpoch: () => `v${epoch++}`, most });
  const allowed = new Set(['shop']);
  let broken: string | null = null;
  const rights = new Rights({
    views,
    clock,
    review: (_, namespace) =>
      broken === null
        ? Promise.resolve(namespace === null ? allowed.has('*') : allowed.has(namespace))
        : Promise.reject(new Error(broken)),
  });
  const put = (namespace: string, name: string): void =>
    store.commit({ tables: { pods: { put: [aPod(namespace, name)], patch: [], drop: [] } } });
  return {
    clock,
    store,
    views,
    rights,
    allowed,
    put,
    break: (why: string) => (broken = why),
  };
}

const view = (seen: unknown): RightsView => seen as RightsView;
const podsOf = (seen: unknown): string[] => [...view(seen).store.replica.records.pods.keys()];
const reasonOf = (seen: unknown) => view(seen).store.replica.records.sources.get('ifscope/rights')?.reason;

it('a visitor who may list all pods sees everything', async () => {
  const { rights, allowed } = setUp();
  allowed.add('*');
  expect(await rights.viewFor(alice)).toBe('everything');
});

it('others see their namespaces, in a view shared by all with the same rights', async () => {
  const { rights, put, views } = setUp();
  put('shop', 'web');
  put('bank', 'ledger');
  const seen = await rights.viewFor(alice);
  expect(podsOf(seen)).toEqual(['pod:shop/web']);
  expect(reasonOf(seen)).toBe('1 pod you may not see');
  expect(await rights.viewFor({ user: 'eve', groups: ['x'] })).toBe(seen);
  expect(views.size).toBe(1);
});

it('a node’s condition that mentions a hidden pod is left out', async () => {
  const { rights, put, store } = setUp();
  put('shop', 'web');
  put('bank', 'ledger');
  const conditions = (message: string) => [{ type: 'NetworkingReady', reason: 'IPAMDNotReady', message, since: null }];
  const said = async (message: string): Promise<string | undefined> => {
    const node = aNode('n1', { networkConditions: conditions(message) });
    store.commit({ tables: { nodes: { put: [node], patch: [], drop: [] } } });
    return view(await rights.viewFor(alice)).store.replica.records.nodes.get('node:n1')?.networkConditions[0]?.message;
  };
  expect(await said('conflicting addresses for pod bank/ledger')).not.toContain('ledger');
  expect(await said('conflicting addresses for pod shop/web')).toContain('shop/web');
});

it('labels of hidden pods are nowhere', async () => {
  const { rights, store } = setUp();
  const labelled = (namespace: string, value: string) => aPod(namespace, 'web', { labels: { team: value } });
  const put = (value: string): void =>
    store.commit({
      tables: { pods: { put: [labelled('shop', 'mine'), labelled('bank', value)], patch: [], drop: [] } },
    });
  put('planted-1');
  const { records } = view(await rights.viewFor(alice)).store.replica;
  put('planted-2');
  store.commit({
    tables: { pods: { put: [], patch: [{ id: 'pod:bank/web', set: { labels: { team: 'planted-3' } } }], drop: [] } },
  });
  const text = JSON.stringify(Object.values(records).map((table: ReadonlyMap<string, unknown>) => [...table.values()]));
  expect(text).toContain('mine');
  expect(text).not.toContain('planted');
});

it('a visitor whose rights cannot be determined sees no pods, and the reason', async () => {
  const { rights, put, ...world } = setUp();
  put('shop', 'web');
  world.break('the API server cannot be asked');
  const seen = await rights.viewFor(alice);
  expect(podsOf(seen)).toEqual([]);
  expect(reasonOf(seen)).toBe('No pods are shown: the API server cannot be asked');
});

it('limits the number of views: idle views make room, views in use do not', () => {
  const { views } = setUp({ most: 2 });
  const of = (name: string) => views.viewFor({ namespaces: new Set([name]), trouble: null });
  const [a, b] = [of('a'), of('b')];
  a?.hub.open(null);
  expect(of('c')).not.toBeNull();
  expect(views.size).toBe(2);
  expect(of('b')).not.toBe(b);
  of('b')?.hub.open(null);
  expect(of('d')).toBeNull();
  expect(of('a')).toBe(a);
});

it('drops a view that has not been used for some minutes', () => {
  const { views, clock } = setUp();
  views.viewFor({ namespaces: new Set(['a']), trouble: null });
  clock.advance(5 * 60_000);
  expect(views.size).toBe(0);
});

it('follows when the record set is replaced', async () => {
  const { rights, put, store } = setUp();
  put('shop', 'web');
  const seen = view(await rights.viewFor(alice));
  const before = seen.store.version;
  const pods = new Map([aPod('shop', 'new'), aPod('bank', 'ledger')].map((one) => [one.id, one]));
  store.reset({ ...store.replica.records, pods }, store.replica.cluster);
  expect(podsOf(seen)).toEqual(['pod:shop/new']);
  expect(seen.store.since({ epoch: seen.store.epoch, version: before }).kind).toBe('reset');
});

it.each<[string, number, (world: ReturnType<typeof setUp>) => void]>([
  ['a permission is revoked', 30_000, ({ allowed }) => allowed.clear()],
  ['a permission is granted', 30_000, ({ allowed }) => allowed.add('bank')],
  ['permissions cannot be reviewed', 30_000, (world) => world.break('gone')],
  [
    'a new namespace may be seen',
    1_000,
    ({ allowed, put }) => {
      allowed.add('new');
      put('new', 'a');
    },
  ],
])('a stream ends when %s', async (_, after, change) => {
  const world = setUp();
  world.put('shop', 'web');
  world.put('bank', 'ledger');
  const sees = world.rights.whileGranted(alice, await world.rights.viewFor(alice), new AbortController().signal);
  world.clock.advance(30_000);
  await settled();
  expect(sees.aborted).toBe(false);
  change(world);
  world.clock.advance(after);
  await settled();
  expect(sees.aborted).toBe(true);
});

it('a stream continues when a hidden namespace appears', async () => {
  const { rights, clock, put } = setUp();
  const sees = rights.whileGranted(alice, await rights.viewFor(alice), new AbortController().signal);
  put('bank', 'ledger');
  clock.advance(120_000);
  await settled();
  expect(sees.aborted).toBe(false);
});

it('a stream ends with the sign-in', async () => {
  const { rights, clock } = setUp();
  const session = { keys: [], from: clock.now(), until: clock.now() + 10_000 };
  const sees = rights.whileGranted({ ...alice, session }, await rights.viewFor(alice), new AbortController().signal);
  clock.advance(9_999);
  await settled();
  expect(sees.aborted).toBe(false);
  clock.advance(1);
  await settled();
  expect(sees.aborted).toBe(true);
});

it('nothing is checked any more after the visitor has left', async () => {
  const { rights, clock } = setUp();
  const gone = new AbortController();
  rights.whileGranted(alice, await rights.viewFor(alice), gone.signal);
  const { armed } = clock;
  gone.abort();
  expect(clock.armed).toBe(armed - 1);
});
