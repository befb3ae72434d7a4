/** Ranges of networks, and ENIs that pods have whole. */
import { expect, it } from 'vitest';
import { CLAIMED, claimedEni, claimFace, claimPod } from '../../../e2e/testing/claimed';
import { network, node, world } from '../../../e2e/testing/findings';
import { lookup } from './lookup';

it('an address in a range from one address to another is found, and the range by itself', () => {
  const part = world([
    network('part', { ipam: { type: 'host-local', ranges: ['10.7.0.20-10.7.0.30'], used: 0, size: 11, routes: [] } }),
  ]);
  expect(lookup(part, '10.7.0.25').hits.map(({ text }) => text)).toEqual([
    '10.7.0.25 · in the range 10.7.0.20-10.7.0.30 of network core/part · no known holder',
  ]);
  expect(lookup(part, '10.7.0.31').hits).toEqual([]);
  expect(lookup(part, '10.7.0.0/24').hits.map(({ text }) => text)).toEqual([
    '10.7.0.20-10.7.0.30 · range of network core/part',
  ]);
  expect(lookup(part, '10.8.0.0/24').hits).toEqual([]);
});

it('the MAC of an ENI that a pod has whole finds the pod, though its driver reports no MAC', () => {
  const claimed = world([node(), claimPod(), claimedEni({ mac: '02:00:00:00:00:77' }), claimFace({ mac: null })]);
  expect(lookup(claimed, '02:00:00:00:00:77').hits.map(({ kind, id }) => [kind, id])).toEqual([
    ['eni', 'eni-0000000000000000f'],
    ['interface', CLAIMED],
  ]);
});
