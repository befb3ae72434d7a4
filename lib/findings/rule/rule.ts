/**
 * The definition of a rule.
 *
 * A rule checks one record of its scope and returns findings about it. It reads other records only through `read`, has no
 * clock but `now`, and calls `rerunAt` if time alone may change its result. Ids are public and fixed: filters, metric
 * labels and links contain them.
 */
import type { SourceId } from '../../model/source-id';
import type { RecordByTable, Severity, Timestamp } from '../../model/records';
import type { Reader } from './reader';
import type { Steady } from './steady';

/** Tables that rules can check, record by record. */
export type Scope = 'nodes' | 'enis' | 'pods' | 'interfaces' | 'subnets' | 'networks' | 'ipPools';

/** One result of a check. The evaluator adds id, rule and `since`. */
export interface Sighting {
  /** The affected record first, then related ones. The first one determines the finding's id. */
  readonly subjects: readonly string[];
  /** The severity of this case, if it differs from the rule's. */
  readonly severity?: Severity;
  readonly title: string;
  readonly detail: string;
  /** The observations, each a sentence with its source. */
  readonly evidence: readonly string[];
  readonly advice: string;
  readonly command?: string | null;
  /** When the problem began, if a record has the time; else the evaluator's first sighting counts. */
  readonly since?: Timestamp | null;
}

/** What a check receives besides its record. */
export interface RuleContext {
  /** The only access to anything but the record itself. Reads decide when the check runs again. */
  readonly read: Reader;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Requests another run of the check for this record at that time, epoch milliseconds. */
  rerunAt(at: number): void;
  /**
   * Since when a condition has held without interruption, as far as ifscope has seen; `now` at its first sighting. A
   * condition that is false, or that a check does not evaluate, is dropped. A single capture therefore never shows a
   * condition that lasts.
   */
  heldSince(condition: string, holds: boolean): number;
}

/** A rule: one file in `rules/`, checked for each record of its scope. */
export interface Rule<S extends Scope = Scope> {
  readonly id: string;
  readonly severity: Severity;
  readonly scope: S;
  /** Source ids that must be live (or a capture's) for this rule to be active; `stale`, `denied` or `absent` deactivates it. */
  readonly needs: readonly SourceId[];
  /** Source ids that the rule uses if they are live and can do without. It may read no others. */
  readonly uses?: readonly SourceId[];
  /** Whether the rule ignores the counts of its own record, and need not run again when only these change. */
  readonly isSteady?: boolean;
  check(record: RecordByTable[S], context: RuleContext): readonly Sighting[];
}

/** A file with rules for several scopes exports several rules with one id; each puts a record of its own scope first. */
export type RuleFile = AnyRule | readonly AnyRule[];

type SteadyRule<S extends Scope> = Omit<Rule<S>, 'isSteady' | 'check'> & {
  readonly isSteady: true;
  check(record: Steady<S>, context: RuleContext): readonly Sighting[];
};

/**
 * Checks the rule against its scope's record type, while the list holds rules of every scope. A steady rule has no access
 * to counts.
 */
export const defineRule = <S extends Scope>(rule: SteadyRule<S> | (Rule<S> & { readonly isSteady?: false })): Rule<S> =>
  // A whole record is assignable to a steady one, which the compiler cannot derive for a generic scope.
  rule as Rule<S>;

export type AnyRule = { readonly [S in Scope]: Rule<S> }[Scope];
