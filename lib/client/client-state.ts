/**
 * What the page knows of the server: the record set, its freshness, and the number of changes waiting while paused.
 *
 * A `ClientState` is a new object after every change, so one comparison shows whether anything happened. The replica in
 * it is one mutable object until the next full set; its records are immutable, so one comparison per record shows
 * whether that record changed.
 */
import type { Connection } from '../follow/follower';
import type { Ages, Lags } from '../model/lag';
import type { EniRecord, FindingRecord, InterfaceRecord, Table } from '../model/records';
import type { Replica } from '../records/replica';
import type { ChunkedReplica } from './set/chunked-replica';

/** The page's record set; empty before the first one arrives. */
export type PageReplica = Pick<Replica, 'records' | 'cluster' | 'indexes' | 'apply'> &
  Partial<Pick<ChunkedReplica, 'partial' | 'chunks' | 'read' | 'takeBefore' | 'isHeld'>> & {
    /** The muted findings, which are left out of it. */
    readonly muted?: ReadonlyMap<string, FindingRecord>;
  };

/** The records changed by the last applied delta; a reset changes everything. */
export interface LastChange {
  readonly ids: ReadonlySet<string>;
  readonly everything: boolean;
  /** Previous states of the ENIs and interfaces that were held as records. */
  readonly before: ReadonlyMap<string, EniRecord | InterfaceRecord>;
  /** Server clock at commit, epoch ms; null for a reset. */
  readonly at: number | null;
}

/** A snapshot of the client's state. */
export interface ClientState extends Connection {
  readonly replica: PageReplica;
  /** Whether a file opened on this page is shown instead of a cluster. */
  readonly isFile: boolean;
  readonly epoch: string;
  /** The version of the replica; while paused, the server is ahead. */
  readonly version: number;
  /** Incremented by every applied delta and reset. 0: nothing loaded yet. */
  readonly revision: number;
  /** The revision at which each table last changed. */
  readonly tableRevisions: Readonly<Record<Table, number>>;
  readonly lastChange: LastChange;
  readonly paused: boolean;
  /** Number of records that differ from the shown ones, while paused. */
  readonly waiting: number;
  /** asOf per source id, from heartbeats; newer than the source records. */
  readonly ages: Ages;
  /** Lags of sources, from heartbeats; no record contains them. */
  readonly lags: Lags;
  /** Server clock minus browser clock in ms, from the newest frame; 0 before the first. */
  readonly clockSkew: number;
}
