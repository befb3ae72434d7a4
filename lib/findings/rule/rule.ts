/**
 * What a rule is.
 *
 * A rule judges one record of its scope and answers with findings about it. It sees other records through `read` alone, knows
 * no clock but `now`, and says with `again` when time alone may change its answer. Ids are public and fixed: filters, metric
 * labels and links carry them.
 */
import type { SourceId } from '../../model/source-id';
import type { RecordByTable, Severity, Timestamp } from '../../model/records';
import type { Reader } from './reader';
import type { Steady } from './steady';

/** Tables that rules are written for, one row at a time. */
export type Scope = 'nodes' | 'enis' | 'pods' | 'interfaces' | 'subnets' | 'networks' | 'ipPools';

/** What a rule saw. The evaluator adds id, rule and `since`. */
export interface Sighting {
  /** First the record that is wrong, then what it concerns. The first one makes the finding's id. */
  readonly subjects: readonly string[];
  /** Of this case, where it differs from the rule's own. */
  readonly severity?: Severity;
  readonly title: string;
  readonly detail: string;
  /** What was seen, each with its source, in one sentence. */
  readonly evidence: readonly string[];
  readonly advice: string;
  readonly command?: string | null;
  /** When it began, where a record says so; else the time when the evaluator first saw it. */
  readonly since?: Timestamp | null;
}

/** What a check receives besides its record. */
export interface RuleContext {
  /** The only way to anything but the record itself. What is read decides when the check runs again. */
  readonly read: Reader;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Asks to be run again for this record at that time, epoch milliseconds. */
  rerunAt(at: number): void;
  /**
   * Since when a condition has held without a break, as far as ifscope saw it; `now` at its first sighting. A condition that
   * is false, or that a check does not ask about, is forgotten. A single capture therefore never sees anything last.
   */
  heldSince(condition: string, holds: boolean): number;
}

/** A rule: one file in `rules/`, checked for each record of its scope. */
export interface Rule<S extends Scope = Scope> {
  readonly id: string;
  readonly severity: Severity;
  readonly scope: S;
  /** Source ids that must be live (or a capture's) for this rule to speak; `stale`, `denied`, `absent` mute it. */
  readonly needs: readonly SourceId[];
  /** Source ids that it uses when they are live and does without when they are not. It may ask about no others. */
  readonly uses?: readonly SourceId[];
  /** It does not read the counts of its own record either, and is not run again when only these change. */
  readonly isSteady?: boolean;
  check(record: RecordByTable[S], context: RuleContext): readonly Sighting[];
}

/** A rule that judges records of several kinds is several rules with one id; each names a record of its own scope first. */
export type RuleFile = AnyRule | readonly AnyRule[];

type SteadyRule<S extends Scope> = Omit<Rule<S>, 'isSteady' | 'check'> & {
  readonly isSteady: true;
  check(record: Steady<S>, context: RuleContext): readonly Sighting[];
};

/** Keeps the scope's record type inside while the list holds rules of every scope. A steady rule gets no counts to read. */
export const defineRule = <S extends Scope>(rule: SteadyRule<S> | (Rule<S> & { readonly isSteady?: false })): Rule<S> =>
  // A whole record is a steady one, too, which the compiler does not see while the scope is open.
  rule as Rule<S>;

/** A rule of any scope. */
export type AnyRule = { readonly [S in Scope]: Rule<S> }[Scope];
