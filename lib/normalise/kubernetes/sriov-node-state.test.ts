/** What the SR-IOV operator reports about its own work on a node. */
import { expect, it } from 'vitest';
import { normaliseSriovNodeState } from './sriov-node-state';

it.each([
  ['Failed', 'no such card', 'no such card'],
  ['InProgress', 'timed out', 'InProgress, and its last error is: timed out'],
  ['InProgress', undefined, 'InProgress'],
  ['Failed', undefined, null],
  ['Succeeded', 'no such card', null],
])('SriovNetworkNodeState %s: the last error counts until a sync succeeds', (syncStatus, lastSyncError, failure) => {
  const object = { metadata: { name: 'node-a', namespace: 'sriov' }, status: { syncStatus, lastSyncError } };
  expect(normaliseSriovNodeState(object)?.fact).toMatchObject({ failure });
});

it.each([
  [8, { totalvfs: 16 }, 'ibs0 should have 8 virtual functions and has 0'],
  [8, { numVfs: 8 }, null],
  [0, { totalvfs: 16 }, null],
])('SriovNetworkNodeState with %i of the functions requested by %j after a successful sync', (numVfs, has, failure) => {
  const place = { name: 'ibs0', pciAddress: '0000:1a:00.0' };
  const object = {
    metadata: { name: 'node-a', namespace: 'sriov' },
    spec: { interfaces: [{ ...place, numVfs }] },
    status: { syncStatus: 'Succeeded', interfaces: [{ ...place, ...has }] },
  };
  expect(normaliseSriovNodeState(object)?.fact).toMatchObject({ failure });
});
