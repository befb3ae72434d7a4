/** The commands of the finder: every choice of the menus, found by its words. */
import type { BrowserClient } from '../../lib/client/browser';
import { downloadAll } from '../../lib/client/export-files';
import { EXPORT_FORMATS } from '../../lib/export/index';
import { isEmptyFilter, NO_FILTER } from '../../lib/view/filter';
import { GROUP_WORDS, ORDER_WORDS } from '../../lib/view/group-words';
import { GROUPINGS, ORDERS } from '../../lib/view/node-groups';
import { THEME_CHOICES } from '../../lib/view/page-state';
import { VIEWS, type View } from '../../lib/view/views';
import { chooseFiles, OPEN_FILES } from '../opened/choose-files';

/** A command of the finder. */
export interface Command {
  readonly label: string;
  readonly run: () => void;
}

function allCommands(client: BrowserClient): readonly Command[] {
  const { location, store, revealer, resume } = client;
  const { isFile } = store.getState();
  const { go, getState } = location;
  const picture = { view: 'topology', focus: null } as const;
  return [
    ...VIEWS.map(({ id, title }) => ({ label: `Go to ${title}`, run: () => go({ view: id, focus: null }) })),
    ...GROUPINGS.map((group) => ({
      label: `Group nodes by ${GROUP_WORDS[group]}`,
      run: () => go({ ...picture, group, camera: null }),
    })),
    ...ORDERS.map((order) => ({
      label: `Order nodes by ${ORDER_WORDS[order].label}`,
      run: () => go({ ...picture, order, camera: null }),
    })),
    ...THEME_CHOICES.map((theme) => ({ label: `Theme: ${theme}`, run: () => go({ theme }) })),
    ...EXPORT_FORMATS.filter(({ id }) => !(isFile && id === 'html')).map((format) => ({
      label: `Export ${format.title}: ${format.about}`,
      run: () => void downloadAll(client, format),
    })),
    { label: OPEN_FILES, run: () => chooseFiles(client) },
    {
      label: 'Fit the whole picture',
      run: () => {
        go(picture);
        revealer.set({ to: 'fit' });
      },
    },
    store.getState().paused ? { label: 'Go live', run: resume } : { label: 'Pause', run: () => store.pause() },
    ...(isEmptyFilter(getState().filter) ? [] : [{ label: 'Clear the filter', run: () => go({ filter: NO_FILTER }) }]),
  ];
}

interface SuggestedQuestion {
  /** Phrased as the user would; the part after the colon describes the result. */
  readonly label: string;
  readonly view: View;
  readonly text?: string;
  readonly sort?: string;
  readonly since?: string;
}

/** Common questions, for users who know neither the views nor the query language. */
const SUGGESTED_QUESTIONS: readonly SuggestedQuestion[] = [
  { label: 'Unmanaged ENIs: which the VPC CNI does not manage, and why', view: 'enis', text: 'eni managed:no' },
  { label: 'Full nodes: no room for another pod', view: 'nodes', text: 'node room:0' },
  { label: 'Pending pods: no address yet, and why they wait', view: 'interfaces', text: 'pod phase:Pending' },
  { label: 'Full subnets: the fullest first, what holds their addresses', view: 'subnets', sort: '-full' },
  {
    label: 'Duplicate addresses: the same address or MAC on two interfaces',
    view: 'findings',
    text: 'finding rule:duplicate-address,duplicate-mac',
  },
  {
    label: 'Leaked ENIs: whose they are, and since when',
    view: 'findings',
    text: 'finding rule:eni-leaked,branch-eni-leaked',
  },
  { label: 'Trunk ENIs: which pods are on branch ENIs', view: 'enis', text: 'eni role:trunk' },
  { label: 'What if warm targets, prefix mode or max pods change, or a zone is lost', view: 'capacity' },
  { label: 'Errors: all findings of that severity', view: 'findings', text: 'finding severity:error' },
  { label: 'Changes: what has changed in the last minute', view: 'changes', since: '1m' },
];

const LEAST = 2;
const MOST = 5;

/** The entries for which every typed word begins a word of the label. */
function matching<T extends { readonly label: string }>(all: readonly T[], typed: string): readonly T[] {
  const asked = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (asked.join('').length < LEAST) return [];
  return all
    .filter(({ label }) => {
      const words = label.toLowerCase().split(/[\s:]+/);
      return asked.every((word) => words.some((one) => one.startsWith(word)));
    })
    .slice(0, MOST);
}

/** Common questions whose words were typed. */
export const questionsFor = ({ location }: BrowserClient, typed: string): readonly Command[] =>
  matching(SUGGESTED_QUESTIONS, typed).map(({ label, view, text = '', sort = '', since = '' }) => ({
    label,
    run: () => location.go({ view, focus: null, selection: [], sort, since, filter: { ...NO_FILTER, text } }),
  }));

/** The commands whose words were typed. */
export const commandsFor = (client: BrowserClient, typed: string): readonly Command[] =>
  matching(allCommands(client), typed);
