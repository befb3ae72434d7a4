/** What people come for, done three ways and in at most five steps. */
import type { Page } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LookupAnswer } from '../../lib/view/lookup/answer';
import { topologyOf } from '../testing/page-states';
import { details, expect, open, test, type World } from './world';
import { Walk, WAYS } from './walk';

const MAX_STEPS = 5;

interface Id {
  readonly id: string;
}
interface Named extends Id {
  readonly namespace: string;
  readonly name: string;
}
/** Of the record set, what the tasks ask for. */
interface Topology {
  readonly sources: readonly { readonly id: string; readonly state: string }[];
  readonly nodes: readonly (Id & { name: string; headroom: { pods: number | null } })[];
  readonly pods: readonly (Named & { ips: string[]; hostNetwork: boolean; phase: string; deleting: boolean })[];
  readonly interfaces: readonly (Id & {
    pod: string;
    name: string | null;
    eni: string | null;
    card: number | null;
    ips: string[];
    network: string;
  })[];
  readonly enis: readonly (Id & { management: { state: string; rule: string } })[];
  readonly subnets: readonly (Id & { cidr: string | null; availableAddresses: number | null })[];
  readonly networks: readonly (Named & { podCount: number; missing: boolean; ipam: { size: number | null } | null })[];
  readonly findings: readonly (Id & { severity: string })[];
}

interface Given {
  readonly world: World;
  readonly page: Page;
  readonly walk: Walk;
  /** As it was before the first task: of a large cluster, reading it takes a second. */
  readonly topology: Topology;
}

/** What the server has now: sources of a large cluster answer while tests run. */
const topologyNow = ({ served }: World): Promise<Topology> => topologyOf<Topology>(served.url);

const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('gridcell') });
const rowCount = async (page: Page, noun: string): Promise<number> =>
  Number(await page.getByRole('grid', { name: noun }).getAttribute('aria-rowcount')) - 1;

/** As many rows as the records have of them, and at least one; both are read until they agree, for both go on. */
async function expectRows(
  page: Page,
  world: World,
  noun: string,
  counted: (topology: Topology) => number,
): Promise<void> {
  await expect
    .poll(
      async () => {
        const [shown, had] = [await rowCount(page, noun), counted(await topologyNow(world))];
        return had > 0 && shown === had ? 'as many' : `${shown} rows, ${had} records`;
      },
      // Of a thousand nodes, one reading takes seconds on a busy machine; meanwhile the metrics of more nodes arrive.
      { timeout: 60_000 },
    )
    .toBe('as many');
}

const isUnmanaged = ({ management: { state } }: Topology['enis'][number]): boolean =>
  state === 'unmanaged' || state === 'outside';

/** The first that is asked for; the scene must have one. */
function must<T>(list: readonly T[], what: string, wanted: (one: T) => boolean): T {
  const found = list.find(wanted);
  if (found === undefined) throw new Error(`the scene has no ${what}`);
  return found;
}

const bare = (id: string): string => id.slice(id.indexOf(':') + 1);

/** Null where it is not known. */
function shareInUse({ cidr, availableAddresses }: Topology['subnets'][number]): number | null {
  const length = /\/(\d+)$/.exec(cidr ?? '')?.[1];
  if (length === undefined || cidr?.includes(':') !== false || availableAddresses === null) return null;
  const size = 2 ** (32 - Number(length)) - 5;
  return (size - availableAddresses) / size;
}

const downloaded = async (page: Page, ask: () => Promise<void>): Promise<Buffer> => {
  const download = page.waitForEvent('download');
  await ask();
  return readFileSync(await (await download).path());
};

const snapshotOf = async (page: Page, { served }: World): Promise<Buffer> =>
  (await page.request.get(`${served.url}/api/export?format=json`)).body();

/** A cluster outlives a test: each has pods of its own. */
let made = 0;
const newName = (what: string): string => `${what}-${(made += 1)}`;

