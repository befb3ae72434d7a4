import { useClientState } from '../../lib/client/hooks';
import { absenceWords, isLimited } from '../../lib/view/rights-words';

/** Whether this visitor's rights are limited. */
export const useLimited = (): boolean => useClientState(({ replica }) => isLimited(replica.records.sources));

/** Why a record is missing, in words. */
export function useAbsence(): string {
  const isFile = useClientState((state) => state.isFile);
  return absenceWords(useLimited(), isFile);
}
