import { describe, expect, it } from 'vitest';
import { aSubnet } from '../../e2e/testing/records';
import { nameWithoutZone, subnetMatrix } from './subnet-matrix';

describe('subnets by zone', () => {
  it.each([
    ['subnet-n6-a', 'eu-west-1a', 'subnet-n6'],
    ['prod-private-eu-west-1a', 'eu-west-1a', 'prod-private'],
    ['eu-west-1a-pods', 'eu-west-1a', 'pods'],
    ['pods-1a', 'eu-west-1a', 'pods'],
    ['Pods/A/blue', 'eu-west-1a', 'Pods/blue'],
    ['pods-b', 'eu-west-1a', 'pods-b'],
    ['data', 'eu-west-1a', 'data'],
    ['a', 'eu-west-1a', 'a'],
    ['pods-a', null, 'pods-a'],
    ['', 'eu-west-1a', 'subnet-1'],
  ])('%s in %s is in the row %s', (Name, zone, row) => {
    expect(nameWithoutZone({ id: 'subnet-1', zone, tags: Name === '' ? {} : { Name } })).toBe(row);
  });

  it('are added up by row and by zone, and unknown numbers stay unknown', () => {
    const of = (
      id: string,
      Name: string,
      zone: string | null,
      free: number | null,
      fit: number | null,
      limit = 'max pods',
    ) => ({ subnet: aSubnet(id, { tags: { Name }, zone }), free, fit, limit });
    const { zones, rows, totals } = subnetMatrix([
      of('subnet-1', 'pods-a', 'eu-1a', 10, 4),
      of('subnet-2', 'pods-b', 'eu-1b', 20, null),
      of('subnet-3', 'nodes-a', 'eu-1a', 5, 0, 'subnet'),
      of('subnet-4', 'pods-a-2', 'eu-1a', null, 1),
      of('subnet-5', 'lost', null, 1, 1),
    ]);
    expect(zones).toEqual(['eu-1a', 'eu-1b', 'zone not known']);
    expect(rows.map(({ name }) => name)).toEqual(['lost', 'nodes', 'pods', 'pods-2']);
    expect(rows[2]?.cells.get('eu-1b')).toEqual({ subnets: ['subnet-2'], free: 20, fit: null, limit: 'max pods' });
    expect(totals.get('eu-1a')).toEqual({
      subnets: ['subnet-1', 'subnet-3', 'subnet-4'],
      free: null,
      fit: 5,
      // They differ.
      limit: '',
    });
    expect(totals.get('eu-1b')?.fit).toBeNull();
  });
});
