/**
 * Values of every record, for views and panels; separate from the other hooks, because the first picture does not need
 * them.
 */
import { useCallback, useEffect, useMemo } from 'react';
import { useClient, useClientState } from './hooks';
import type { ChunkRecords } from './set/chunk';
import { ChunkPass, type PassResult } from './set/chunk-pass';

/**
 * A value of every chunk of the record set, a slice at a time. Once complete, changed chunks are read again at most once
 * per `restMs` milliseconds. `compute` must be stable.
 */
export function useChunkPass<R>(compute: (records: ChunkRecords) => R, restMs = 0): PassResult<R> {
  const { store } = useClient();
  const pass = useMemo(() => new ChunkPass(compute, store.touch), [compute, store]);
  useEffect(() => {
    let rest: ReturnType<typeof setTimeout> | null = null;
    let read: unknown = null;
    let isDue = false;
    const look = (): void => {
      const { replica } = store.getState();
      isDue = rest !== null && read === replica;
      if (isDue) return;
      if (rest !== null) clearTimeout(rest);
      rest = null;
      read = replica;
      pass.refresh(replica);
      if (pass.result.complete)
        rest = setTimeout(() => {
          rest = null;
          if (isDue) look();
        }, restMs);
    };
    look();
    const unsubscribe = store.subscribe(look);
    return () => {
      unsubscribe();
      if (rest !== null) clearTimeout(rest);
      pass.stop();
    };
  }, [pass, store, restMs]);
  return useClientState(useCallback(() => pass.result, [pass]));
}
