/**
 * The health of all sources, in one line and as a list. A source that the cluster lacks (`absent`) or that is switched off
 * (`off`) is listed but is no problem; one that ifscope may not read is.
 */
import { ENIS, NODES, PODS } from '../model/source-ids';
import type { SourceRecord, SourceState } from '../model/records';
import { byNaturalName } from '../model/order';
import { ageOf } from './age';

export type SourceTone = 'ok' | 'warn' | 'err' | 'quiet';

/** Worst first. */
const RANK: Readonly<Record<SourceState, number>> = {
  failing: 0,
  denied: 1,
  stale: 2,
  starting: 3,
  live: 4,
  absent: 5,
  off: 6,
};

const TONE: Readonly<Record<SourceState, SourceTone>> = {
  failing: 'err',
  denied: 'warn',
  stale: 'warn',
  starting: 'quiet',
  live: 'ok',
  absent: 'quiet',
  off: 'quiet',
};

const WORD: Readonly<Record<SourceState, string>> = {
  failing: 'failing',
  denied: 'not permitted',
  stale: 'stale',
  starting: 'starting',
  live: 'live',
  absent: 'not in this cluster',
  off: 'off',
};

/** The sources that most of the picture depends on, most important first. */
const MAIN = [NODES, PODS, ENIS];
const weight = (id: string): number => (MAIN.includes(id) ? MAIN.indexOf(id) : MAIN.length);

export interface SourceLine {
  readonly id: string;
  readonly state: SourceState;
  readonly word: string;
  readonly tone: SourceTone;
  /** Age of its newest fact in words, or null before the first. */
  readonly age: string | null;
  readonly asOf: string | null;
  readonly reason: string | null;
}

export interface SourceSummary {
  /** Worst first, then by name. */
  readonly lines: readonly SourceLine[];
  /** Null when every source that counts is live. Of several in one state, the most important one. */
  readonly worst: SourceLine | null;
  /** How many others are in the same state. */
  readonly alike: number;
  readonly live: number;
  /** Sources that the cluster has and that are switched on. */
  readonly counted: number;
  readonly tone: SourceTone;
}

/** `now` is the server's clock in epoch ms; `ages` is what heartbeats say, fresher than the records. */
export function summarizeSources(
  sources: Iterable<SourceRecord>,
  ages: Readonly<Record<string, string | null>>,
  now: number,
): SourceSummary {
  const lines = [...sources]
    .map(({ id, state, asOf, reason }): SourceLine => {
      const newest = ages[id] ?? asOf;
      return { id, state, word: WORD[state], tone: TONE[state], age: ageOf(newest, now), asOf: newest, reason };
    })
    .sort((a, b) => RANK[a.state] - RANK[b.state] || weight(a.id) - weight(b.id) || byNaturalName(a.id, b.id));
  const counted = lines.filter((line) => line.state !== 'absent' && line.state !== 'off');
  const first = counted[0];
  const worst = first === undefined || first.state === 'live' ? null : first;
  return {
    lines,
    worst,
    alike: worst === null ? 0 : counted.filter((line) => line.state === worst.state).length - 1,
    live: counted.filter((line) => line.state === 'live').length,
    counted: counted.length,
    tone: worst?.tone ?? 'ok',
  };
}
