/** Claims whose device stays on the node, old drivers, and what the container runtime says of devices that do not move. */
import { Cluster } from '../kit/cluster';
import { NETWORKS } from '../kit/pod';
import type { Json } from '../kit/types';
import { multusSays } from './attaching';
import { claim, claimingPod, nic, ready, slice, startClaims, unscheduled } from './claiming';
import { is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

/** DRANET makes an ipvlan interface for each pod: the link stays on the node, and lends its MAC. */
function ipvlanByClaim(where: 'on the ENI' | 'nowhere'): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [
    nic('pci-0000-00-06-0', 'ens6', kept.mac, { 'dra.net/pciAddress': { string: '0000:00:06.0' } }),
  ]);
  const ips = [0, 1].map((at) => (where === 'on the ENI' ? kept.add().ip : `10.99.0.${String(at + 10)}`));
  for (const [at, ip] of ips.entries()) {
    const own = String(at);
    claim(cluster, {
      key: `ai/c${own}`,
      pods: [`p${own}`],
      device: 'pci-0000-00-06-0',
      node: 'n1',
      share: `2a3d5f0${own}-0000-4000-8000-000000000000`,
      told: {
        ...(ready('n1', 'pci-0000-00-06-0', `ipvlan-ens6`, kept) as { readonly [key: string]: Json }),
        shareID: `2a3d5f0${own}-0000-4000-8000-000000000000`,
        networkData: { interfaceName: 'ipvlan-ens6', hardwareAddress: kept.mac, ips: [`${ip}/20`] },
      },
    });
    const held = node.primary.add();
    claimingPod(cluster, `ai/p${own}`, node, `c${own}`, [held.ip]);
  }
  const face = (at: number): string => `interfaces[id=if:ai/p${String(at)}/ipvlan-ens6]`;
  return {
    source: 'kubernetes-sigs/dranet#241, #239, #63',
    cluster,
    checks: [
      is(`${face(0)}.eni`, kept.id),
      is(`${face(1)}.eni`, kept.id),
      is(`${face(0)}.link.certainty`, 'observed'),
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=claim-not-ready]'),
      none('findings[rule=claim-status-mismatch]'),
      none('findings[rule=claimed-device-gone]'),
      ...(where === 'on the ENI'
        ? [none('findings[severity=error]'), none('findings[severity=warning]')]
        : [says('findings[rule=address-not-on-eni]', '10\\.99\\.0\\.10')]),
    ],
    sayings: [
      { command: 'lookup', words: ips[0] ?? '', says: new RegExp(`p0[\\s\\S]*${kept.id}|${kept.id}[\\s\\S]*p0`) },
      { command: 'lookup', words: kept.mac, says: /p0[\s\S]*p1|p1[\s\S]*p0/ },
    ],
  };
}

/** DRANET of its first months: other names of attributes, and no report in the claim. */
function firstDranet(): Situation {
  const { cluster, node, kept } = startClaims();
  cluster.object({
    apiVersion: 'resource.k8s.io/v1beta1',
    kind: 'ResourceSlice',
    metadata: { name: 'n1-dra.net-q567s', uid: 'slice-q567s' },
    spec: {
      driver: 'dra.net',
      nodeName: 'n1',
      pool: { name: 'n1', generation: 1, resourceSliceCount: 1 },
      devices: [
        {
          name: 'ens6',
          basic: {
            attributes: {
              encapsulation: { string: 'ether' },
              ip: { string: '10.40.0.77' },
              kind: { string: 'network' },
              mac: { string: kept.mac },
              mtu: { int: 1500 },
              name: { string: 'ens6' },
              numa_node: { int: -1 },
              pci_address_bus: { string: '00' },
              pci_address_device: { string: '06' },
              pci_address_domain: { string: '0000' },
              pci_address_function: { string: '0' },
              rdma: { bool: false },
              sriov: { bool: false },
              state: { string: 'up' },
              type: { string: 'device' },
              virtual: { bool: false },
            },
          },
        },
      ],
    },
  });
  node.primary.free(1);
  return {
    source: 'google/dranet#30, #33',
    cluster,
    checks: [
      is('hostNics[name=ens6].mac', kept.mac),
      is('hostNics[name=ens6].eni', kept.id),
      is('hostNics[name=ens6].pciAddress', '0000:00:06.0'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: 'ens6', says: new RegExp(kept.id) }],
  };
}

