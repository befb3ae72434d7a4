import { describe, expect, test } from 'vitest';
import type { EniRecord } from '../../model/records';
import { cni, createCluster } from '../../../e2e/testing/layout';
import { contentHeight, prefixRows } from './eni-content';

const NODE = 'ip-10-0-1-1.internal';
const made = createCluster()
  .node(NODE, { cni: cni({ mode: 'prefix' }) })
  .eni(NODE, { id: 'eni-1', states: 'p', capacity: 29 });
const source = made.build();
const node = source.records.nodes.get(`node:${NODE}`);
const base = source.records.enis.get('eni-1');
if (base === undefined) throw new Error('the fixture has no ENI');

const holding = (prefixes: number, assigned: number, leftovers = 0): EniRecord => ({
  ...base,
  prefixes: Array.from({ length: prefixes }, (_, i) => ({ cidr: `10.0.4.${16 * i}/28`, size: 16, assigned })),
  addresses: [
    ...base.addresses,
    ...Array.from({ length: leftovers }, (_, i) => ({
      ip: `10.9.9.${i + 10}`,
      state: 'excluded' as const,
      interface: null,
    })),
  ],
});
const height = (eni: EniRecord): number => contentHeight('prefixes', eni, node);

describe('an ENI in prefix mode', () => {
  test.each([
    [0, 3],
    [3, 3],
    [4, 6],
    [14, 6],
  ])('with %i prefixes has room for %i rows of cells', (held, rows) => expect(prefixRows(holding(held, 0))).toBe(rows));

  test('does not grow with what is assigned in its prefixes, nor with the second and third of them', () => {
    expect(new Set([holding(1, 0), holding(1, 16), holding(2, 3), holding(3, 9)].map(height)).size).toBe(1);
    expect(height(holding(4, 0))).toBeGreaterThan(height(holding(3, 0)));
  });

  test('has a row for leftovers of the other mode, and more for many of them', () => {
    expect(height(holding(2, 0, 14))).toBe(height(holding(2, 0)));
    expect(height(holding(2, 0, 15))).toBeGreaterThan(height(holding(2, 0)));
  });

  test('with room for fewer prefixes has no more rows than these', () => {
    expect(prefixRows({ ...holding(1, 0), capacity: 2 })).toBe(2);
  });
});
