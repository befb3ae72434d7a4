/** Label selectors. */
import { describe, expect, it } from 'vitest';
import { selects } from './selector';

describe('label selectors', () => {
  const labels = { app: 'web', tier: '' };
  const one = (key: string, operator: string, values: readonly string[] = []) => ({
    matchLabels: {},
    matchExpressions: [{ key, operator, values }],
  });
  it.each([
    ['empty selects all', { matchLabels: {}, matchExpressions: [] }, true],
    ['equal', { matchLabels: { app: 'web' }, matchExpressions: [] }, true],
    ['unequal', { matchLabels: { app: 'db' }, matchExpressions: [] }, false],
    ['In', one('app', 'In', ['db', 'web']), true],
    ['In, absent', one('x', 'In', ['web']), false],
    ['NotIn', one('app', 'NotIn', ['web']), false],
    ['NotIn, absent', one('x', 'NotIn', ['web']), true],
    ['Exists, empty value', one('tier', 'Exists'), true],
    ['DoesNotExist', one('app', 'DoesNotExist'), false],
    ['a key of Object.prototype', one('constructor', 'Exists'), false],
    ['unknown operator', one('app', 'Gt', ['1']), false],
    ['NotIn without values', one('app', 'NotIn'), false],
    ['a missing label with a key of Object.prototype', { matchLabels: { toString: 'x' }, matchExpressions: [] }, false],
  ])('%s', (_what, selector, wanted) => expect(selects(selector, labels)).toBe(wanted));
});
