/**
 * Which interfaces match the filter. The picture dims the others instead of hiding them, and says how many there are.
 * Facets combine with "and", values of one facet with "or"; every word of the text must match.
 */
import type { FindingRecord } from '../model/records';
import { ADDRESS_STATES, INTERFACE_STATES, type AddressState, type Severity } from '../model/vocabulary';

/** States that a filter can name, in the order of the legend: those of an address slot, then those of an interface. */
export const FILTER_STATES = [...ADDRESS_STATES, ...INTERFACE_STATES] as const;
export type FilterState = (typeof FILTER_STATES)[number];

export interface Filter {
  readonly namespaces: readonly string[];
  /** Network record ids. */
  readonly networks: readonly string[];
  readonly states: readonly FilterState[];
  /** Severities of findings on the interface, its pod, its ENI or its node. */
  readonly severities: readonly Severity[];
  /** Ids of rules that found something about them. */
  readonly rules: readonly string[];
  /** Words of names, addresses, MACs or ENI ids; `ns:core`, `net:ipvlan`, `node:1-17`, `pod:upf`, `eni:0a1f` search one field. */
  readonly text: string;
}

export const NO_FILTER: Filter = { namespaces: [], networks: [], states: [], severities: [], rules: [], text: '' };

/** One part of a filter and how many interfaces it alone hides. */
export interface FilterPart {
  readonly label: string;
  readonly hides: number;
}

export interface FilterResult {
  /** Ids of the interfaces that match. */
  readonly shown: ReadonlySet<string>;
  /** Nodes with an interface that matches. */
  readonly nodes: ReadonlySet<string>;
  /** Of all interfaces, how many have been looked at, 0 to 1: the counts are of these. */
  readonly share: number;
  readonly total: number;
  /** Interfaces that do not match. */
  readonly hides: number;
  readonly parts: readonly FilterPart[];
  /** States that match among slots without a known holder; `all` without a filter, null when none of them can match. */
  readonly freeStates: ReadonlySet<AddressState> | 'all' | null;
}

export const isEmptyFilter = (filter: Filter): boolean =>
  filter.namespaces.length === 0 &&
  filter.networks.length === 0 &&
  filter.states.length === 0 &&
  filter.severities.length === 0 &&
  filter.rules.length === 0 &&
  filter.text.trim() === '';

/** Whether a filter means a finding, by its severity and its rule. */
export const meansFinding = ({ severities, rules }: Filter, { severity, rule }: FindingRecord): boolean =>
  (severities.length === 0 || severities.includes(severity)) && (rules.length === 0 || rules.includes(rule));
