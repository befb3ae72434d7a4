/**
 * The server's rows of the budgets, against a simulated cluster in a process of its own, with a baseline in the same run:
 * list → live against the bare paged list and JSON.parse of the same bytes; heap per pod; the longest block; the full set on the wire.
 *
 *   npm run bench -- server [--nodes 1000] [--pods-per-node 30]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { createRuntime } from '../lib/server/runtime/runtime';

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '1000' }, 'pods-per-node': { type: 'string', default: '30' } },
});

const sim = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    'lib/sim/main.ts',
    '--scene',
    'size',
    '--nodes',
    values.nodes,
    '--pods-per-node',
    values['pods-per-node'],
    '--changes',
    '0',
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const [line] = (await once(createInterface({ input: sim.stdout }), 'line')) as [string];
const { cluster, kubeconfig, kubernetesUrl, token, ec2Url, region } = JSON.parse(line) as Record<
  'cluster' | 'kubeconfig' | 'kubernetesUrl' | 'token' | 'ec2Url' | 'region',
  string
>;

/** What the same bytes cost with nothing done to them: paged list, JSON.parse, drop. Milliseconds and pods. */
async function bareList(): Promise<{ readonly ms: number; readonly pods: number; readonly bytes: number }> {
  const agent = new Agent();
  const started = performance.now();
  let pods = 0;
  let bytes = 0;
  for (let next = ''; ;) {
    const response = await request(
      `${kubernetesUrl}/api/v1/pods?limit=250${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`,
      {
        dispatcher: agent,
        headers: { authorization: `Bearer ${token}` },
      },
    );
    const text = await response.body.text();
    bytes += text.length;
    const page = JSON.parse(text) as {
      readonly metadata: { readonly continue?: string };
      readonly items: readonly unknown[];
    };
    pods += page.items.length;
    next = page.metadata.continue ?? '';
    if (next === '') break;
  }
  const ms = performance.now() - started;
  await agent.close();
  return { ms, pods, bytes };
}

const heap = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

await bareList();
const bare = await bareList();

Object.assign(process.env, {
  KUBECONFIG: kubeconfig,
  AWS_ENDPOINT_URL_EC2: ec2Url,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
});
const before = heap();
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const started = performance.now();
const runtime = createRuntime({ kind: 'context', context: cluster }, { log: () => undefined });
const live = new Promise<number>((resolve) => {
  const stop = runtime.store.onCommit(() => {
    if (runtime.store.replica.records.sources.get('kubernetes/pods')?.state !== 'live') return;
    stop();
    resolve(performance.now() - started);
  });
});
await runtime.start();
const liveMs = await live;
const enis = new Promise<void>((resolve) => {
  const stop = runtime.store.onCommit(() => {
    if (runtime.store.replica.records.enis.size < Number(values.nodes)) return;
    stop();
    resolve();
  });
});
if (runtime.store.replica.records.enis.size < Number(values.nodes)) await enis;
delay.disable();
const after = heap();

const full = runtime.fullSets.get('columns');
const raw = (await full.bytes('identity')).byteLength;
const gzipped = (await full.bytes('gzip')).byteLength;
const { pods, interfaces, enis: cards } = runtime.store.replica.records;
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

console.log(`\n${pods.size} pods, ${interfaces.size} interfaces, ${cards.size} ENIs on ${values.nodes} nodes`);
console.table([
  { row: 'bare paged list + JSON.parse', value: `${bare.ms.toFixed(0)} ms`, ratio: '1', budget: 'baseline' },
  {
    row: 'list → live (pods)',
    value: `${liveMs.toFixed(0)} ms`,
    ratio: (liveMs / bare.ms).toFixed(2),
    budget: '≤ 1.3',
  },
  { row: 'longest event-loop block', value: `${(delay.max / 1e6).toFixed(0)} ms`, ratio: '', budget: '≤ 200 ms' },
  {
    row: 'heap for facts and records',
    value: mb(after - before),
    ratio: `${((after - before) / pods.size / 1024).toFixed(2)} KB/pod`,
    budget: '≤ 1.2 KB/pod',
  },
  {
    row: 'full set, gzip',
    value: mb(gzipped),
    ratio: `${mb(raw)} raw`,
    budget: pods.size > 60_000 ? '≤ 3.5 MB' : '≤ 0.7 MB',
  },
]);

await runtime.stop();
sim.kill('SIGTERM');
await once(sim, 'exit');
