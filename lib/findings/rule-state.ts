/** The state of one rule: its findings, the conditions that it times, and the checks that it missed while it was inactive. */
import { RuleFindings, type FindingChanges } from './rule-findings';
import type { AnyRule } from './rule/rule';

/** Beyond this number, missed records are not listed: every record is checked again. */
const MAX_MISSED = 10_000;

/** The state of a rule. A rule is inactive until all sources that it needs are trusted. */
export class RuleState {
  readonly rule: AnyRule;
  readonly found: RuleFindings;
  /** By record id: the conditions that hold, with the time since when, epoch milliseconds. */
  readonly conditions = new Map<string, ReadonlyMap<string, number>>();
  #isActive = false;
  #isComplete = false;
  #missed: Set<string> | null = null;

  constructor(rule: AnyRule, changes: FindingChanges) {
    this.rule = rule;
    this.found = new RuleFindings(rule, changes);
  }

  /** Whether every source that the rule needs is trusted. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Whether every record has been checked since the rule became active, so that the start time of a new finding is known. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Ids of the records to check when the rule becomes active again; null: all. */
  get missed(): ReadonlySet<string> | null {
    return this.#missed;
  }

  /** Activates the rule. Its findings about records that were not missed are shown again. */
  activate(): void {
    if (this.#isActive) return;
    this.#isActive = true;
    if (this.#missed !== null) this.found.show(this.#missed);
  }

  /** Deactivates the rule: its findings are kept but hidden. How long a condition has held is unknown while the rule is inactive. */
  deactivate(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.#missed = this.#isComplete ? new Set(this.conditions.keys()) : null;
    this.#isComplete = false;
    this.conditions.clear();
    this.found.hide();
  }

  /** Notes a check that was due while the rule is inactive. */
  miss(id: string): void {
    if (this.#missed === null) return;
    if (this.#missed.size < MAX_MISSED) this.#missed.add(id);
    else this.#missed = null;
  }

  /** Notes that too much has changed to list the missed records. */
  missAll(): void {
    if (!this.#isActive) this.#missed = null;
  }

  /** Notes that every record, or every missed record, has been checked. */
  markComplete(): void {
    if (this.#isActive) this.#isComplete = true;
  }
}
