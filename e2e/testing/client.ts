/** Small record sets and deltas for the tests of the client. */
import type { Delta, Frame } from '../../lib/model/delta';
import type { ClusterInfo, PodRecord, RecordMaps } from '../../lib/model/records';
import { createReplica, type Replica } from '../../lib/records/replica';
import { gzipSync } from 'node:zlib';
import { KeyframeEncoder } from '../../lib/snapshot/keyframe/encoder';
import type { KeyframeMeta } from '../../lib/snapshot/keyframe/format';
import { lengthBefore } from '../../lib/snapshot/keyframe/frames';
import { aPod } from './records';

export { recordMaps } from './records';

export const CLUSTER: ClusterInfo = {
  name: 'test',
  kubernetesVersion: '1.34',
  region: null,
  vpcId: null,
  vpcCidrs: null,
  demo: false,
};

export const pod = (name: string, change: Partial<PodRecord> = {}): PodRecord => aPod('core', name, change);

/** A delta of one step from a version; adds and removes pods. */
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

/** A complete replica of these records. */
export function replicaOf(records: RecordMaps): Replica {
  const replica = createReplica();
  replica.reset(records, CLUSTER);
  return replica;
}

/** The body of a keyframe of these records. */
export function keyframeBody(records: RecordMaps, meta: KeyframeMeta): Buffer {
  const steps = new KeyframeEncoder((text) => gzipSync(text)).steps(records, CLUSTER, meta);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return Buffer.concat(step.value.chunks.flatMap((chunk) => [lengthBefore(chunk.byteLength), chunk]));
}

export const deltaFrame = (delta: Delta): Frame => ({ kind: 'delta', delta });
