import { expect, test } from 'vitest';
import { arrivalWords } from './arrival-words';

test.each([
  ['all records have arrived', { complete: true, nodesHere: 3, nodes: 3 }, null],
  ['an ordinary set', undefined, null],
  ['only the head', { complete: false, nodesHere: 0, nodes: 5000 }, 'pods of 0 of 5,000 nodes'],
  ['part of the nodes', { complete: false, nodesHere: 1240, nodes: 5000 }, 'pods of 1,240 of 5,000 nodes'],
])('%s', (_, partial, words) => expect(arrivalWords(partial)).toBe(words));