/** The kubelet asks for a version of the API that the API server does not serve. */
function apiOfAnotherVersion(): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:1f:5c:00:02:0a')]);
  claim(cluster, { key: 'ai/p1-nic', pods: ['p1'], device: 'ens6', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'p1-nic', [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'ai/p1',
    'FailedPrepareDynamicResources',
    'Failed to prepare dynamic resources: prepare dynamic resources: failed to fetch ResourceClaim p1-nic referenced by pod p1: the server could not find the requested resource',
    'kubelet',
  );
  return {
    source: 'kubernetes-sigs/dra-driver-nvidia-gpu#766',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', '(?i)version'),
      says('findings[subjects~pod:ai/p1]', 'resource\\.k8s\\.io'),
      silentOn(
        'findings[subjects~pod:ai/p1]',
        '(?i)claim .*does not exist|network-attachment|NetworkAttachmentDefinition',
      ),
      silentOn('findings[subjects~pod:ai/p1].advice', '(?i)create the ResourceClaim|subnet|ipamd'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /resource\.k8s\.io/ }],
  };
}

/** A taint of an administrator without a selector of its own: every pod with a device is evicted. */
function taintForAll(): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:1f:5c:00:02:0a'), nic('ens7', 'ens7', '06:1f:5c:00:02:0b')]);
  cluster.object({
    apiVersion: 'resource.k8s.io/v1beta2',
    kind: 'DeviceTaintRule',
    metadata: { name: 'drain-all', uid: 'rule-1' },
    spec: { deviceSelector: {}, taint: { key: 'maintenance', effect: 'NoExecute', timeAdded: '2026-09-01T11:00:00Z' } },
  });
  claim(cluster, { key: 'ai/c1', pods: [], device: null, node: 'n1' });
  claimingPod(cluster, 'ai/p1', null, 'c1', [], { phase: 'Pending', createdAt: OLD });
  unscheduled(
    cluster,
    'ai/p1',
    '0/1 nodes are available: 1 cannot allocate all claims. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  );
  node.primary.free(1);
  return {
    source: 'kubernetes/kubernetes#141422',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'drain-all'),
      says('findings[subjects~pod:ai/p1]', '(?i)every device|all devices'),
      says('findings[subjects~pod:ai/p1].advice', '(?i)rule'),
      silentOn('findings[subjects~pod:ai/p1].advice', '(?i)driver .*runs'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /drain-all/ }],
  };
}

/** The device of an extended resource is tainted: the controller evicts no pod that has it so (before it is mended). */
function taintedExtended(): Situation {
  const { cluster, node, kept } = startClaims();
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name: 's-1', uid: 's-1' },
    spec: {
      driver: 'dra.net',
      nodeName: 'n1',
      pool: { name: 'n1', generation: 1, resourceSliceCount: 1 },
      devices: [
        {
          ...nic('ens6', 'ens6', kept.mac),
          taints: [{ key: 'dra.net/unhealthy', value: 'link', effect: 'NoExecute', timeAdded: '2026-09-01T11:00:00Z' }],
        },
      ],
    },
  });
  claim(cluster, {
    key: 'ai/p1-ext',
    pods: ['p1'],
    device: 'ens6',
    node: 'n1',
    told: ready('n1', 'ens6', 'net1', kept),
  });
  const held = node.primary.add();
  claimingPod(cluster, 'ai/p1', node, null, [held.ip], {
    extendedClaim: { claim: 'p1-ext', resource: 'example.com/nic' },
    resources: { 'example.com/nic': '1' },
  });
  return {
    source: 'kubernetes/kubernetes#141290',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/net1].eni', kept.id),
      says('findings[subjects~pod:ai/p1]', 'dra\\.net/unhealthy'),
      says('findings[subjects~pod:ai/p1]', 'NoExecute'),
    ],
  };
}

