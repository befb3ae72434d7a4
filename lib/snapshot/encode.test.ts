import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordMaps } from '../model/records';
import { TABLES } from '../model/records';
import { decodeTopology, readTopology } from './decode';
import { stringifyTopology, topologyPieces, toTopology } from './encode';
import { toMaps } from './maps';
import { anyCluster, anyRecords } from '../../e2e/testing/arbitrary';
import { CLUSTER, TAKEN_AT, sampleRecords } from '../../e2e/testing/capture-cluster';

const RUNS = { seed: 11, numRuns: 100 };

const text = (records: RecordMaps): string => stringifyTopology(toTopology(records, CLUSTER, TAKEN_AT));

/** The same records, created and inserted in another order. */
const shuffled = (records: RecordMaps): RecordMaps => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, one]) => [key, turned(one)]),
    );
  };
  const tables = TABLES.map((table) => [
    table,
    new Map([...records[table]].toReversed().map(([id, one]): [string, unknown] => [id, turned(one)])),
  ]);
  return Object.fromEntries(tables) as RecordMaps;
};

describe('a snapshot file', () => {
  it('has the same bytes for the same records, in any order', () => {
    const records = sampleRecords(4, 6);
    expect(text(shuffled(records))).toBe(text(records));
    fc.assert(
      fc.property(anyRecords, (any) => {
        expect(text(shuffled(any))).toBe(text(any));
      }),
      RUNS,
    );
  });

  it('is the same when written incrementally, even if the records change meanwhile', () => {
    const records = sampleRecords(60, 80);
    const whole = text(records);
    const pods = new Map(records.pods);
    let written = '';
    for (const piece of topologyPieces({ ...records, pods }, CLUSTER, TAKEN_AT)) {
      written += piece;
      pods.clear();
    }
    expect(written).toBe(whole);
    fc.assert(
      fc.property(anyRecords, (any) => {
        expect([...topologyPieces(any, CLUSTER, TAKEN_AT)].join('')).toBe(text(any));
      }),
      RUNS,
    );
  });

  it('restores the records', () => {
    fc.assert(
      fc.property(anyRecords, anyCluster, (records, cluster) => {
        const topology = toTopology(records, cluster, TAKEN_AT);
        const read = readTopology(stringifyTopology(topology));
        expect(read).toEqual({ topology });
        expect('topology' in read && toMaps(read.topology)).toEqual(records);
      }),
      RUNS,
    );
  });

  it('is sorted by code unit, with one record per line', () => {
    const node = [...sampleRecords(1, 0).nodes.values()][0];
    if (node === undefined) throw new Error('no node');
    const named = (name: string): [string, typeof node] => [`node:${name}`, { ...node, id: `node:${name}`, name }];
    const records = { ...sampleRecords(0, 0), nodes: new Map([named('b10'), named('a'), named('b9'), named('B')]) };
    const lines = text(records).split('\n');
    const ids = lines.flatMap((line) => /^\{"id":"(node:[^"]*)"/.exec(line)?.[1] ?? []);
    expect(ids).toEqual(['node:B', 'node:a', 'node:b10', 'node:b9']);
    expect(text(records).endsWith('}\n')).toBe(true);
    expect(JSON.parse(text(records))).toMatchObject({ schema: 'ifscope/topology/v1', takenAt: TAKEN_AT, pods: [] });
  });
});

describe('reading', () => {
  const valid = JSON.parse(text(sampleRecords(1, 2))) as Record<string, unknown>;
  const without = (path: string): unknown => {
    const copy = structuredClone(valid);
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = copy;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    Reflect.deleteProperty(at, last);
    return copy;
  };
  const changed = (table: string, field: string, value: unknown): unknown => {
    const copy = structuredClone(valid);
    (copy[table] as Record<string, unknown>[])[0] = {
      ...(copy[table] as Record<string, unknown>[])[0],
      [field]: value,
    };
    return copy;
  };

  it.each([
    ['', 'not valid JSON (Unexpected end of JSON input)'],
    ['[]', 'not a snapshot: its top level is not a JSON object'],
    ['null', 'not a snapshot: its top level is not a JSON object'],
    ['{}', 'not a snapshot: it has no schema (expected "ifscope/topology/v1")'],
    ['{"schema":"kubeadm/v1"}', 'not a snapshot of ifscope: its schema is "kubeadm/v1"'],
    ['{"schema":"ifscope/topology/v0"}', 'not a snapshot of ifscope: its schema is "ifscope/topology/v0"'],
    [
      '{"schema":"ifscope/topology/v2"}',
      'written by a newer ifscope (schema v2; this one reads up to v1): update ifscope',
    ],
    ['{"schema":"ifscope/topology/v1"}', 'damaged: takenAt is not a time'],
  ])('%j is rejected in one line', (file, error) => {
    expect(readTopology(file)).toEqual({ error });
  });

  it.each([
    [changed('pods', 'phase', 5), 'damaged: pods[0].phase is 5, not text'],
    [changed('pods', 'ips', { a: 1 }), 'damaged: pods[0].ips is {"a":1}, not a list'],
    [changed('pods', 'ips', ['x', null]), 'damaged: pods[0].ips[1] is null, not text'],
    [changed('pods', 'hostNetwork', undefined), 'damaged: pods[0].hostNetwork is missing'],
    [changed('nodes', 'labels', { a: 1 }), 'damaged: nodes[0].labels["a"] is 1, not text'],
    [
      changed('nodes', 'computeType', 'mars'),
      'damaged: nodes[0].computeType is "mars", not one of ec2, auto, fargate, hybrid, other',
    ],
    [changed('nodes', 'eniSlots', []), 'damaged: nodes[0].eniSlots is [], not an object'],
    [{ ...valid, pods: {} }, 'damaged: pods is not a list'],
    [{ ...valid, pods: [7] }, 'damaged: pods[0] is 7, not an object'],
  ])('reports what is damaged', (value, error) => {
    expect(decodeTopology(value)).toEqual({ error });
  });

  it('rejects an id that appears twice', () => {
    const pods = valid['pods'] as readonly { id: string }[];
    const error = decodeTopology({ ...valid, pods: [pods[0], pods[0]] });
    expect(error).toEqual({ error: `damaged: pods[1].id ${JSON.stringify(pods[0]?.id)} appears twice` });
  });

  it('accepts files written before a field was added, and drops unknown fields', () => {
    expect(decodeTopology(without('nodes.0.hostNetworkPods'))).toMatchObject({
      topology: { nodes: [{ hostNetworkPods: 0 }] },
    });
    expect(decodeTopology(without('nodes.0.metrics'))).toMatchObject({ topology: { nodes: [{ metrics: null }] } });
    expect(decodeTopology(without('findings'))).toMatchObject({ topology: { findings: [] } });
    const read = decodeTopology(changed('pods', 'colour', 'red'));
    expect('topology' in read && 'colour' in (read.topology.pods[0] ?? {})).toBe(false);
  });

  it('never crashes, whatever the file contains', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        decodeTopology(value);
        decodeTopology({ ...valid, pods: [value], nodes: value });
        const pod = (valid['pods'] as readonly object[])[0];
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
          decodeTopology({ ...valid, pods: [{ ...pod, ...value }] });
      }),
      RUNS,
    );
  });
});
