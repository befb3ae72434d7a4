/**
 * The views of the page, in the order of the navigation and of their keys (1, 2, …); the first one is the default.
 * To add one, write a row here, its component, and the component's line in `components/views/registry.tsx`.
 */
import { NODES, PODS, SUBNETS } from '../model/source-ids';
import type { SourceRecord, Table } from '../model/records';
import { sentence } from './full-stop';
import { isUnknown } from './missing';

interface ViewRow {
  /** Stands in the address as `view=`. */
  readonly id: string;
  readonly title: string;
  /** What the view lists; the navigation shows its count. */
  readonly table: Table;
  /** Until this source has answered, the table is not known; it is not empty. */
  readonly source: string;
  /** Shown when the source has answered and there is nothing. */
  readonly empty: Notice;
}

/** What a view says in place of its content. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

const ROWS = [
  {
    id: 'topology',
    title: 'Topology',
    table: 'nodes',
    source: NODES,
    empty: { title: 'This cluster has no nodes', text: 'A node appears here as soon as it registers.' },
  },
  {
    id: 'networks',
    title: 'Networks',
    table: 'networks',
    source: PODS,
    empty: { title: 'There are no networks', text: 'The cluster network appears with the first pod.' },
  },
  {
    id: 'subnets',
    title: 'Subnets',
    table: 'subnets',
    source: SUBNETS,
    empty: { title: 'There are no subnets', text: 'EC2 lists no subnet for this cluster’s ENIs.' },
  },
  {
    id: 'interfaces',
    title: 'Interfaces',
    table: 'interfaces',
    source: PODS,
    empty: { title: 'There are no pod interfaces', text: 'Every pod runs on the host network, or there are no pods.' },
  },
  {
    id: 'findings',
    title: 'Findings',
    table: 'findings',
    source: PODS,
    empty: { title: 'There are no findings', text: 'Every rule ran and found nothing wrong.' },
  },
] as const satisfies readonly ViewRow[];

export type View = (typeof ROWS)[number]['id'];
export interface ViewFacts extends ViewRow {
  readonly id: View;
}

export const VIEWS: readonly ViewFacts[] = ROWS;
export const DEFAULT_VIEW: View = ROWS[0].id;

/** The view that a digit key opens; null for any other key. */
export const viewOfKey = (key: string): View | null => (/^[1-9]$/.test(key) && VIEWS[Number(key) - 1]?.id) || null;

export const factsOf = (view: View): ViewFacts => ROWS.find(({ id }) => id === view) ?? ROWS[0];

const WAITING: Partial<Readonly<Record<SourceRecord['state'], string>>> = {
  starting: 'The first answer is on its way.',
  failing: 'ifscope keeps trying.',
  denied: 'Grant ifscope read access to see them.',
};

/** What an empty view says: that there is nothing, or why that is not known. `source` is the record of the view's source. */
export function emptyNotice({ table, source: id, empty }: ViewFacts, source: SourceRecord | undefined): Notice {
  if (source === undefined || !isUnknown(source)) return empty;
  const title = `${table.charAt(0).toUpperCase()}${table.slice(1)} are not known${source.state === 'starting' ? ' yet' : ''}`;
  const reason = sentence(source.reason ?? `The source ${id} is ${source.state}`);
  return { title, text: [reason, WAITING[source.state]].filter((part) => part !== undefined).join(' ') };
}
