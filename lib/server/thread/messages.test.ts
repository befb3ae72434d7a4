import { expect, it } from 'vitest';
import { aPod } from '../../../e2e/testing/records';
import { decodePart, encodePart } from './messages';

it('equal labels of pods are one object on the other side, over all messages', () => {
  const part = (name: string, labels: Readonly<Record<string, string>> | null) =>
    decodePart(encodePart({ tables: { pods: { put: [aPod('shop', name, { labels })], patch: [], drop: [] } } }));
  const labelsOf = (name: string, labels: Readonly<Record<string, string>> | null) =>
    part(name, labels).tables.pods?.put[0]?.labels;
  expect(labelsOf('a', { app: 'web' })).toEqual({ app: 'web' });
  expect(labelsOf('a', { app: 'web' })).toBe(labelsOf('b', { app: 'web' }));
  expect(labelsOf('c', {})).toEqual({});
  expect(labelsOf('d', null)).toBeNull();
});
