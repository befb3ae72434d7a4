/**
 * The two roles of the server and all that they say to each other.
 *
 * **Collecting** reads the sources and derives records and findings; **serving** holds what it is told as versions and
 * answers everybody. Serving never waits for collecting: it is told. The two may share a thread, run in two, or in two
 * processes with another ifscope's stream between them.
 */
import type { Delta } from '../../model/delta';
import type { Ages, Lags } from '../../model/lag';
import type { ClusterInfo, RecordMaps } from '../../model/records';

/** What one commit changed: records, and the findings that follow from them. */
export interface Committed {
  readonly tables: Delta['tables'];
  /** Absent: as before. */
  readonly cluster?: ClusterInfo;
}

/** Figures of the collecting role for `/metrics`. */
export interface Figures {
  readonly ec2CallsLastMinute: number;
}

/** What the collecting role tells. Each call returns at once. */
export interface Serving {
  /** Everything anew: one version, and no way there from the one before. */
  readonly reset: (records: RecordMaps, cluster: ClusterInfo) => void;
  /** One version more. */
  readonly commit: (change: Committed) => void;
  /** All ages, since at least one is new. Ages make no version: they change with every answer. */
  readonly ages: (ages: Ages) => void;
  /** How far behind every source is, since some figure is new. Makes no version either. */
  readonly lags: (lags: Lags) => void;
  /** The sources run. Without those of `required` (ids) nothing can be drawn. */
  readonly started: (required: readonly string[]) => void;
  readonly figures: (figures: Figures) => void;
  /** The clock by which the records are dated is this many milliseconds ahead of ours. */
  readonly skew: (ms: number) => void;
}

/** What may be asked of the collecting role. */
export interface Collecting {
  /** Reads the file or starts the sources. Throws a `Problem` when the file or configuration cannot be used. */
  readonly start: () => Promise<void>;
  /** Finishes what waits and judges what is due, where both roles share a thread. */
  readonly settle: () => void;
  /** Ends every source. Nothing is told afterwards. */
  readonly stop: () => Promise<void>;
}
