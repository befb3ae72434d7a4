/**
 * Gives a pod its interfaces: the truth is decided here, addresses are taken from where they truly come from, and the
 * annotations that the cluster's components would write are made from it.
 */
import type { Ec2Eni } from './ec2';
import { createEni, controllerTags } from './enis';
import { kernelMac } from './identity';
import { must } from './must';
import { networkStatus } from './network-status';
import type { SimNetwork } from './network';
import type { SimNode } from './node';
import { isFinished, type NetworkRequest, type TrueInterface } from './pod';
import type { ClusterState } from './state';

export interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  readonly requests: readonly NetworkRequest[];
  /** Every managed card, through `k8s.amazonaws.com/nicConfig`. */
  readonly multiNic: boolean;
  /** Security groups of its own: a branch ENI. */
  readonly groups: readonly string[] | null;
  /** Scenes that show conflicts take a device twice. */
  readonly force: boolean;
}

export interface Connection {
  readonly ips: readonly string[];
  readonly interfaces: readonly TrueInterface[];
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Failure {
  readonly reason: string;
}

export type Outcome = Connection | Failure;

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
  pciAddress: null,
  from: 'ipamd',
  ...item,
});

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
  // Behind Multus aws-cni never sees the multi-NIC annotation (vpc-cni.md §3, last point).
  const interfaces = [...base.interfaces, ...extras];
  const eth0 = base.interfaces[0];
  const status = networkStatus(
    {
      namespace: wanted.namespace,
      pod: wanted.name,
      multus: node.multus,
      awsCni: node.cni?.version ?? null,
      device: state.ec2.enis.get(eth0?.eni ?? '')?.attachment?.device ?? null,
      branch: eth0?.from === 'branch',
      ipv6: node.cni?.ipv6 ?? false,
      mac: kernelMac(state.random),
    },
    interfaces,
  );
  return {
    ...base,
    interfaces,
    annotations: { ...base.annotations, 'k8s.v1.cni.cncf.io/network-status': status },
  };
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
      observed: false,
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

/** A branch ENI on the node's trunk, and the annotation that names it (vpc-cni.md §6). */
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

function connectNetwork(
  state: ClusterState,
  node: SimNode,
  wanted: Wanted,
  request: NetworkRequest,
  name: string,
): TrueInterface | Failure {
  const network = state.networks.get(request.network);
  if (network === undefined) return { reason: missingNetwork(request.network) };
  const eni = parentEni(state, node, network);
  if (network.device !== null && eni === undefined && node.type !== null) {
    return { reason: `error adding container to network "${network.name}": failed to lookup master: Link not found` };
  }
  const vf = network.plugin === 'sriov' ? freeVf(state, node) : null;
  if (network.plugin === 'sriov' && vf === null) return { reason: 'VF pci addr is required' };
  if (network.plugin === 'host-device' && !wanted.force && isTaken(state, node, network)) {
    return { reason: 'failed to find host device: Link not found' };
  }

  const inEc2 = network.assignsInEc2 && eni !== undefined;
  if (inEc2 && eni.secondaryIps.length >= must(node.type, 'instance type').ipv4PerEni - 1) {
    return { reason: 'aws-ip-manager: PrivateIpAddressLimitExceeded' };
  }
  const usable = (ip: string): boolean => !inEc2 || state.ec2.subnet(eni.subnetId).occupy(ip);
  const ip =
    network.ipam === null
      ? (request.ips?.[0]?.split('/')[0] ?? null)
      : network.ipam.take(node.facts.name, wanted.key, name, usable);
  if (network.ipam !== null && ip === null) {
    return { reason: `error adding container to network "${network.name}": Could not allocate IP in range` };
  }
  if (inEc2 && ip !== null) state.ec2.enis.patch(eni.id, { secondaryIps: [...eni.secondaryIps, ip] });

  if (network.ipam !== null) state.changedPools.add(network.key);

  const sharesEniMac = network.plugin === 'ipvlan' || network.plugin === 'host-device' || network.plugin === 'vlan';
  const evidence = sharesEniMac
    ? ['mac', 'secondary-ip']
    : ['subnet', 'secondary-ip', 'host-inventory', 'name-heuristic'];
  const linked = eni !== undefined && (sharesEniMac || (ip !== null && aloneInSubnet(state, node, eni.id, ip)));
  return {
    name,
    network: `net:${network.key}`,
    ips: ip === null ? [] : [ip],
    recorded: true,
    mac: sharesEniMac && eni !== undefined ? eni.mac : (vf?.mac ?? request.mac ?? kernelMac(state.random)),
    eni: eni?.id ?? null,
    card: eni?.attachment?.card ?? null,
    rules: linked ? evidence : [],
    observed: linked && sharesEniMac,
    pciAddress: vf?.pciAddress ?? null,
    from: 'network',
  };
}

export const missingNetwork = (key: string): string => {
  const [namespace, name] = key.split('/');
  return `cannot find a network-attachment-definition (${name ?? ''}) in namespace (${namespace ?? ''}): network-attachment-definitions.k8s.cni.cncf.io "${name ?? ''}" not found`;
};

/** The ENI whose host link this network hangs on, on that node. */
export function parentEni(state: ClusterState, node: SimNode, network: SimNetwork): Ec2Eni | undefined {
  if (network.device === null) return undefined;
  for (const id of node.eniIds) {
    const eni = state.ec2.enis.get(id);
    if (eni?.attachment?.card === 0 && eni.attachment.device === network.device) return eni;
  }
  return undefined;
}

/** Whether the address lies in the subnet of exactly one of the node's extra ENIs (multus.md §3.5, step 4). */
function aloneInSubnet(state: ClusterState, node: SimNode, eniId: string, ip: string): boolean {
  const matching = [...node.eniIds].filter((id) => {
    const eni = state.ec2.enis.get(id);
    return eni !== undefined && (eni.attachment?.device ?? 0) > 0 && state.ec2.subnet(eni.subnetId).contains(ip);
  });
  return matching.length === 1 && matching[0] === eniId;
}

function isTaken(state: ClusterState, node: SimNode, network: SimNetwork): boolean {
  return [...node.pods].some((key) => {
    const pod = state.pods.get(key);
    return (
      pod !== undefined && !isFinished(pod) && pod.interfaces.some((item) => item.network === `net:${network.key}`)
    );
  });
}

function freeVf(state: ClusterState, node: SimNode): { readonly mac: string; readonly pciAddress: string } | null {
  const used = new Set<string | null>();
  for (const key of node.pods) for (const item of state.pods.get(key)?.interfaces ?? []) used.add(item.pciAddress);
  for (const link of node.links) for (const vf of link.vfs) if (!used.has(vf.pciAddress)) return vf;
  return null;
}

/** Gives back what one interface held. */
export function disconnect(state: ClusterState, node: SimNode, key: string, item: TrueInterface): void {
  const [ip] = item.ips;
  if (item.from === 'branch' && item.eni !== null) {
    state.ec2.deleteEni(item.eni);
    node.branches.used -= 1;
  } else if (item.from === 'ipamd' && ip !== undefined) {
    for (const store of node.stores.values()) if (store.release(ip, state.now())) node.metrics.deletes += 1;
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
