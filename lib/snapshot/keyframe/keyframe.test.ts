import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCluster, anyRecords } from '../../../e2e/testing/arbitrary';
import { CLUSTER, sampleRecords, TAKEN_AT } from '../../../e2e/testing/capture-cluster';
import type { ClusterInfo, RecordMaps } from '../../model/records';
import { KeyframeEncoder } from './encoder';
import { decodeKeyframe } from '../../../e2e/testing/keyframe-reader';

const META = { epoch: 'e1', version: 7, takenAt: TAKEN_AT };

const finished = <T>(steps: Generator<undefined, T>): T => {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};

const textsOf = (records: RecordMaps, cluster: ClusterInfo = CLUSTER): readonly string[] =>
  finished(new KeyframeEncoder((text) => text).steps(records, cluster, META)).chunks;

const withoutUids = (records: RecordMaps): RecordMaps => ({
  ...records,
  pods: new Map([...records.pods].map(([id, pod]) => [id, { ...pod, uid: '' }])),
});

describe('a keyframe', () => {
  it('restores any records, except for uids', () => {
    fc.assert(
      fc.property(anyRecords, anyCluster, (records, cluster) => {
        expect(decodeKeyframe(textsOf(records, cluster))).toEqual({
          records: withoutUids(records),
          cluster,
          meta: META,
        });
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('restores a cluster', () => {
    const records = sampleRecords(100, 30);
    expect(decodeKeyframe(textsOf(records)).records).toEqual(withoutUids(records));
  });

  it('stays within its size budget, 0.7 MB at 30,000 pods, of which the head is at most an eighth', () => {
    const sizes = textsOf(sampleRecords(1000, 30)).map((text) => gzipSync(text, { level: 6 }).byteLength);
    const whole = sizes.reduce((sum, bytes) => sum + bytes, 0);
    expect(whole).toBeLessThan(700_000);
    expect(sizes[0]).toBeLessThan(whole / 8);
  });
});
