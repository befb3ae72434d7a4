/** Combines a filter into one query: the selected facets, then the typed text. */
import { networkNames } from './facts/names';
import type { Key, Kind } from './facts/keys';
import { inferKind } from './infer-kind';
import { isEmptyFilter, type Filter } from '../filter';
import { parseQuery } from './parse';
import { printQuery, type Query, type Term } from './query';
import { testsOf, type RecordTest } from './tests';

const facet = (key: Key, values: readonly string[], exact: boolean): readonly Term[] =>
  values.length === 0 ? [] : [{ negated: false, key, operator: ':', values: values.map((text) => ({ text, exact })) }];

const facetTerms = ({ namespaces, networks, states, severities, rules }: Filter): readonly Term[] => [
  ...facet('ns', namespaces, true),
  ...facet(
    'net',
    networks.map((id) => networkNames(id)[0] ?? id),
    true,
  ),
  ...facet('state', states, false),
  ...facet('severity', severities, false),
  ...facet('rule', rules, true),
];

/** A filter, compiled to predicates. */
export interface Plan {
  readonly query: Query;
  /** The query's kind, which is also counted. */
  readonly kind: Kind;
  /** Whether records of every kind that has all keys match. */
  readonly any: boolean;
  /** By kind, one predicate per part; null for a kind that is not matched directly. */
  readonly tests: { readonly [K in Kind]: readonly RecordTest<K>[] | null };
}

/** A plan, or why there is none. */
export type Planned =
  { readonly plan: Plan; readonly problem: null } | { readonly plan: null; readonly problem: string | null };

/**
 * The plan of a filter. A null plan without a problem means that there is no filter. A problem is one line that names
 * the part and the remedy.
 */
export function planFilter(filter: Filter): Planned {
  if (isEmptyFilter(filter)) return { plan: null, problem: null };
  const { query: typed, problem } = parseQuery(filter.text);
  if (typed === null) return { plan: null, problem };
  const terms = [...facetTerms(filter), ...typed.terms];
  const query = { kind: typed.kind, terms };
  // The facets must be valid together with the typed text; the problem names them as query terms.
  const whole = facetTerms(filter).length === 0 ? null : parseQuery(printQuery(query)).problem;
  return whole === null ? { plan: planQuery(query), problem: null } : { plan: null, problem: whole };
}

/** Compiles a query. Throws for a query that `parseQuery` refuses. */
export function planQuery(query: Query): Plan {
  const { kind, any } = inferKind(query);
  if (kind === null) throw new Error(`no kind has all keys of ${printQuery(query)}`);
  const testsFor = <K extends Kind>(one: K): readonly RecordTest<K>[] | null =>
    any || one === kind ? testsOf(one, query) : null;
  return {
    query,
    kind,
    any,
    tests: {
      interface: testsFor('interface'),
      pod: testsFor('pod'),
      node: testsFor('node'),
      eni: testsFor('eni'),
      subnet: testsFor('subnet'),
      network: testsFor('network'),
      finding: testsFor('finding'),
    },
  };
}

/** The whole filter as text for `parseQuery`; text that cannot be parsed stays as typed. */
export function filterText(filter: Filter): string {
  const { plan } = planFilter(filter);
  return plan === null ? filter.text.trim() : printQuery(plan.query);
}

/** The kinds of the small tables, which the page holds as records. */
export const FEW_KINDS = ['node', 'subnet', 'network', 'finding'] as const satisfies readonly Kind[];
