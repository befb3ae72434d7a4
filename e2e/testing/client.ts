/** Small record sets and deltas for the client's own tests. */
import type { Delta, Frame } from '../../lib/model/delta';
import type { ClusterInfo, PodRecord } from '../../lib/model/records';
import { aPod } from './records';

export { recordMaps } from './records';

export const CLUSTER: ClusterInfo = {
  name: 'test',
  kubernetesVersion: '1.34',
  region: null,
  vpcId: null,
  demo: false,
};

export const pod = (name: string, change: Partial<PodRecord> = {}): PodRecord => aPod('core', name, change);

/** A delta of one step from a version, that puts and drops pods. */
export const podDelta = (
  from: number,
  put: readonly PodRecord[],
  drop: readonly string[] = [],
  epoch = 'e1',
): Delta => ({
  epoch,
  from,
  to: from + 1,
  at: 1_000 + from,
  tables: { pods: { put, patch: [], drop } },
});

export const deltaFrame = (delta: Delta): Frame => ({ kind: 'delta', delta });
