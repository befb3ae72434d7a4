/** What one rule remembers: what it found, what it watches, and while it is silent, what it has missed. */
import { RuleFindings, type FindingChanges } from './rule-findings';
import type { AnyRule } from './rule/rule';

/** If more records than this are missed, they are not listed: every record is judged again. */
const MAX_MISSED = 10_000;

/** The memory of a rule. It is silent until the sources that it needs are trusted. */
export class RuleState {
  readonly rule: AnyRule;
  readonly found: RuleFindings;
  /** By record id: the conditions that hold, and since when. */
  readonly conditions = new Map<string, ReadonlyMap<string, number>>();
  #isActive = false;
  #isComplete = false;
  #missed: Set<string> | null = null;

  constructor(rule: AnyRule, changes: FindingChanges) {
    this.rule = rule;
    this.found = new RuleFindings(rule, changes);
  }

  /** Everything that the rule needs is trusted. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Every record was judged since the rule may speak, so it knows when a new finding began. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Ids of the records to be judged when the rule may speak again; null: all. */
  get missed(): ReadonlySet<string> | null {
    return this.#missed;
  }

  /** The rule may speak: what it found about records that were not missed stands. */
  activate(): void {
    if (this.#isActive) return;
    this.#isActive = true;
    if (this.#missed !== null) this.found.show(this.#missed);
  }

  /** What was found is kept, but not told. How long a condition holds is not known while nobody watches. */
  deactivate(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.#missed = this.#isComplete ? new Set(this.conditions.keys()) : null;
    this.#isComplete = false;
    this.conditions.clear();
    this.found.hide();
  }

  /** A check that is due while the rule is silent. */
  miss(id: string): void {
    if (this.#missed === null) return;
    if (this.#missed.size < MAX_MISSED) this.#missed.add(id);
    else this.#missed = null;
  }

  /** So much has changed that every record is to be judged. */
  missAll(): void {
    if (!this.#isActive) this.#missed = null;
  }

  /** Every record, or all that was missed, has been judged. */
  markComplete(): void {
    if (this.#isActive) this.#isComplete = true;
  }
}
