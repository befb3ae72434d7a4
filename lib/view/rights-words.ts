/** What is said of something that is not there, to a visitor who sees everything and to one who does not. */
import { RIGHTS } from '../model/source-ids';
import type { SourceRecord } from '../model/records';

/** Whether this visitor does not see everything. */
export const isLimited = (sources: ReadonlyMap<string, SourceRecord>): boolean => {
  const rights = sources.get(RIGHTS);
  return rights !== undefined && rights.state !== 'live';
};

/** Why a record is not there. What may not be seen is told like what does not exist: its name would be an answer. */
export const absenceWords = (limited: boolean): string =>
  limited
    ? 'It does not exist, or you may not see it.'
    : 'It no longer exists, never did, or belongs to another cluster.';

/** Whose address it is that an unnamed pod holds. */
export const unnamedHolder = (limited: boolean): string =>
  limited ? 'assigned to a pod that is not known, or that you may not see' : 'assigned to a pod that is not known';
