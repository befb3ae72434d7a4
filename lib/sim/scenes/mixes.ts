/** One node of each mode that VPC CNI and Multus have, with pods on it. `modes` shows them all, `randomScene` some by chance. */
import { rfc3339 } from '../model/clock';
import { must } from '../model/must';
import { addNetwork } from '../model/networks';
import { addNode } from '../model/ec2-nodes';
import { addFargateNode, addHybridNode } from '../model/other-nodes';
import type { SimNode } from '../model/node';
import { finishPod, startPod, type PodTemplate } from '../model/pods';
import { addSubnet, type ClusterState } from '../model/state';
import type { SimSubnet } from '../model/subnet';
import { addObject, installCrds } from './base';

export interface Mix {
  readonly subnet: SimSubnet;
  /** Different for each node of a cluster; decides ranges of its own. */
  readonly index: number;
  readonly pods: number;
  readonly multus: string;
}

type Env = Readonly<Record<string, string>>;

export type MixName = keyof typeof MIXES;

const NO_MANAGE = { 'node.k8s.amazonaws.com/no_manage': 'true' };
const NAMESPACE = 'mix';

/** Starts pods on that node, under names of their own; one of them has already ended. */
export function startOn(
  state: ClusterState,
  node: SimNode,
  count: number,
  template: Partial<PodTemplate> = {},
): string[] {
  const app = template.app ?? 'app';
  return Array.from({ length: count }, () => {
    const name = `${app}-${state.random.suffix(9)}-${state.random.suffix(5)}`;
    startPod(state, {
      namespace: NAMESPACE,
      owner: { kind: 'ReplicaSet', name: `${app}-7c9d4` },
      ...template,
      app,
      name,
      node: node.facts.name,
      createdAt: node.facts.createdAt + 120_000,
    });
    return `${template.namespace ?? NAMESPACE}/${name}`;
  });
}

const withFinished = (state: ClusterState, node: SimNode, pods: number): void => {
  const [first] = startOn(state, node, pods);
  startOn(state, node, 1, { hostNetwork: true, app: 'exporter' });
  if (first !== undefined && pods > 1) finishPod(state, first, state.random.chance(0.5) ? 'Succeeded' : 'Failed');
};

const TYPES = ['m5.large', 'm5.xlarge', 't3.medium', 'm6i.2xlarge', 'm5.4xlarge'] as const;

function secondary(state: ClusterState, { subnet, pods }: Mix): void {
  const env = state.random.pick<Env>([
    {},
    { WARM_IP_TARGET: '3' },
    { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '8' },
    { WARM_ENI_TARGET: '0' },
    { MINIMUM_IP_TARGET: '6' },
    { MAX_ENI: '2' },
  ]);
  withFinished(
    state,
    addNode(state, { subnet, type: state.random.pick(TYPES), env, namedById: state.random.chance(0.3) }),
    pods,
  );
}

function prefix(state: ClusterState, { subnet, pods }: Mix): void {
  const env = state.random.pick<Env>([
    {},
    { WARM_PREFIX_TARGET: '2' },
    { WARM_IP_TARGET: '4' },
    { WARM_IP_TARGET: '1', MINIMUM_IP_TARGET: '20' },
  ]);
  withFinished(
    state,
    addNode(state, { subnet, type: state.random.pick(TYPES), env: { ENABLE_PREFIX_DELEGATION: 'true', ...env } }),
    pods,
  );
}

/** A node that is not what the others are: Xen has no prefixes, so ipamd stays with addresses. */
function xen(state: ClusterState, { subnet, pods }: Mix): void {
  withFinished(
    state,
    addNode(state, { subnet, type: 'm4.large', env: { ENABLE_PREFIX_DELEGATION: 'true' } }),
    Math.min(pods, 8),
  );
}

function ipv6(state: ClusterState, { pods, index, subnet }: Mix): void {
  const own = addSubnet(state, {
    name: `v6-${index}`,
    cidr: `10.70.${index}.0/24`,
    zone: subnet.zone,
    ipv6Cidr: `2a05:d018:70:${index.toString(16)}::/64`,
  });
  withFinished(
    state,
    addNode(state, {
      subnet: own,
      type: 'm5.large',
      env: { ENABLE_PREFIX_DELEGATION: 'true', ENABLE_IPv4: 'false', ENABLE_IPv6: 'true' },
    }),
    pods,
  );
}

