/** What was found so far while a capture is read: facts by row, and the sources that were seen at all. */
import type { FactByKind, FactKind } from '../../model/facts';
import type { Observation } from '../../model/observation';
import type { Keyed } from '../../normalise/read/keyed';
import { observeAll } from '../../normalise/observe';

interface Row {
  readonly id: string;
  readonly factKind: FactKind;
}

const bornAt = (fact: FactByKind[FactKind]): number =>
  'createdAt' in fact && typeof fact.createdAt === 'string' ? Date.parse(fact.createdAt) : NaN;

/** Whether `present` was made after `other` was, under the name that `other` had. */
const isSuccessor = (present: FactByKind[FactKind], other: FactByKind[FactKind]): boolean =>
  'uid' in present && 'uid' in other && present.uid !== other.uid && bornAt(present) > bornAt(other);

export class Collection {
  private readonly byRow = new Map<string, { row: Row; facts: Map<string, FactByKind[FactKind]> }>();
  private readonly seen = new Set<string>();
  /** Sources of which a list was seen, and not just single objects. */
  private readonly listed = new Set<string>();
  /** What is wrong with what was captured of a source. */
  readonly faults = new Map<string, string>();

  /**
   * There is an answer of this row, be it empty: what is not in it does not exist. Of single objects that is assumed, for
   * want of anything better.
   */
  see(row: Row, source: string, isList: boolean): void {
    this.seen.add(source);
    if (isList) this.listed.add(source);
    if (!this.byRow.has(row.id)) this.byRow.set(row.id, { row, facts: new Map() });
  }

  /** Of two answers about one object the later file counts; of two objects that had one name after another, the younger. */
  put(row: Row, { key, fact }: Keyed<FactKind>): void {
    const facts = this.byRow.get(row.id)?.facts;
    const before = facts?.get(key);
    if (before === undefined || !isSuccessor(before, fact)) facts?.set(key, fact);
  }

  fault(source: string, reason: string): void {
    if (!this.faults.has(source)) this.faults.set(source, reason);
  }

  isListed(source: string): boolean {
    return this.listed.has(source);
  }

  has(source: string): boolean {
    return this.seen.has(source);
  }

  facts<K extends FactKind>(kind: K): readonly FactByKind[K][] {
    return [...this.byRow.values()].flatMap(({ row, facts }) =>
      row.factKind === kind ? ([...facts.values()] as FactByKind[K][]) : [],
    );
  }

  observations(): readonly Observation[] {
    return [...this.byRow.values()].map(({ row, facts }) => observeAll(row, [...facts]));
  }
}
