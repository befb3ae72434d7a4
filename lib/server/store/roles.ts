/**
 * The two roles of the server and their complete interface.
 *
 * **Collecting** reads the sources and derives records and findings; **serving** stores what it receives as versions
 * and answers all requests. Serving never waits for collecting. The two may share a thread, or run in two threads, or
 * in two processes connected by another ifscope's stream.
 */
import type { Delta } from '../../model/delta';
import type { Ages, Lags } from '../../model/lag';
import type { ClusterInfo, RecordMaps } from '../../model/records';

/** The content of one commit: changed records and the resulting findings. */
export interface Committed {
  readonly tables: Delta['tables'];
  /** Absent: unchanged. */
  readonly cluster?: ClusterInfo;
}

/** Figures of the collecting role for `/metrics`. */
export interface Figures {
  readonly ec2CallsLastMinute: number;
}

/** The messages of the collecting role. Each call returns immediately. */
export interface Serving {
  /** Replaces everything: one version that no delta leads to. */
  readonly reset: (records: RecordMaps, cluster: ClusterInfo) => void;
  /** Adds one version. */
  readonly commit: (change: Committed) => void;
  /** All ages; called when at least one is new. Ages make no version, because they change with every answer. */
  readonly ages: (ages: Ages) => void;
  /** All lags; called when one is new. They make no version either. */
  readonly lags: (lags: Lags) => void;
  /** The sources are running. `required`: ids of the sources that every picture needs. */
  readonly started: (required: readonly string[]) => void;
  readonly figures: (figures: Figures) => void;
  /** The clock that dates the records is this many milliseconds ahead of ours. */
  readonly skew: (ms: number) => void;
}

/** The operations of the collecting role. */
export interface Collecting {
  /** Reads the file or starts the sources. Throws a `Problem` for an invalid file or configuration. */
  readonly start: () => Promise<void>;
  /** Finishes pending work and due findings, if both roles share a thread. */
  readonly settle: () => void;
  /** Stops every source. Nothing is sent afterwards. */
  readonly stop: () => Promise<void>;
}
