/** What one rule remembers: what it found, what it watches, and while it is silent, what it has missed. */
import { Found, type FindingChanges } from './found';
import type { AnyRule } from './rule/rule';

/** If more records than this are missed, they are not listed: every record is judged again. */
const MOST_MISSED = 10_000;

/** The memory of a rule. It is silent until the sources that it needs are trusted. */
export class Memory {
  readonly rule: AnyRule;
  readonly found: Found;
  /** By record id: the conditions that hold, and since when. */
  readonly held = new Map<string, ReadonlyMap<string, number>>();
  #speaks = false;
  #looked = false;
  #missed: Set<string> | null = null;

  constructor(rule: AnyRule, changes: FindingChanges) {
    this.rule = rule;
    this.found = new Found(rule, changes);
  }

  /** Everything that the rule needs is trusted. */
  get speaks(): boolean {
    return this.#speaks;
  }

  /** Every record was judged since the rule may speak, so it knows when a new finding began. */
  get looked(): boolean {
    return this.#looked;
  }

  /** Ids of the records to be judged when the rule may speak again; null: all. */
  get missed(): ReadonlySet<string> | null {
    return this.#missed;
  }

  /** The rule may speak: what it found about records that were not missed stands. */
  speak(): void {
    if (this.#speaks) return;
    this.#speaks = true;
    if (this.#missed !== null) this.found.show(this.#missed);
  }

  /** What was found is kept, but not told. How long a condition holds is not known while nobody watches. */
  fallSilent(): void {
    if (!this.#speaks) return;
    this.#speaks = false;
    this.#missed = this.#looked ? new Set(this.held.keys()) : null;
    this.#looked = false;
    this.held.clear();
    this.found.hide();
  }

  /** A check that is due while the rule is silent. */
  miss(id: string): void {
    if (this.#missed === null) return;
    if (this.#missed.size < MOST_MISSED) this.#missed.add(id);
    else this.#missed = null;
  }

  /** So much has changed that every record is to be judged. */
  missAll(): void {
    if (!this.#speaks) this.#missed = null;
  }

  /** Every record, or all that was missed, has been judged. */
  look(): void {
    if (this.#speaks) this.#looked = true;
  }
}
