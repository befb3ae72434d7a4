/** The pictures that README and docs show, and the page of docs that shows every view. */
import type { VIEWS } from '../../lib/view/views';

interface DocsPicture {
  /** In `docs/images`, without its extension. */
  readonly file: string;
  /** Name of the state of the page (`testing/page-states`). */
  readonly state: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly theme: 'light' | 'dark';
}

const WIDE = { width: 1600, height: 1000 };

export const DOCS: readonly DocsPicture[] = [
  { file: 'overview-light', state: 'topology', size: WIDE, theme: 'light' },
  { file: 'overview-dark', state: 'topology', size: WIDE, theme: 'dark' },
  { file: 'pod-light', state: 'pod', size: WIDE, theme: 'light' },
  { file: 'focus-light', state: 'focus', size: WIDE, theme: 'light' },
];

interface ViewPictures {
  /** Name of the state of the page (`testing/page-states`). */
  readonly state: string;
  readonly view: (typeof VIEWS)[number]['id'];
  readonly title: string;
  readonly text: string;
}

/** What `docs/views.md` shows, in its order. */
export const GALLERY: readonly ViewPictures[] = [
  {
    state: 'topology',
    view: 'topology',
    title: 'Topology',
    text: 'Every node with its network cards, ENIs and address slots. Hue is the network, fill the state of a slot, the frame its management.',
  },
  {
    state: 'topology-slots',
    view: 'topology',
    title: 'Topology, closer',
    text: 'Zoom sets the level of detail: tiles, ENI bars, slots, labelled slots.',
  },
  {
    state: 'topology-by-findings',
    view: 'topology',
    title: 'Topology by findings',
    text: '**Colour by** in the legend colours the picture by slot state, fullness or findings instead, and counts them.',
  },
  {
    state: 'focus-pod',
    view: 'topology',
    title: 'Node focus',
    text: 'Pods → interfaces → ENIs → cards of one node, with the wires of the selected pod (double-click a node, or `g`).',
  },
  {
    state: 'nodes',
    view: 'nodes',
    title: 'Nodes',
    text: 'Nodes with their addresses, warm pools and the number of pods that still fit.',
  },
  {
    state: 'enis',
    view: 'enis',
    title: 'ENIs',
    text: 'ENIs, who manages each and why, and what EC2, ipamd and pods say about its addresses.',
  },
  {
    state: 'networks',
    view: 'networks',
    title: 'Networks',
    text: 'Networks with their plugins, parent and ranges, NADs that nobody uses and networks that do not exist.',
  },
  {
    state: 'networks-by-node',
    view: 'networks',
    title: 'Networks by node',
    text: 'Which ENI carries each network on each node, and where none does.',
  },
  {
    state: 'subnets',
    view: 'subnets',
    title: 'Subnets',
    text: 'The address map of each subnet, its free /28 blocks and its biggest holders.',
  },
  {
    state: 'interfaces',
    view: 'interfaces',
    title: 'Interfaces',
    text: 'Every pod interface. Click a value to filter by it; choose and order the columns.',
  },
  {
    state: 'findings',
    view: 'findings',
    title: 'Findings',
    text: 'Findings grouped by cause; what matters first is first.',
  },
  {
    state: 'capacity-what-if',
    view: 'capacity',
    title: 'Capacity',
    text: 'The effects of other CNI settings, a lost zone or a rolled node group, before and after.',
  },
  {
    state: 'changes',
    view: 'changes',
    title: 'Changes',
    text: 'What appeared, went, moved or changed state, newest first.',
  },
  {
    state: 'page-pod',
    view: 'interfaces',
    title: 'The page of a pod',
    text: 'Pods, nodes, ENIs, networks and subnets have pages of their own, for links and printing.',
  },
  {
    state: 'page-node',
    view: 'nodes',
    title: 'The page of a node',
    text: 'Its wiring, pools, settings and findings.',
  },
  {
    state: 'compare',
    view: 'changes',
    title: 'Two snapshots compared',
    text: 'Drop two snapshots, or one on a live cluster, onto the page.',
  },
];

const WIDTHS = ['1440', '1024', '390'] as const;
const THEMES = ['light', 'dark'] as const;

/** A picture's file in `docs/images/views`, without its extension. */
const galleryFile = (state: string, width: string, theme: string): string => `${state}-${width}-${theme}`;

/** Every picture of the gallery: its file, state, width (a name in `main.ts`) and theme. */
export const galleryPictures = (): readonly {
  readonly file: string;
  readonly state: string;
  readonly width: (typeof WIDTHS)[number];
  readonly theme: (typeof THEMES)[number];
}[] =>
  GALLERY.flatMap(({ state }) =>
    WIDTHS.flatMap((width) => THEMES.map((theme) => ({ file: galleryFile(state, width, theme), state, width, theme }))),
  );

function section({ state, title, text }: ViewPictures): string {
  const row = (theme: string): string =>
    `| ${WIDTHS.map((width) => `![${title}, ${theme}, ${width} px wide](images/views/${galleryFile(state, width, theme)}.webp)`).join(' | ')} |`;
  const head = `| ${WIDTHS.map((width) => `${width} px`).join(' | ')} |`;
  return [`## ${title}`, text, [head, '| --- | --- | --- |', ...THEMES.map(row)].join('\n')].join('\n\n');
}

/** The text of `docs/views.md`, before prettier. */
export const viewsPage = (): string =>
  [
    '# Every view',
    'The views of the demo cluster in both themes and three widths. `npm run screenshots -- --docs` makes the pictures and writes this page.',
    ...GALLERY.map(section),
    '',
  ].join('\n\n');
