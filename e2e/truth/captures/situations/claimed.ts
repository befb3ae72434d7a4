/** Claims that linger, are waited for, or are of another kind: what drivers and the kubelet leave, and devices of InfiniBand and of Cilium. */
import { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { claim, claimingPod, nic, ready, slice, startClaims } from './claiming';
import { startLab } from './lab';
import { found, is, none, OLD, says, silentOn, warning, type Situation } from './situation';

const QUIET = [none('findings[severity=error]'), none('findings[severity=warning]')];

const readyAs = (reason: string): Json => ({
  type: 'Ready',
  status: 'True',
  reason,
  lastTransitionTime: '2026-09-01T09:00:05Z',
  message: '',
});

/** The template is not there: no claim is made, and the pod is not even scheduled. */
function noTemplate(): Situation {
  const { cluster } = startClaims();
  claimingPod(cluster, 'ai/p1', null, null, [], {
    phase: 'Pending',
    createdAt: OLD,
    more: { status: { resourceClaimStatuses: [] } },
  });
  warning(
    cluster,
    'ai/p1',
    'FailedResourceClaimCreation',
    'PodResourceClaim nic: resource claim template "nics": resourceclaimtemplate.resource.k8s.io "nics" not found',
    'resource_claim',
  );
  return {
    source: 'kubernetes/kubernetes#129362',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'nics'),
      says('findings[subjects~pod:ai/p1]', '(?i)template'),
      is('pods[id=pod:ai/p1].claims.0.state', 'pending'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /(?:T|t)emplate/ }],
  };
}

/** The template asks for admin access, in a namespace without the label for it. */
function adminAccess(): Situation {
  const { cluster } = startClaims();
  claimingPod(cluster, 'ai/p1', null, null, [], {
    phase: 'Pending',
    createdAt: OLD,
    more: { status: { resourceClaimStatuses: [] } },
  });
  warning(
    cluster,
    'ai/p1',
    'FailedResourceClaimCreation',
    'PodResourceClaim nic: failed to create ResourceClaim: ResourceClaim.resource.k8s.io "p1-nic-x2x4f" is invalid: spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace',
    'resource_claim',
  );
  return {
    source: 'kubernetes/kubernetes#130225, #141293',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'resource.kubernetes.io/admin-access'),
      says('findings[subjects~pod:ai/p1].advice', 'leave adminAccess out'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /admin access/ }],
  };
}

/** The pod that had the claim is gone, and the claim is still reserved for it: the next pod of that name is another one. */
function reservedForTheFormerPod(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, {
    key: 'ai/nic',
    pods: [],
    device: 'ens6',
    node: 'n1',
    told: ready('n1', 'ens6', 'ens6', kept),
  });
  const last = cluster.objects.at(-1) as { status: { reservedFor: Json[] } };
  last.status.reservedFor = [{ resource: 'pods', name: 'rank-0', uid: 'pod-of-yesterday' }];
  claimingPod(cluster, 'ai/rank-0', node, 'nic', [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'ai/rank-0',
    'FailedPrepareDynamicResources',
    'Failed to prepare dynamic resources: prepare dynamic resources: pod rank-0 (pod-ai-rank-0) is not allowed to use ResourceClaim nic (claim-ai/nic)',
    'kubelet',
  );
  return {
    source: 'Project-HAMi/HAMi-DRA#21, kubernetes/kubernetes (reservedFor by UID)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/rank-0]', 'not allowed to use ResourceClaim'),
      says('findings[subjects~pod:ai/rank-0]', '(?i)reserved'),
      silentOn('findings[subjects~pod:ai/rank-0]', '(?i)ipamd|out of addresses'),
    ],
  };
}

/** A claim that is on its way out, with its device and without its pod: no pod has the ENI. */
function claimThatLingers(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, { key: 'ai/gone', pods: [], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'ens6', kept) });
  const last = cluster.objects.at(-1) as { metadata: { [key: string]: Json } };
  last.metadata['deletionTimestamp'] = '2026-09-01T10:00:00Z';
  last.metadata['finalizers'] = ['resource.kubernetes.io/delete-protection'];
  cluster.pod('shop/a', node, node.primary);
  return {
    source: 'kubernetes-sigs/dra-driver-nvidia-gpu#725',
    cluster,
    checks: [
      is(`enis[id=${kept.id}].claimedBy`, []),
      is(`enis[id=${kept.id}].management.state`, 'unmanaged'),
      none('findings[severity=error]'),
    ],
  };
}

/** An InfiniBand port by claim: its driver tells no MAC of six octets and no address, and says it is ready. */
function infinibandByClaim(): Situation {
  const { cluster, node } = startLab();
  slice(cluster, 'w1', 'dra.net', [
    nic('pci-0000-9a-00-0', null, null, {
      'dra.net/rdma': { bool: true },
      'dra.net/encapsulation': { string: 'infiniband' },
      'dra.net/pciVendor': { string: 'Mellanox Technologies' },
    }),
  ]);
  claim(cluster, {
    key: 'ai/ib',
    pods: ['nccl'],
    device: 'pci-0000-9a-00-0',
    node: 'w1',
    told: { driver: 'dra.net', pool: 'w1', device: 'pci-0000-9a-00-0', conditions: [readyAs('RDMAOnlyDeviceReady')] },
  });
  claimingPod(cluster, 'ai/nccl', node, 'ib', ['10.244.1.7']);
  return {
    source: 'kubernetes-sigs/dranet site/content/docs (InfiniBand: IB-only devices)',
    cluster,
    checks: [
      is('interfaces[id=if:ai/nccl/~pci-0000-9a-00-0].claim.kind', 'rdma'),
      is('interfaces[id=if:ai/nccl/~pci-0000-9a-00-0].ips', []),
      is('interfaces[id=if:ai/nccl/~pci-0000-9a-00-0].eni', null),
      none('findings[rule=claim-not-ready]'),
      ...QUIET,
    ],
  };
}

