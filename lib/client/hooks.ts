/**
 * React's only access to the store and to the URL. Each hook is one `useSyncExternalStore`; a component renders again
 * only if the selected value changes, so a delta of one pod affects one row and one panel.
 */
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react';
import type { Level } from '../layout/rack/level';
import type { RecordByTable, Table } from '../model/records';
import { idParts } from '../model/ids';
import { shortName, type CommonName } from '../view/node-names';
import type { FilterResult } from '../view/filter';
import type { NetworkRanks } from '../view/network-colours';
import type { Cell } from './cell';
import { memoByTables } from './derived';
import type { BrowserClient } from './browser';
import type { Reveal } from './reveal';
import { readEntry } from '../view/selection';
import type { ClientState } from './client-state';
import type { PageState } from '../view/page-state';

/** The client of the page; null outside it. */
export const ClientContext = createContext<BrowserClient | null>(null);

/** The client from the context. Throws outside `ClientContext`. */
export function useClient(): BrowserClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('no client around this component');
  return client;
}

/**
 * Selects from the state. `select` must return the same value while nothing it reads has changed: a primitive, a
 * record, or part of the state.
 */
export function useClientState<T>(select: (state: ClientState) => T): T {
  const { store } = useClient();
  const snapshot = (): T => select(store.getState());
  return useSyncExternalStore(store.subscribe, snapshot, snapshot);
}

/** The current record; null without one. */
export function useRecord<T extends Table>(table: T, id: string | null): RecordByTable[T] | null {
  return useClientState((state) => (id === null ? null : (state.replica.records[table].get(id) ?? null)));
}

/**
 * Recomputes only if one of the tables has changed. `tables` and `compute` must be stable (constants, `useCallback`).
 */
export function useDerived<T>(tables: readonly Table[], compute: (state: ClientState) => T): T {
  const select = useMemo(() => memoByTables(tables, compute), [tables, compute]);
  return useClientState(select);
}

/** The colours of the networks. */
export function useRanks(): NetworkRanks {
  return useClientState(useClient().ranks);
}

/** A part of the page's state. `select` must be stable as for `useClientState`. */
export function usePageState<T>(select: (state: PageState) => T): T {
  const { location } = useClient();
  const snapshot = (): T => select(location.getState());
  return useSyncExternalStore(location.subscribe, snapshot, snapshot);
}

/** Opens records in the details panel. */
export interface Select {
  /** Starts a new stack; null closes the panel. */
  readonly open: (entry: string | null) => void;
  /** Adds to the stack, or returns to the record if it is already in it. */
  readonly push: (entry: string) => void;
  /** Replaces the top of the stack with another part of the same record. */
  readonly replaceTop: (entry: string) => void;
  readonly back: () => void;
  readonly close: () => void;
  /** Opens it and moves the picture to it, from any view. */
  readonly show: (entry: string) => void;
}

/** Opens and closes records in the details panel. */
export function useSelect(): Select {
  const { location, revealer } = useClient();
  return useMemo(
    () => ({
      open: (entry) => location.go({ selection: entry === null ? [] : [entry] }),
      push: (entry) => {
        const { selection } = location.getState();
        const known = selection.indexOf(entry);
        location.go({ selection: known < 0 ? [...selection, entry] : selection.slice(0, known + 1) });
      },
      replaceTop: (entry) => location.go({ selection: [...location.getState().selection.slice(0, -1), entry] }),
      back: () => location.go({ selection: location.getState().selection.slice(0, -1) }),
      close: () => location.go({ selection: [] }),
      show: (entry) => {
        location.go({ view: 'topology', focus: null, selection: [entry], sort: '' });
        revealer.set({ to: 'record', id: readEntry(entry)?.id ?? entry });
      },
    }),
    [location, revealer],
  );
}

/** The current value. */
export const useCell = <T>({ subscribe, get }: Omit<Cell<T>, 'set'>): T => useSyncExternalStore(subscribe, get, get);

/** The latest request to bring something into view; null when there was none. */
export const useReveal = (): Reveal | null => useCell(useClient().revealer);

/** The level of detail of the picture on the page; null without one. */
export const useLevel = (): Level | null => useCell(useClient().level);

/** When the file that the page shows was taken, epoch ms; NaN if that is not known, null for a live cluster. */
export const FileMomentContext = createContext<number | null>(null);

/**
 * The server's clock in epoch ms, updated every `everyMs`, for ages. A file is always shown as of the time it was
 * taken.
 */
export function useServerNow(everyMs = 1000): number {
  const { store } = useClient();
  const moment = useContext(FileMomentContext);
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
  return moment ?? tick * everyMs + store.getState().clockSkew;
}

/** Node names without the shared part, as in the picture: `…1-17`. */
export function useNodeName(): (node: string) => string {
  const common = useClientState(useClient().common);
  return useCallback(
    (node: string) => {
      const { text, stripped } = shortName(idParts(node)[0] ?? node, common);
      return stripped ? `…${text}` : text;
    },
    [common],
  );
}

/** The part that all node names share; null without one. */
export function useCommonName(): CommonName | null {
  return useClientState(useClient().common);
}

/** The result of the filter, computed once for all components; null without a filter, and for an invalid one. */
export function useFilterResult(): FilterResult | null {
  const { filtered } = useClient();
  return useClientState((state) => filtered(state).result);
}

/** Why the filter is invalid, in one line; null for a valid one. */
export function useFilterProblem(): string | null {
  const { filtered } = useClient();
  return useClientState((state) => filtered(state).problem);
}

/** Changes the page's state and its URL. */
export function useGo(): (change: Partial<PageState>) => void {
  return useClient().location.go;
}
