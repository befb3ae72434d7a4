/**
 * The states of the page that are checked in screenshots and by axe: every view, pages of records, menus, and states
 * with little to show.
 */
import type { Page } from '@playwright/test';
import { recordPath } from '../../lib/view/record-path';
import { VIEWS } from '../../lib/view/views';
import type { Simulated } from '../simulated';

/** The parts of the record set that the states need. */
export interface Topology extends Answered {
  readonly nodes: readonly {
    readonly id: string;
    readonly zone: string | null;
    readonly headroom: { readonly pods: number | null };
  }[];
  readonly pods: readonly {
    readonly id: string;
    readonly ips: readonly string[];
    readonly hostNetwork: boolean;
    readonly phase: string;
  }[];
  readonly interfaces: readonly { readonly pod: string; readonly node: string; readonly network: string }[];
  readonly enis: readonly { readonly id: string; readonly management: { readonly state: string } }[];
  readonly subnets: readonly { readonly id: string }[];
  readonly networks: readonly { readonly id: string; readonly podCount: number }[];
  readonly findings: readonly { readonly id: string; readonly severity: string }[];
}

export interface Given extends Pick<Simulated, 'sim' | 'served'> {
  readonly topology: Topology;
}

export interface PageState {
  readonly name: string;
  /** Path and query, starting with `/`. */
  readonly path: (topology: Topology) => string;
  /** The actions that lead to the state. */
  readonly act?: (page: Page, given: Given) => Promise<void>;
  /** Whether it changes the cluster, or breaks the connection to it; the caller then clears the faults. */
  readonly touches?: boolean;
}

const MAX_TRIES = 300;

interface Answered {
  readonly sources: readonly { readonly id: string; readonly state: string }[];
  readonly interfaces: readonly unknown[];
  readonly subnets: readonly unknown[];
}

