/**
 * What sources send: batches of observations, each applied as one version. Batches are idempotent; batches of two sources
 * commute.
 */
import type { FactByKind, FactKind } from './facts';
import type { ClusterInfo, SourceRecord } from './records';

/** A fact was added or changed. */
export interface Upsert<K extends FactKind> {
  readonly op: 'upsert';
  readonly kind: K;
  readonly key: string;
  readonly fact: FactByKind[K];
}

/** A fact was removed. */
export interface Remove {
  readonly op: 'remove';
  readonly kind: FactKind;
  readonly scope: string;
  readonly key: string;
  /** The removed object's uid: a late delete of an older object with the same name is ignored. Null if there is none. */
  readonly uid: string | null;
}

/**
 * The complete list of one kind in one scope: facts that are not listed are removed. `scope` distinguishes lists that feed
 * the same kind (`kubernetes/deployments` and `kubernetes/daemonsets` both feed `workload`; each event reason has its own
 * watch): only facts received under the same scope are replaced.
 */
export interface ReplaceAll<K extends FactKind> {
  readonly op: 'replaceAll';
  readonly kind: K;
  readonly scope: string;
  readonly facts: readonly (readonly [key: string, fact: FactByKind[K]])[];
}

/**
 * The end of a list that is sent in portions: facts under other keys are removed. Like `ReplaceAll`, for lists that are
 * never held in memory as a whole.
 */
export interface KeepOnly {
  readonly op: 'keepOnly';
  readonly kind: FactKind;
  readonly scope: string;
  /** May contain keys without a fact. */
  readonly keys: ReadonlySet<string>;
}

/** A source's report about itself. The figures of its record change every second and are measured separately (`lag.ts`). */
export type SourceStatus = Pick<SourceRecord, 'id' | 'state' | 'asOf' | 'reason'> &
  Partial<Pick<SourceRecord, 'partial'>>;

/** A source's health, which becomes its source record. */
export interface Status {
  readonly op: 'status';
  readonly source: SourceStatus;
}

/** What is known about the cluster itself; absent fields remain unchanged. */
export interface Cluster {
  readonly op: 'cluster';
  readonly cluster: Partial<ClusterInfo>;
}

type Each<F extends { readonly [K in FactKind]: unknown }> = F[FactKind];

/** One observation of a source. `kind` determines the type of the fact. */
export type Observation =
  | Each<{ [K in FactKind]: Upsert<K> & { readonly scope: string } }>
  | Remove
  | Each<{ [K in FactKind]: ReplaceAll<K> }>
  | KeepOnly
  | Status
  | Cluster;

/** Observations that are applied together. */
export interface Batch {
  /** When the source received it, epoch milliseconds. Pure code takes the time from here and never reads a clock. */
  readonly at: number;
  /** When its first part was received, epoch milliseconds; absent if equal to `at`. */
  readonly since?: number;
  /** Whether it was read from files: nobody watches what happens after it. */
  readonly isFromFiles?: boolean;
  readonly observations: readonly Observation[];
}
