import { expect, it } from 'vitest';
import { shownLabels } from './pod-labels';

it('omits labels that only distinguish pods or revisions, and sorts the rest by name', () => {
  const labels = shownLabels({
    team: 'core',
    'statefulset.kubernetes.io/pod-name': 'db-0',
    'apps.kubernetes.io/pod-index': '0',
    'controller-revision-hash': 'db-5d9c',
    'pod-template-hash': '6c9f7',
    'job-name': 'backup-1',
    app: 'db',
  });
  expect(Object.entries(labels)).toEqual([
    ['app', 'db'],
    ['job-name', 'backup-1'],
    ['team', 'core'],
  ]);
});

it('returns one object for the pods of a workload', () => {
  const of = (ordinal: number) => shownLabels({ app: 'one', 'statefulset.kubernetes.io/pod-name': `one-${ordinal}` });
  expect(of(0)).toBe(of(1));
  expect(shownLabels({})).toBe(shownLabels({ 'pod-template-hash': 'x' }));
  expect(of(0)).not.toBe(shownLabels({ app: 'two' }));
});

it('accepts any names, and at most 64 of them', () => {
  expect(Object.entries(shownLabels(JSON.parse('{"__proto__": "a", "constructor": "b"}') as never))).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`l${index}`, 'x']));
  expect(Object.keys(shownLabels(many))).toHaveLength(64);
});
