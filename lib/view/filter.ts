/**
 * Which interfaces match the filter. The picture dims the others instead of hiding them, and says how many there are.
 * Facets combine with "and", values of one facet with "or"; every word of the text must match.
 */
import type { EniRecord, FindingRecord, InterfaceRecord } from '../model/records';
import { ADDRESS_STATES, INTERFACE_STATES, type AddressState, type Severity } from '../model/vocabulary';
import { nodesOfFinding, ruleWords } from './troubles';
import { recordsOf, type ViewSource } from './view-source';

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

type Test = (record: InterfaceRecord) => boolean;

interface Part {
  readonly label: string;
  readonly test: Test;
}

const isAddressState = (state: FilterState): state is AddressState =>
  (ADDRESS_STATES as readonly FilterState[]).includes(state);

/** The words of a filter's text, lower case. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

const bare = (id: string): string => id.slice(id.indexOf(':') + 1).toLowerCase();

const FIELDS: Readonly<Record<string, (record: InterfaceRecord, source: ViewSource) => readonly string[]>> = {
  ns: (record, source) => [source.records.pods.get(record.pod)?.namespace.toLowerCase() ?? ''],
  net: (record) => [bare(record.network)],
  node: (record) => [record.node === null ? '' : bare(record.node)],
  pod: (record, source) => [source.records.pods.get(record.pod)?.name.toLowerCase() ?? ''],
  eni: (record) => [record.eni ?? ''],
};

function wordTest(word: string, source: ViewSource): Test {
  const colon = word.indexOf(':');
  const field = colon > 0 ? FIELDS[word.slice(0, colon)] : undefined;
  if (field !== undefined) {
    const wanted = word.slice(colon + 1);
    return (record) => field(record, source).some((text) => text.includes(wanted));
  }
  return (record) =>
    bare(record.pod).includes(word) ||
    (record.name?.toLowerCase().includes(word) ?? false) ||
    record.ips.some((ip) => ip.includes(word)) ||
    (record.mac?.includes(word) ?? false) ||
    (record.eni?.includes(word) ?? false) ||
    bare(record.network).includes(word) ||
    (record.node !== null && bare(record.node).includes(word));
}

function addressStates(record: InterfaceRecord, eni: EniRecord | undefined): readonly AddressState[] {
  if (eni === undefined) return [];
  return eni.addresses.filter(({ ip }) => record.ips.includes(ip)).map(({ state }) => state);
}

function stateTest(states: readonly FilterState[], source: ViewSource): Test {
  const wanted: ReadonlySet<string> = new Set(states);
  return (record) => {
    if (wanted.has(record.state)) return true;
    const held = addressStates(record, record.eni === null ? undefined : source.records.enis.get(record.eni));
    return held.length === 0
      ? wanted.has('assigned') && record.ips.length > 0
      : held.some((state) => wanted.has(state));
  };
}

/** Whether a filter means a finding, by its severity and its rule. */
export const meansFinding = ({ severities, rules }: Filter, { severity, rule }: FindingRecord): boolean =>
  (severities.length === 0 || severities.includes(severity)) && (rules.length === 0 || rules.includes(rule));

function findingTest(filter: Filter, source: ViewSource): Test {
  const found = new Map<string, boolean>();
  const has = (subject: string | null): boolean => {
    if (subject === null) return false;
    let answer = found.get(subject);
    if (answer === undefined) {
      answer = recordsOf(source.indexes.findingsBySubject, subject, source.records.findings).some((finding) =>
        meansFinding(filter, finding),
      );
      found.set(subject, answer);
    }
    return answer;
  };
  return (record) => has(record.id) || has(record.pod) || has(record.eni) || has(record.node);
}

function partsOf(filter: Filter, source: ViewSource): readonly Part[] {
  const parts: Part[] = [];
  if (filter.namespaces.length > 0) {
    const wanted = new Set(filter.namespaces);
    parts.push({
      label: `namespace ${filter.namespaces.join(' or ')}`,
      test: (record) => wanted.has(source.records.pods.get(record.pod)?.namespace ?? ''),
    });
  }
  if (filter.networks.length > 0) {
    const wanted = new Set(filter.networks);
    parts.push({
      label: `network ${filter.networks.map((id) => id.replace(/^net:/, '')).join(' or ')}`,
      test: (record) => wanted.has(record.network),
    });
  }
  if (filter.states.length > 0)
    parts.push({ label: `state ${filter.states.join(' or ')}`, test: stateTest(filter.states, source) });
  if (filter.severities.length > 0)
    parts.push({
      label: `findings: ${filter.severities.join(' or ')}`,
      test: findingTest({ ...filter, rules: [] }, source),
    });
  if (filter.rules.length > 0)
    parts.push({
      label: `findings: ${filter.rules.map(ruleWords).join(' or ')}`,
      test: findingTest(filter, source),
    });
  for (const word of wordsOf(filter.text)) parts.push({ label: `“${word}”`, test: wordTest(word, source) });
  return parts;
}

/** Slots without a holder belong to no namespace, network or pod: only a filter by state alone can match them. */
function freeStatesOf(filter: Filter): FilterResult['freeStates'] {
  if (isEmptyFilter(filter)) return 'all';
  const onlyStates = isEmptyFilter({ ...filter, states: [] });
  return onlyStates ? new Set(filter.states.filter(isAddressState)) : null;
}

/** Nodes that a filter of findings alone means, though no interface be on them; none for another filter. */
export function nodesByFindings(source: ViewSource, filter: Filter): ReadonlySet<string> {
  const nodes = new Set<string>();
  if (!isEmptyFilter({ ...filter, severities: [], rules: [] })) return nodes;
  for (const finding of source.records.findings.values())
    if (meansFinding(filter, finding)) for (const node of nodesOfFinding(source, finding)) nodes.add(node);
  return nodes;
}

/** One pass over all interfaces of a set, or of a part of it: O(interfaces × parts). */
export function applyFilter(source: ViewSource, filter: Filter): FilterResult {
  const parts = partsOf(filter, source);
  const hides = parts.map(() => 0);
  const shown = new Set<string>();
  const nodes = new Set<string>();
  for (const record of source.records.interfaces.values()) {
    const missed = parts.flatMap((part, index) => (part.test(record) ? [] : [index]));
    for (const index of missed) hides[index] = (hides[index] ?? 0) + 1;
    if (missed.length > 0) continue;
    shown.add(record.id);
    if (record.node !== null) nodes.add(record.node);
  }
  const total = source.records.interfaces.size;
  return {
    shown,
    nodes,
    share: 1,
    total,
    hides: total - shown.size,
    parts: parts.map(({ label }, index) => ({ label, hides: hides[index] ?? 0 })),
    freeStates: freeStatesOf(filter),
  };
}

/** The result for a whole set, of those for its parts. `more`: nodes that are meant besides. */
export function mergedFilter(
  results: readonly FilterResult[],
  filter: Filter,
  share: number,
  more: Iterable<string> = [],
): FilterResult {
  const shown = new Set<string>();
  const nodes = new Set<string>(more);
  const parts = new Map<string, number>();
  let total = 0;
  for (const result of results) {
    for (const id of result.shown) shown.add(id);
    for (const node of result.nodes) nodes.add(node);
    for (const { label, hides } of result.parts) parts.set(label, (parts.get(label) ?? 0) + hides);
    total += result.total;
  }
  return {
    shown,
    nodes,
    share,
    total,
    hides: total - shown.size,
    parts: [...parts].map(([label, hides]) => ({ label, hides })),
    freeStates: freeStatesOf(filter),
  };
}
