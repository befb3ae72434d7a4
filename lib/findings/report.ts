/** The result of checking a record set: its findings, worst first, and the rules that could not be evaluated. */
import { byCodeUnit, byNaturalName } from '../model/order';
import type { FindingRecord, Severity, SourceRecord, SourceState } from '../model/records';
import { EVENTS, NODES, PODS } from '../model/source-ids';
import { SEVERITIES } from '../model/vocabulary';
import { RULES } from './registry';

/** 0 is the worst. */
export const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** Rules that could not be evaluated, by the source that they lack. */
export interface Silence {
  readonly source: string;
  readonly state: SourceState;
  readonly reason: string | null;
  /** Ids of the rules that need this source. */
  readonly rules: readonly string[];
}

/** Ids of all rules, or of the requested ones, without duplicates. */
export const ruleIds = (only: readonly string[] = []): readonly string[] =>
  [...new Set(RULES.map(({ id }) => id))].filter((id) => only.length === 0 || only.includes(id));

/** Whether every cluster and account has the source; custom kinds and aws-node may be absent. */
const isAlwaysThere = (source: string): boolean => source.startsWith('ec2/') || [NODES, PODS, EVENTS].includes(source);

/** A kind that is not served needs no evaluation. `only`: ids of rules; empty: all. */
export function silencesOf(sources: readonly SourceRecord[], only: readonly string[]): readonly Silence[] {
  const rules = RULES.filter(({ id }) => only.length === 0 || only.includes(id));
  const needed = [...new Set(rules.flatMap(({ needs }) => needs))].sort(byCodeUnit);
  return needed.flatMap((source): Silence[] => {
    const { state, reason } = sources.find(({ id }) => id === source) ?? { state: 'absent', reason: null };
    if (state === 'live' || (state === 'absent' && !isAlwaysThere(source))) return [];
    return [
      {
        source,
        state,
        reason,
        rules: [...new Set(rules.flatMap(({ id, needs }) => (needs.some((need) => need === source) ? [id] : [])))],
      },
    ];
  });
}

/** Worst first, then by rule and subject. `only`: ids of rules; empty: all. */
export const findingsInOrder = (findings: Iterable<FindingRecord>, only: readonly string[]): readonly FindingRecord[] =>
  [...findings]
    .filter(({ rule }) => only.length === 0 || only.includes(rule))
    .sort((a, b) => rankOf(a.severity) - rankOf(b.severity) || byCodeUnit(a.rule, b.rule) || byNaturalName(a.id, b.id));