/** Reads the record set of an ifscope once its sources have answered; in a large cluster, metrics take minutes. */
export async function topologyOf<T extends Answered = Topology>(url: string): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const topology = (await (await fetch(`${url}/api/export?format=json`)).json()) as T;
    const { sources, interfaces, subnets } = topology;
    const isWhole = sources.every(({ id, state }) => state !== 'starting' || id.startsWith('aws-node/'));
    if (isWhole && interfaces.length > 0 && subnets.length > 0) return topology;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the sources of ${url} did not answer`);
}

const CLUSTER = 'cluster';

/** The pod with the most additional interfaces. */
export function wiredPod({ interfaces }: Topology): { readonly pod: string; readonly node: string } {
  const counts = new Map<string, number>();
  let best = { pod: '', node: '' };
  for (const { pod, node, network } of interfaces) {
    counts.set(pod, (counts.get(pod) ?? 0) + (network === CLUSTER ? 1 : 2));
    if ((counts.get(pod) ?? 0) > (counts.get(best.pod) ?? 0)) best = { pod, node };
  }
  return best;
}

const first = <T>(list: readonly T[], wanted: (one: T) => boolean): T | undefined => list.find(wanted) ?? list[0];

const unmanaged = ({ enis }: Topology): string =>
  first(enis, ({ management: { state } }) => state === 'unmanaged')?.id ?? '';

const busiestNetwork = ({ networks }: Topology): string =>
  [...networks].filter(({ id }) => id !== CLUSTER).sort((a, b) => b.podCount - a.podCount)[0]?.id ?? CLUSTER;

/** Waits until the content of the state is on the page. */
export async function shown(at: Page): Promise<void> {
  await at.getByRole('main').waitFor();
  await at
    .getByText(/sources live|Page not found/)
    .first()
    .waitFor({ state: 'attached' });
  await at
    .locator(
      'canvas[data-revision], [role=grid], main table, main [role=status], main h1, [aria-roledescription="link diagram"]',
    )
    .filter({ visible: true })
    .first()
    .waitFor();
}

const details = (at: Page): Promise<void> =>
  at.getByRole('complementary', { name: 'Details' }).getByRole('heading').nth(1).waitFor();

const selecting = (id: string, view = ''): string => `/?${view}sel=${encodeURIComponent(id)}`;
const page = (id: string): string => recordPath(id) ?? '/';

/** The zones of these nodes, folded. */
const folding = (nodes: Topology['nodes']): string =>
  [...new Set(nodes.map(({ zone }) => zone ?? ''))].map((zone) => `&fold=${zone}`).join('');

/** Presses a key that opens a dialog, whose content is loaded on use. */
const pressing = (key: string, dialog: string) => async (at: Page) => {
  await at.keyboard.press(key);
  await at.getByRole('dialog', { name: dialog }).waitFor();
};

/** Clicks a button that opens a menu with an element of that role. */
const opening = (button: RegExp, role: 'combobox' | 'radio' | 'checkbox' | 'link' | 'row') => async (at: Page) => {
  await at.getByRole('button', { name: button }).click();
  await at.getByRole('dialog').getByRole(role).first().waitFor();
};

const unfolded = (at: Page): Promise<void> => at.getByRole('button', { name: 'Unfold all' }).waitFor();

/** Each use changes the cluster again. */
let taken = 0;

const changed = async (at: Page, { sim }: Given): Promise<void> => {
  await at.getByText(/^Kept since/).waitFor();
  const nodes = [...sim.state.nodes.keys()];
  const names = Array.from({ length: 6 }, (_, index) => `web-7d9c${(taken += 1)}-x${index}`);
  for (const [index, name] of names.entries())
    sim.ops.createPod({ namespace: 'shop', app: 'web', name, node: nodes[index * 2] ?? '' });
  await at.getByRole('row').filter({ hasText: names[0] }).first().waitFor();
  for (const name of names) sim.ops.deletePod(`shop/${name}`);
  await at
    .getByRole('row')
    .filter({ hasText: `${names[0]} went` })
    .first()
    .waitFor();
};

const snapshotOf = async ({ served }: Given): Promise<string> =>
  (await fetch(`${served.url}/api/export?format=json`)).text();

/** Opens two files on the page, an earlier and a later one. */
const compared = async (at: Page, given: Given): Promise<void> => {
  const before = await snapshotOf(given);
  const [node = ''] = [...given.sim.state.nodes.keys()];
  const names = Array.from({ length: 4 }, (_, index) => `web-5fbc${(taken += 1)}-y${index}`);
  for (const name of names) given.sim.ops.createPod({ namespace: 'shop', app: 'web', name, node });
  const last = names.at(-1) ?? '';
  let after = before;
  for (let tries = 0; tries < 50 && !after.includes(last); tries += 1) {
    await at.waitForTimeout(200);
    after = await snapshotOf(given);
  }
  const data = await at.evaluateHandle(
    (files) => {
      const transfer = new DataTransfer();
      for (const { name, content } of files) transfer.items.add(new File([content], name));
      return transfer;
    },
    [
      { name: 'monday.json', content: before },
      { name: 'tuesday.json', content: after },
    ],
  );
  await at.dispatchEvent('body', 'drop', { dataTransfer: data });
  await at.getByRole('button', { name: 'Show what changed' }).click();
  await at.getByRole('row').filter({ hasText: last }).first().waitFor();
};

const broken = async (at: Page, { sim }: Given): Promise<void> => {
  sim.faults.set({ ec2: 'denied', refuse: true });
  sim.faults.resetConnections();
  await at
    .getByRole('banner')
    .getByText(/stale|failing|not permitted/i)
    .first()
    .waitFor({ timeout: 60_000 });
};

const VIEWS_PLAIN: readonly PageState[] = VIEWS.filter(({ id }) => id !== 'topology' && id !== 'changes').map(
  ({ id }) => ({
    name: id,
    path: () => `/?view=${id}`,
  }),
);

const NOTHING: readonly PageState[] = VIEWS.filter(({ table }) => table !== null).map(({ id }) => ({
  name: `nothing-${id}`,
  path: () => `/?view=${id}&filter=${encodeURIComponent('pod:no-such-pod')}`,
}));

/** In this order, because the last ones leave the cluster changed or broken. */
export const PAGE_STATES: readonly PageState[] = [
  { name: 'topology', path: () => '/' },
  { name: 'topology-bars', path: () => '/?at=1500,950,0.25' },
  { name: 'topology-slots', path: () => '/?at=620,420,1' },
  { name: 'topology-labels', path: () => '/?at=160,170,4.8' },
  { name: 'topology-findings', path: () => '/?group=worst-finding&order=findings' },
  { name: 'topology-by-state', path: () => '/?colour=state&at=620,420,1' },
  { name: 'topology-by-fullness', path: () => '/?colour=fullness' },
  { name: 'topology-by-findings', path: () => '/?colour=findings' },
  { name: 'folded', path: ({ nodes }) => `/?colour=findings${folding(nodes.slice(0, 1))}`, act: unfolded },
  { name: 'folded-all', path: ({ nodes }) => `/?${folding(nodes)}`, act: unfolded },
  { name: 'pod', path: (all) => selecting(wiredPod(all).pod), act: details },
  { name: 'eni', path: (all) => selecting(unmanaged(all)), act: details },
  { name: 'focus', path: (all) => `/?focus=${encodeURIComponent(wiredPod(all).node)}` },
  {
    name: 'focus-pod',
    path: (all) => `/?sel=${encodeURIComponent(wiredPod(all).pod)}&focus=${encodeURIComponent(wiredPod(all).node)}`,
  },
  ...VIEWS_PLAIN,
  { name: 'networks-by-node', path: () => '/?view=networks&by=node' },
  { name: 'interfaces-labels', path: () => '/?view=interfaces&cols=interfaces:interface,pod,address,node,labels' },
  { name: 'subnet', path: (all) => selecting(all.subnets[0]?.id ?? '', 'view=subnets&'), act: details },
  {
    name: 'finding',
    path: (all) => selecting(first(all.findings, ({ severity }) => severity === 'error')?.id ?? '', 'view=findings&'),
    act: details,
  },
  { name: 'capacity-what-if', path: () => '/?view=capacity&if=WARM_IP_TARGET=2&if=prefix-mode=on' },
  { name: 'filtered', path: () => '/?ns=kube-system' },
  { name: 'page-pod', path: (all) => page(wiredPod(all).pod) },
  { name: 'page-node', path: (all) => page(wiredPod(all).node) },
  { name: 'page-eni', path: (all) => page(unmanaged(all)) },
  { name: 'page-network', path: (all) => page(busiestNetwork(all)) },
  { name: 'page-subnet', path: ({ subnets }) => page(subnets[0]?.id ?? '') },
  { name: 'page-gone', path: () => '/node/nobody' },
  { name: 'page-none', path: () => '/nothing/here' },
  { name: 'search', path: () => '/?q=10.20.' },
  { name: 'search-empty', path: () => '/', act: pressing('/', 'Find') },
  { name: 'search-none', path: () => '/?q=no-such-name' },
  { name: 'menu-filter', path: () => '/', act: opening(/^Filter/, 'combobox') },
  { name: 'menu-group', path: () => '/', act: opening(/^Group/, 'radio') },
  { name: 'menu-columns', path: () => '/?view=interfaces', act: opening(/^Columns/, 'checkbox') },
  { name: 'menu-export', path: () => '/', act: opening(/^Export/, 'link') },
  { name: 'menu-sources', path: () => '/', act: opening(/sources live/, 'row') },
  { name: 'keys', path: () => '/', act: pressing('?', 'Keyboard shortcuts') },
  { name: 'wall', path: () => '/?kiosk' },
  ...NOTHING,
  { name: 'changes', path: () => '/?view=changes', act: changed, touches: true },
  { name: 'changes-empty', path: () => '/?view=changes&told=moved' },
  { name: 'compare', path: () => '/', act: compared, touches: true },
  { name: 'broken', path: () => '/', act: broken, touches: true },
  { name: 'broken-enis', path: () => '/?view=enis', act: broken, touches: true },
];
