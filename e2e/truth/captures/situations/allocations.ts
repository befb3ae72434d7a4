/** What claims give: several devices, access beside another claim, devices offered in other ways, a driver that was passed over. */
import type { Json } from '../kit/types';
import { claim, claimingPod, nic, podWith, ready, slice, sliceOf, startClaims, type Device } from './claiming';
import { count, found, is, none, OLD, says, silentOn, type Situation } from './situation';

const tainted = (one: Device, effect: string): Json => ({
  name: one.name,
  attributes: one.attributes,
  taints: [{ key: 'dra.net/unhealthy', value: 'link-down', effect, timeAdded: '2026-09-01T10:00:00Z' }],
});

/** The pod's NIC has a taint with NoExecute since: the pod runs still, or is being evicted. */
function taintedUnderItsPod(): Situation {
  const { cluster, node, kept } = startClaims();
  sliceOf(cluster, 'n1', 'dra.net', {
    pool: { name: 'n1', generation: 1, resourceSliceCount: 1 },
    devices: [tainted(nic('ens6', null, null), 'NoExecute')],
  });
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'eth9', kept) });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'kubernetes/kubernetes#134434, #141290',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth9].eni', kept.id),
      none('findings[rule=claimed-device-gone]'),
      none('findings[rule=claim-status-mismatch]'),
    ],
  };
}

/** Two claims, of which one came to nothing. */
function twoClaims(): Situation {
  const { cluster, node, kept } = startClaims();
  const other = node.eni({ dev: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null), nic('ens7', 'ens7', other.mac)]);
  claim(cluster, { key: 'ai/left', pods: ['p1'], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'eth1', kept) });
  claim(cluster, { key: 'ai/right', pods: ['p1'], device: 'ens7', node: 'n1' });
  podWith(cluster, 'ai/p1', node, [node.primary.addresses[0]?.ip ?? ''], ['left', 'right']);
  return {
    source: 'kubernetes-sigs/dranet#88, google/dranet#117 (one device of several)',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth1].eni', kept.id),
      count('interfaces[pod=pod:ai/p1]', 3),
      count('findings[rule=claim-not-ready]', 1),
      says('findings[rule=claim-not-ready]', 'ai/right'),
      silentOn('findings[rule=claim-not-ready]', 'ai/left'),
    ],
    sayings: [
      { command: 'lookup', words: other.mac, says: /ai\/p1|ai\/right/ },
      { command: 'lookup', words: kept.mac, says: /ai\/p1/ },
    ],
  };
}

/** One claim, two requests, two devices. */
function twoDevices(): Situation {
  const { cluster, node, kept } = startClaims();
  const other = node.eni({ dev: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null), nic('ens7', null, null)]);
  const pod = { resource: 'pods', name: 'p1', uid: 'pod-ai-p1' };
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { namespace: 'ai', name: 'both', uid: 'claim-both' },
    spec: {
      devices: {
        requests: [
          { name: 'a', exactly: { deviceClassName: 'nics' } },
          {
            name: 'b',
            firstAvailable: [
              { name: 'fast', deviceClassName: 'none' },
              { name: 'slow', deviceClassName: 'nics' },
            ],
          },
        ],
      },
    },
    status: {
      allocation: {
        devices: {
          results: [
            { request: 'a', driver: 'dra.net', pool: 'n1', device: 'ens6' },
            { request: 'b/slow', driver: 'dra.net', pool: 'n1', device: 'ens7' },
          ],
        },
      },
      reservedFor: [pod],
      devices: [ready('n1', 'ens6', 'eth1', kept), ready('n1', 'ens7', 'eth2', other)],
    },
  });
  podWith(cluster, 'ai/p1', node, [node.primary.addresses[0]?.ip ?? ''], ['both']);
  return {
    source: 'KEP-4816 (prioritized alternatives), google/dranet#117',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth1].eni', kept.id),
      is('interfaces[id=if:ai/p1/eth2].eni', other.id),
      none('findings[severity=error]'),
      silentOn('findings.rule', 'claim|device'),
    ],
    sayings: [{ command: 'lookup', words: other.mac, says: /ai\/p1/ }],
  };
}

