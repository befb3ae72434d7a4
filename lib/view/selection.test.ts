import { expect, test } from 'vitest';
import { labelOf } from './record-label';
import { readEntry, shortId, slotEntry } from './selection';

test.each([
  ['pod:core/upf-0', { id: 'pod:core/upf-0', kind: 'pod', slot: null }],
  ['eni-0d3e', { id: 'eni-0d3e', kind: 'eni', slot: null }],
  ['eni-0d3e/10.0.1.4', { id: 'eni-0d3e', kind: 'eni', slot: '10.0.1.4' }],
  [slotEntry('eni-0d3e', null), { id: 'eni-0d3e', kind: 'eni', slot: 'free' }],
  ['cluster', { id: 'cluster', kind: 'network', slot: null }],
  ['javascript:alert(1)', null],
  ['', null],
])('%s', (entry, selected) => {
  expect(readEntry(entry)).toEqual(selected);
});

test.each([
  ['eni-0d3e9f1c2b3a4d544', 'eni-0d3e…44'],
  ['eni-0d3e9f1c2b3a4d544/10.0.1.4', '10.0.1.4'],
  ['eni-0d3e9f1c2b3a4d544/free', 'free slot of eni-0d3e…44'],
  ['if:core/upf-0/net1', 'net1 of core/upf-0'],
  ['card:ip-10-0-1-9/3', 'card 3'],
  ['cluster', 'cluster network'],
  ['net:core/ipvlan-n6', 'core/ipvlan-n6'],
  ['what is this', 'what is this'],
])('%s reads “%s”', (entry, label) => {
  expect(labelOf(entry)).toBe(label);
});

test.each([
  ['eni-0a1f4c6b8d9e0f1e2', 'eni-0a1f…e2'],
  ['eni-12345678', 'eni-12345678'],
  ['eni-0d3e44', 'eni-0d3e44'],
])('%s is shown as %s', (id, short) => expect(shortId(id)).toBe(short));
