/**
 * Attaches a pod's interfaces. The truth is determined here: addresses come from the pool that would really provide them,
 * and the annotations of the cluster's components are derived from it.
 */
import { createEni, controllerTags } from './enis';
import { connectNetwork } from './attach-network';
import { kernelMac } from './identity';
import type { Visibility } from './datastore';
import { must } from './must';
import { statusAnnotations } from './network-status';
import type { SimNode } from './node';
import type { TrueInterface } from './pod';
import type { ClusterState } from './state';
import type { Failure, Wanted } from './wanted';

/** What the CNI plugins have given a pod. */
export interface Connection {
  readonly ips: readonly string[];
  readonly interfaces: readonly TrueInterface[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** The result of setting up a pod’s network. */
export type Outcome = Connection | Failure;

/** Whether the pod gets no network. */
export const failed = (outcome: Outcome): outcome is Failure => 'reason' in outcome;

const NO_ADDRESS =
  'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container';

const cluster = (item: Partial<TrueInterface> & Pick<TrueInterface, 'ips' | 'eni' | 'rules'>): TrueInterface => ({
  name: 'eth0',
  network: 'cluster',
  recorded: true,
  mac: null,
  card: 0,
  observed: true,
  candidates: [],
  pciAddress: null,
  from: 'ipamd',
  ...item,
});

/** Sets up the network of a pod: the cluster network, then Multus' networks. Changes the state of the IPAMs involved. */
export function connect(state: ClusterState, node: SimNode, wanted: Wanted): Outcome {
  const base = connectCluster(state, node, wanted);
  if (failed(base)) return base;
  if (node.multus === null) return base;
  const extras: TrueInterface[] = [];
  for (const [index, request] of wanted.requests.entries()) {
    const extra = connectNetwork(state, node, wanted, request, request.interface ?? `net${index + 1}`);
    if ('reason' in extra) {
      for (const item of [...base.interfaces, ...extras]) disconnect(state, node, wanted.key, item);
      return extra;
    }
    extras.push(extra);
  }
  const eth0 = base.interfaces[0];
  const { interfaces, annotations } = statusAnnotations(
    {
      namespace: wanted.namespace,
      pod: wanted.name,
      multus: node.multus,
      awsCni: node.cni?.version ?? null,
      device: state.ec2.enis.get(eth0?.eni ?? '')?.attachment?.device ?? null,
      branch: eth0?.from === 'branch',
      ipv6: node.cni?.ipv6 ?? false,
      mac: kernelMac(state.random),
      quirk: wanted.quirk,
    },
    [...base.interfaces, ...extras],
  );
  return { ...base, interfaces, annotations: { ...base.annotations, ...annotations } };
}

function connectCluster(state: ClusterState, node: SimNode, wanted: Wanted): Outcome {
  const { computeType } = node.facts;
  if (computeType === 'fargate') {
    const ip = node.facts.internalIp;
    const eni = cluster({
      ips: [ip],
      eni: node.primaryEni,
      card: null,
      rules: ['vpc-ip', 'secondary-ip'],
      from: 'other',
    });
    return { ips: [ip], interfaces: [eni], annotations: {} };
  }
  if (computeType === 'hybrid' || computeType === 'other') {
    state.bareMetalPods += 1;
    const ip = `10.200.${(state.bareMetalPods >> 8) & 255}.${state.bareMetalPods & 255}`;
    return {
      ips: [ip],
      interfaces: [cluster({ ips: [ip], eni: null, card: null, rules: [], observed: false, from: 'other' })],
      annotations: {},
    };
  }
  if (wanted.groups !== null) return connectBranch(state, node, wanted.groups);
  return connectFromPool(state, node, wanted);
}

function connectFromPool(state: ClusterState, node: SimNode, wanted: Wanted): Outcome {
  const everyCard = wanted.multiNic && node.multus === null;
  if (everyCard && node.cni?.multiNic !== true) return { reason: NO_ADDRESS };
  const stores = everyCard ? [...node.stores.values()] : [...node.stores.values()].slice(0, 1);
  const interfaces: TrueInterface[] = [];
  for (const [index, store] of stores.entries()) {
    const grant = store.assign(wanted.key, state.now());
    if (grant === null) {
      for (const item of interfaces) disconnect(state, node, wanted.key, item);
      return { reason: NO_ADDRESS };
    }
    const rules =
      store.mode === 'ipv6' ? ['ipv6-prefix'] : store.mode === 'prefix' ? ['ipv4-prefix'] : ['secondary-ip'];
    interfaces.push(
      index === 0
        ? cluster({ ips: [grant.ip], eni: grant.eniId, rules })
        : cluster({
            name: `mNicIf${index}`,
            ips: [grant.ip],
            eni: grant.eniId,
            card: store.card,
            rules: [],
            observed: false,
            recorded: false,
          }),
    );
  }
  const eth0 = must(interfaces[0], 'ledger of card 0');
  const ip = must(eth0.ips[0], 'address');
  node.metrics.adds += 1;
  if (node.facts.os !== 'windows') return { ips: eth0.ips, interfaces, annotations: {} };
  const length = state.ec2.subnet(must(node.subnetId, 'subnet')).prefixLength;
  return {
    ips: eth0.ips,
    interfaces: [{ ...eth0, rules: ['windows-annotation', 'secondary-ip'] }],
    annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${ip}/${length}` },
  };
}

/** A branch ENI on the node's trunk, and the annotation that names it (vpc-cni §6). */
function connectBranch(state: ClusterState, node: SimNode, groups: readonly string[]): Outcome {
  const trunk = [...node.eniIds].find((id) => state.ec2.enis.get(id)?.type === 'trunk');
  if (trunk === undefined || node.branches.used >= node.branches.limit) {
    return { reason: 'vpc-resource-controller: no branch ENI: the node has no trunk, or no branch is left' };
  }
  const vlan = node.branches.nextVlan;
  const subnetId = node.podSubnet?.subnetId ?? must(node.subnetId, 'subnet');
  const eni = createEni(state, {
    subnetId,
    type: 'branch',
    status: 'in-use',
    groups,
    description: 'aws-k8s-branch-eni',
    tags: {
      ...controllerTags(state, must(node.instanceId, 'instance id')),
      'vpcresources.k8s.aws/trunk-eni-id': trunk,
      'vpcresources.k8s.aws/vlan-id': String(vlan),
    },
  });
  if (eni === null) return { reason: 'vpc-resource-controller: InsufficientFreeAddressesInSubnet' };
  node.branches.used += 1;
  node.branches.nextVlan = (vlan % 120) + 1;
  const ip = must(eni.primaryIp, 'address');
  const detail = {
    eniId: eni.id,
    ifAddress: eni.mac,
    privateIp: ip,
    ipv6Addr: '',
    vlanId: vlan,
    subnetCidr: state.ec2.subnet(subnetId).cidr,
    subnetV6Cidr: '',
    associationID: `trunk-assoc-0${state.random.hex(16)}`,
  };
  return {
    ips: [ip],
    interfaces: [cluster({ ips: [ip], eni: eni.id, card: null, rules: ['pod-eni'], from: 'branch' })],
    annotations: { 'vpc.amazonaws.com/pod-eni': JSON.stringify([detail]) },
  };
}

/** A pod that never ran, and an address on a card above 0 that no Kubernetes API reports, leave no trace (vpc-cni §3). */
const visibilityOf = (state: ClusterState, key: string, item: TrueInterface): Visibility => {
  if (state.pods.get(key)?.interfaces.includes(item) !== true) return 'unseen';
  return item.recorded ? 'seen' : 'unnamed';
};

/** Releases what one interface held. */
export function disconnect(state: ClusterState, node: SimNode, key: string, item: TrueInterface): void {
  const [ip] = item.ips;
  if (item.from === 'branch' && item.eni !== null) {
    state.ec2.deleteEni(item.eni);
    node.branches.used -= 1;
  } else if (item.from === 'ipamd' && ip !== undefined) {
    for (const store of node.stores.values())
      if (store.release(ip, state.now(), visibilityOf(state, key, item))) node.metrics.deletes += 1;
  } else if (item.from === 'network' && ip !== undefined) {
    const network = state.networks.get(item.network.slice('net:'.length));
    network?.ipam?.release(node.facts.name, ip, key);
    if (network !== undefined) state.changedPools.add(network.key);
    const eni = item.eni === null ? undefined : state.ec2.enis.get(item.eni);
    if (network?.assignsInEc2 === true && eni?.secondaryIps.includes(ip) === true) {
      state.ec2.enis.patch(eni.id, { secondaryIps: eni.secondaryIps.filter((held) => held !== ip) });
      state.ec2.subnet(eni.subnetId).release(ip);
    }
  }
}
