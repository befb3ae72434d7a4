import { describe, expect, test } from 'vitest';
import type { EniRecord } from '../../model/records';
import { cni, createCluster } from '../../../e2e/testing/layout';
import { eniPlaces } from '../places/eni-places';
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
  test('has rows of cells for six prefixes, or as many as fit', () => {
    expect([0, 3, 4, 14].map((held) => prefixRows(holding(held, 0)))).toEqual([6, 6, 6, 6]);
    expect(prefixRows({ ...holding(1, 0), capacity: 2 })).toBe(2);
  });

  test('has the same height whatever it contains', () => {
    const held = [holding(0, 0), holding(1, 16), holding(3, 9), holding(14, 3), holding(2, 0, 27), holding(0, 0, 29)];
    expect(new Set(held.map(height)).size).toBe(1);
  });

  test.each([1, 4, 9, 14, 29, 49])('of %i slots has room for every mixture of prefixes and leftovers', (capacity) => {
    for (let prefixes = 0; prefixes <= capacity; prefixes++)
      for (let leftovers = 0; prefixes + leftovers <= capacity; leftovers++) {
        const eni = { ...holding(prefixes, 0, leftovers), capacity };
        const rect = { x: 0, y: 0, w: 297, h: height(eni) };
        const places = eniPlaces(source, eni, node, rect, 1);
        if (places.content !== 'prefixes') throw new Error('it is in prefix mode');
        expect(places.slots.length).toBeGreaterThanOrEqual(1 + leftovers + prefixes);
        for (const { rect: slot } of places.slots) expect(slot.y + slot.h).toBeLessThanOrEqual(rect.h);
        if (places.free.length > 0) expect(places.freeLine).toBeLessThanOrEqual(rect.h - 3);
      }
  });
});
