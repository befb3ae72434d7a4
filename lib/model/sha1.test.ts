import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sha1 } from './sha1';

it.each([
  '',
  'abc',
  'kube-system.coredns-5d78c9869d-abcde',
  'ü',
  'a'.repeat(55),
  'a'.repeat(56),
  'a'.repeat(63),
  'a'.repeat(64),
  'a'.repeat(1000),
])('equals the library’s hash of “%s”', (text) => {
  expect(sha1(text)).toBe(createHash('sha1').update(text).digest('hex'));
});
