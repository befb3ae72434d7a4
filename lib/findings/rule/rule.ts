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
export type Scope = 'nodes' | 'enis' | 'pods' | 'interfaces' | 'subnets' | 'networks' | 'ipPools' | 'signals';

/** One result of a check. The evaluator adds id, rule and `since`. Nulls in the lists are left out. */
export interface Sighting {
  /** The affected record first, then related ones. The first one determines the finding's id. */
  readonly subjects: readonly (string | null)[];
  /** The severity of this case, if it differs from the rule's. */
  readonly severity?: Severity;
  readonly title: string;
  readonly detail: string;
  /** The observations, each a sentence with its source. */
  readonly evidence: readonly (string | null)[];
  readonly advice: string;
  readonly command?: string | null;
  /** When the problem began, if a record has the time; else the evaluator's first sighting counts. */
  readonly since?: Timestamp | null;
}

/** A sighting without nulls in its lists. */
export interface CompleteSighting extends Sighting {
  readonly subjects: readonly string[];
  readonly evidence: readonly string[];
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
  check(record: RecordByTable[S], context: RuleContext): readonly CompleteSighting[];
}

/** A file with rules for several scopes exports several rules with one id; each puts a record of its own scope first. */
export type RuleFile = AnyRule | readonly AnyRule[];

/** What a check returns: nothing, one sighting or several. */
type CheckResult = Sighting | null | readonly (Sighting | null)[];

interface RuleDefinition<S extends Scope> extends Omit<Rule<S>, 'isSteady' | 'check'> {
  readonly isSteady?: false;
  check(record: RecordByTable[S], context: RuleContext): CheckResult;
}

interface SteadyRuleDefinition<S extends Scope> extends Omit<Rule<S>, 'isSteady' | 'check'> {
  readonly isSteady: true;
  check(record: Steady<S>, context: RuleContext): CheckResult;
}

const NO_SIGHTINGS: readonly CompleteSighting[] = [];

function sightingsOf(result: CheckResult): readonly CompleteSighting[] {
  if (result === null) return NO_SIGHTINGS;
  return [result].flat().flatMap((sighting) =>
    sighting === null
      ? []
      : {
          ...sighting,
          subjects: sighting.subjects.filter((id) => id !== null),
          evidence: sighting.evidence.filter((line) => line !== null),
        },
  );
}

/**
 * Checks the rule against its scope's record type, while the list holds rules of every scope. A steady rule has no access
 * to counts.
 */
export const defineRule = <S extends Scope>(rule: SteadyRuleDefinition<S> | RuleDefinition<S>): Rule<S> => ({
  ...rule,
  // A whole record is assignable to a steady one, which the compiler cannot derive for a generic scope.
  check: (record, context) => sightingsOf((rule as RuleDefinition<S>).check(record, context)),
});

export type AnyRule = { readonly [S in Scope]: Rule<S> }[Scope];
