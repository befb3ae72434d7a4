/**
 * React's only door to the store and to the address bar. Each hook is one `useSyncExternalStore`; a component renders
 * again only when what it selected is another value, so a delta of one pod touches one row and one panel.
 */
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react';
import type { RecordByTable, Table } from '../model/records';
import { memoByTables } from './derived';
import type { PageLocation } from './location';
import type { ClientState } from './state';
import type { ClientStore } from './store';
import type { Stream } from './stream';
import type { PageState } from './url';

export interface Client {
  readonly store: ClientStore;
  readonly location: PageLocation;
  readonly stream: () => Stream | null;
}

export const ClientContext = createContext<Client | null>(null);

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('no client around this component');
  return client;
}

/** `select` must give the same value while nothing it reads changed: a primitive, a record, or part of the state. */
export function useClientState<T>(select: (state: ClientState) => T): T {
  const { store } = useClient();
  const snapshot = (): T => select(store.getState());
  return useSyncExternalStore(store.subscribe, snapshot, snapshot);
}

export function useRecord<T extends Table>(table: T, id: string | null): RecordByTable[T] | null {
  return useClientState((state) => (id === null ? null : (state.replica.records[table].get(id) ?? null)));
}

/** Computes again only when one of the tables changed. `tables` and `compute` must be stable (constants, `useCallback`). */
export function useDerived<T>(tables: readonly Table[], compute: (state: ClientState) => T): T {
  const select = useMemo(() => memoByTables(tables, compute), [tables, compute]);
  return useClientState(select);
}

export function useCount(table: Table): number {
  return useClientState((state) => state.replica.records[table].size);
}

export function usePageState<T>(select: (state: PageState) => T): T {
  const { location } = useClient();
  const snapshot = (): T => select(location.getState());
  return useSyncExternalStore(location.subscribe, snapshot, snapshot);
}

/** Opens records in the details panel. `open` starts a new stack, `push` keeps the way back. */
export function useSelect(): {
  readonly open: (id: string | null) => void;
  readonly push: (id: string) => void;
  readonly back: () => void;
  readonly close: () => void;
} {
  const { location } = useClient();
  const open = useCallback((id: string | null) => location.go({ selection: id === null ? [] : [id] }), [location]);
  const push = useCallback(
    (id: string) => {
      const { selection } = location.getState();
      const known = selection.indexOf(id);
      location.go({ selection: known < 0 ? [...selection, id] : selection.slice(0, known + 1) });
    },
    [location],
  );
  const back = useCallback(() => location.go({ selection: location.getState().selection.slice(0, -1) }), [location]);
  const close = useCallback(() => location.go({ selection: [] }), [location]);
  return useMemo(() => ({ open, push, back, close }), [open, push, back, close]);
}

/** The server's clock, coarse: it ticks every `everyMs`, for ages in words. */
export function useServerNow(everyMs = 1000): number {
  const { store } = useClient();
  const subscribe = useCallback(
    (listener: () => void) => {
      const timer = setInterval(listener, everyMs);
      return () => clearInterval(timer);
    },
    [everyMs],
  );
  const tick = useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / everyMs),
    () => 0,
  );
  return tick * everyMs + store.getState().clockSkew;
}