/** Cilium's driver names its pools as their user does, the same on every node: devices of two nodes are two. */
function poolsOfOneName(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const nodes = ['n1', 'n2'].map((name) => cluster.node(name, subnet, { maxPods: 20 }));
  const driver = 'networkdriver.cilium.io';
  for (const [at, node] of nodes.entries()) {
    node.primary.free(6);
    const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
    slice(cluster, node.name, driver, [
      {
        name: 'ens6',
        attributes: {
          [`${driver}/kernelIfName`]: { string: 'ens6' },
          [`${driver}/pool`]: { string: 'fast' },
          'dra.net/mac': { string: kept.mac },
        },
      },
    ]);
    const made = cluster.objects.at(-1) as { spec: { pool: { name: string } } };
    made.spec.pool.name = 'fast';
    const pod = `p${String(at + 1)}`;
    claim(cluster, {
      key: `ai/c${String(at + 1)}`,
      pods: [pod],
      device: 'ens6',
      node: node.name,
      driver,
      told: {
        driver,
        pool: 'fast',
        device: 'ens6',
        conditions: [readyAs('Ready')],
        networkData: { interfaceName: 'fast0' },
      },
    });
    const fact = cluster.objects.at(-1) as { status: { allocation: { devices: { results: { pool: string }[] } } } };
    for (const one of fact.status.allocation.devices.results) one.pool = 'fast';
    claimingPod(cluster, `ai/${pod}`, node, `c${String(at + 1)}`, [node.primary.addresses[0]?.ip ?? '']);
  }
  return {
    source: 'cilium/cilium#48923, #44081',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/fast0].node', 'node:n1'),
      is('interfaces[id=if:ai/p2/fast0].node', 'node:n2'),
      none('findings[rule=host-device-conflict]'),
      none('findings[severity=error]'),
    ],
  };
}

/** The claim came up before the driver answered: the pod has waited for seconds, and nothing is wrong yet. */
function justAllocated(): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:00:00:00:00:01')]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], { phase: 'Pending', createdAt: '2026-09-01T11:59:50Z' });
  return {
    source: 'kubernetes/enhancements#4817 (device status is written by the driver after NodePrepareResources)',
    cluster,
    checks: [is('pods[id=pod:ai/p1].claims.0.state', 'allocated'), none('findings[rule=claim-not-ready]'), ...QUIET],
  };
}

/** Two pods have an ipvlan each on one ENI, by shares of it: the ENI stays in the host, its MAC is theirs, their addresses are on it. */
function sharesOfAnEni(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', kept.mac)]);
  const held = [kept.add(), kept.add()];
  for (const [at, { ip }] of held.entries()) {
    const told = ready('n1', 'ens6', 'net0', kept) as { readonly [key: string]: Json };
    const share = `a671734a-e8e5-11e4-8fde-42010af0932${String(at)}`;
    claim(cluster, {
      key: `ai/share-${String(at)}`,
      pods: [`p${String(at)}`],
      device: 'ens6',
      node: 'n1',
      share,
      told: {
        ...told,
        shareID: share,
        networkData: { interfaceName: 'net0', hardwareAddress: kept.mac, ips: [`${ip}/20`] },
      },
    });
    claimingPod(cluster, `ai/p${String(at)}`, node, `share-${String(at)}`, [node.primary.addresses[at]?.ip ?? '']);
  }
  return {
    source: 'kubernetes-sigs/dranet#329 (ipvlan subinterfaces), kubernetes/enhancements#5075',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p0/net0].eni', kept.id),
      is('interfaces[id=if:ai/p1/net0].eni', kept.id),
      is('interfaces[id=if:ai/p1/net0].claim.whole', false),
      is('interfaces[id=if:ai/p1/net0].addresses.0.backed', 'eni'),
      is(`enis[id=${kept.id}].claimedBy`, []),
      is(`enis[id=${kept.id}].capacity`, 9),
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=host-device-conflict]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: held[1]?.ip ?? '', says: /ai\/p1/ }],
  };
}

/** The device went with its machine's reboot and came back under another name: the claim still names the old one. */
function deviceUnderAnotherName(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens7', 'ens7', kept.mac)]);
  claim(cluster, {
    key: 'ai/c1',
    pods: ['p1'],
    device: 'pci-0000-00-06-0',
    node: 'n1',
    told: ready('n1', 'pci-0000-00-06-0', 'ens6', kept),
  });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'google/dranet#117, kubernetes-sigs/dranet (device names after a reboot)',
    cluster,
    checks: [
      found('findings[rule=claimed-device-gone]'),
      says('findings[rule=claimed-device-gone]', 'pci-0000-00-06-0'),
      is('interfaces[id=if:ai/p1/ens6].eni', kept.id),
    ],
  };
}

export const claimed: Readonly<Record<string, () => Situation>> = {
  'missing claim template': noTemplate,
  'claim template with admin access, without the label': adminAccess,
  'claim reserved for the previous pod': reservedForTheFormerPod,
  'orphaned claim': claimThatLingers,
  'InfiniBand by claim': infinibandByClaim,
  'pools of the same name on two nodes': poolsOfOneName,
  'claim just allocated': justAllocated,
  'shares of an ENI': sharesOfAnEni,
  'device under another name': deviceUnderAnotherName,
};
