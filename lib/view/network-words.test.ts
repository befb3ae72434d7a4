import { expect, test } from 'vitest';
import { aNetwork } from '../../e2e/testing/records';
import { ipamWords, pluginWords } from './network-words';

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
  ['unknown for an unreadable config', { plugins: [], ipam: null }, 'not known'],
  ['ranges and use', { plugins: ['ipvlan'], ipam: whereabouts }, 'whereabouts · 10.6.0.0/24 · 12 of 254 used'],
])('IPAM of a network: %s', (_what, change, words) => expect(ipamWords(aNetwork('core', 'n6', change))).toBe(words));

test.each([
  ['of the VPC CNI', ['aws-cni'], 'aws-cni', 'addresses of each node’s ENIs'],
  ['of another CNI', [], 'not the VPC CNI', 'not known'],
])('the cluster network %s has a plugin and addresses', (_whose, plugins, plugin, addresses) => {
  const network = {
    ...aNetwork('core', 'n6', { plugins, ipam: null, mode: null, parent: { kind: 'none', value: null } }),
    id: 'cluster',
  };
  expect([pluginWords(network), ipamWords(network)]).toEqual([plugin, addresses]);
});