function customNetworking(state: ClusterState, { subnet, pods, index }: Mix): void {
  const podSubnet = addSubnet(state, { name: `pods-${index}`, cidr: `100.64.${index}.0/24`, zone: subnet.zone });
  const groups = [state.nodeGroup];
  installCrds(state, 'crd.k8s.amazonaws.com/eniconfigs');
  const name = `${subnet.zone}-${index}`;
  addObject(state, 'crd.k8s.amazonaws.com/eniconfigs', {
    apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
    kind: 'ENIConfig',
    metadata: { name },
    spec: { subnet: podSubnet.id, securityGroups: groups },
  });
  withFinished(
    state,
    addNode(state, {
      subnet,
      type: 'm5.xlarge',
      env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', WARM_IP_TARGET: '4' },
      labels: { 'k8s.amazonaws.com/eniConfig': name },
      podSubnet: { subnet: podSubnet, groups },
    }),
    pods,
  );
}

function securityGroupPods(state: ClusterState, { subnet, pods }: Mix): void {
  const node = addNode(state, {
    subnet,
    type: state.random.pick(['m5.large', 'm5.4xlarge']),
    env: { ENABLE_POD_ENI: 'true', WARM_IP_TARGET: '3' },
    trunk: true,
  });
  addCniNode(state, node, ['SecurityGroupsForPods']);
  startOn(state, node, Math.min(3, pods), { groups: [state.nodeGroup], app: 'payments' });
  withFinished(state, node, pods);
}

export function addCniNode(state: ClusterState, node: SimNode, features: readonly string[]): void {
  addObject(state, 'vpcresources.k8s.aws/cninodes', {
    apiVersion: 'vpcresources.k8s.aws/v1alpha1',
    kind: 'CNINode',
    metadata: {
      name: node.facts.name,
      labels: { 'kubernetes.io/os': 'linux' },
      finalizers: ['networking.k8s.aws/resource-cleanup'],
    },
    spec: {
      features: features.map((name) => ({ name })),
      tags: {
        'eks:cluster-name': state.name,
        'node.k8s.amazonaws.com/instance_id': must(node.instanceId, 'instance id'),
      },
    },
  });
}

function multus(state: ClusterState, mix: Mix): void {
  const { subnet, pods, index } = mix;
  const os = state.random.pick(['al2', 'al2023', 'bottlerocket'] as const);
  const link = (device: number): string => (os === 'al2023' ? `ens${device + 5}` : `eth${device}`);
  const planes = [1, 2, 3].map((device) =>
    addSubnet(state, { name: `plane-${index}-${device}`, cidr: `10.${80 + device}.${index}.0/24`, zone: subnet.zone }),
  );
  const [one, two, three] = [must(planes[0], 'subnet'), must(planes[1], 'subnet'), must(planes[2], 'subnet')];
  const net = (name: string): string => `${NAMESPACE}/${name}-${index}`;
  const named = { namespace: NAMESPACE, from: 20 } as const;
  addNetwork(state, {
    ...named,
    name: `ipvlan-${index}`,
    plugin: 'ipvlan',
    master: link(1),
    device: 1,
    range: one.cidr,
  });
  addNetwork(state, {
    ...named,
    name: `vlan-${index}`,
    plugin: 'vlan',
    master: link(2),
    device: 2,
    range: two.cidr,
    extra: { vlanId: 100 + index },
  });
  addNetwork(state, {
    ...named,
    name: `macvlan-${index}`,
    plugin: 'macvlan',
    master: link(2),
    device: 2,
    range: two.cidr,
    from: 200,
  });
  addNetwork(state, {
    ...named,
    name: `hostdev-${index}`,
    plugin: 'host-device',
    master: link(3),
    device: 3,
    range: three.cidr,
  });
  addNetwork(state, {
    namespace: NAMESPACE,
    name: `bridge-${index}`,
    plugin: 'bridge',
    range: `192.168.${index}.0/24`,
  });
  const node = addNode(state, {
    subnet,
    type: 'm5.4xlarge',
    os,
    multus: mix.multus,
    env: { WARM_IP_TARGET: '5', ...(state.random.chance(0.3) ? { ENABLE_PREFIX_DELEGATION: 'true' } : {}) },
    extra: planes.map((plane, device) => ({ subnet: plane, device: device + 1, tags: NO_MANAGE })),
  });
  startOn(state, node, Math.max(1, pods >> 1), { requests: [{ network: net('ipvlan') }], app: 'upf' });
  startOn(state, node, 1, {
    requests: [{ network: net('hostdev'), interface: 'data0' }, { network: net('bridge') }],
    app: 'dpi',
  });
  startOn(state, node, 1, { requests: [{ network: net('macvlan') }], app: 'lab' });
  startOn(state, node, 1, {
    requests: [{ network: net('vlan') }, { network: net('ipvlan') }, { network: net('ipvlan') }],
    app: 'smf',
  });
  withFinished(state, node, Math.max(2, pods >> 1));
}

