import { useCallback, useMemo } from 'react';
import type { ClientState } from '../../lib/client/client-state';
import { useClient, useClientState } from '../../lib/client/hooks';
import type { Table } from '../../lib/model/records';
import { useThrottled } from './useThrottled';

/** Interval in ms: figures that change more often cannot be read. */
const CALM_MS = 1_000;

/**
 * `useDerived` for values computed from every node or finding: computed at most once a second while these change.
 * `tables` and `compute` must be stable.
 */
export function useThrottledDerived<T>(tables: readonly Table[], compute: (state: ClientState) => T): T {
  const { store } = useClient();
  const stampOf = useCallback(
    ({ tableRevisions }: ClientState) => tables.map((table) => tableRevisions[table]).join('.'),
    [tables],
  );
  const stamp = useThrottled(useClientState(stampOf), CALM_MS);
  return useMemo(() => ({ stamp, value: compute(store.getState()) }), [store, stamp, compute]).value;
}
