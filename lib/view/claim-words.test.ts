import { expect, it } from 'vitest';
import { device, gpu } from '../../e2e/testing/claimed';
import { claimWords, deviceWords, eniClaimWords, podClaimWords } from './claim-words';

const claim = {
  name: 'c1',
  driver: 'dra.net',
  device: 'pci-1',
  kind: 'network',
  whole: true,
  pods: 1,
  rdmaDevice: null,
} as const;

it.each([
  [null, 'reported', ''],
  [claim, 'reported', ' · whole device'],
  [{ ...claim, kind: 'rdma', pods: 2 }, 'reported', ' · RDMA only: no address · shared by 2 pods · whole device'],
  [{ ...claim, whole: false }, 'requested', ' · the driver reports no interface'],
] as const)('an interface with the claim %j: %s', (of, state, words) => {
  expect(claimWords({ claim: of, state })).toBe(words);
});

it.each([
  [[], [], null],
  [[], ['dra.net/pci-1'], 'free for claims: dra.net/pci-1'],
  [['if:a/b/nic0'], ['dra.net/pci-1'], 'claimed as a whole by one pod'],
  [['if:a/b/~x', 'if:a/c/~x'], [], 'claimed as a whole by 2 pods'],
] as const)('an ENI: claimed by %j, offered by %j', (claimedBy, offeredBy, words) => {
  expect(eniClaimWords({ claimedBy, offeredBy })).toBe(words);
});

const pending = {
  name: 'nic',
  claim: null,
  template: 't',
  state: 'pending',
  pods: null,
  deviceClasses: [],
  devices: [],
} as const;
it.each([
  [pending, 'no ResourceClaim yet · of template t'],
  [{ ...pending, claim: 'c1' }, 'c1 · waits for devices'],
  [{ ...pending, claim: 'c1', state: 'missing' }, 'c1 · the ResourceClaim does not exist'],
  [{ ...pending, claim: 'c1', state: 'unknown' }, 'c1 · ResourceClaims are not read'],
  [{ ...pending, claim: 'c1', state: 'allocated', pods: 2 }, 'c1 · allocated · shared by 2 pods'],
] as const)('a pod’s claim: %j', (record, words) => {
  expect(podClaimWords(record)).toBe(words);
});

it.each([
  [device(), 'pci-0000-20-01-0 of dra.net, pool n1 · ready · PCIe root pci0000:20'],
  [device({ ready: false, reason: 'Ready: Failed' }), /· Ready: Failed ·/],
  [device({ ready: null, listed: false, pcieRoot: null }), /reports no condition · no longer listed$/],
  [device({ kind: 'rdma' }), /RDMA only: no address · ready/],
  [gpu(), 'gpu-0 of gpu.nvidia.com, pool n1 · PCIe root pci0000:20'],
])('a device: %j', (of, words) => {
  expect(deviceWords(of)).toMatch(words);
});
