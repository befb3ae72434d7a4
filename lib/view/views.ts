/**
 * The views of the page, in the order of the navigation and of their keys (1, 2, …); the first one is the default. To
 * add a view, write a row here, its component, and its line in `components/views/registry.tsx`.
 */
import { ENIS, NODES, PODS, SUBNETS } from '../model/source-ids';
import type { Table } from '../model/records';

interface ViewRow {
  /** Value of `view=` in the URL. */
  readonly id: string;
  readonly title: string;
  /** The table that the view lists, whose count the navigation shows. Null: records of several kinds, or none. */
  readonly table: Table | null;
  /** Until this source has answered, the table is unknown rather than empty. */
  readonly source: string;
}

const ROWS = [
  { id: 'topology', title: 'Topology', table: 'nodes', source: NODES },
  { id: 'nodes', title: 'Nodes', table: 'nodes', source: NODES },
  { id: 'enis', title: 'ENIs', table: 'enis', source: ENIS },
  { id: 'networks', title: 'Networks', table: 'networks', source: PODS },
  { id: 'subnets', title: 'Subnets', table: 'subnets', source: SUBNETS },
  { id: 'interfaces', title: 'Interfaces', table: 'interfaces', source: PODS },
  { id: 'findings', title: 'Findings', table: 'findings', source: PODS },
  { id: 'capacity', title: 'Capacity', table: null, source: NODES },
  { id: 'changes', title: 'Changes', table: null, source: NODES },
] as const satisfies readonly ViewRow[];

/** The id of a view, as in the URL. */
export type View = (typeof ROWS)[number]['id'];
/** A view, with its id as a literal type. */
export interface ViewFacts extends ViewRow {
  readonly id: View;
}

/** The views in the order of the navigation. */
export const VIEWS: readonly ViewFacts[] = ROWS;
/** The view of a URL without `view=`. */
export const DEFAULT_VIEW: View = ROWS[0].id;

/** The view that a digit key opens; null for any other key. */
export const viewOfKey = (key: string): View | null => (/^[1-9]$/.test(key) && VIEWS[Number(key) - 1]?.id) || null;

/** The view's row. */
export const factsOf = (view: View): ViewFacts => ROWS.find(({ id }) => id === view) ?? ROWS[0];
