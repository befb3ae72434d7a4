import { useMemo } from 'react';
import { capacityOf, partsOf } from '../../lib/capacity/capacity';
import type { Reckoning } from '../../lib/capacity/reckon';
import { useChunkPass, useClient, useClientState } from '../../lib/client/hooks';
import { useCalm } from './useCalm';

/** How often it follows a cluster that lives, in ms. */
const CALM_MS = 2000;

/** What a what-if is reckoned from; null while the record set is loading. */
export function useReckoning(): Reckoning | null {
  const { store } = useClient();
  const read = useCalm(useChunkPass(partsOf), CALM_MS);
  const revision = useCalm(
    useClientState((state) => state.revision),
    CALM_MS,
  );
  // The replica is one mutable object: its revision says when it is another one.
  const { of } = useMemo(
    () => ({ of: capacityOf(store.getState().replica, read.values), revision }),
    [store, read.values, revision],
  );
  return read.complete ? of : null;
}
