/** Devices: virtual functions that are short, not there or given twice, EFA, and a bond over a pod's own links. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { found, none, OLD, says, silentOn, warning, type Situation } from './situation';

const RESOURCE = 'openshift.io/ib-sriov';

function start(capacity: Readonly<Record<string, string>>): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'c5.4xlarge', capacity });
  node.primary.free(5);
  return { cluster, node };
}

function sriov(c: Cluster, key: string): void {
  c.nad(
    key,
    { cniVersion: '0.3.1', type: 'sriov', ipam: { type: 'whereabouts', range: '192.168.7.0/24' } },
    { 'k8s.v1.cni.cncf.io/resourceName': RESOURCE },
  );
}

interface Vf {
  readonly network: string;
  readonly as: string;
  readonly ip?: string;
  readonly mac?: string;
  readonly pci?: string;
}

function attached(c: Cluster, key: string, node: Node, networks: string, links: readonly Vf[], asks = 0): void {
  const held = node.primary.add();
  const status: Json = [
    { name: 'aws-cni', interface: 'eth0', ips: [held.ip], default: true, dns: {} },
    ...links.map(({ network, as, ip, mac, pci }) => ({
      name: network,
      interface: as,
      ips: ip === undefined ? [] : [ip],
      ...(mac === undefined ? {} : { mac }),
      dns: {},
      ...(pci === undefined ? {} : { 'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': pci } } }),
    })),
  ];
  c.write(key, node, [held.ip], {
    ...(asks === 0 ? {} : { resources: { [RESOURCE]: String(asks) } }),
    annotations: { [NETWORKS]: networks, [STATUS]: JSON.stringify(status) },
  });
}

/** The device plugin restarted and counts only the functions that are not in use. */
function pluginRestarted(): Situation {
  const { cluster, node } = start({ [RESOURCE]: '1' });
  sriov(cluster, 'ai/ib');
  for (let at = 0; at < 7; at += 1)
    attached(
      cluster,
      `ai/train-${String(at)}`,
      node,
      'ib',
      [{ network: 'ai/ib', as: 'net1', ip: `192.168.7.${String(10 + at)}`, pci: `0000:3b:00.${String(at)}` }],
      1,
    );
  cluster.write('ai/late', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { [RESOURCE]: '1' },
    annotations: { [NETWORKS]: 'ib' },
  });
  warning(
    cluster,
    'ai/late',
    'FailedScheduling',
    `0/1 nodes are available: 1 Insufficient ${RESOURCE}. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    'default-scheduler',
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-operator#1028, sriov-network-device-plugin#565',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/late]', RESOURCE),
      // Seven are held and one is offered: the node counts wrong, it is not merely full.
      says('findings[subjects~pod:ai/late]', '7'),
      says('findings[subjects~pod:ai/late]', '(?i)device plugin'),
      silentOn('findings[subjects~pod:ai/late]', '-\\d+ (free|left|of)'),
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/late address', says: /ib-sriov/ }],
  };
}

/** The node offers none of it. */
function noneOffered(): Situation {
  const { cluster } = start({ [RESOURCE]: '0' });
  sriov(cluster, 'ai/ib');
  cluster.write('ai/late', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { [RESOURCE]: '1' },
    annotations: { [NETWORKS]: 'ib' },
  });
  warning(
    cluster,
    'ai/late',
    'FailedScheduling',
    `0/1 nodes are available: 1 Insufficient ${RESOURCE}.`,
    'default-scheduler',
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#127, #189, #223',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/late]', RESOURCE),
      silentOn('findings[subjects~pod:ai/late].advice', '(?i)remove|delete the network'),
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/late address', says: /ib-sriov/, silentOn: /aws-node|ipamd/ }],
  };
}

/** The kubelet refused the pod: its device was not there after the node came up. */
function admissionError(): Situation {
  const { cluster, node } = start({ [RESOURCE]: '4' });
  sriov(cluster, 'ai/ib');
  cluster.write('ai/train', node, [], {
    phase: 'Failed',
    createdAt: OLD,
    resources: { [RESOURCE]: '1' },
    annotations: { [NETWORKS]: 'ib' },
    statusReason: 'UnexpectedAdmissionError',
    statusMessage: `Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices ${RESOURCE}, which is unexpected`,
  });
  return {
    source: 'kubernetes/kubernetes#125579, #130145',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/train]', 'UnexpectedAdmissionError'),
      says('findings[subjects~pod:ai/train]', RESOURCE),
      silentOn('findings[subjects~pod:ai/train]', '(?i)aws-node|ipamd'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/train address', says: /UnexpectedAdmissionError/ }],
  };
}

/** After an ungraceful reboot two pods were given one function. */
function oneFunctionTwice(): Situation {
  const { cluster, node } = start({ [RESOURCE]: '8' });
  sriov(cluster, 'ai/ib');
  for (const at of [0, 1])
    attached(
      cluster,
      `ai/train-${String(at)}`,
      node,
      'ib',
      [{ network: 'ai/ib', as: 'net1', ip: `192.168.7.${String(10 + at)}`, pci: '0000:3b:00.4' }],
      1,
    );
  return {
    source: 'kubernetes/kubernetes#107928',
    cluster,
    checks: [
      says('findings[rule=host-device-conflict]', '0000:3b:00\\.4'),
      says('findings[rule=host-device-conflict]', '(?s)train-0.*train-1|train-1.*train-0'),
    ],
  };
}

/** A bond over net1 and net2: three interfaces, one MAC, and nothing is wrong. */
function bondOverOwnLinks(): Situation {
  const { cluster, node } = start({ [RESOURCE]: '8' });
  sriov(cluster, 'nfv/a');
  sriov(cluster, 'nfv/b');
  cluster.nad('nfv/bond', {
    cniVersion: '0.3.1',
    type: 'bond',
    mode: 'active-backup',
    linksInContainer: true,
    failOverMac: 1,
    miimon: '100',
    links: [{ name: 'net1' }, { name: 'net2' }],
    ipam: { type: 'whereabouts', range: '192.168.9.0/24' },
  });
  attached(
    cluster,
    'nfv/upf',
    node,
    'a,b,bond@bond0',
    [
      { network: 'nfv/a', as: 'net1', mac: '20:04:0f:f1:88:01', pci: '0000:3b:00.1' },
      { network: 'nfv/b', as: 'net2', mac: '20:04:0f:f1:88:01', pci: '0000:3b:00.2' },
      { network: 'nfv/bond', as: 'bond0', ip: '192.168.9.5', mac: '20:04:0f:f1:88:01' },
    ],
    2,
  );
  return {
    source: 'k8snetworkplumbingwg/bond-cni (README), #23',
    cluster,
    checks: [
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=duplicate-address]'),
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=host-device-conflict]'),
      none('findings[rule=network-config-invalid]'),
      none('findings[subjects~pod:nfv/upf][severity=error]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod nfv/upf where', says: /bond0/ },
      { command: 'explain', words: 'mac 20:04:0f:f1:88:01 who', says: /nfv\/upf/, silentOn: /conflict/i },
    ],
  };
}

/** The EFA device plugin does not run there. */
function efaNotOffered(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'p4d.24xlarge' });
  for (const card of [1, 2, 3]) node.eni({ card, dev: 1, type: 'efa-only', ip: null });
  node.primary.free(9);
  cluster.write('ai/nccl', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/efa': '4' },
  });
  warning(
    cluster,
    'ai/nccl',
    'FailedScheduling',
    '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/efa.',
    'default-scheduler',
  );
  return {
    source: 'aws-samples/aws-efa-eks#8, eksctl-io/eksctl#6222, aws-samples/aws-do-eks#56',
    cluster,
    checks: [
      found('findings[subjects~pod:ai/nccl]'),
      says('findings[subjects~pod:ai/nccl]', 'vpc.amazonaws.com/efa'),
      says('findings[subjects~pod:ai/nccl]', '(?i)device plugin'),
      silentOn('findings[subjects~pod:ai/nccl]', '(?i)SR-IOV|security group'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/nccl address', says: /vpc.amazonaws.com\/efa/ }],
  };
}

export const devices: Readonly<Record<string, () => Situation>> = {
  'device plugin restarted': pluginRestarted,
  'device plugin without devices': noneOffered,
  'devices rejected by the kubelet': admissionError,
  'one function for two pods': oneFunctionTwice,
  'bond over pod interfaces': bondOverOwnLinks,
  'EFA that no plugin offers': efaNotOffered,
};
