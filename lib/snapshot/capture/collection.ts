/** Collects the contents of a capture while it is read: facts by row, and the sources seen. */
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

/** Whether `present` was created after `other` under the same name. */
const isSuccessor = (present: FactByKind[FactKind], other: FactByKind[FactKind]): boolean =>
  'uid' in present && 'uid' in other && present.uid !== other.uid && bornAt(present) > bornAt(other);

/** The content of a capture so far. */
export class Collection {
  private readonly byRow = new Map<string, { row: Row; facts: Map<string, FactByKind[FactKind]> }>();
  private readonly seen = new Set<string>();
  /** Sources seen with a list, not just single objects. */
  private readonly listed = new Set<string>();
  /** Why the capture has only a part of what a source lists, by source. */
  readonly parts = new Map<string, string>();
  /** Errors in the captured answers, by source. */
  readonly faults = new Map<string, string>();

  /**
   * Records that the capture contains an answer for this row, possibly an empty one: objects that are not in it do not
   * exist, unless it consists of single objects.
   */
  see(row: Row, source: string, isList: boolean): void {
    this.seen.add(source);
    if (isList) this.listed.add(source);
    if (!this.byRow.has(row.id)) this.byRow.set(row.id, { row, facts: new Map() });
  }

  /**
   * Adds a fact. For two answers about one object, the later file wins; for two objects with the same name, the younger
   * one.
   */
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
