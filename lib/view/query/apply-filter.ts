/**
 * Applies a filter. Loaded when the first filter is set.
 *
 * A record passes if it matches or belongs to a record that does: the interfaces, node and subnet of an ENI, the pods
 * and ENIs of a node, the subjects of a finding. Nodes, subnets, networks and findings are matched at once
 * (`matchFew`); pods, interfaces and ENIs, which are many, in parts (`matchPart`).
 */
import type { EniRecord, InterfaceRecord, PodRecord } from '../../model/records';
import { ADDRESS_STATES, type AddressState } from '../../model/vocabulary';
import { keptFor } from '../../model/remembered';
import type { FilterPart, FilterResult } from '../filter';
import type { Plan } from './filter-query';
import type { RecordOfKind } from './facts/index';
import { nounsOf, type Kind } from './facts/keys';
import { printTerm } from './query';
import { factContext, type RecordTest } from './tests';
import { nodesOfFinding } from '../troubles';
import type { ViewSource } from '../view-source';

/** The matching records of one kind, with totals and the number that each part of the filter hides. */
class Matches<K extends Kind> {
  readonly ids = new Set<string>();
  total = 0;
  readonly hides: number[];
  readonly #tests: readonly RecordTest<K>[] | null;

  constructor({ tests, query }: Plan, kind: K) {
    this.#tests = tests[kind];
    this.hides = query.terms.map(() => 0);
  }

