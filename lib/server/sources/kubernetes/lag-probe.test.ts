import { describe, expect, it } from 'vitest';
import { objectOf, type Exchange } from '../../../../e2e/testing/servers/api-server';
import { NAD, NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';

const NEWER = 'the API server has changes that the watch has not delivered';

async function start(rows = [NAD]) {
  const bench = await startKubernetes({ rows });
  const { seen, timers, api } = bench;
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };
  const lag = (): number | null => seen.lag(NADS)?.lagSeconds ?? null;
  return {
    ...bench,
    until,
    lag,
    /** The server reports that version, and answers what follows the watch's own. */
    server: (version: string, following: (exchange: Exchange) => void = (exchange) => exchange.open().end()): void => {
      api.revision = (exchange) => exchange.page([], version);
      api.following = following;
    },
    /** One request and, if the watch has not reached its version, one short watch for what follows. */
    round: async (looks: boolean): Promise<void> => {
      const asked = api.asked.length;
      await timers.fire('lag');
      await until(() => api.asked.length > asked);
      await api.asked.at(-1)?.closed;
      if (!looks) return;
      await timers.fire('lag on its way');
      await until(() => api.asked.length > asked + 1);
      await api.asked.at(-1)?.closed;
      await timers.armed('lag');
    },
  };
}

const event = (version: string) => (exchange: Exchange) =>
  exchange.open().event('ADDED', { kind: 'PartialObjectMetadata', ...objectOf('x', version) });
const silence = (): void => undefined;

describe('a watch', () => {
  it('that has caught up with the server is not behind', async () => {
    const { api, live, round, until, lag, server } = await start();
    await live('a');
    expect(lag()).toBeNull();
    server('10');
    await round(false);
    await until(() => lag() === 0);
    expect(api.asked).toMatchObject([
      {
        path: '/apis/k8s.cni.cncf.io/v1/namespaces/default/nads',
        query: { fieldSelector: 'metadata.name=ifscope-asks-for-the-version', resourceVersion: '0' },
        watch: false,
      },
    ]);
  });

  it('of an idle kind is not behind while others write, as its age shows without a bookmark', async () => {
    const { api, live, seen, timers, round, until, lag, server } = await start();
    await live('a');
    for (const version of ['500', '900', '1300']) {
      server(version);
      await round(true);
      await until(() => lag() === 0);
    }
    const look = api.asked.at(-1);
    expect(look).toMatchObject({ watch: true, query: { resourceVersion: '10', timeoutSeconds: '1' } });
    expect(look?.headers.accept).toContain('as=PartialObjectMetadata;');
    await seen.until(() => Date.parse(seen.status(NADS)?.asOf ?? '') > timers.now() - 5_000);
    expect(seen.statuses(NADS).map(({ state }) => state)).toEqual(expect.not.arrayContaining(['stale', 'behind']));
  });

  it('that delivers nothing although there are changes is behind since the first query, and is reopened', async () => {
    const { api, live, seen, timers, round, until, lag, server } = await start();
    const watch = await live('a');
    server('30', event('20'));
    await round(true);
    const asked = timers.now();
    timers.advance(4_000);
    expect(lag()).toBe(4);
    await round(true);
    await watch.closed;
    expect(seen.lag(NADS)?.cause).toBe(NEWER);
    expect(lag()).toBeGreaterThanOrEqual(Math.floor((timers.now() - asked) / 1_000));
    await timers.fire('back-off');
    const again = await api.take();
    expect(again.query['resourceVersion']).toBe('10');
    again.open().event('ADDED', objectOf('b', '30'));
    await until(() => lag() === 0);
  });

  it('that is slow is as late as the oldest version that it has not reached', async () => {
    const { live, seen, timers, round, until, lag, server } = await start();
    const watch = await live('a');
    const began = timers.now();
    for (let n = 1; n <= 10; n++) {
      server(String(10 + n * 10));
      watch.event('ADDED', objectOf('b', String(10 + n)));
      await seen.until(
        () => seen.batches.flatMap(({ observations }) => observations).filter((one) => one.op === 'upsert').length >= n,
      );
      await round(false);
      await timers.armed('lag on its way');
      watch.event('BOOKMARK', { metadata: { resourceVersion: String(10 + n) } });
      watch.event('ADDED', objectOf('c', String(10 + n)));
      await timers.fire('lag on its way');
      await timers.armed('lag');
    }
    // At version 20, as of the first request, ten seconds after the start.
    const late = Math.floor((timers.now() - began) / 1_000) - 20;
    await until(() => (lag() ?? 0) >= late - 1 && (lag() ?? 0) <= late + 1);
    expect(seen.lag(NADS)?.cause).toBe(NEWER);
    // What arrives now was current when the server already had more.
    watch.event('ADDED', objectOf('d', '25'));
    await seen.until(() => seen.facts.has(`${NADS} default/d`));
    expect(timers.now() - Date.parse(seen.status(NADS)?.asOf ?? '')).toBeGreaterThan(60_000);
    watch.event('ADDED', objectOf('e', '110'));
    await until(() => lag() === 0);
  });
});

