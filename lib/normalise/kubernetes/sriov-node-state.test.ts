/** What the SR-IOV operator says of its own work on a node. */
import { expect, it } from 'vitest';
import { normaliseSriovNodeState } from './sriov-node-state';

it.each([
  ['Failed', 'no such card', 'no such card'],
  ['InProgress', 'timed out', 'InProgress, and its last error is: timed out'],
  ['InProgress', undefined, 'InProgress'],
  ['Failed', undefined, null],
  ['Succeeded', 'no such card', null],
])(
  'SriovNetworkNodeState %s: the last error counts until a sync has succeeded',
  (syncStatus, lastSyncError, failure) => {
    const object = { metadata: { name: 'node-a', namespace: 'sriov' }, status: { syncStatus, lastSyncError } };
    expect(normaliseSriovNodeState(object)?.fact).toMatchObject({ failure });
  },
);
