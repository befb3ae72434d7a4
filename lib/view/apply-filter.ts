/** What a filter matches. Loaded with the first filter. */
import type { EniRecord, InterfaceRecord } from '../model/records';
import { ADDRESS_STATES, type AddressState } from '../model/vocabulary';
import { isEmptyFilter, meansFinding, type Filter, type FilterResult, type FilterState } from './filter';
import { nodesOfFinding } from './troubles';
import { recordsOf, type ViewSource } from './view-source';

type Test = (record: InterfaceRecord) => boolean;

interface Part {
  readonly label: string;
  readonly test: Test;
}

const isAddressState = (state: FilterState): state is AddressState =>
  (ADDRESS_STATES as readonly FilterState[]).includes(state);

/** The words of a filter's text, lower case. */
const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

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
      label: `rule ${filter.rules.join(' or ')}`,
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