describe('a server', () => {
  it('that does not answer is behind after five seconds, whatever the watch delivers', async () => {
    const { api, live, timers, round, seen, until, lag } = await start();
    const watch = await live('a');
    api.revision = silence;
    const asked = api.asked.length;
    await timers.fire('lag');
    await until(() => api.asked.length > asked);
    expect(await timers.fire('lag answer')).toBe(5_000);
    watch.event('BOOKMARK', { metadata: { resourceVersion: '11' } });
    await timers.armed('lag');
    expect(seen.lag(NADS)).toMatchObject({ lagSeconds: 5, cause: `${api.url} does not answer` });
    api.revision = (exchange) => exchange.page([], '11');
    await round(false);
    await until(() => lag() === 0);
  });

  it('that keeps the second watch open proves nothing', async () => {
    const { live, timers, round, until, lag, server } = await start();
    await live('a');
    server('99', (exchange) => void exchange.open());
    await round(false);
    await timers.fire('lag on its way');
    await timers.fire('lag watch');
    await timers.armed('lag');
    await until(() => (lag() ?? 0) >= 5);
  });

  it.each([
    ['rejects the query', (exchange: Exchange) => exchange.refuse(403)],
    ['has non-numeric versions', (exchange: Exchange) => exchange.page([], 'a7')],
    ['answers with something else', (exchange: Exchange) => exchange.json(200, { kind: 'Table' })],
  ])('that %s: the lag is unknown, and queried again later', async (_, answer) => {
    const { api, live, timers, round, until, lag, server } = await start();
    await live('a');
    server('10');
    await round(false);
    await until(() => lag() === 0);
    api.revision = answer;
    await round(false);
    await until(() => lag() === null);
    expect(await timers.armed('lag')).toBe(60_000);
  });

  it('that is busy or rejects the credentials has not answered', async () => {
    const { api, live, timers, round, until, lag } = await start();
    await live('a');
    for (const code of [503, 429, 401]) {
      api.revision = (exchange) => exchange.refuse(code);
      await round(false);
      await timers.armed('lag');
    }
    await until(() => (lag() ?? 0) >= 20);
  });
});

it('the version of required kinds is queried every five seconds, of others every ten', async () => {
  const other = await start();
  await other.live();
  expect(await other.timers.armed('lag')).toBe(10_000);
  const required = await start([{ ...NAD, required: true }]);
  await required.live();
  expect(await required.timers.armed('lag')).toBe(5_000);
});

it('a list of several pages reports its progress', async () => {
  const { api, seen, until } = await start();
  const listing = () => seen.lag(NADS)?.listing;
  api.revision = (exchange) =>
    exchange.json(200, { metadata: { resourceVersion: '10', remainingItemCount: 4 }, items: [{}] });
  (await api.take()).page(['a', 'b'], '10', 'next');
  const next = await api.take();
  await until(() => listing()?.about === 5);
  expect(listing()).toEqual({ read: 2, about: 5 });
  expect(api.asked).toMatchObject([{ path: '/apis/k8s.cni.cncf.io/v1/nads', query: { limit: '1' } }]);
  next.page(['c'], '10');
  await seen.until(() => seen.status(NADS)?.state === 'live');
  expect(listing()).toBeNull();
});
