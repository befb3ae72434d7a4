/**
 * The page's filter: selections in legends and menus, and a query (`query/query.ts`) for everything else. The picture
 * dims what does not match instead of hiding it, tables leave it out, and both say how much that is.
 */
import { ADDRESS_STATES, INTERFACE_STATES, type AddressState, type Severity } from '../model/vocabulary';

/** States that a filter can name, in the order of the legend: those of an address slot, then those of an interface. */
export const FILTER_STATES = [...ADDRESS_STATES, ...INTERFACE_STATES] as const;
/** A state of address slots that the filter can choose. */
export type FilterState = (typeof FILTER_STATES)[number];

/** Facets combine with "and", values of one facet with "or". */
export interface Filter {
  readonly namespaces: readonly string[];
  /** Network record ids. */
  readonly networks: readonly string[];
  readonly states: readonly FilterState[];
  /** Severities of findings on the interface, its pod, its ENI or its node. */
  readonly severities: readonly Severity[];
  /** Ids of rules with findings about them. */
  readonly rules: readonly string[];
  /** A query: `eni managed:no`, `node:1-17 net:ipvlan`. */
  readonly text: string;
}

/** The empty filter. */
export const NO_FILTER: Filter = { namespaces: [], networks: [], states: [], severities: [], rules: [], text: '' };

/** One part of a filter, and how many records it alone hides. */
export interface FilterPart {
  readonly label: string;
  readonly hides: number;
}

/** Ids of the records left by a filter, by kind: those that match and those that belong to a matching one. */
export interface FilteredIds {
  readonly nodes: ReadonlySet<string>;
  readonly enis: ReadonlySet<string>;
  readonly subnets: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  readonly pods: ReadonlySet<string>;
  readonly findings: ReadonlySet<string>;
}

/** The result of a filter over the record set. */
export interface FilterResult extends FilteredIds {
  /** Ids of interfaces that match or belong to a matching record. */
  readonly shown: ReadonlySet<string>;
  /** Fraction of the interfaces that have been examined, 0 to 1; the counts refer to these. */
  readonly share: number;
  /** What is counted, in words: `interfaces`, `ENIs`. */
  readonly counted: string;
  readonly total: number;
  /** Records of the counted kind that do not match. */
  readonly hides: number;
  readonly parts: readonly FilterPart[];
  /** States that match among slots without a known holder; `all` without a filter, null when none of them can match. */
  readonly freeStates: ReadonlySet<AddressState> | 'all' | null;
  /** ENIs whose slots without a holder match along with the ENI; null when that does not depend on ENIs. */
  readonly freeOn: ReadonlySet<string> | null;
}

/** Whether the filter leaves everything. */
export const isEmptyFilter = (filter: Filter): boolean =>
  filter.namespaces.length === 0 &&
  filter.networks.length === 0 &&
  filter.states.length === 0 &&
  filter.severities.length === 0 &&
  filter.rules.length === 0 &&
  filter.text.trim() === '';
