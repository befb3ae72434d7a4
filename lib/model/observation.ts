/**
 * What sources hand on: batches of observations. One batch is one version, so nobody sees half a relist.
 * Applying a batch twice changes nothing; sources commute.
 */
import type { FactByKind, FactKind } from './facts';
import type { ClusterInfo, SourceRecord } from './records';

export interface Upsert<K extends FactKind> {
  readonly op: 'upsert';
  readonly kind: K;
  readonly key: string;
  readonly fact: FactByKind[K];
}

export interface Remove {
  readonly op: 'remove';
  readonly kind: FactKind;
  readonly scope: string;
  readonly key: string;
  /** For Kubernetes objects: a late delete of an older object with the same name is ignored. Null where there is no uid. */
  readonly uid: string | null;
}

/**
 * Everything there is of one kind in one scope; what is not listed there is gone. `scope` tells apart several lists that
 * feed one kind (`kubernetes/deployments` and `kubernetes/daemonsets` both feed `workload`; one watch per event reason):
 * only facts that came in under the same scope are replaced.
 */
export interface ReplaceAll<K extends FactKind> {
  readonly op: 'replaceAll';
  readonly kind: K;
  readonly scope: string;
  readonly facts: readonly (readonly [key: string, fact: FactByKind[K]])[];
}

/**
 * The end of a list whose facts were sent before, one by one: what stands under no key of it is gone. Like `ReplaceAll`,
 * but for lists that nobody holds as a whole.
 */
export interface KeepOnly {
  readonly op: 'keepOnly';
  readonly kind: FactKind;
  readonly scope: string;
  /** Keys under which there may be no fact are allowed. */
  readonly keys: ReadonlySet<string>;
}

/** What a source says of itself. The figures of its record change every second and are measured beside it (`lag.ts`). */
export type SourceStatus = Pick<SourceRecord, 'id' | 'state' | 'asOf' | 'reason'>;

/** A source's health; the record set shows it as it stands. */
export interface Status {
  readonly op: 'status';
  readonly source: SourceStatus;
}

/** What is known of the cluster itself; fields that are absent stay as they are. */
export interface Cluster {
  readonly op: 'cluster';
  readonly cluster: Partial<ClusterInfo>;
}

type Each<F extends { readonly [K in FactKind]: unknown }> = F[FactKind];

export type Observation =
  | Each<{ [K in FactKind]: Upsert<K> & { readonly scope: string } }>
  | Remove
  | Each<{ [K in FactKind]: ReplaceAll<K> }>
  | KeepOnly
  | Status
  | Cluster;

export interface Batch {
  /** When the source learned it, in epoch milliseconds; passed on, never read from a clock in pure code. */
  readonly at: number;
  /** When the first of it was received; left out: at `at`. */
  readonly since?: number;
  readonly observations: readonly Observation[];
}
