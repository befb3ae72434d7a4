/**
 * The browser's copy of the record set, updated by the same `apply` as the server's.
 *
 * A delta is applied only to the version it was made from; any other delta causes a load of the full set, so the page
 * never shows a mixture. Listeners run after the state is complete. No React, network or clock: those are passed in.
 */
import type { Delta, Frame } from '../model/delta';
import { TABLES, type Table } from '../model/records';
import { createReplica } from '../records/replica';
import { CHUNK_TABLES } from '../snapshot/keyframe/format';
import type { Connection, Followed, Position, Received } from '../follow/follower';
import { createListeners } from './cell';
import type { ClientState, LastChange, PageReplica } from './client-state';
import { addPending, lostPending, mustRefetch, nothingPending, type Pending } from './paused-changes';

type ShownSet = Position & { readonly replica: PageReplica; readonly isFile?: boolean };

/** The part of a record set that is shown. */
type View = (replica: PageReplica) => PageReplica;

/** Called before every change of the record set. */
export interface ChangeListener {
  readonly delta: (replica: PageReplica, delta: Delta) => void;
  /** Another set is shown; the changes from the previous one are not known. */
  readonly reset: () => void;
}

const revisionsAt = (revision: number): Record<Table, number> =>
  Object.fromEntries(TABLES.map((table) => [table, revision])) as Record<Table, number>;

const EVERYTHING: LastChange = { ids: new Set(), everything: true, before: new Map(), at: null };
const NOTHING: LastChange = { ids: new Set(), everything: false, before: new Map(), at: null };

/** Changes kept for readers that have skipped revisions. */
const MAX_RECENT = 32;

/** One change with the records of both; previous states are those before the first. */
const together = (first: LastChange, second: LastChange): LastChange =>
  first.everything || second.everything
    ? EVERYTHING
    : {
        ids: first.ids.union(second.ids),
        everything: false,
        before: new Map([...second.before, ...first.before]),
        at: second.at,
      };

/** Revisions of the tables that arrive in chunks. */
const arrivingAt = (revision: number): Partial<Record<Table, number>> =>
  Object.fromEntries(CHUNK_TABLES.map((table) => [table, revision]));

const firstState = (): ClientState => ({
  phase: 'loading',
  reason: null,
  replica: createReplica(),
  isFile: false,
  epoch: '',
  version: 0,
  revision: 0,
  tableRevisions: revisionsAt(0),
  lastChange: EVERYTHING,
  paused: false,
  waiting: 0,
  ages: {},
  lags: {},
  clockSkew: 0,
});

/** Applies a delta to the state's replica and returns the other changes of the state. */
function applied(state: ClientState, delta: Delta, listener: ChangeListener | null): Partial<ClientState> {
  const { epoch, to, at, tables, cluster } = delta;
  listener?.delta(state.replica, delta);
  const revision = state.revision + 1;
  const tableRevisions = { ...state.tableRevisions };
  const ids = new Set<string>();
  for (const table of TABLES) {
    const change = tables[table];
    if (change === undefined) continue;
    tableRevisions[table] = revision;
    for (const { id } of [...change.put, ...change.patch]) ids.add(id);
    for (const id of change.drop) ids.add(id);
  }
  state.replica.apply(tables, cluster);
  const before = state.replica.takeBefore?.() ?? new Map<string, never>();
  return { epoch, version: to, revision, tableRevisions, lastChange: { ids, everything: false, before, at } };
}

/** The store of one tab. */
export class ClientStore implements Followed<ShownSet> {
  readonly #listeners = createListeners();
  /** The newest changes, one per revision, oldest first. */
  readonly #recent: LastChange[] = [];
  #state = firstState();
  /** The record set that `state.replica` is a view of. */
  #whole: PageReplica = this.#state.replica;
  #view: View = (replica) => replica;
  #listener: ChangeListener | null = null;
  /** Changes that arrived while paused; null while not paused. */
  #pending: Pending | null = null;

  readonly subscribe = this.#listeners.subscribe;

  readonly getState = (): ClientState => this.#state;

  /** The position up to which frames were received; while paused, it is ahead of the shown version. */
  readonly position = (): Position | null => {
    const { epoch, version } = this.#pending ?? this.#state;
    return this.#state.revision === 0 ? null : { epoch, version };
  };

