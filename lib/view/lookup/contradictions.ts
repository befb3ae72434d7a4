/**
 * Contradictory facts about an address or a MAC (docs/contradictions.md): a look-up shows each of them as if it were
 * right.
 */
import type { Replica } from '../../records/replica';
import { recordsOf } from '../view-source';
import type { Hit } from './answer';

/** The rules that report one of these contradictions. */
export const CONTRADICTIONS: ReadonlySet<string> = new Set([
  'duplicate-address',
  'duplicate-mac',
  'pod-address-not-on-node',
  'pod-on-primary-address',
  'address-not-on-eni',
  'address-in-ipamd-pool',
  'network-subnet-mismatch',
  'requested-not-honoured',
  'claim-status-mismatch',
]);

/** What the findings say about the hits, each once; null without one. */
export function contradictionNote({ records, indexes }: Replica, hits: readonly Hit[]): string | null {
  const said = hits.flatMap(({ id }) =>
    recordsOf(indexes.findingsBySubject, id, records.findings)
      .filter(({ rule, subjects }) => CONTRADICTIONS.has(rule) && subjects[0] === id)
      .map(({ severity, rule, detail }) => `${severity} ${rule}: ${detail}`),
  );
  return said.length === 0 ? null : [...new Set(said)].join(' ');
}