/** A monitor with adminAccess beside the pod that has the NIC: nobody shares anything. */
function adminAccess(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'eth9', kept) });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { namespace: 'monitoring', name: 'watch', uid: 'claim-watch' },
    spec: {
      devices: {
        requests: [{ name: 'all', exactly: { deviceClassName: 'nics', allocationMode: 'All', adminAccess: true } }],
      },
    },
    status: {
      allocation: {
        devices: { results: [{ request: 'all', driver: 'dra.net', pool: 'n1', device: 'ens6', adminAccess: true }] },
      },
      reservedFor: [{ resource: 'pods', name: 'm1', uid: 'pod-monitoring-m1' }],
    },
  });
  podWith(cluster, 'monitoring/m1', node, [node.primary.addresses[1]?.ip ?? ''], ['watch']);
  return {
    source: 'KEP-5018 (adminAccess)',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth9].eni', kept.id),
      count('interfaces[pod=pod:monitoring/m1]', 1),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [{ command: 'lookup', words: kept.mac, says: /ai\/p1/ }],
  };
}

/** Partitionable devices: counters are in a slice of their own, which has no devices. */
function countersApart(): Situation {
  const { cluster, node, kept } = startClaims();
  sliceOf(cluster, 'n1', 'dra.net', {
    pool: { name: 'n1', generation: 1, resourceSliceCount: 2 },
    sharedCounters: [{ name: 'pf-0', counters: { vfs: { value: '8' } } }],
  });
  sliceOf(cluster, 'n1', 'dra.net', {
    pool: { name: 'n1', generation: 1, resourceSliceCount: 2 },
    devices: [
      {
        ...(nic('ens6', null, null) as unknown as { readonly [key: string]: Json }),
        consumesCounters: [{ counterSet: 'pf-0', counters: { vfs: { value: '1' } } }],
      },
    ],
  });
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'eth9', kept) });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'KEP-4815 (partitionable devices: sharedCounters and devices in separate slices)',
    cluster,
    checks: [
      none('findings[rule=device-pool-incomplete]'),
      none('findings[rule=claimed-device-gone]'),
      none('findings[severity=error]'),
    ],
  };
}

/** One slice for many nodes: each device names its own. */
function perDeviceNodes(): Situation {
  const { cluster, node, kept } = startClaims();
  const second = cluster.node('n2', cluster.subnets[0] ?? cluster.subnet('10.41.0.0/20'));
  const far = second.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  sliceOf(cluster, null, 'dra.net', {
    perDeviceNodeSelection: true,
    pool: { name: 'fabric', generation: 1, resourceSliceCount: 1 },
    devices: [
      { ...(nic('n1-ens6', 'ens6', kept.mac) as unknown as { readonly [key: string]: Json }), nodeName: 'n1' },
      { ...(nic('n2-ens6', 'ens6', far.mac) as unknown as { readonly [key: string]: Json }), nodeName: 'n2' },
    ],
  });
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { namespace: 'ai', name: 'c1', uid: 'claim-c1' },
    spec: { devices: { requests: [{ name: 'nic', exactly: { deviceClassName: 'nics' } }] } },
    status: {
      allocation: { devices: { results: [{ request: 'nic', driver: 'dra.net', pool: 'fabric', device: 'n1-ens6' }] } },
      reservedFor: [{ resource: 'pods', name: 'p1', uid: 'pod-ai-p1' }],
      devices: [
        {
          driver: 'dra.net',
          pool: 'fabric',
          device: 'n1-ens6',
          conditions: [
            { type: 'Ready', status: 'True', reason: 'NetworkDeviceReady', message: '', lastTransitionTime: OLD },
          ],
          networkData: { interfaceName: 'eth9', ips: [`${kept.ip ?? ''}/20`] },
        },
      ],
    },
  });
  podWith(cluster, 'ai/p1', node, [node.primary.addresses[0]?.ip ?? ''], ['c1']);
  return {
    source: 'kubernetes/api resource/v1 (perDeviceNodeSelection), KEP-4817 (networkData without a MAC)',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth9].eni', kept.id),
      none('findings[rule=claimed-device-gone]'),
      none('findings[rule=device-pool-incomplete]'),
      none('findings[severity=error]'),
    ],
    sayings: [
      { command: 'lookup', words: kept.mac, says: /ai\/p1/ },
      { command: 'lookup', words: kept.ip ?? '', says: /ai\/p1/ },
    ],
  };
}

