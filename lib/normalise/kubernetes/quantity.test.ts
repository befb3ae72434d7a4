import { expect, it } from 'vitest';
import { podResources, quantity } from './quantity';

it.each([
  ['4', 4],
  [4, 4],
  ['1k', 1000],
  ['2Ki', 2048],
  ['1.5', 1.5],
  ['1500m', 1.5],
  ['-1', null],
  ['', null],
  ['4 ', null],
  [NaN, null],
  [null, null],
])('quantity(%j) → %j', (given, wanted) => {
  expect(quantity(given)).toBe(wanted);
});

const asking = (amount: unknown, more: object = {}): object => ({
  resources: { requests: { cpu: '1', 'openshift.io/sriov': amount } },
  ...more,
});

it.each([
  ['sums containers', { containers: [asking('1'), asking(2)] }, 3],
  [
    'adds restartable init containers',
    { containers: [asking('1')], initContainers: [asking('2', { restartPolicy: 'Always' })] },
    3,
  ],
  [
    'uses at least the largest request of plain init containers',
    { containers: [asking('1')], initContainers: [asking('4')] },
    4,
  ],
  [
    'uses limits where there are no requests',
    { containers: [{ resources: { limits: { 'openshift.io/sriov': '2' } } }] },
    2,
  ],
])('%s', (_, spec, wanted) => {
  expect(podResources(spec as Readonly<Record<string, unknown>>)).toEqual({ 'openshift.io/sriov': wanted });
});

it('ignores CPU and memory', () => {
  expect(podResources({ containers: [{ resources: { requests: { cpu: '1', memory: '1Gi' } } }] })).toEqual({});
});