/** The runtime quotes DRANET, which could not move the link. */
function linkThatDoesNotMove(text: string): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('pci-0000-00-06-0', 'ens6', '06:1f:5c:00:02:0a')]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'pci-0000-00-06-0', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'ai/p1',
    'FailedCreatePodSandBox',
    `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to run NRI RunPodSandbox: ${text}`,
    'kubelet',
  );
  return {
    source: 'kubernetes-sigs/dranet#175, #176',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'pci-0000-00-06-0'),
      says('findings[subjects~pod:ai/p1]', '(?i)dra\\.net|DRANET'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)does not know this message|out of addresses|network-attachment'),
      none('findings[rule=parent-interface-missing]'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /pci-0000-00-06-0/ }],
  };
}

const RESOURCE = 'openshift.io/vfs';
const SRIOV = 'sriovnetwork.k8snetworkplumbingwg.io';

/** A network whose device comes by claim, and a Multus that reads none. */
function multusWithoutClaims(): Situation {
  const cluster = new Cluster({ multus: 'v4.3.0' });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  node.primary.free(8);
  cluster.nad(
    'ai/vf-net',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': RESOURCE },
  );
  slice(cluster, 'n1', SRIOV, [
    {
      name: '0000-3b-02-1',
      attributes: {
        'sriovnetwork.k8snetworkplumbingwg.io/pciAddress': { string: '0000:3b:02.1' },
        'k8s.cni.cncf.io/resourceName': { string: RESOURCE },
        'k8s.cni.cncf.io/deviceID': { string: '0000:3b:02.1' },
      },
    },
  ]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: '0000-3b-02-1', node: 'n1', driver: SRIOV });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], {
    phase: 'Pending',
    createdAt: OLD,
    annotations: { [NETWORKS]: 'vf-net' },
  });
  refused(
    cluster,
    'ai/p1',
    multusSays('ai/p1', 'vf-net', 'SRIOV-CNI failed to load netconf: LoadConf(): VF pci addr is required'),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1492, kubevirt/enhancements#427',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', '(?i)Multus'),
      says('findings[subjects~pod:ai/p1]', '4\\.3\\.0'),
      says('findings[subjects~pod:ai/p1]', '(?i)claim'),
      silentOn('findings[subjects~pod:ai/p1].advice', '(?i)request .*openshift\\.io/vfs|add .*openshift\\.io/vfs'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /claim/ }],
  };
}

/** A dashboard names the RDMA device, as EFA’s metrics do; the claim names the PCI device. */
function rdmaDevice(): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [
    {
      name: 'pci-0000-00-1e-0',
      attributes: {
        'dra.net/pciAddress': { string: '0000:00:1e.0' },
        'dra.net/pciDevice': { string: 'Elastic Fabric Adapter (EFA)' },
        'dra.net/rdma': { bool: true },
        'dra.net/rdmaDevice': { string: 'rdmap0s30' },
      },
    },
  ]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'pci-0000-00-1e-0', node: 'n1' });
  const held = node.primary.add();
  claimingPod(cluster, 'ai/p1', node, 'c1', [held.ip]);
  return {
    source: 'aws/amazon-cloudwatch-agent-test#753',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      { command: 'lookup', words: 'pci-0000-00-1e-0', says: /p1/ },
      { command: 'lookup', words: '0000:00:1e.0', says: /p1/ },
      { command: 'lookup', words: 'rdmap0s30', says: /p1/ },
    ],
  };
}

export const sharedLinks: Readonly<Record<string, () => Situation>> = {
  'ipvlan by claim, addresses on the ENI': () => ipvlanByClaim('on the ENI'),
  'ipvlan by claim, addresses on no ENI': () => ipvlanByClaim('nowhere'),
  'attributes of the first DRANET': firstDranet,
  'kubelet that requires another version of claims': apiOfAnotherVersion,
  'taint for every device': taintForAll,
  'tainted device by extended resource': taintedExtended,
  'link that cannot be moved': () =>
    linkThatDoesNotMove(
      'error moving network device pci-0000-00-06-0 to namespace /var/run/netns/cni-1: link not found for interface ens6 on namespace host: Link not found',
    ),
  'RDMA device that cannot be moved': () =>
    linkThatDoesNotMove(
      'error moving RDMA device pci-0000-00-06-0 to namespace /var/run/netns/cni-1: operation not supported',
    ),
  'Multus without support for claims': multusWithoutClaims,
  'RDMA device of a claim': rdmaDevice,
};
