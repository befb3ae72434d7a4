/** The result of a check, independent of the output format. */
import type { ClusterInfo, FindingRecord } from '../../model/records';
import type { Silence } from '../../findings/report';

/** The result of a check. */
export interface Checked {
  readonly cluster: ClusterInfo;
  /** Worst first. */
  readonly findings: readonly FindingRecord[];
  /** Rules that did not run. */
  readonly silent: readonly Silence[];
  /** Ids of the requested rules; empty: all. */
  readonly only: readonly string[];
  /** Whether a finding is severe enough to fail the check. */
  readonly fails: (finding: FindingRecord) => boolean;
}
