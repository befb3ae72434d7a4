/**
 * Compares a record set with what is true of a simulated cluster, in words. The truth is the simulator's own ledger and
 * shares no code with the topology.
 *
 * Every difference is one sentence that names the record; the counts say how much was compared, so that an empty list of
 * differences cannot come from an empty comparison.
 */
import type { RecordMaps } from '../../lib/model/records';
import type { SimTruth } from '../testing/sim/truth';
import { compareClaims } from './compare/claims';
import { compareEnis, compareSlots } from './compare/enis';
import { compareInterfaces } from './compare/interfaces';
import { noCounts, type Counts, type Known, type Say } from './compare/what';
import { compareNodes } from './compare/nodes';
import { comparePools } from './compare/pools';
import { compareAttachments, compareHostNics, compareIpPools, compareSubnets } from './compare/shared';

export interface Comparison {
  readonly counts: Counts;
  readonly differences: readonly string[];
}

export function compareWithTruth(records: RecordMaps, truth: SimTruth, known: Known): Comparison {
  const counts = noCounts();
  const differences: string[] = [];
  const say: Say = (difference) => differences.push(difference);
  compareInterfaces(records, truth, counts, say);
  compareEnis(records, truth, known, counts, say);
  compareSlots(records, truth, known, counts, say);
  comparePools(records, truth, known, counts, say);
  compareNodes(records, truth, counts, say);
  compareSubnets(records, truth, known, counts, say);
  compareIpPools(records, truth, counts, say);
  compareHostNics(records, truth, counts, say);
  compareClaims(records, truth, counts, say);
  compareAttachments(records, truth, counts, say);
  compareFindings(records, truth, counts, say);
  return { counts, differences };
}

const MAX_SHOWN = 30;

/** Throws an error that lists the differences, if any. */
export function agree({ differences }: Comparison): void {
  if (differences.length === 0) return;
  const shown = differences.slice(0, MAX_SHOWN).map((difference) => `\n  ${difference}`);
  throw new Error(`${differences.length} differences from the truth:${shown.join('')}`);
}

/** Before EC2 has been asked much may be unknown, but nothing may be wrong. */
export function nothingWronglyObserved({ counts, differences }: Comparison): void {
  if (counts.observedWrong > 0) agree({ counts, differences: differences.filter((text) => text.includes('observed')) });
}

export function addCounts(total: Counts, counts: Counts): void {
  for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
}

function compareFindings(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  const findings = [...records.findings.values()];
  for (const { rule, subjects } of truth.findings) {
    counts.findings += 1;
    if (!findings.some((found) => found.rule === rule && found.subjects.some((subject) => subjects.includes(subject))))
      say(`finding ${rule} on ${subjects.join(' or ')}: missing`);
  }
  const clean = new Set(truth.cleanRules);
  for (const { rule, subjects, detail } of findings) {
    if (clean.has(rule)) say(`finding ${rule} on ${subjects.join(', ')}: the cluster has no such trouble (${detail})`);
    const allowed = truth.allowedFindings[rule];
    if (allowed !== undefined && !subjects.some((subject) => allowed.includes(subject)))
      say(`finding ${rule} on ${subjects.join(', ')}: on the wrong record`);
  }
}
