/**
 * The page's filter: selections in legends and menus, plus a query (`query/query.ts`). The picture dims what does not
 * match, tables leave it out, and both show how much that is.
 */
import { ADDRESS_STATES, INTERFACE_STATES, type AddressState, type Severity } from '../model/vocabulary';

/** The states that a filter can select, in legend order: those of address slots, then those of interfaces. */
export const FILTER_STATES = [...ADDRESS_STATES, ...INTERFACE_STATES] as const;
export type FilterState = (typeof FILTER_STATES)[number];

/** Different facets combine with "and", values of one facet with "or". */
export interface Filter {
  readonly namespaces: readonly string[];
  /** Network record ids. */
  readonly networks: readonly string[];
  readonly states: readonly FilterState[];
  /** Severities of findings about the interface, its pod, its ENI or its node. */
  readonly severities: readonly Severity[];
  /** Ids of rules whose findings concern the record. */
  readonly rules: readonly string[];
  /** A query: `eni managed:no`, `node:1-17 net:ipvlan`. */
  readonly text: string;
}

export const NO_FILTER: Filter = { namespaces: [], networks: [], states: [], severities: [], rules: [], text: '' };

/** One part of a filter, and how many records it hides by itself. */
export interface FilterPart {
  readonly label: string;
  readonly hides: number;
}

/** Ids of the records that pass a filter, by kind: matching records and those that belong to one. */
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
  /** Ids of the records, and of their nodes, that a finding which passes is about. */
  readonly troubled: ReadonlySet<string>;
  /** Fraction of the interfaces examined so far, 0 to 1; the counts refer to these. */
  readonly share: number;
  /** The noun of the counted records: `interfaces`, `ENIs`. */
  readonly counted: string;
  readonly total: number;
  /** Number of counted records that do not match. */
  readonly hides: number;
  readonly parts: readonly FilterPart[];
  /** Matching states of slots without a known holder; `all` without a filter, null when none can match. */
  readonly freeStates: ReadonlySet<AddressState> | 'all' | null;
  /** ENIs whose slots without a holder match together with the ENI; null if that does not depend on ENIs. */
  readonly freeOn: ReadonlySet<string> | null;
}

/** Whether the filter passes everything. */
export const isEmptyFilter = (filter: Filter): boolean =>
  filter.namespaces.length === 0 &&
  filter.networks.length === 0 &&
  filter.states.length === 0 &&
  filter.severities.length === 0 &&
  filter.rules.length === 0 &&
  filter.text.trim() === '';
