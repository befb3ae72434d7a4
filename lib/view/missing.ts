/**
 * What the picture lacks because a source is denied, absent, off or failing, and which of its data are old. Shown
 * beside the picture, so that an empty level is not mistaken for an empty cluster.
 */
import { ENIS, INSTANCE_TYPES, NODES, PODS, RIGHTS, SUBNETS } from '../model/source-ids';
import { sourceNow, type Ages, type Lags } from '../model/lag';
import type { SourceRecord } from '../model/records';
import { duration } from './age';
import { sentence } from './full-stop';

/** What is missing without a source. Sources not listed only enrich what others show. */
const LOST: Readonly<Record<string, string>> = {
  [NODES]: 'Nodes are not shown',
  [PODS]: 'Pods and their interfaces are not shown',
  [ENIS]: 'ENIs, address slots and pools are not known',
  [INSTANCE_TYPES]: 'Instance limits come from the bundled table',
  [SUBNETS]: 'Subnets are not known',
  [RIGHTS]: 'What you may not see of pods is left out',
};

const WHY: Partial<Readonly<Record<SourceRecord['state'], string>>> = {
  denied: 'not permitted',
  failing: 'failing',
  absent: 'not in this cluster',
  off: 'off',
};

/** Something that the picture lacks. */
export interface Missing {
  /** The sources with the same state and reason. */
  readonly sources: readonly string[];
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

/** Whether nothing is known from a source, that is, it is not live and never was. */
export const isUnknown = (source: SourceRecord | undefined): boolean =>
  source !== undefined && source.asOf === null && source.state !== 'live';

const isGone = (source: SourceRecord): boolean =>
  source.state === 'denied' ||
  source.state === 'absent' ||
  source.state === 'off' ||
  // A source that has delivered facts but fails now is old, not missing.
  (source.state === 'failing' && source.asOf === null);

/** What is missing, in the order of the picture's levels; sources with the same reason share a line. */
export function missingParts(sources: ReadonlyMap<string, SourceRecord>): readonly Missing[] {
  const lines = new Map<string, { source: SourceRecord; ids: string[]; lost: string[] }>();
  for (const [id, lost] of Object.entries(LOST)) {
    const source = sources.get(id);
    if (source === undefined || !isGone(source)) continue;
    const key = `${source.state} ${source.reason ?? ''}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { source, ids: [id], lost: [lost] });
    else {
      line.ids.push(id);
      line.lost.push(lost.charAt(0).toLowerCase() + lost.slice(1));
    }
  }
  return [...lines.values()].map(({ source, ids, lost }): Missing => {
    const why = `${ids.join(', ')}: ${WHY[source.state] ?? source.state}`;
    return {
      sources: ids,
      severity: source.state === 'failing' ? 'error' : 'warning',
      text: `${sentence(lost.join('; '))} ${sentence(source.reason === null ? why : `${why}. ${source.reason}`)}`,
    };
  });
}

/** Data still shown although their source no longer updates them. */
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

/** The older of the picture's two main sources; null when both are fresh. `now`: the server's clock, epoch ms. */
export function oldData(sources: ReadonlyMap<string, SourceRecord>, ages: Ages, lags: Lags, now: number): Old | null {
  let oldest: { readonly at: number; readonly name: string } | null = null;
  for (const [id, name] of NAMES) {
    const record = sources.get(id);
    const source = record === undefined ? null : sourceNow(record, ages, lags);
    if (source === null || source.state === 'live' || source.state === 'starting') continue;
    const at = Date.parse(source.asOf ?? '');
    if (Number.isFinite(at) && (oldest === null || at < oldest.at)) oldest = { at, name };
  }
  if (oldest === null) return null;
  return {
    asOf: `as of ${new Date(oldest.at).toISOString().slice(11, 16)}`,
    badge: `${oldest.name} ${duration(now - oldest.at)} old`,
  };
}