  /** Replaces the set. It is shown even while paused, because there is no other. */
  readonly reset = ({ replica: whole, epoch, version, isFile = false }: ShownSet): void => {
    const revision = this.#state.revision + 1;
    if (this.#pending !== null) this.#pending = nothingPending(epoch, version);
    const tableRevisions = revisionsAt(revision);
    this.#listener?.reset();
    this.#whole = whole;
    const replica = this.#view(whole);
    // The measurements of the live sources say nothing about those of a file.
    const measured = isFile ? { ages: {}, lags: {} } : {};
    const shown = { replica, isFile, epoch, version, revision, tableRevisions, ...measured };
    this.#set({ ...shown, lastChange: EVERYTHING, waiting: 0 });
  };

  /** Applies a view to every record set from now on. */
  readonly showBy = (view: View): void => {
    this.#view = view;
    const revision = this.#state.revision;
    // There is nothing to show before the first set.
    if (revision === 0) return;
    const tableRevisions = revisionsAt(revision + 1);
    this.#set({ replica: view(this.#whole), revision: revision + 1, tableRevisions, lastChange: EVERYTHING });
  };

  readonly listen = (listener: ChangeListener): void => void (this.#listener = listener);

  /** Notifies the listeners that something derived from the state has changed. */
  readonly touch = (): void => this.#set({});

  readonly arrived = (): void => {
    const revision = this.#state.revision + 1;
    const tableRevisions = { ...this.#state.tableRevisions, ...arrivingAt(revision) };
    this.#set({ revision, tableRevisions, lastChange: NOTHING });
  };

  readonly receive = (frame: Frame, receivedAt: number): Received => {
    switch (frame.kind) {
      case 'delta':
        return this.#receiveDelta(frame.delta, receivedAt);
      case 'reset':
        return this.#lose(frame.epoch, frame.version);
      case 'heartbeat':
        this.#set({ ages: frame.ages, lags: frame.lags, clockSkew: frame.at - receivedAt });
        // A heartbeat of our epoch with a later version is not a gap: that version is committed and still in transit.
        return this.position()?.epoch === frame.epoch ? 'applied' : this.#lose(frame.epoch, frame.version);
    }
  };

  readonly setConnection = (connection: Connection): void => {
    if (connection.phase !== this.#state.phase || connection.reason !== this.#state.reason) this.#set(connection);
  };

  readonly pause = (): void => {
    const { revision, epoch, version } = this.#state;
    if (this.#pending !== null || revision === 0) return;
    this.#pending = nothingPending(epoch, version);
    this.#set({ paused: true, waiting: 0 });
  };

  /** Shows the waiting changes. Returns `refetch` if there were too many to keep. */
  readonly resume = (): 'shown' | 'refetch' => {
    const pending = this.#pending;
    if (pending === null) return 'shown';
    this.#pending = null;
    const change = pending.delta === null ? {} : applied(this.#state, pending.delta, this.#listener);
    this.#set({ ...change, paused: false, waiting: 0 });
    return mustRefetch(pending) ? 'refetch' : 'shown';
  };

  /** The changes after a revision, for readers that skip revisions: two frames may arrive before the page renders. */
  readonly changesSince = (revision: number): LastChange => {
    const from = this.#recent.length - (this.#state.revision - revision);
    return from < 0 ? EVERYTHING : this.#recent.slice(from).reduce(together, NOTHING);
  };

  #set(change: Partial<ClientState>): void {
    this.#state = { ...this.#state, ...change };
    if (change.lastChange !== undefined) {
      this.#recent.push(change.lastChange);
      if (this.#recent.length > MAX_RECENT) this.#recent.shift();
    }
    this.#listeners.tell();
  }

  #receiveDelta(delta: Delta, receivedAt: number): Received {
    const at = this.position();
    if (at?.epoch !== delta.epoch) return this.#lose(delta.epoch, delta.to);
    if (delta.to <= at.version) return 'stale';
    if (delta.from !== at.version) return this.#lose(delta.epoch, delta.to);
    const clockSkew = delta.at - receivedAt;
    if (this.#pending === null) {
      this.#set({ ...applied(this.#state, delta, this.#listener), clockSkew });
      return 'applied';
    }
    this.#pending = addPending(this.#pending, delta);
    this.#set({ waiting: this.#pending.count, clockSkew });
    return 'held';
  }

  #lose(epoch: string, version: number): Received {
    if (this.#pending === null) return 'refetch';
    this.#pending = lostPending(this.#pending, epoch, version);
    this.#set({ waiting: this.#pending.count });
    return 'held';
  }
}
