/** Texts about missing records, for visitors with and without rights to everything. */
import { RIGHTS } from '../model/source-ids';
import type { SourceRecord } from '../model/records';

/** Whether this visitor's rights are limited. */
export const isLimited = (sources: ReadonlyMap<string, SourceRecord>): boolean => {
  const rights = sources.get(RIGHTS);
  return rights !== undefined && rights.state !== 'live';
};

/**
 * Why a record is missing. A hidden record has the same text as a non-existent one, because confirming its name would
 * reveal it. `isFile`: whether the page shows a file, to which nothing is added.
 */
export function absenceWords(limited: boolean, isFile: boolean): string {
  if (isFile) return 'The file does not contain it.';
  const why = limited
    ? 'It does not exist, or you may not see it.'
    : 'It no longer exists, never did, or belongs to another cluster.';
  return `${why} It appears here if it is created again.`;
}

/** The holder of an address whose pod is not named. */
export const unnamedHolder = (limited: boolean): string =>
  limited ? 'assigned to a pod that is not known, or that you may not see' : 'assigned to a pod that is not known';
