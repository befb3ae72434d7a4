/** The whole HTTP interface over a view of the demo cluster: no response contains a hidden name. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FrameCutter } from '../../snapshot/keyframe/frames';
import { createMetrics } from '../runtime/metrics';
import { createRuntime, type Runtime } from '../runtime/runtime';
import type { Served } from '../runtime/served';
import { Views } from '../rights/views';
import { exportFile, lookupAnswer, metrics, topology } from './handlers';

let runtime: Runtime;
let views: Views;
let epoch = 0;
const request = (to: string): Request => new Request(`http://127.0.0.1${to}`);

beforeAll(async () => {
  runtime = createRuntime({ kind: 'demo', because: 'a test' }, { log: () => undefined });
  const { store, clock } = runtime;
  views = new Views({ store, clock, newEpoch: () => `v${epoch++}` });
  await runtime.start();
  await new Promise<void>((resolve) => {
    const leave = store.onCommit(() => {
      if (!runtime.isSynced()) return;
      leave();
      resolve();
    });
  });
}, 60_000);
afterAll(async () => {
  views.close();
  await runtime.stop();
});

function servedTo(...namespaces: readonly string[]): Served {
  const view = views.viewFor({ namespaces: new Set(namespaces), trouble: null });
  if (view === null) throw new Error('too many views');
  const { store, hub, keyframes } = view;
  const registry = createMetrics({
    store,
    hub,
    version: '0',
    figures: () => ({ ec2CallsLastMinute: 0 }),
    process: false,
  });
  return { store, hub, keyframes, metrics: registry, file: null };
}

async function answersTo(served: Served): Promise<string> {
  const texts = await Promise.all(
    [
      topology(served, request('/api/topology')),
      lookupAnswer(served, request('/api/lookup?q=-')),
      lookupAnswer(served, request('/api/lookup?q=10.0.0.0/8')),
      ...['json', 'csv', 'svg'].map((format) => exportFile(served, request(`/api/export?format=${format}`))),
      metrics(served),
    ].map(async (answer) => (await answer).text()),
  );
  const cutter = new FrameCutter();
  for await (const piece of (await topology(served, request('/api/topology?format=keyframe'))).body ?? [])
    for (const chunk of cutter.push(piece)) texts.push(gunzipSync(chunk).toString());
  return texts.join('\n');
}

describe('a view of the demo cluster', () => {
  const namespacesOf = (): string[] => [
    ...new Set([...runtime.store.replica.records.pods.values()].map(({ namespace }) => namespace)),
  ];
  /** Names that do not occur in the given visible objects. */
  const hiddenNames = (visible: readonly string[]): string[] => {
    const { pods } = runtime.store.replica.records;
    const shown = new Set([...pods.values()].flatMap((one) => (visible.includes(one.namespace) ? [one.name] : [])));
    return [...pods.values()].flatMap(({ namespace, name }) =>
      visible.includes(namespace) || shown.has(name) || !name.includes('-') ? [] : [name],
    );
  };

  it('of each single namespace, and of none, mentions nothing from the others', async () => {
    const all = namespacesOf();
    expect(all.length).toBeGreaterThan(2);
    for (const visible of [[], ...all.map((one) => [one])]) {
      const said = await answersTo(servedTo(...visible));
      const names = hiddenNames(visible);
      expect(names.length).toBeGreaterThan(0);
      const leaked = names.filter((name) => said.includes(name));
      expect(leaked, visible.join()).toEqual([]);
      // Unqualified names are also common words, for example in node groups.
      const qualified = all.filter(
        (one) => !visible.includes(one) && new RegExp(String.raw`\b${one}/[a-z]`).test(said),
      );
      expect(qualified, visible.join()).toEqual([]);
    }
  });

  it('keeps nodes, cards, ENIs and slots', () => {
    const { records } = servedTo().store.replica;
    const whole = runtime.store.replica.records;
    for (const table of ['nodes', 'networkCards', 'hostNics', 'enis', 'subnets'] as const)
      expect(records[table].size, table).toBe(whole[table].size);
    const assigned = (of: typeof whole) =>
      [...of.enis.values()].flatMap(({ addresses }) => addresses.filter(({ state }) => state === 'assigned')).length;
    expect(assigned(records)).toBe(assigned(whole));
    expect(records.pods.size + records.interfaces.size).toBe(0);
    expect(records.sources.get('ifscope/rights')?.reason).toBe(`${whole.pods.size} pods you may not see`);
  });

  it('shows all pods to a viewer of all namespaces', () => {
    const { records } = servedTo(...namespacesOf()).store.replica;
    expect(records.pods.size).toBe(runtime.store.replica.records.pods.size);
    expect(records.sources.get('ifscope/rights')).toMatchObject({ state: 'live', reason: null });
  });
});

it('every route except the probes returns to each viewer only what this viewer may see', () => {
  const app = path.resolve(import.meta.dirname, '../../../app');
  const routes = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('route.ts'));
  const open = ['healthz/route.ts', 'readyz/route.ts'];
  expect(routes).toEqual(expect.arrayContaining([...open, 'api/topology/route.ts']));
  for (const file of routes) {
    if (open.includes(file)) continue;
    const text = readFileSync(path.join(app, file), 'utf8');
    expect(text, file).toMatch(/= forViewer\(/);
    expect(text, file).not.toContain('getRuntime');
  }
});
