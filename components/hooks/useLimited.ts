import { useClientState } from '../../lib/client/hooks';
import { isLimited } from '../../lib/view/rights-words';

/** Whether this visitor does not see everything. */
export const useLimited = (): boolean => useClientState(({ replica }) => isLimited(replica.records.sources));
