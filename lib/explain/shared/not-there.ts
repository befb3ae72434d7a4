/**
 * The answer about a name without a record: a source that was not read may have it, and a deleted object may have left
 * Events.
 */
import type { SourceId } from '../../model/source-id';
import { ENIS, NADS, NODES, PODS, SUBNETS } from '../../model/source-ids';
import type { Replica } from '../../records/replica';
import { eventsNaming, workloadEvents } from '../../view/lookup/events-naming';
import { unsureOf } from '../../view/lookup/unsure';
import type { SubjectKind } from './subject-kinds';

const SOURCES: Partial<Record<SubjectKind | 'cluster', SourceId>> = {
  pod: PODS,
  interface: PODS,
  node: NODES,
  eni: ENIS,
  subnet: SUBNETS,
  network: NADS,
};

/** What is `said` about the names, the sources that are not live and could know it, and the Events about it. */
export function notThere(
  replica: Replica,
  kinds: readonly (SubjectKind | 'cluster')[],
  names: readonly string[],
  said: string,
): string {
  const sources = [...new Set(kinds.flatMap((kind) => SOURCES[kind] ?? []))];
  return [
    said,
    ...names
      .flatMap((name) => [...eventsNaming(replica, name), ...workloadEvents(replica, name)])
      .map((event) => `event ${event}`),
    ...unsureOf(replica.records.sources, sources).map((line) => `not certain: ${line}`),
  ].join('; ');
}
