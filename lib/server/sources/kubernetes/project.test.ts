import { expect, it } from 'vitest';
import { KINDS } from '../../../normalise/kubernetes/kinds';
import type { Item } from './codec';
import { Projector } from './project';

const row = KINDS.find(({ factKind }) => factKind === 'nad');
if (row === undefined) throw new Error('no such kind');

const nads = (count: number): Item[] =>
  Array.from({ length: count }, (_, index) => {
    const name = `n${index}`;
    const object = { metadata: { namespace: 'core', name, uid: name }, spec: { config: '{}' } };
    return { key: `core/${name}`, uid: name, isNamed: true, version: '1', read: () => object };
  });

it('hands a first list on in portions that grow, and what is left at its end', async () => {
  const portions: number[] = [];
  const projector = new Projector({
    row,
    complain: (message) => expect.fail(message),
    handOn: (portion) => {
      portions.push(portion.length);
      return Promise.resolve();
    },
  });
  projector.begin();
  // However the server cuts the list.
  for (const page of [nads(50_000).slice(0, 300), nads(50_000).slice(300, 1_700), nads(50_000).slice(1_700)])
    await projector.list(page);
  expect(portions).toEqual([500, 3_500, 28_000]);
  expect(projector.end()).toHaveLength(50_000 - 32_000 + 1);
});
