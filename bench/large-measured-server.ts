/** An ifscope server whose threads are probed, starting with its first request to the cluster. */
import { setTimeout as wait } from 'node:timers/promises';
import { serve, type Served } from '../e2e/server';
import type { Cluster } from './cluster';
import { createProbe, processorTime, type Probe, type ThreadReport } from './threads';

/** A running server with its measurements. */
export interface MeasuredServer {
  readonly url: string;
  /** When it sent its first request to the cluster, by `performance.now()`. */
  readonly startedAt: number;
  /** Processor time of all its threads since then. Milliseconds. */
  processorTime(): Promise<number>;
  threads(what: Parameters<Probe['ask']>[0]): Promise<readonly ThreadReport[]>;
  /** The values of a metric, by their labels as written. */
  metric(name: RegExp): Promise<ReadonlyMap<string, number>>;
  /**
   * Resolves with the time, by `performance.now()`, at which all of these sources are live; rejects after `seconds`.
   */
  live(sources: readonly string[], seconds: number): Promise<number>;
  stop(): Promise<void>;
}

const POLL_MS = 20;
const METRICS_MS = 200;

/**
 * Waits for the server's first request to the cluster; returns its process and the processor time it had used until
 * then.
 */
async function firstRequest(cluster: Cluster, before: number, probe: Probe) {
  let pid = 0;
  while ((await cluster.requests()) === before || pid === 0) {
    if (pid === 0) pid = (await probe.ask('look'))[0]?.pid ?? 0;
    await wait(POLL_MS);
  }
  return { pid, at: performance.now(), used: await processorTime(pid) };
}

async function readMetrics(url: string): Promise<readonly (readonly [name: string, labels: string, value: number])[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value = ''] = /^(\w+)(\{.*\})? (\S+)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, labels, Number(value)] as const];
  });
}

export async function untilLive(url: string, sources: readonly string[], seconds: number): Promise<number> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const states = (await readMetrics(url)).filter(([name, , value]) => name === 'ifscope_source_state' && value === 1);
    const now = performance.now();
    const isLive = (id: string): boolean =>
      states.some(([, labels]) => labels.includes(`"${id}"`) && labels.includes('"live"'));
    if (sources.every(isLive)) return now;
    if (now > deadline) {
      const said = states.map(([, labels]) => labels).join('\n');
      throw new Error(`after ${seconds} s not every one of ${sources.join(', ')} was live:\n${said}`);
    }
    await wait(METRICS_MS);
  }
}

/** `env`: added to the variables that point the server at the cluster. */
export async function startMeasured(
  cluster: Cluster,
  env: Readonly<Record<string, string>>,
  profile: boolean,
): Promise<MeasuredServer> {
  const probe = await createProbe();
  const before = await cluster.requests();
  const starting = serve(['--from', cluster.name], { ...cluster.env, ...probe.env, ...env });
  // Rejects if the server ends early, instead of waiting for a request that never comes.
  const first = await Promise.race([firstRequest(cluster, before, probe), starting.then(() => null)]);
  const { pid, at, used } = first ?? (await firstRequest(cluster, before, probe));
  if (profile) await probe.ask('profile');
  const served: Served = await starting;
  return {
    url: served.url,
    startedAt: at,
    processorTime: async () => (await processorTime(pid)) - used,
    threads: (what) => probe.ask(what),
    async metric(pattern) {
      const found = (await readMetrics(served.url)).filter(([name]) => pattern.test(name));
      return new Map(found.map(([name, labels, value]) => [name + labels, value]));
    },
    live: (sources, seconds) => untilLive(served.url, sources, seconds),
    async stop() {
      await served.stop();
      await probe.stop();
    },
  };
}
