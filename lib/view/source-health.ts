/**
 * The health of all sources, in one line and as a list. A source that the cluster lacks (`absent`) or that is disabled
 * (`off`) is listed but is not a problem; a denied one is.
 */
import { thousands } from '../model/counted';
import { BEHIND_SECONDS } from '../model/lag';
import { ENIS, NODES, PODS } from '../model/source-ids';
import type { SourceRecord, SourceState } from '../model/records';
import { byNaturalName } from '../model/order';
import { ageOf, exactDuration } from './age';

/** The colour of a source; `quiet`: neutral. */
export type SourceTone = 'ok' | 'warn' | 'err' | 'quiet';

/** Worst first. */
const RANK: Readonly<Record<SourceState, number>> = {
  failing: 0,
  denied: 1,
  stale: 2,
  behind: 3,
  starting: 4,
  live: 5,
  absent: 6,
  off: 7,
};

const TONE: Readonly<Record<SourceState, SourceTone>> = {
  failing: 'err',
  denied: 'warn',
  stale: 'warn',
  behind: 'warn',
  starting: 'quiet',
  live: 'ok',
  absent: 'quiet',
  off: 'quiet',
};

const WORD: Readonly<Record<SourceState, string>> = {
  failing: 'failing',
  denied: 'not permitted',
  stale: 'stale',
  behind: 'behind',
  starting: 'starting',
  live: 'live',
  absent: 'not available',
  off: 'off',
};

/** The sources that most of the picture depends on, most important first. */
const MAIN = [NODES, PODS, ENIS];
const weight = (id: string): number => (MAIN.includes(id) ? MAIN.indexOf(id) : MAIN.length);

/** A source in the list. */
export interface SourceLine {
  readonly id: string;
  readonly state: SourceState;
  readonly word: string;
  readonly tone: SourceTone;
  /** Age of its newest fact in words, or null before the first. */
  readonly age: string | null;
  readonly asOf: string | null;
  readonly reason: string | null;
  /** A list in progress, or waiting facts; null without either. */
  readonly progress: string | null;
}

/** The health of all sources. */
export interface SourceSummary {
  /** Worst first, then by name. */
  readonly lines: readonly SourceLine[];
  /** The worst source; if several are equally bad, the most important one. Null when every counted source is live. */
  readonly worst: SourceLine | null;
  /** How many others are in the same state. */
  readonly alike: number;
  readonly live: number;
  /** Number of sources that the cluster has and that are enabled. */
  readonly counted: number;
  readonly tone: SourceTone;
}

/** `behind by 2 min 16 s`, or the state's word if it has just caught up or its lag has not arrived yet. */
export const stateWords = ({ state, lagSeconds }: Pick<SourceRecord, 'state' | 'lagSeconds'>): string =>
  state === 'behind' && lagSeconds !== null && lagSeconds >= BEHIND_SECONDS
    ? `behind by ${exactDuration(lagSeconds)}`
    : WORD[state];

/** In a busy cluster, fewer facts than this are always waiting. */
const MANY_WAITING = 100;

/** The worst source in words: `kubernetes/pods and 2 more stale · 4 min`; null when every counted source is live. */
export function worstWords({ worst, alike }: SourceSummary): string | null {
  if (worst === null) return null;
  const { id, word, age, state } = worst;
  // How far a source is behind is in its word.
  return `${id}${alike > 0 ? ` and ${alike} more` : ''} ${word}${age === null || state === 'behind' ? '' : ` · ${age}`}`;
}

function progressWords({ listing, waiting, state }: SourceRecord): string | null {
  const parts: string[] = [];
  if (listing !== null)
    parts.push(
      `listing: ${thousands(listing.read)}${listing.about === null ? '' : ` of about ${thousands(listing.about)}`}`,
    );
  if (waiting !== null && waiting > 0 && (state === 'behind' || waiting >= MANY_WAITING))
    parts.push(`${thousands(waiting)} ${waiting === 1 ? 'fact waits' : 'facts wait'} inside ifscope`);
  return parts.length === 0 ? null : parts.join(' · ');
}

function lineOf(source: SourceRecord, now: number): SourceLine {
  const { id, state, asOf, reason } = source;
  return {
    id,
    state,
    word: stateWords(source),
    tone: TONE[state],
    age: ageOf(asOf, now),
    asOf,
    reason,
    progress: progressWords(source),
  };
}

/** `sources` in their current state (`sourceNow`); `now` is the server's clock in epoch ms. */
export function summarizeSources(sources: Iterable<SourceRecord>, now: number): SourceSummary {
  const lines = [...sources]
    .map((source) => lineOf(source, now))
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
