import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordMaps } from '../model/records';
import { decodeColumns, encodeColumns } from './columns';
import { anyCluster, anyRecords } from '../../e2e/testing/arbitrary';
import { CLUSTER, TAKEN_AT, sampleRecords } from '../../e2e/testing/capture-cluster';

const META = { epoch: 'e1', version: 7, takenAt: TAKEN_AT };

const withoutUids = (records: RecordMaps): RecordMaps => ({
  ...records,
  pods: new Map([...records.pods].map(([id, pod]) => [id, { ...pod, uid: '' }])),
});

describe('columns', () => {
  it('give back any records, but for uids', () => {
    fc.assert(
      fc.property(anyRecords, anyCluster, (records, cluster) => {
        const decoded = decodeColumns(encodeColumns(records, cluster, META));
        expect(decoded).toEqual({ records: withoutUids(records), cluster, meta: META });
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('give back a cluster', () => {
    const records = sampleRecords(20, 15);
    expect(decodeColumns(encodeColumns(records, CLUSTER, META)).records).toEqual(withoutUids(records));
  });

  it('are the same whatever order the records came in', () => {
    const records = sampleRecords(5, 8);
    const turned = {
      ...records,
      pods: new Map([...records.pods].toReversed()),
      enis: new Map([...records.enis].toReversed()),
    };
    expect(encodeColumns(turned, CLUSTER, META)).toBe(encodeColumns(records, CLUSTER, META));
  });

  // The budget: 0.7 MB at 30,000 pods.
  it('stay within the budget of the wire', () => {
    const text = encodeColumns(sampleRecords(1000, 30), CLUSTER, META);
    expect(gzipSync(text, { level: 6 }).byteLength).toBeLessThan(700_000);
  });

  it('leave uids out', () => {
    const records = sampleRecords(1, 1);
    const uid = [...records.pods.values()][0]?.uid ?? '';
    expect(uid).not.toBe('');
    expect(encodeColumns(records, CLUSTER, META)).not.toContain(uid);
  });

  it.each(['null', '{}', '{"format":"ifscope/columns/v9"}'])('refuse what is none: %s', (text) => {
    expect(() => decodeColumns(text)).toThrow('not a record set in columns');
  });
});
