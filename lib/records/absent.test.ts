import { expect, it } from 'vitest';
import { anEni, aNode, aPod } from '../../e2e/testing/records';
import type { RecordByTable, Table } from '../model/records';
import { withAbsent, withoutAbsent } from './absent';

const travelled = <T extends Table>(table: T, record: RecordByTable[T]): RecordByTable[T] =>
  withAbsent(table, JSON.parse(JSON.stringify(withoutAbsent(table, record))) as object);

it.each([
  ['a plain pod', 'pods', aPod('default', 'a')],
  [
    'a pod without groups, which is not the same as of groups that cannot be read',
    'pods',
    aPod('default', 'a', { podEni: [], securityGroupPolicies: [] }),
  ],
  [
    'a pod with something to say',
    'pods',
    aPod('default', 'a', { ips: ['10.0.0.4'], problems: ['odd'], resources: { 'a/b': 1 }, deleting: true }),
  ],
  ['a node', 'nodes', aNode('n', { labels: { a: '' } })],
  ['an ENI', 'enis', anEni('n', 'eni-1', { tags: {} })],
] as const)('comes back as it was: %s', (_what, table, record) => {
  expect(travelled(table, record)).toStrictEqual(record);
});

it('leaves out what is not to be said, and shares it among those who read it', () => {
  const [a, b] = [travelled('pods', aPod('default', 'a')), travelled('pods', aPod('default', 'b'))];
  expect(JSON.stringify(withoutAbsent('pods', aPod('default', 'a')))).not.toContain('problems');
  expect(a.problems).toBe(b.problems);
});
