/** Interfaces by claim (DRA): shared and exclusive devices, claims that nobody can fill, drivers that say nothing. */
import { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { claim, claimingPod, nic, ready, slice, startClaims } from './claiming';
import { found, is, none, OLD, says, silentOn, warning, type Situation } from './situation';

/** Two pods with one claim: the device can be in one of them only. */
function oneClaimTwoPods(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, {
    key: 'ai/any-nic',
    pods: ['agnhost-1', 'agnhost-2'],
    device: 'ens6',
    node: 'n1',
    told: ready('n1', 'ens6', 'ens6', kept),
  });
  const held = node.primary.addresses[0]?.ip ?? '';
  claimingPod(cluster, 'ai/agnhost-1', node, 'any-nic', [held]);
  claimingPod(cluster, 'ai/agnhost-2', node, 'any-nic', [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'ai/agnhost-2',
    'FailedCreatePodSandBox',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to run NRI plugins: RunPodSandbox error moving device ens6 to namespace: Link not found',
    'kubelet',
  );
  return {
    source: 'google/dranet#139',
    cluster,
    checks: [
      is('interfaces[id=if:ai/agnhost-1/ens6].eni', kept.id),
      says('findings[subjects~pod:ai/agnhost-2]', 'moving device ens6'),
      says('findings[subjects~pod:ai/agnhost-2]', 'agnhost-1'),
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=pod-ip-failed]'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/agnhost-2 address', says: /ens6/ }],
  };
}

/** The kubelet may not use the claim: nobody reserved it for the pod. */
function notReserved(): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:00:00:00:00:01')]);
  claim(cluster, { key: 'ai/c1', pods: [], device: 'ens6', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'ai/p1',
    'FailedPrepareDynamicResources',
    'Failed to prepare dynamic resources: pod p1 (pod-ai-p1) is not allowed to use resource claim c1 (claim-ai/c1)',
    'kubelet',
  );
  return {
    source: 'google/dranet#30',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'not allowed to use resource claim'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)ipamd|out of addresses'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /not allowed to use resource claim/ }],
  };
}

/** No node can fill the claim. */
function cannotAllocate(): Situation {
  const { cluster, node } = startClaims();
  node.primary.free(1);
  claim(cluster, { key: 'ai/c1', pods: [], device: null, node: 'n1' });
  claimingPod(cluster, 'ai/p1', null, 'c1', [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'ai/p1',
    'FailedScheduling',
    '0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    'default-scheduler',
  );
  return {
    source: 'kubernetes/kubernetes (cannot allocate all claims), k8snetworkplumbingwg/dra-driver-sriov',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'cannot allocate all claims'),
      says('findings[subjects~pod:ai/p1]', 'c1'),
      says('findings[subjects~pod:ai/p1]', '(?i)no (node|driver|slice)|nics|publishes'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /claim/ }],
  };
}

/** The driver set the device up and says where it went: one interface on the kept ENI, and all is well. */
function claimAtWork(version: 'v1' | 'v1beta1'): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'eth9', kept) });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  if (version === 'v1beta1')
    for (const [at, object] of cluster.objects.entries()) {
      const text = JSON.stringify(object).replaceAll('resource.k8s.io/v1"', 'resource.k8s.io/v1beta1"');
      cluster.objects[at] = JSON.parse(text.replaceAll('"exactly":{', '"beta":{')) as Json;
    }
  return {
    source: 'kubernetes-sigs/dranet (README), kubernetes/enhancements#4817',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth9].eni', kept.id),
      is('interfaces[id=if:ai/p1/eth9].link.certainty', 'observed'),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [
      { command: 'lookup', words: kept.mac, says: /ai\/p1/ },
      { command: 'explain', words: 'pod ai/p1 where', says: new RegExp(kept.id) },
      { command: 'explain', words: `address ${kept.ip ?? ''} who`, says: /ai\/p1/ },
    ],
  };
}

/** A claim took an ENI that ipamd manages: ipamd goes on giving its addresses to pods, and the ENI has left the host. */
function claimOnManaged(): Situation {
  const { cluster, node } = startClaims();
  const own = node.eni({ dev: 2, by: 'ipamd' });
  cluster.pod('shop/cut', node, own);
  own.free(8);
  slice(cluster, 'n1', 'dra.net', [nic('ens7', null, null)]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens7', node: 'n1', told: ready('n1', 'ens7', 'ens7', own) });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'kubernetes-sigs/dranet (default filter), aws/eks-charts aws-dranet',
    cluster,
    checks: [
      found(`findings[rule=claimed-eni-managed]`),
      says('findings[rule=claimed-eni-managed]', own.id),
      is('interfaces[id=if:ai/p1/ens7].eni', own.id),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 where', says: new RegExp(own.id) }],
  };
}

/** EFA devices without an IP stack: there is no address to miss. */
function efaByClaim(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'p5.48xlarge', maxPods: 100 });
  node.primary.free(9);
  for (const card of [1, 2]) node.eni({ card, dev: 1, type: 'efa-only', ip: null });
  slice(
    cluster,
    'n1',
    'dra.net',
    [1, 2].map((card) =>
      nic(`pci-0000-a${String(card)}-00-0`, null, null, {
        'dra.net/pciDevice': { string: 'Elastic Fabric Adapter (EFA)' },
        'dra.net/rdma': { bool: true },
      }),
    ),
  );
  claim(cluster, {
    key: 'ai/efa',
    pods: ['nccl'],
    device: 'pci-0000-a1-00-0',
    node: 'n1',
    told: {
      driver: 'dra.net',
      pool: 'n1',
      device: 'pci-0000-a1-00-0',
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'RDMAOnlyDeviceReady',
          lastTransitionTime: '2026-09-01T09:00:05Z',
          message: '',
        },
      ],
    },
  });
  claimingPod(cluster, 'ai/nccl', node, 'efa', [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'aws/eks-charts (aws-dranet: EFA-only devices)',
    cluster,
    checks: [
      none('findings[rule=claim-not-ready]'),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
  };
}

export const claims: Readonly<Record<string, () => Situation>> = {
  'one claim for two pods': oneClaimTwoPods,
  'claim not reserved for the pod': notReserved,
  'claim that no node can satisfy': cannotAllocate,
  'healthy claim': () => claimAtWork('v1'),
  'healthy claim in the older API version': () => claimAtWork('v1beta1'),
  'claim on an ENI managed by ipamd': claimOnManaged,
  'EFA by claim': efaByClaim,
};
