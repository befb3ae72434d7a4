/** What a check found, for whatever it is printed as. */
import type { ClusterInfo, FindingRecord } from '../../model/records';
import type { Silence } from '../../findings/report';

export interface Checked {
  readonly cluster: ClusterInfo;
  /** Worst first. */
  readonly findings: readonly FindingRecord[];
  /** Rules that did not run. */
  readonly silent: readonly Silence[];
  /** Ids of the rules that were asked for; empty: all. */
  readonly only: readonly string[];
  /** Whether a finding is bad enough to fail the check. */
  readonly fails: (finding: FindingRecord) => boolean;
}
