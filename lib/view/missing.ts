/**
 * Which sources are unknown, and which data are outdated. Shown beside the picture, so that an empty level is not
 * mistaken for an empty cluster.
 */
import { ENIS, PODS } from '../model/source-ids';
import { sourceNow, type Ages, type Lags } from '../model/lag';
import type { SourceRecord } from '../model/records';
import { duration } from './age';

/** Whether nothing is known from a source: it is not live and never was. */
export const isUnknown = (source: SourceRecord | undefined): boolean =>
  source !== undefined && source.asOf === null && source.state !== 'live';

/** Outdated data that is still shown. */
export interface Old {
  /** `as of 06:04`, UTC. */
  readonly asOf: string;
  /** `EC2 7 min old`. */
  readonly badge: string;
}

const NAMES: readonly (readonly [string, string])[] = [
  [PODS, 'Kubernetes'],
  [ENIS, 'EC2'],
];

const FRESH_MS = 15_000;

/**
 * The more outdated of the picture's two main sources; null when both are fresh. `now`: the server's clock, epoch ms.
 */
export function oldData(sources: ReadonlyMap<string, SourceRecord>, ages: Ages, lags: Lags, now: number): Old | null {
  let oldest: { readonly at: number; readonly name: string } | null = null;
  for (const [id, name] of NAMES) {
    const record = sources.get(id);
    const source = record === undefined ? null : sourceNow(record, ages, lags);
    if (source === null || source.state === 'live' || source.state === 'starting') continue;
    const at = Date.parse(source.asOf ?? '');
    // A source that is denied only in part is still read.
    if (now - at > FRESH_MS && (oldest === null || at < oldest.at)) oldest = { at, name };
  }
  if (oldest === null) return null;
  return {
    asOf: `as of ${new Date(oldest.at).toISOString().slice(11, 16)}`,
    badge: `${oldest.name} ${duration(now - oldest.at)} old`,
  };
}
