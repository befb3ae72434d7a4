import { expect, it } from 'vitest';
import { anEni, aNode, aPod } from '../../e2e/testing/records';
import type { RecordPatch } from '../model/delta';
import type { RecordByTable, Table } from '../model/records';
import { packPatches, packRecords, unpackPatches, unpackRecords } from './packed';
import { SharedValues } from './shared-values';

const sent = <V>(value: V): V => JSON.parse(JSON.stringify(value)) as V;

const restored = <T extends Table>(table: T, records: readonly RecordByTable[T][], shared = new SharedValues()) =>
  unpackRecords(table, sent(packRecords(table, records)), shared);

const restoredPatches = <T extends Table>(table: T, patches: readonly RecordPatch<T>[]) =>
  unpackPatches(table, sent(packPatches(patches)), new SharedValues());

const owner = { kind: 'ReplicaSet', name: 'web' };

it.each([
  ['no record', 'pods', []],
  ['a plain pod', 'pods', [aPod('default', 'a')]],
  ['equal values', 'pods', [aPod('default', 'a', { owner }), aPod('default', 'b', { owner }), aPod('default', 'c')]],
  [
    'the same value in all',
    'pods',
    [aPod('default', 'a', { deleting: true }), aPod('default', 'b', { deleting: true })],
  ],
  [
    'an empty list whose absent value is null, and null',
    'pods',
    [aPod('default', 'a', { podEni: [], securityGroupPolicies: [] }), aPod('default', 'b')],
  ],
  [
    'every kind of value',
    'pods',
    [aPod('default', 'a', { ips: ['10.0.0.4'], problems: ['odd'], resources: { 'a/b': 1 } }), aPod('default', 'b')],
  ],
  ['a label without a value', 'nodes', [aNode('n', { labels: { a: '' } })]],
  ['an empty map', 'enis', [anEni('n', 'eni-1', { tags: {} }), anEni('n', 'eni-2', { tags: { a: 'b' } })]],
] as const)('restores records: %s', (_what, table, records) => {
  expect(restored(table, records)).toStrictEqual(records);
});

it('restores patches, whatever they set', () => {
  const address = { ip: '10.0.0.4', state: 'warm', interface: null } as const;
  const patches: RecordPatch<'enis'>[] = [
    { id: 'eni-1', set: { status: 'in-use', securityGroups: [] } },
    { id: 'eni-2', set: { status: null, securityGroups: ['sg-1'] } },
    { id: 'eni-3', set: {}, addresses: { put: [address], drop: [] } },
    { id: 'eni-4', set: {}, addresses: { put: [], drop: ['10.0.0.5'] } },
    { id: 'eni-5', set: { status: 'in-use' }, addresses: { put: [], drop: [] } },
  ];
  expect(restoredPatches('enis', patches)).toStrictEqual(patches);
  expect(restoredPatches('enis', [])).toStrictEqual([]);
});

it('omits absent values', () => {
  const packed = JSON.stringify(packRecords('pods', [aPod('default', 'a'), aPod('default', 'b')]));
  expect(packed).not.toContain('problems');
});

it('equal values are one object, within a call and across calls', () => {
  const shared = new SharedValues();
  const pods = (...names: string[]) => {
    const labels = { app: 'web' };
    const all = names.map((name) => aPod('shop', name, { labels }));
    return restored('pods', all, shared);
  };
  const [a, b] = pods('a', 'b');
  const [c] = pods('c', 'd');
  expect(a?.labels).toEqual({ app: 'web' });
  expect(a?.labels).toBe(b?.labels);
  expect(a?.labels).toBe(c?.labels);
  expect(a?.problems).toBe(c?.problems);
});

it('equal values of records that arrive one by one are one object, as when pods are replaced', () => {
  const shared = new SharedValues();
  const one = (name: string) => {
    const [pod] = restored('pods', [aPod('shop', name, { owner: { ...owner }, labels: { app: 'web' } })], shared);
    return pod;
  };
  const before = one('a');
  const after = one('b');
  expect(after?.labels).toBe(before?.labels);
  expect(after?.owner).toBe(before?.owner);
});
