/**
 * The browser's copy of the record set, advanced by the same `apply` as the server's.
 *
 * Always: a delta is applied only to the version it was made from; anything else asks for the whole set again, so the
 * picture is never a mixture. Listeners run after the state is whole. No React, no network, no clock: those are handed in.
 */
import type { Delta, Frame } from '../model/delta';
import { TABLES, type ClusterInfo, type RecordMaps, type Table } from '../model/records';
import { createReplica } from '../records/replica';
import { addPending, lostPending, mustRefetch, nothingPending, type Pending } from './paused-changes';
import type { ClientState, Connection } from './client-state';

/** What a frame did. `stale`: the stream repeated what we have. `refetch`: the whole set must be fetched. */
export type Received = 'applied' | 'held' | 'stale' | 'refetch';

export interface ClientStore {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getState: () => ClientState;
  /** The whole set at a version. While paused it is shown all the same: it is the only one we have. */
  readonly reset: (set: { records: RecordMaps; cluster: ClusterInfo; epoch: string; version: number }) => void;
  readonly receive: (frame: Frame, receivedAt: number) => Received;
  readonly setConnection: (connection: Connection) => void;
  readonly pause: () => void;
  /** Shows what waited. Returns `refetch` when too much waited to be kept. */
  readonly resume: () => 'shown' | 'refetch';
  /** Where the stream must continue; while paused this is ahead of what is shown. Null before the first set. */
  readonly position: () => { readonly epoch: string; readonly version: number } | null;
}

const tableRevisions = (revision: number): Record<Table, number> =>
  Object.fromEntries(TABLES.map((table) => [table, revision])) as Record<Table, number>;

export function createClientStore(): ClientStore {
  const listeners = new Set<() => void>();
  let pending: Pending | null = null;
  let state: ClientState = {
    phase: 'loading',
    reason: null,
    retryAt: null,
    replica: createReplica(),
    epoch: '',
    version: 0,
    revision: 0,
    tableRevisions: tableRevisions(0),
    lastChange: { ids: new Set(), everything: true, at: null },
    paused: false,
    waiting: 0,
    ages: {},
    clockSkew: 0,
  };

  const set = (next: Partial<ClientState>): void => {
    state = { ...state, ...next };
    for (const listener of [...listeners]) listener();
  };

  const show = (delta: Delta): Partial<ClientState> => {
    const revision = state.revision + 1;
    const revisions = { ...state.tableRevisions };
    const ids = new Set<string>();
    for (const table of TABLES) {
      const change = delta.tables[table];
      if (change === undefined) continue;
      revisions[table] = revision;
      for (const record of change.put) ids.add(record.id);
      for (const patch of change.patch) ids.add(patch.id);
      for (const id of change.drop) ids.add(id);
    }
    state.replica.apply(delta.tables, delta.cluster);
    return {
      epoch: delta.epoch,
      version: delta.to,
      revision,
      tableRevisions: revisions,
      lastChange: { ids, everything: false, at: delta.at },
    };
  };

  const position = (): { epoch: string; version: number } | null =>
    state.revision === 0 ? null : { epoch: (pending ?? state).epoch, version: (pending ?? state).version };

  const receiveDelta = (delta: Delta, receivedAt: number): Received => {
    const at = position();
    if (at?.epoch !== delta.epoch) return lose(delta.epoch, delta.to);
    if (delta.to <= at.version) return 'stale';
    if (delta.from !== at.version) return lose(delta.epoch, delta.to);
    const clockSkew = delta.at - receivedAt;
    if (pending === null) {
      set({ ...show(delta), clockSkew });
      return 'applied';
    }
    pending = addPending(pending, delta);
    set({ waiting: pending.count, clockSkew });
    return 'held';
  };

  const lose = (epoch: string, version: number): Received => {
    if (pending === null) return 'refetch';
    pending = lostPending(pending, epoch, version);
    set({ waiting: pending.count });
    return 'held';
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getState: () => state,
    position,
    reset({ records, cluster, epoch, version }) {
      const revision = state.revision + 1;
      state.replica.reset(records, cluster);
      if (pending !== null) pending = nothingPending(epoch, version);
      set({
        epoch,
        version,
        revision,
        tableRevisions: tableRevisions(revision),
        lastChange: { ids: new Set(), everything: true, at: null },
        waiting: 0,
      });
    },
    receive(frame, receivedAt) {
      switch (frame.kind) {
        case 'delta':
          return receiveDelta(frame.delta, receivedAt);
        case 'reset':
          return lose(frame.epoch, frame.version);
        case 'heartbeat':
          set({ ages: frame.ages, clockSkew: frame.at - receivedAt });
          // A heartbeat of our epoch that is ahead of us is no gap: its version is committed and still on the way.
          return position()?.epoch === frame.epoch ? 'applied' : lose(frame.epoch, frame.version);
      }
    },
    setConnection(connection) {
      const same = (['phase', 'reason', 'retryAt'] as const).every((key) => state[key] === connection[key]);
      if (!same) set(connection);
    },
    pause() {
      if (pending !== null || state.revision === 0) return;
      pending = nothingPending(state.epoch, state.version);
      set({ paused: true, waiting: 0 });
    },
    resume() {
      if (pending === null) return 'shown';
      const held = pending;
      pending = null;
      const refetch = mustRefetch(held);
      set({ ...(held.delta === null ? {} : show(held.delta)), paused: false, waiting: 0 });
      return refetch ? 'refetch' : 'shown';
    },
  };
}
