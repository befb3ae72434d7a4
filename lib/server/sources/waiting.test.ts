import { expect, it } from 'vitest';
import type { Observation } from '../../model/observation';
import { Waiting } from './waiting';

const scope = 'kubernetes/pods';
const put = (key: string, uid: string, more: object = {}): Observation =>
  ({ op: 'upsert', kind: 'pod', scope, key, fact: { uid, ...more } }) as unknown as Observation;
const remove = (key: string, uid: string | null): Observation => ({ op: 'remove', kind: 'pod', scope, key, uid });
const end: Observation = { op: 'keepOnly', kind: 'pod', scope, keys: new Set(['a']) };

it.each<[string, readonly Observation[], readonly Observation[]]>([
  [
    'the last of many changes',
    [put('a', '1'), put('b', '2'), put('a', '1', { n: 2 })],
    [put('a', '1', { n: 2 }), put('b', '2')],
  ],
  ['a recreated object', [remove('a', '1'), put('a', '2')], [put('a', '2')]],
  [
    'one that was created and deleted: also what it had replaced',
    [put('a', '2'), remove('a', '2')],
    [remove('a', null)],
  ],
  ['one that was replaced, and deleted', [remove('a', '1'), put('a', '2'), remove('a', '2')], [remove('a', null)]],
  ['a late delete of an older object', [put('a', '2'), remove('a', '1')], [put('a', '2')]],
  ['two deletes of different objects', [remove('a', '1'), remove('a', '2')], [remove('a', '1'), remove('a', '2')]],
  ['the same delete twice', [remove('a', '1'), remove('a', '1')], [remove('a', '1')]],
  [
    'nothing is merged across the end of a list',
    [put('a', '1'), end, put('a', '3')],
    [put('a', '1'), end, put('a', '3')],
  ],
])('%s', (_, added, wanted) => {
  const waiting = new Waiting();
  for (const one of added) waiting.add(one);
  expect(waiting.take()).toEqual(wanted);
  expect(waiting.size).toBe(0);
});

it('stores no more changes than there are objects, however many arrive', () => {
  const waiting = new Waiting();
  for (let n = 0; n < 10_000; n++) waiting.add(n % 3 === 0 ? remove(`p${n % 7}`, 'u') : put(`p${n % 7}`, 'u'));
  expect(waiting.size).toBeLessThanOrEqual(7);
});
