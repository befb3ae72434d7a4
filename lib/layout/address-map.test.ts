import { describe, expect, it } from 'vitest';
import { anEni, aSubnet } from '../../e2e/testing/records';
import { subnetMap, takenIn } from '../view/subnet-map';
import { addressMap, cellAt, cellByKey } from './address-map';

function drawn(cidr: string, ips: readonly string[] = [], width = 288) {
  const subnet = aSubnet('subnet-1', { cidr });
  const addresses = ips.map((ip) => ({ ip, state: 'assigned' as const, interface: null }));
  const map = subnetMap(
    subnet,
    takenIn([anEni('a', 'eni-1', { subnet: 'subnet-1', addresses, prefixes: [] })], subnet),
  );
  if (map === null) throw new Error('no range');
  return addressMap(map, width);
}

const LOOK_OF = (map: ReturnType<typeof drawn>) =>
  Object.fromEntries(map.paths.map(({ look, d }) => [look, d.match(/M/g)?.length ?? 0]));

describe('the map of a subnet', () => {
  it.each([
    ['/28', '10.0.0.0/28', { step: 1, columns: 16, cells: 16 }],
    ['/24', '10.0.0.0/24', { step: 1, columns: 16, cells: 256 }],
    ['/22', '10.0.0.0/22', { step: 1, columns: 32, cells: 1024 }],
    ['/20', '10.0.0.0/20', { step: 16, columns: 16, cells: 256 }],
    ['/18', '10.0.0.0/18', { step: 16, columns: 32, cells: 1024 }],
    ['/16', '10.0.0.0/16', { step: 16, columns: 64, cells: 4096 }],
  ])('of a %s fits into a panel', (_, cidr, shape) => {
    const map = drawn(cidr, [], 300);
    expect(map).toMatchObject(shape);
    expect(map.width).toBeLessThanOrEqual(300);
    expect(map.height).toBeLessThanOrEqual(600);
    expect(map.cell).toBeGreaterThanOrEqual(3);
    expect(map.rows.length).toBeGreaterThan(0);
  });

  it('draws every cell once', () => {
    expect(LOOK_OF(drawn('10.0.0.0/24', ['10.0.0.9', '10.0.0.10']))).toEqual({ aws: 5, assigned: 2, open: 249 });
  });

  it('draws a block by its used share: one address is visible, and only a full block looks full', () => {
    const full = Array.from({ length: 16 }, (_, at) => `10.0.1.${at}`);
    const almost = Array.from({ length: 15 }, (_, at) => `10.0.2.${at}`);
    const map = drawn('10.0.0.0/20', ['10.0.3.7', ...full, ...almost]);
    expect(LOOK_OF(map)).toEqual({ open: 253, block: 3, assigned: 3 });
    const heights = map.paths.find(({ look }) => look === 'assigned')?.d.match(/v(\d+)/g);
    expect(heights).toEqual([`v${map.cell}`, `v${map.cell - 1}`, 'v1']);
  });

  it('distinguishes the networks of the pods', () => {
    const subnet = aSubnet('subnet-1', { cidr: '10.0.0.0/28' });
    const addresses = [5, 6, 7].map((last) => ({
      ip: `10.0.0.${last}`,
      state: 'assigned' as const,
      interface: `if:core/p/net${last % 2}`,
    }));
    const eni = anEni('a', 'eni-1', { subnet: 'subnet-1', addresses, prefixes: [] });
    const map = subnetMap(
      subnet,
      takenIn([eni], subnet, (id) => (id.endsWith('net1') ? 'net:core/n6' : null)),
    );
    const paths = map === null ? [] : addressMap(map, 288).paths.filter(({ look }) => look === 'assigned');
    expect(paths.map(({ network, d }) => [network, d.match(/M/g)?.length])).toEqual([
      ['net:core/n6', 2],
      [null, 1],
    ]);
  });

  it('labels the start of rows without overlaps', () => {
    expect(drawn('10.0.0.0/24').rows.slice(0, 3)).toEqual([
      { y: 0, text: '.0' },
      { y: 18, text: '.16' },
      { y: 36, text: '.32' },
    ]);
    const { rows } = drawn('10.20.0.0/16', [], 256);
    expect(rows.slice(0, 2).map(({ text }) => text)).toEqual(['0.0', '16.0']);
    expect((rows[1]?.y ?? 0) - (rows[0]?.y ?? 0)).toBeGreaterThanOrEqual(14);
  });

  it('finds the cell at a point, and by keys', () => {
    const map = drawn('10.0.0.0/24');
    expect([cellAt(map, 0, 0), cellAt(map, 19, 1), cellAt(map, 1, 19)]).toEqual([0, 1, 16]);
    expect([cellAt(map, -1, 0), cellAt(map, 0, -1), cellAt(map, 288, 0), cellAt(map, 0, 288)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'a'];
    expect(keys.map((key) => cellByKey(map, 0, key))).toEqual([0, 1, 0, 16, 0, 255, null]);
    expect(keys.map((key) => cellByKey(map, 255, key))).toEqual([254, 255, 239, 255, 0, 255, null]);
  });
});