/** Every card, some of which ipamd leaves alone. */
function multiNic(state: ClusterState, { subnet, pods }: Mix): void {
  const type = state.random.pick(['c6in.32xlarge', 'p4d.24xlarge']);
  const node = addNode(state, {
    subnet,
    type,
    env: { ENABLE_MULTI_NIC: 'true', WARM_IP_TARGET: '4' },
    extra: type === 'p4d.24xlarge' ? [{ subnet, type: 'efa-only', card: 2, device: 0, description: 'EFA' }] : [],
  });
  startOn(state, node, Math.min(3, pods), { multiNic: true, app: 'trainer' });
  withFinished(state, node, pods);
}

/** Cards that nobody manages, and ENIs whose tags decide. */
function tagged(state: ClusterState, { subnet, pods }: Mix): void {
  const manageUntagged = state.random.chance(0.5);
  const node = addNode(state, {
    subnet,
    type: 'p4d.24xlarge',
    env: { WARM_IP_TARGET: '4', ...(manageUntagged ? {} : { MANAGE_UNTAGGED_ENI: 'false' }) },
    extra: [
      { subnet, card: 0, description: 'kept out', tags: NO_MANAGE },
      { subnet, card: 1, description: 'storage' },
      ...(manageUntagged
        ? []
        : [
            { subnet, card: 0, description: 'ignored' },
            { subnet, card: 0, description: 'wanted', tags: { 'node.k8s.amazonaws.com/no_manage': 'false' } },
          ]),
    ],
  });
  withFinished(state, node, pods);
}

function windows(state: ClusterState, { subnet, pods }: Mix): void {
  const node = addNode(state, { subnet, type: 'm5.xlarge', os: 'windows' });
  startOn(state, node, Math.min(pods, 8), { app: 'iis', resources: { 'vpc.amazonaws.com/PrivateIPv4Address': 1 } });
}

function auto(state: ClusterState, { subnet, pods }: Mix): void {
  startOn(state, addNode(state, { subnet, type: 'm6i.2xlarge', computeType: 'auto', os: 'bottlerocket' }), pods, {
    app: 'auto',
  });
}

function fargate(state: ClusterState, { subnet }: Mix): void {
  startOn(state, addFargateNode(state, subnet), 1, { app: 'serverless' });
}

function hybrid(state: ClusterState, { pods, index }: Mix): void {
  startOn(state, addHybridNode(state, { name: `mi-0${state.random.hex(16)}`, ip: `192.0.2.${10 + index}` }), pods, {
    app: 'on-prem',
  });
}

/** Metal with SR-IOV: virtual functions, and an inventory that names them. */
function sriov(state: ClusterState, mix: Mix): void {
  const { index, pods } = mix;
  const resource = 'openshift.io/fastnet';
  const name = `metal-${index}.lab.example.com`;
  const node = addHybridNode(state, {
    name,
    ip: `192.0.2.${100 + index}`,
    multus: mix.multus,
    sriov: [{ name: 'ens1f0', vfs: 8 }],
    sriovResource: resource,
    computeType: 'other',
  });
  installCrds(state, 'sriovnetwork.openshift.io/sriovnetworknodestates');
  addNetwork(state, {
    namespace: NAMESPACE,
    name: `fast-${index}`,
    plugin: 'sriov',
    resourceName: resource,
    range: `172.30.${index}.0/24`,
    extra: { vlan: 200 + index, spoofchk: 'off' },
  });
  startOn(state, node, Math.min(pods, 6), {
    app: 'dpdk',
    requests: [{ network: `${NAMESPACE}/fast-${index}` }],
    resources: { [resource]: 1 },
  });
  addObject(state, 'sriovnetwork.openshift.io/sriovnetworknodestates', {
    apiVersion: 'sriovnetwork.openshift.io/v1',
    kind: 'SriovNetworkNodeState',
    metadata: { name, namespace: 'sriov-network-operator' },
    spec: { interfaces: [] },
    status: {
      syncStatus: 'Succeeded',
      lastSyncTime: rfc3339(state.now()),
      interfaces: node.links.map((link) => ({
        name: link.name,
        mac: link.mac,
        pciAddress: link.pciAddress,
        driver: 'mlx5_core',
        vendor: '15b3',
        deviceID: '101d',
        mtu: 1500,
        numVfs: link.vfs.length,
        totalvfs: link.vfs.length,
        linkSpeed: '25000 Mb/s',
        linkType: 'ETH',
        Vfs: link.vfs.map((vf) => ({
          pciAddress: vf.pciAddress,
          vfID: vf.id,
          mac: vf.mac,
          name: `${link.name}v${vf.id}`,
          driver: 'iavf',
          Vlan: 0,
          mtu: 1500,
        })),
      })),
    },
  });
}

export const MIXES = {
  secondary,
  prefix,
  xen,
  ipv6,
  customNetworking,
  securityGroupPods,
  multus,
  multiNic,
  tagged,
  windows,
  auto,
  fargate,
  hybrid,
  sriov,
} as const;

export const MIX_NAMES = Object.keys(MIXES) as readonly MixName[];