  look(record: RecordOfKind[K], context: ReturnType<typeof factContext>): boolean {
    if (this.#tests === null) return false;
    this.total++;
    let meant = true;
    for (const [index, test] of this.#tests.entries()) {
      if (test(record, context)) continue;
      meant = false;
      this.hides[index] = (this.hides[index] ?? 0) + 1;
    }
    if (meant) this.ids.add(record.id);
    return meant;
  }
}

type Counted = Pick<Matches<Kind>, 'total' | 'ids' | 'hides'>;

interface Counts {
  readonly total: number;
  readonly matching: number;
  readonly hides: readonly number[];
}

/** The counts so far. */
const countsOf = ({ total, ids, hides }: Counted): Counts => ({ total, matching: ids.size, hides: [...hides] });

/** The matches among the small tables. */
export interface FewMatches {
  readonly nodes: ReadonlySet<string>;
  readonly subnets: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  readonly findings: ReadonlySet<string>;
  /** Subjects of the findings, if the filter has a key about findings. */
  readonly subjects: ReadonlySet<string>;
  readonly subjectNodes: ReadonlySet<string>;
  /** Set if the query's kind is one of these. */
  readonly counts: Counts | null;
}

/** Matches nodes, subnets, networks and findings. */
export function matchFew(source: ViewSource, plan: Plan): FewMatches {
  const context = factContext(source);
  const { records } = source;
  const nodes = new Matches(plan, 'node');
  const subnets = new Matches(plan, 'subnet');
  const networks = new Matches(plan, 'network');
  const findings = new Matches(plan, 'finding');
  const subjects = new Set<string>();
  const subjectNodes = new Set<string>();
  for (const record of records.nodes.values()) nodes.look(record, context);
  for (const record of records.subnets.values()) subnets.look(record, context);
  for (const record of records.networks.values()) networks.look(record, context);
  for (const record of records.findings.values()) {
    if (!findings.look(record, context) || plan.kind !== 'finding') continue;
    for (const subject of record.subjects) subjects.add(subject);
    for (const node of nodesOfFinding(source, record)) subjectNodes.add(node);
  }
  const lists: Partial<Record<Kind, Counted>> = { node: nodes, subnet: subnets, network: networks, finding: findings };
  const counted = lists[plan.kind];
  return {
    nodes: nodes.ids,
    subnets: subnets.ids,
    networks: networks.ids,
    findings: findings.ids,
    subjects,
    subjectNodes,
    counts: counted === undefined ? null : countsOf(counted),
  };
}

/** The matches in a part of the set, and the records that belong to them. */
export interface PartMatches {
  /** Interfaces, pods and ENIs that pass. */
  readonly shown: ReadonlySet<string>;
  readonly pods: ReadonlySet<string>;
  readonly enis: ReadonlySet<string>;
  /** Nodes, subnets and networks that they belong to. */
  readonly nodes: ReadonlySet<string>;
  readonly subnets: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  readonly counts: Counts | null;
}

/** The records of a part. The source must also contain the ENIs of its interfaces. */
export interface OwnRecords {
  readonly pods: ReadonlyMap<string, PodRecord>;
  readonly interfaces: ReadonlyMap<string, InterfaceRecord>;
  readonly enis: ReadonlyMap<string, EniRecord>;
}

/** Which records of a part pass by themselves, depending on the query's kind. */
interface Rules {
  readonly eni: (record: EniRecord) => boolean;
  readonly pod: (record: PodRecord) => boolean;
  readonly interface: (record: InterfaceRecord, eni: EniRecord | undefined, pod: PodRecord | undefined) => boolean;
}

const has = (ids: ReadonlySet<string>, id: string | null): boolean => id !== null && ids.has(id);

/** Caches the result per record, because it is needed for every interface of an ENI. */
function remembered<R extends { readonly id: string }>(ask: (record: R) => boolean): (record: R) => boolean {
  const known = new Map<string, boolean>();
  return (record) => keptFor(known, record.id, () => ask(record));
}

interface PartSets {
  readonly eni: Matches<'eni'>;
  readonly pod: Matches<'pod'>;
  readonly interface: Matches<'interface'>;
}

function rulesOf(source: ViewSource, { kind }: Plan, few: FewMatches, sets: PartSets): Rules {
  const context = factContext(source);
  const never = (): boolean => false;
  switch (kind) {
    case 'interface':
      return {
        eni: remembered((eni) => sets.eni.look(eni, context)),
        pod: (pod) => sets.pod.look(pod, context),
        interface: (record) => sets.interface.look(record, context),
      };
    case 'eni': {
      const test = remembered<EniRecord>((eni) => sets.eni.look(eni, context));
      return { eni: test, pod: never, interface: (_, eni) => eni !== undefined && test(eni) };
    }
    case 'pod': {
      const test = remembered<PodRecord>((pod) => sets.pod.look(pod, context));
      return { eni: never, pod: test, interface: (_record, _eni, pod) => pod !== undefined && test(pod) };
    }
    case 'node': {
      const onNode = ({ node }: { readonly node: string | null }): boolean => has(few.nodes, node);
      return { eni: onNode, pod: onNode, interface: onNode };
    }
    case 'subnet': {
      const inSubnet = ({ subnet }: EniRecord): boolean => has(few.subnets, subnet);
      return { eni: inSubnet, pod: never, interface: (_, eni) => eni !== undefined && inSubnet(eni) };
    }
    case 'network':
      return { eni: never, pod: never, interface: ({ network }) => few.networks.has(network) };
    case 'finding': {
      const named = ({ id, node }: { readonly id: string; readonly node: string | null }): boolean =>
        few.subjects.has(id) || has(few.subjects, node);
      return {
        eni: named,
        pod: named,
        interface: (record) => named(record) || few.subjects.has(record.pod) || has(few.subjects, record.eni),
      };
    }
  }
}

/** One pass over the pods, interfaces and ENIs of a part: O(records × parts of the query). */
export function matchPart(source: ViewSource, own: OwnRecords, plan: Plan, few: FewMatches): PartMatches {
  const sets = {
    eni: new Matches(plan, 'eni'),
    pod: new Matches(plan, 'pod'),
    interface: new Matches(plan, 'interface'),
  };
  const rules = rulesOf(source, plan, few, sets);
  const left = {
    shown: new Set<string>(),
    pods: new Set<string>(),
    enis: new Set<string>(),
    nodes: new Set<string>(),
    subnets: new Set<string>(),
    networks: new Set<string>(),
  };
  const keepEni = ({ id, node, subnet }: EniRecord): void => {
    left.enis.add(id);
    if (node !== null) left.nodes.add(node);
    if (subnet !== null) left.subnets.add(subnet);
  };
  for (const eni of own.enis.values()) if (rules.eni(eni)) keepEni(eni);
  for (const pod of own.pods.values()) {
    if (!rules.pod(pod)) continue;
    left.pods.add(pod.id);
    if (pod.node !== null) left.nodes.add(pod.node);
  }
  // Counts the query's kind in this part, before ENIs of other parts are tested below.
  const early = plan.kind === 'eni' || plan.kind === 'pod' ? countsOf(sets[plan.kind]) : null;
  for (const record of own.interfaces.values()) {
    const eni = record.eni === null ? undefined : source.records.enis.get(record.eni);
    if (!rules.interface(record, eni, own.pods.get(record.pod))) continue;
    left.shown.add(record.id);
    left.pods.add(record.pod);
    left.networks.add(record.network);
    if (record.node !== null) left.nodes.add(record.node);
    if (eni !== undefined) keepEni(eni);
  }
  return { ...left, counts: plan.kind === 'interface' ? countsOf(sets.interface) : early };
}

const isAddressState = (state: string): state is AddressState => ADDRESS_STATES.some((one) => one === state);

/** Slots without a holder have no namespace, network or pod: only interface or slot states can match them. */
function freeStatesOf({ query, any }: Plan): ReadonlySet<AddressState> | null {
  const { terms } = query;
  if (!any || terms.length === 0 || terms.some(({ key, negated }) => key !== 'state' || negated)) return null;
  const wanted = terms.map(({ values }) => values.map(({ text }) => text).filter(isAddressState));
  return new Set(ADDRESS_STATES.filter((state) => wanted.every((states) => states.includes(state))));
}

/** Kinds that include their ENIs when they match, with the free slots and the findings of these. */
const WITH_ENIS: ReadonlySet<Kind> = new Set<Kind>(['eni', 'node', 'subnet']);

function joined(sets: readonly Iterable<string>[]): Set<string> {
  const all = new Set<string>();
  for (const set of sets) for (const id of set) all.add(id);
  return all;
}

/** The findings that match, and those about a matching record. */
function findingsLeft(source: ViewSource, plan: Plan, few: FewMatches, left: Named): ReadonlySet<string> {
  const found = new Set(few.findings);
  if (plan.kind === 'finding') return found;
  for (const { id, subjects } of source.records.findings.values())
    if (!found.has(id) && subjects.some((subject) => left.some((ids) => ids.has(subject)))) found.add(id);
  return found;
}
type Named = readonly ReadonlySet<string>[];

function troubledBy(source: ViewSource, findings: ReadonlySet<string>): ReadonlySet<string> {
  const { records } = source;
  const about = [...findings].flatMap((id) => records.findings.get(id) ?? []);
  return joined(about.flatMap((finding) => [finding.subjects, nodesOfFinding(source, finding)]));
}

/** Merges the results of parts into one for the whole set. `share`: the fraction that has been examined, 0 to 1. */
export function mergeMatches(
  source: ViewSource,
  plan: Plan,
  few: FewMatches,
  parts: readonly PartMatches[],
  share: number,
): FilterResult {
  const isFinding = plan.kind === 'finding';
  const shown = joined(parts.map((part) => part.shown));
  const pods = joined(parts.map((part) => part.pods));
  const enis = joined(parts.map((part) => part.enis));
  // Includes the subjects of a finding, but not the subnet of every ENI on a node that it names.
  const of = (key: 'subnets' | 'networks'): Set<string> =>
    joined(isFinding ? [] : [few[key], ...parts.map((part) => part[key])]);
  const subnets = of('subnets');
  const networks = of('networks');
  if (isFinding) {
    for (const id of few.subjects) {
      if (source.records.subnets.has(id)) subnets.add(id);
      if (source.records.networks.has(id)) networks.add(id);
    }
  }
  const withEnis = plan.any ? plan.tests.eni !== null : WITH_ENIS.has(plan.kind);
  const about: Named = [shown, pods, few.nodes, few.subnets, few.networks, ...(withEnis ? [enis] : [])];
  const findings = findingsLeft(source, plan, few, about);
  const counts = few.counts ?? sumOf(parts.flatMap(({ counts: one }) => one ?? []));
  return {
    shown,
    nodes: joined(isFinding ? [few.subjectNodes] : [few.nodes, ...parts.map((part) => part.nodes)]),
    enis,
    pods,
    subnets,
    networks,
    findings,
    troubled: troubledBy(source, findings),
    share,
    counted: nounsOf(plan.kind).many,
    total: counts.total,
    hides: counts.total - counts.matching,
    parts: plan.query.terms.map((term, index): FilterPart => ({
      label: printTerm(term),
      hides: counts.hides[index] ?? 0,
    })),
    freeStates: freeStatesOf(plan),
    freeOn: WITH_ENIS.has(plan.kind) ? enis : null,
  };
}

const sumOf = (all: readonly Counts[]): Counts =>
  all.reduce(
    (sum, one) => ({
      total: sum.total + one.total,
      matching: sum.matching + one.matching,
      hides: one.hides.map((hides, index) => hides + (sum.hides[index] ?? 0)),
    }),
    { total: 0, matching: 0, hides: [] },
  );

/** Filters the whole set at once. */
export function applyPlan(source: ViewSource, plan: Plan): FilterResult {
  const few = matchFew(source, plan);
  return mergeMatches(source, plan, few, [matchPart(source, source.records, plan, few)], 1);
}
