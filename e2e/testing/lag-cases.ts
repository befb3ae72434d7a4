/**
 * What a Kubernetes source reports while the connection to its API server is choked, over real sockets and in real
 * time, from the source through engine and store. `AnApiServer` is the simulator or a real one.
 */
import { expect } from 'vitest';
import { NETWORK_POLICIES, NODES, PODS } from '../../lib/model/source-ids';
import type { SourceRecord } from '../../lib/model/records';
import { KINDS } from '../../lib/normalise/kubernetes/kinds';
import { createKubernetesSource } from '../../lib/server/sources/kubernetes/kubernetes';
import { createTokenTransport } from '../../lib/server/sources/kubernetes/transport';
import { systemClock } from '../../lib/server/store/clock';
import { createIntake } from '../../lib/server/runtime/intake';
import { createPair } from './servers/pair';
import { startChokedProxy, type ChokedProxy, type Passing } from './servers/choked-proxy';

export interface AnApiServer {
  readonly url: string;
  readonly token: string;
  /** Changes a pod. */
  readonly change: () => Promise<void>;
  /** Runs `end` after the test. */
  readonly atEnd: (end: () => void | Promise<void>) => void;
}

/** Pods change; nodes and network policies are quiet, and Events have a version of their own. */
const WATCHED = [PODS, NODES, NETWORK_POLICIES, 'kubernetes/events'];

interface World {
  readonly proxy: ChokedProxy;
  /** The current sources; a source is missing before its first status. */
  readonly source: (id: string) => SourceRecord | undefined;
  /** Resolves when the condition holds; checked four times a second. */
  readonly until: (what: string, holds: () => boolean, seconds?: number) => Promise<void>;
  /** All states so far other than live and starting, of every source, with their reasons. */
  readonly troubles: readonly string[];
}

async function start(server: AnApiServer): Promise<World> {
  const proxy = await startChokedProxy(server.url);
  const { store, collector } = createPair(systemClock);
  const intake = createIntake(collector, { lags: (lags) => store.setLags(lags) }, systemClock);
  const source = createKubernetesSource(
    { now: Date.now, random: Math.random, lagOf: intake.lagOf, log: () => undefined },
    {
      transport: createTokenTransport(proxy.url, server.token),
      kinds: KINDS.filter((row) => WATCHED.includes(row.source)),
    },
  );
  const sourceNow = (id: string): SourceRecord | undefined => store.sources().find((each) => each.id === id);
  const until: World['until'] = async (what, holds, seconds = 25) => {
    const deadline = Date.now() + seconds * 1_000;
    while (!holds()) {
      if (Date.now() > deadline)
        throw new Error(`not within ${seconds} s: ${what}\n${JSON.stringify(store.sources(), null, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  const troubles: string[] = [];
  store.onCommit(() => {
    for (const { id, state, reason } of store.replica.records.sources.values())
      if (state !== 'live' && state !== 'starting') troubles.push(`${id} ${state}: ${reason ?? ''}`);
  });
  server.atEnd(async () => {
    await proxy.stop();
    await source.stop();
    intake.stop();
    collector.close();
  });
  source.start((batch, applied) => intake.take(batch, () => applied?.()));
  intake.measure();
  const isMeasured = (id: string): boolean => sourceNow(id)?.state === 'live' && sourceNow(id)?.lagSeconds === 0;
  await until('every source is live and measured', () => WATCHED.every(isMeasured));
  return { proxy, source: sourceNow, until, troubles };
}

const isBehind = (source: SourceRecord | undefined): boolean => source?.state === 'behind';

/**
 * Pods are choked and change: they must become behind, by about the duration of the choking, and live again afterwards.
 */
async function chokedPods(
  server: AnApiServer,
  holds: (passing: Passing) => boolean,
  others: 'live' | 'behind' | 'either',
) {
  const { proxy, source, until } = await start(server);
  proxy.choke(holds);
  const chokedAt = Date.now();
  await server.change();
  await until('pods are behind', () => isBehind(source(PODS)));
  const choked = (): number => (Date.now() - chokedAt) / 1_000;
  const isTrue = (id: string): boolean => {
    const lag = source(id)?.lagSeconds ?? -1;
    return lag >= 5 && lag >= choked() - 13 && lag <= choked() + 1;
  };
  expect([source(PODS)?.lagSeconds, choked(), isTrue(PODS)]).toEqual([expect.any(Number), expect.any(Number), true]);
  if (others === 'behind') await until('nodes are behind', () => isBehind(source(NODES)) && isTrue(NODES));
  if (others === 'live') expect(source(NODES)?.state).toBe('live');
  await until('the lag grows', () => (source(PODS)?.lagSeconds ?? 0) >= 12 && isTrue(PODS));
  proxy.open();
  await until('all are live again', () => WATCHED.every((id) => source(id)?.state === 'live'), 40);
  expect(source(PODS)).toMatchObject({ reason: null });
}

const isPods = ({ path }: Passing): boolean => path.endsWith('/pods');

export const LAG_CASES: readonly (readonly [name: string, run: (server: AnApiServer) => Promise<void>])[] = [
  [
    'a watch whose events are held back while others continue',
    (server) => chokedPods(server, (passing) => isPods(passing) && passing.kind === 'watch', 'live'),
  ],
  [
    'watches that deliver nothing while lists succeed',
    // A real server's list proves that no object of the quiet kinds is missing; the simulator's does not.
    (server) => chokedPods(server, ({ kind }) => kind !== 'list', 'either'),
  ],
  ['a black hole: every socket is silent', (server) => chokedPods(server, () => true, 'behind')],
  [
    'a watch that delivers only some events',
    async (server) => {
      const { proxy, source, until } = await start(server);
      // One piece every two seconds, while the pods change ten times a second.
      let isOpen = false;
      const trickle = setInterval(() => {
        isOpen = true;
        setTimeout(() => (isOpen = false), 1);
      }, 2_000);
      const changing = setInterval(() => void server.change(), 100);
      server.atEnd(() => {
        clearInterval(trickle);
        clearInterval(changing);
      });
      proxy.choke((passing) => isPods(passing) && passing.kind === 'watch' && !isOpen);
      await until(
        'pods are behind by nine seconds',
        () => isBehind(source(PODS)) && (source(PODS)?.lagSeconds ?? 0) >= 9,
      );
      expect(source(PODS)?.reason).toBe('the API server has changes that the watch has not delivered');
      clearInterval(trickle);
      clearInterval(changing);
      proxy.open();
      await until('pods are live', () => source(PODS)?.state === 'live', 40);
    },
  ],
  [
    'an idle cluster, or one with a single busy kind, is never behind',
    async (server) => {
      const { proxy, source, until, troubles } = await start(server);
      const looks = proxy.begun('look');
      const changing = setInterval(() => void server.change(), 1_000);
      server.atEnd(() => clearInterval(changing));
      const until20s = Date.now() + 20_000;
      await until('20 s have passed', () => {
        for (const id of WATCHED) expect(source(id)).toMatchObject({ state: 'live' });
        return Date.now() > until20s;
      });
      expect(troubles).toEqual([]);
      expect(proxy.begun('look')).toBeGreaterThan(looks);
      for (const id of WATCHED) expect(Date.now() - Date.parse(source(id)?.asOf ?? '')).toBeLessThan(20_000);
    },
  ],
];
