/** Compiles a query to predicates of single records. */
import type { FindingRecord } from '../../model/records';
import { remembered } from '../../model/remembered';
import { nodesOfFinding } from '../troubles';
import { recordsOf, type ViewSource } from '../view-source';
import { compareBy } from './compare';
import type { FactContext } from './facts/fact';
import { FACTS, hasKey, type RecordOfKind } from './facts/index';
import type { Kind } from './facts/keys';
import type { Query, Term } from './query';

/** A context that caches findings; create one per pass over the records. */
export function factContext(source: ViewSource): FactContext {
  let at: Map<string, FindingRecord[]> | null = null;
  return {
    source,
    findingsOn: remembered((id: string) => recordsOf(source.indexes.findingsBySubject, id, source.records.findings)),
    findingsAt(node) {
      if (at === null) {
        at = new Map();
        for (const finding of source.records.findings.values())
          for (const place of nodesOfFinding(source, finding)) at.set(place, [...(at.get(place) ?? []), finding]);
      }
      return at.get(node) ?? [];
    },
  };
}

/** Whether a record matches one part of a query. */
export type RecordTest<K extends Kind> = (record: RecordOfKind[K], context: FactContext) => boolean;

function termTest<K extends Kind>(kind: K, term: Term): RecordTest<K> {
  const { keys, texts } = FACTS[kind];
  const { key, negated, values } = term;
  if (key === null) {
    const wanted = (values[0]?.text ?? '').toLowerCase();
    return (record, context) =>
      texts(record, context).some((text) => text?.toLowerCase().includes(wanted) === true) !== negated;
  }
  const fact = keys[key];
  if (fact === undefined) throw new Error(`${kind} has no key ${key}`);
  const compare = compareBy(term);
  return (record, context) => compare(fact(record, context)) !== negated;
}

/** One predicate per part of a query; null for a kind that lacks one of its keys. */
export function testsOf<K extends Kind>(kind: K, { terms }: Query): readonly RecordTest<K>[] | null {
  return terms.every(({ key }) => key === null || hasKey(kind, key)) ? terms.map((term) => termTest(kind, term)) : null;
}
