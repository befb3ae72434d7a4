/**
 * Values of every record, for views and panels; separate from the other hooks, because the first picture does not need
 * them.
 */
import { useCallback, useEffect, useMemo } from 'react';
import { useClient, useClientState } from './hooks';
import type { ChunkRecords } from './set/chunk';
import { ChunkPass, type PassResult } from './set/chunk-pass';

/** A value of every chunk of the record set, a slice at a time. `compute` must be stable. */
export function useChunkPass<R>(compute: (records: ChunkRecords) => R): PassResult<R> {
  const { store } = useClient();
  const pass = useMemo(() => new ChunkPass(compute, store.touch), [compute, store]);
  useEffect(() => {
    const look = (): void => pass.refresh(store.getState().replica);
    look();
    const unsubscribe = store.subscribe(look);
    return () => {
      unsubscribe();
      pass.stop();
    };
  }, [pass, store]);
  return useClientState(useCallback(() => pass.result, [pass]));
}
