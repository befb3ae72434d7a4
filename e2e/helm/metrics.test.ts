/**
 * The exposition, the alert rules and the dashboard: checked by promtool, and referring only to existing metric
 * families.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RULES } from '../../lib/findings/registry';
import { createRuntime, type Runtime } from '../../lib/server/runtime/runtime';
import { parsePageState } from '../../lib/view/page-state';
import { CHART, run } from './helm';

const ALERTS = path.join(CHART, 'files', 'alerts.yaml');
const DASHBOARD = path.join(CHART, 'files', 'dashboard.json');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly link: string };
}
const alerts =
  (parse(readFileSync(ALERTS, 'utf8')) as { readonly groups: readonly { readonly rules: readonly Alert[] }[] })
    .groups[0]?.rules ?? [];
const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
    readonly fieldConfig: { readonly defaults: { readonly links: readonly { readonly url: string }[] } };
  }[];
};

let runtime: Runtime;
let exposition = '';
beforeAll(async () => {
  runtime = createRuntime({ kind: 'demo', because: 'of a test' }, { log: () => undefined });
  await runtime.start();
  await new Promise<void>((resolve) => {
    const stop = runtime.store.onCommit(() => {
      if (!runtime.isSynced()) return;
      stop();
      resolve();
    });
  });
  runtime.settle();
  exposition = await runtime.metrics.metrics();
}, 60_000);
afterAll(() => runtime.stop());

const families = (): Set<string> => new Set([...exposition.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? ''));
const named = (expr: string): string[] =>
  [...expr.matchAll(/\b((?:ifscope|process|nodejs)_\w+)/g)].map(([, name]) => name ?? '');

it('passes promtool check metrics', () => {
  const { status, out, err } = run('promtool', ['check', 'metrics'], exposition);
  expect([status, out, err]).toEqual([0, '', '']);
});

it('has no more series than the demo has subnets, rules and sources', () => {
  const series = exposition.split('\n').filter((line) => line.startsWith('ifscope_')).length;
  console.log(`${series} series of ${families().size} families`);
  expect(series).toBeLessThan(900);
});

it('contains no name of a pod, node, address or label of the cluster', () => {
  const { nodes, pods } = runtime.store.replica.records;
  for (const { name } of [...nodes.values(), ...pods.values()]) expect(exposition).not.toContain(`"${name}"`);
});

it('has alert rules that promtool accepts', () => {
  const { status, err } = run('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ALERTS]);
  expect([status, err]).toEqual([0, '']);
});

describe.each([
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
])('%s', (_, expr) => {
  it('uses only existing metric families', () => {
    expect(named(expr).length).toBeGreaterThan(0);
    for (const name of named(expr)) expect(families()).toContain(name);
  });
  it('is a valid query', () => {
    const { status, err } = run('promtool', ['promql', 'format', expr, '--experimental']);
    expect([status, err]).toEqual([0, '']);
  });
});

describe('links', () => {
  const links = [
    ...alerts.map(({ annotations }) => annotations.link),
    ...dashboard.panels.flatMap(({ fieldConfig }) => fieldConfig.defaults.links.map(({ url }) => url)),
  ];
  const ids = new Set(RULES.map(({ id }) => id));
  it.each(links)('%s links to an existing place on the map', (link) => {
    const url = new URL(link.replace(/\{\{[^}]*\}\}|\$\{[^}]*\}/g, 'x'));
    expect(url.origin).toBe('https://ifscope.example');
    const asked = new URLSearchParams(url.search);
    const { view, filter } = parsePageState(url.search);
    if (asked.has('view')) expect(view).toBe(asked.get('view'));
    for (const rule of filter.rules.filter((id) => id !== 'x')) expect(ids).toContain(rule);
    for (const rule of asked.getAll('rule')) expect(filter.rules).toContain(rule);
  });
});
