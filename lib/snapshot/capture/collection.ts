/** What was found so far while a capture is read: facts by row, and the sources that were seen at all. */
import type { FactByKind, FactKind } from '../../model/facts';
import type { Observation } from '../../model/observation';
import type { Keyed } from '../../normalise/keyed';
import { observeAll } from '../../normalise/observe';

interface Row {
  readonly id: string;
  readonly factKind: FactKind;
}

export class Collection {
  private readonly byRow = new Map<string, { row: Row; facts: Map<string, FactByKind[FactKind]> }>();
  private readonly seen = new Set<string>();
  /** What is wrong with what was captured of a source. */
  readonly faults = new Map<string, string>();

  /** There is an answer of this row, be it empty: what is not in it does not exist. */
  see(row: Row, source: string): void {
    this.seen.add(source);
    if (!this.byRow.has(row.id)) this.byRow.set(row.id, { row, facts: new Map() });
  }

  /** Of two answers about one object the later file counts. */
  put(row: Row, { key, fact }: Keyed<FactKind>): void {
    this.byRow.get(row.id)?.facts.set(key, fact);
  }

  fault(source: string, reason: string): void {
    if (!this.faults.has(source)) this.faults.set(source, reason);
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