const TASKS: Readonly<Record<string, (given: Given) => Promise<void>>> = {
  'the owner of an address': async ({ page, walk, topology }) => {
    const owned = must(
      topology.interfaces,
      'extra interface',
      ({ ips, network }) => ips.length > 0 && network !== 'cluster',
    );
    await walk.find(owned.ips[0] ?? '');
    await walk.choose();
    await expect(details(page).getByRole('heading', { level: 2 })).toHaveText(bare(owned.pod).split('/')[1] ?? '');
  },

  'which ENI and card carry net1 of a pod': async ({ page, walk, topology }) => {
    const wired = must(topology.interfaces, 'net1 on an ENI', ({ name, eni }) => name === 'net1' && eni !== null);
    await walk.find(`${bare(wired.pod)}/net1`);
    await walk.choose();
    await expect(details(page)).toContainText(wired.eni ?? '');
    await expect(details(page)).toContainText(`card ${wired.card ?? ''}`);
  },

  'the ENIs that the VPC CNI does not manage, and why': async ({ page, walk, world }) => {
    await walk.find('eni managed:no');
    await walk.choose(/match/);
    await expectRows(page, world, 'ENIs', ({ enis }) => enis.filter(isUnmanaged).length);
    const titles = await page.getByRole('columnheader').allInnerTexts();
    const why = titles.findIndex((title) => title.startsWith('Why'));
    await expect(rows(page).first().getByRole('gridcell').nth(why)).toHaveText(/\w{3}/);
  },

  'the fullest subnet, and what holds most of it': async ({ page, walk, world }) => {
    await walk.view('subnets');
    const header = page.getByRole('columnheader', { name: 'In use' });
    await walk.press(header.getByRole('button'));
    await walk.press(header.getByRole('button'));
    await expect(header).toHaveAttribute('aria-sort', 'descending');
    await walk.press(rows(page).first());
    await expect(page).toHaveURL(/sel=subnet-/);
    const { subnets } = await topologyNow(world);
    const fullest = Math.max(...subnets.flatMap((subnet) => shareInUse(subnet) ?? []));
    const those = subnets.filter((subnet) => shareInUse(subnet) === fullest).map(({ id }) => id);
    expect(those.map((id) => page.url().includes(id))).toContain(true);
    const holders = details(page).getByRole('heading', { name: /^ENIs by addresses held/ });
    await expect(holders).toBeVisible();
    await expect(details(page)).toContainText(/ENIs by addresses held.*eni-.*· \d+/s);
  },

  'the nodes with the least room for pods': async ({ page, walk, world }) => {
    const least = Math.min(...(await topologyNow(world)).nodes.flatMap(({ headroom: { pods } }) => pods ?? []));
    await walk.find(`node room:${least}`);
    await walk.choose(/match/);
    await expectRows(
      page,
      world,
      'nodes',
      ({ nodes }) => nodes.filter(({ headroom: { pods } }) => pods === least).length,
    );
  },

  'why a pod has no address': async ({ page, walk, topology }) => {
    const pod = must(
      topology.pods,
      'pod without an address',
      ({ ips, hostNetwork, phase, deleting }) => ips.length === 0 && !hostNetwork && phase === 'Pending' && !deleting,
    );
    await walk.find(bare(pod.id));
    await walk.choose();
    await expect(details(page)).toContainText('Why does this pod have no address?');
    await expect(
      details(page)
        .getByText(/Evidence · [1-9]/)
        .first(),
    ).toBeVisible();
  },

  'a node as SVG and as PNG': async ({ page, walk, topology }) => {
    const name = topology.nodes[0]?.name ?? '';
    await walk.find(name);
    await walk.choose();
    const save = (format: string) => details(page).getByRole('button', { name: new RegExp(`as ${format}`) });
    const svg = await downloaded(page, () => walk.press(save('SVG')));
    expect(svg.toString()).toContain(name.split('.')[0]?.split('-').at(-1) ?? '');
    const png = await downloaded(page, () => walk.press(save('PNG')));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  },

  'a link that shows the same': async ({ page, walk, topology }) => {
    const namespace = must(topology.pods, 'pod', ({ namespace: name }) => name !== 'kube-system').namespace;
    await walk.find(`ns:${namespace}`);
    await walk.choose(/^List.*interfaces? match/s);
    await expect(page.getByRole('main')).toContainText('the filter hides');
    await walk.press(rows(page).first());
    const heading = details(page).getByRole('heading', { level: 2 });
    await expect(page).toHaveURL(/sel=/);
    await expect(page).toHaveURL(/filter=/);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await expect(details(other).getByRole('heading', { level: 2 })).toHaveText(await heading.innerText());
    // The rows of a large table arrive one after the other, on both pages.
    const differ = async (): Promise<number> =>
      (await rowCount(other, 'interfaces')) - (await rowCount(page, 'interfaces'));
    await expect.poll(differ).toBe(0);
    await other.close();
  },

  'the pods on a network, and how full its range is': async ({ page, walk, topology }) => {
    const network = must(
      topology.networks,
      'network with pods and a range',
      ({ podCount, missing, ipam }) => podCount > 1 && !missing && (ipam?.size ?? 0) > 0,
    );
    await walk.find(bare(network.id));
    await walk.choose();
    await expect(details(page).getByRole('heading', { name: `Pods · ${network.podCount}` })).toBeVisible();
    await expect(details(page)).toContainText(/[\d,]+ of [\d,]+/);
  },

  'what changed in the last minute': async ({ page, walk, world: { sim } }) => {
    const [node = ''] = [...sim.state.nodes.keys()];
    const name = newName('task-changed');
    await walk.view('changes');
    await expect(page.getByText(/^Kept since/)).toBeVisible();
    sim.ops.createPod({ namespace: 'default', app: 'task', name, node });
    await walk.press(page.getByRole('button', { name: '1 min', exact: true }));
    await expect(page).toHaveURL(/since=1m/);
    await expect(
      rows(page)
        .filter({ hasText: `Pod default/${name} appeared on node` })
        .first(),
    ).toBeVisible();
    sim.ops.deletePod(`default/${name}`);
    await expect(
      rows(page)
        .filter({ hasText: `Pod default/${name} went` })
        .first(),
    ).toBeVisible();
  },

  'what two snapshots differ in': async ({ page, walk, world }) => {
    const { sim } = world;
    const [node = ''] = [...sim.state.nodes.keys()];
    const name = newName('task-compared');
    const before = await snapshotOf(page, world);
    sim.ops.createPod({ namespace: 'default', app: 'task', name, node });
    const asked = `${world.served.url}/api/lookup?q=${name}`;
    await expect
      .poll(async () => ((await (await page.request.get(asked)).json()) as LookupAnswer).total)
      .toBeGreaterThan(0);
    const after = await snapshotOf(page, world);
    sim.ops.deletePod(`default/${name}`);
    await walk.find('open files');
    const chooser = page.waitForEvent('filechooser');
    await walk.choose(/Open files/);
    walk.steps++;
    // As files: those of a thousand nodes are larger than what may be handed over at once.
    const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-task-'));
    const file = (title: string, content: Buffer): string => {
      writeFileSync(path.join(folder, title), content);
      return path.join(folder, title);
    };
    await (await chooser).setFiles([file('before.json', before), file('after.json', after)]);
    await walk.press(page.getByRole('button', { name: 'Show what changed' }));
    await expect(page.getByRole('region', { name: 'Opened file' })).toContainText(
      /From before\.json .* to after\.json/,
    );
    await expect(
      rows(page)
        .filter({ hasText: `Pod default/${name} appeared on node` })
        .first(),
    ).toBeVisible();
    rmSync(folder, { recursive: true });
  },

  'what matters first among all findings': async ({ page, walk, world: { served } }) => {
    // Rules that need a source which is late, as the metrics of many nodes are, find nothing at first.
    const hasErrors = async (): Promise<boolean> =>
      (await topologyOf<Topology>(served.url)).findings.some(({ severity }) => severity === 'error');
    await expect.poll(hasErrors, { timeout: 60_000 }).toBe(true);
    await walk.view('findings');
    await expect(rows(page).first()).toContainText('error');
    const causes = page.getByRole('region', { name: 'Findings by cause' }).getByRole('listitem');
    await expect(causes.first().getByRole('img', { name: /error/i })).toBeVisible();
    await walk.press(rows(page).first());
    await expect(details(page)).toContainText(/Finding · .*error/i);
    await expect(details(page).getByRole('heading', { name: 'Affected records' })).toBeVisible();
  },
};

/** Each task in each way. */
export function defineTasks(): void {
  let topology: Topology;
  test.beforeAll(async ({ world }) => {
    test.setTimeout(300_000);
    topology = await topologyNow(world);
  });
  for (const [name, run] of Object.entries(TASKS))
    for (const way of WAYS)
      test(`${name}: ${way}`, async ({ page, world }) => {
        await open(page, world);
        await expect(page.getByRole('banner')).toContainText('sources live', { timeout: 60_000 });
        const walk = new Walk(page, way);
        await run({ page, walk, topology, world });
        expect(walk.steps).toBeLessThanOrEqual(MAX_STEPS);
      });
}
