import { expect, it } from 'vitest';
import { isAtLeast, reaches, versionBefore, versionWithin } from './version';

it.each([
  ['v1.22.1', true],
  ['v1.22.0', false],
  ['v1.21.9', false],
  ['1.22.1-eksbuild.1', true],
  ['v2.0.0', true],
  ['v1.23', true],
  ['v1.21', false],
  ['v1.22', null],
  ['latest', null],
  ['sha256:1f2e', null],
  [null, null],
])('whether %s reaches 1.22.1: %s', (text, wanted) => {
  expect(reaches(text, [1, 22, 1])).toBe(wanted);
  expect(isAtLeast(text, [1, 22, 1])).toBe(wanted ?? true);
  expect(versionBefore(text, [1, 22, 1])).toBe(wanted === false);
});

it('a version without a patch level counts as the first release of its minor version', () =>
  expect(reaches('v1.22', [1, 22, 0])).toBe(true));

it.each([
  ['v4.0.0', true],
  ['v4.0', true],
  ['v4.2.1', true],
  ['v4.2.2', false],
  ['v4.2', false],
  ['v3.9.3', false],
  ['snapshot', false],
])('whether %s is within 4.0.0 and 4.2.1: %s', (text, wanted) =>
  expect(versionWithin(text, [4, 0, 0], [4, 2, 1])).toBe(wanted),
);
