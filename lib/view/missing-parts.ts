/**
 * What the picture lacks because a source is denied, absent, off or failing. Separate from `missing`, so that the first
 * picture does not load it.
 */
import { ENIS, INSTANCE_TYPES, NODES, PODS, RIGHTS, SUBNETS } from '../model/source-ids';
import type { SourceRecord } from '../model/records';
import { sentence, withinSentence } from './full-stop';

/** What is lost without a source. Sources that are not listed only add details. */
const LOST: Readonly<Record<string, string>> = {
  [NODES]: 'Nodes are not shown',
  [PODS]: 'Pods and their interfaces are not shown',
  [ENIS]: 'ENIs and address slots are not known; pools are known only from aws-node’s metrics',
  [INSTANCE_TYPES]: 'Instance limits come from the bundled table',
  [SUBNETS]: 'Subnets are not known',
  [RIGHTS]: 'Pods that you may not see are left out',
};

/** The same if only some namespaces are read. */
const IN_PART: Readonly<Record<string, string>> = {
  [PODS]: 'Pods of other namespaces are not shown; which slots are free is not known',
};

const WHY: Partial<Readonly<Record<SourceRecord['state'], string>>> = {
  denied: 'not permitted',
  failing: 'failing',
  absent: 'not available',
  off: 'off',
};

/** What the page cannot show, and why. */
export interface Missing {
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

type Gone = Pick<SourceRecord, 'id' | 'state' | 'asOf'>;

const isGone = (source: Gone): boolean =>
  source.state === 'denied' ||
  source.state === 'absent' ||
  source.state === 'off' ||
  // A failing source that has delivered facts is outdated, not missing.
  (source.state === 'failing' && source.asOf === null);

const lostOf = ({ id, state, asOf }: Gone, words: string): string =>
  state === 'denied' && asOf !== null ? (IN_PART[id] ?? words) : words;

/** What is lost without the source, as a sentence; null if nothing is, or only details. */
export function lostWith(source: Gone): string | null {
  const words = Object.hasOwn(LOST, source.id) ? LOST[source.id] : undefined;
  return words === undefined || !isGone(source) ? null : sentence(lostOf(source, words));
}

/** What is lost, in the order of the picture's levels. Sources with the same reason share a line. */
export function missingParts(sources: ReadonlyMap<string, SourceRecord>): readonly Missing[] {
  const lines = new Map<string, { source: SourceRecord; ids: string[]; lost: string[] }>();
  for (const [id, words] of Object.entries(LOST)) {
    const source = sources.get(id);
    if (source === undefined || !isGone(source)) continue;
    const lost = lostOf(source, words);
    const key = `${source.state} ${source.reason ?? ''}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { source, ids: [id], lost: [lost] });
    else {
      line.ids.push(id);
      line.lost.push(withinSentence(lost));
    }
  }
  return [...lines.values()].map(({ source, ids, lost }): Missing => {
    const why = `${ids.join(', ')}: ${WHY[source.state] ?? source.state}`;
    return {
      severity: source.state === 'failing' ? 'error' : 'warning',
      text: [lost.join('; '), why, source.reason ?? []].flat().map(sentence).join(' '),
    };
  });
}