/** NRI did not wait for the driver: the pod runs without its NIC, which is still in the host. */
function bypassed(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', kept.mac)]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'kubernetes-sigs/dranet#88',
    cluster,
    checks: [
      found('findings[rule=claim-not-ready]'),
      says('findings[rule=claim-not-ready]', '(?i)still.*(host|node)|(host|node).*still|ens6'),
      none('findings[rule=claimed-device-gone]'),
      silentOn('interfaces[pod=pod:ai/p1].link', '"certainty": "observed", "rule": "mac"'),
    ],
    sayings: [{ command: 'lookup', words: kept.mac, says: /ai\/c1|ai\/p1/ }],
  };
}

/** Reported link-local addresses are on every NIC, and no conflict. */
function linkLocal(): Situation {
  const { cluster, node, kept } = startClaims();
  const other = node.eni({ dev: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null), nic('ens7', null, null)]);
  for (const [at, eni] of [kept, other].entries()) {
    const device = at === 0 ? 'ens6' : 'ens7';
    const pod = `p${String(at + 1)}`;
    claim(cluster, {
      key: `ai/c${String(at)}`,
      pods: [pod],
      device,
      node: 'n1',
      told: {
        driver: 'dra.net',
        pool: 'n1',
        device,
        conditions: [
          { type: 'Ready', status: 'True', reason: 'NetworkDeviceReady', message: '', lastTransitionTime: OLD },
        ],
        networkData: {
          interfaceName: 'eth9',
          hardwareAddress: eni.mac.toUpperCase(),
          ips: ['fe80::1/64', `${eni.ip ?? ''}/20`],
        },
      },
    });
    claimingPod(cluster, `ai/${pod}`, node, `c${String(at)}`, [node.primary.addresses[at]?.ip ?? '']);
  }
  return {
    source: 'kubernetes-sigs/dranet (networkData.ips of the host, link-local among them)',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth9].eni', kept.id),
      is('interfaces[id=if:ai/p2/eth9].eni', other.id),
      none('findings[rule=duplicate-address]'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[severity=error]'),
      silentOn('findings.rule', 'claim|device'),
    ],
  };
}

/** A new generation of the pool without the device of a running pod. */
function newGeneration(): Situation {
  const { cluster, node, kept } = startClaims();
  const pool = (generation: number): Json => ({ name: 'n1', generation, resourceSliceCount: 1 });
  const one = (device: Device): Json => device as unknown as Json;
  sliceOf(cluster, 'n1', 'dra.net', { pool: pool(1), devices: [one(nic('ens6', null, null))] });
  sliceOf(cluster, 'n1', 'dra.net', { pool: pool(2), devices: [one(nic('ens7', 'ens7', '06:1f:5c:00:09:0a'))] });
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'eth9', kept) });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'google/dranet#97, kubernetes-sigs/dranet#99 (a device that moved into a pod leaves the slice)',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth9].eni', kept.id),
      // The device is in the pod, as the claim says: the slice may have lost it.
      none('findings[severity=error]'),
      none('findings[rule=device-pool-incomplete]'),
    ],
  };
}

/** The claim is reserved for a group of pods. */
function reservedForAGroup(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { namespace: 'ai', name: 'c1', uid: 'claim-c1' },
    spec: { devices: { requests: [{ name: 'nic', exactly: { deviceClassName: 'nics' } }] } },
    status: {
      allocation: { devices: { results: [{ request: 'nic', driver: 'dra.net', pool: 'n1', device: 'ens6' }] } },
      reservedFor: [{ apiGroup: 'scheduling.k8s.io', resource: 'podgroups', name: 'train', uid: 'group-train' }],
      devices: [ready('n1', 'ens6', 'eth9', kept)],
    },
  });
  podWith(cluster, 'ai/p1', node, [node.primary.addresses[0]?.ip ?? ''], ['c1']);
  return {
    source: 'KEP-5729 (claims of a PodGroup)',
    cluster,
    checks: [is('interfaces[id=if:ai/p1/eth9].eni', kept.id), none('findings[severity=error]')],
    sayings: [{ command: 'lookup', words: kept.mac, says: /ai\/p1/ }],
  };
}

export const allocations: Readonly<Record<string, () => Situation>> = {
  'device tainted under its pod': taintedUnderItsPod,
  'two claims, one without a device': twoClaims,
  'one claim with two devices': twoDevices,
  'claim with admin access': adminAccess,
  'counters in a slice of their own': countersApart,
  'devices that name their own node': perDeviceNodes,
  'pod unknown to the driver': bypassed,
  'link-local addresses by claim': linkLocal,
  'device removed from the slice with its pod': newGeneration,
  'claim of a group of pods': reservedForAGroup,
};
