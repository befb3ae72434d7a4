import { useClientState } from '../../lib/client/hooks';
import { isLimited } from '../../lib/view/rights-words';

/** Whether this visitor's rights are limited. */
export const useLimited = (): boolean => useClientState(({ replica }) => isLimited(replica.records.sources));
