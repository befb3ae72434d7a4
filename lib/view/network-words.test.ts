import { expect, test } from 'vitest';
import { aNetwork } from '../../e2e/testing/records';
import { ipamWords } from './network-words';

const whereabouts = {
  type: 'whereabouts',
  ranges: ['10.6.0.0/24'],
  size: 254,
  used: 12,
  gateways: [],
  routes: [],
} as never;

test.each([
  ['a plugin without IPAM has none', { plugins: ['bridge'], ipam: null }, 'none'],
  ['of a config that cannot be read it is not known', { plugins: [], ipam: null }, 'not known'],
  ['ranges and use', { plugins: ['ipvlan'], ipam: whereabouts }, 'whereabouts · 10.6.0.0/24 · 12 of 254 used'],
])('IPAM of a network: %s', (_what, change, words) => expect(ipamWords(aNetwork('core', 'n6', change))).toBe(words));
