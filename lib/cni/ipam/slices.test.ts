import { describe, expect, it } from 'vitest';
import { parseCidr } from '../../model/ip';
import { readNetworkConfig } from '../config';
import { sliceLength, slicedSize } from './slices';

describe('node slices (multus §2.3)', () => {
  it.each([
    ['/28', 28],
    ['28', 28],
    ['', null],
    [null, null],
    ['/x', null],
  ])('%j is %s', (text, length) => expect(sliceLength(text)).toBe(length));

  it.each([
    ['10.0.0.0/24', 28, 16 * 14],
    ['10.0.0.0/24', 24, 254],
    ['10.0.0.0/24', 31, 0],
    ['10.0.0.0/24', 20, null],
    ['10.0.0.0/24', 33, null],
    ['fd00::/112', 124, 4096 * 14],
    ['fd00::/64', 80, null],
  ])('%s in /%i: %s', (range, length, size) => expect(slicedSize(parseCidr(range), length)).toBe(size));

  const size = (ipam: object) =>
    readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', type: 'macvlan', master: 'eth1', ipam }), null).ipam?.size;

  it.each([
    // A slice is assigned whole, regardless of excludes.
    [{ type: 'whereabouts', range: '10.0.0.0/24', exclude: ['10.0.0.0/25'], node_slice_size: '/28' }, 224],
    [
      { type: 'whereabouts', ipRanges: [{ range: '10.0.0.0/24' }, { range: '10.1.0.0/25' }], node_slice_size: '28' },
      336,
    ],
    [{ type: 'whereabouts', range: '10.0.0.0/24', exclude: ['10.0.0.0/24'] }, 0],
    [{ type: 'whereabouts' }, null],
    [{ type: 'unheard-of', range: '10.0.0.0/24' }, null],
  ])('%j holds %s', (ipam, expected) => expect(size(ipam)).toBe(expected));
});
