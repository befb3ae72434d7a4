/** What sources produce: batches of observations, each applied as one version. Batches are idempotent; those of two sources commute. */
import type { FactByKind, FactKind } from './facts';
import type { ClusterInfo, SourceRecord } from './records';

/** A fact is new or has changed. */
export interface Upsert<K extends FactKind> {
  readonly op: 'upsert';
  readonly kind: K;
  readonly key: string;
  readonly fact: FactByKind[K];
}

/** A fact is gone. */
export interface Remove {
  readonly op: 'remove';
  readonly kind: FactKind;
  readonly scope: string;
  readonly key: string;
  /** The removed object's uid: a late delete of an older object with the same name is ignored. Null where there is none. */
  readonly uid: string | null;
}

/**
 * The complete list of one kind in one scope: facts not listed are gone. `scope` distinguishes lists that feed the same
 * kind (`kubernetes/deployments` and `kubernetes/daemonsets` both feed `workload`; each event reason has its own
 * watch): only facts received under the same scope are replaced.
 */
export interface ReplaceAll<K extends FactKind> {
  readonly op: 'replaceAll';
  readonly kind: K;
  readonly scope: string;
  readonly facts: readonly (readonly [key: string, fact: FactByKind[K]])[];
}

/** The end of a list sent in portions: facts under other keys are gone. Like `ReplaceAll`, for lists never held in memory as a whole. */
export interface KeepOnly {
  readonly op: 'keepOnly';
  readonly kind: FactKind;
  readonly scope: string;
  /** May contain keys without a fact. */
  readonly keys: ReadonlySet<string>;
}

/** What a source reports about itself. The figures of its record change every second and are measured separately (`lag.ts`). */
export type SourceStatus = Pick<SourceRecord, 'id' | 'state' | 'asOf' | 'reason'>;

/** A source's health, which becomes its source record. */
export interface Status {
  readonly op: 'status';
  readonly source: SourceStatus;
}

/** What is known about the cluster itself; absent fields stay as they are. */
export interface Cluster {
  readonly op: 'cluster';
  readonly cluster: Partial<ClusterInfo>;
}

type Each<F extends { readonly [K in FactKind]: unknown }> = F[FactKind];

/** One thing that a source learned. `kind` and the type of the fact go together. */
export type Observation =
  | Each<{ [K in FactKind]: Upsert<K> & { readonly scope: string } }>
  | Remove
  | Each<{ [K in FactKind]: ReplaceAll<K> }>
  | KeepOnly
  | Status
  | Cluster;

/** Observations that are applied together. */
export interface Batch {
  /** When the source learned it, epoch milliseconds. Pure code takes the time from here and never reads a clock. */
  readonly at: number;
  /** When its first part was received, epoch milliseconds; absent: at `at`. */
  readonly since?: number;
  readonly observations: readonly Observation[];
}
