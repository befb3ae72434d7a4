/** Attaches a pod to a NetworkAttachmentDefinition: parent link, address and reported status. */
import type { Failure, Wanted } from './wanted';
import type { Ec2Eni } from './ec2';
import { evidenceFor, takesParentsMac } from './evidence';
import { kernelMac } from './identity';
import { must } from './must';
import type { SimNetwork } from './network';
import type { SimNode } from './node';
import { isFinished, type NetworkRequest, type TrueInterface } from './pod';
import type { ClusterState } from './state';

/** Creates a pod's interface in one Multus network, or returns the failure with the plugin’s message. */
export function connectNetwork(
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
  const vf = network.plugin === 'sriov' ? freeVf(state, node, wanted.functions) : null;
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

  const reportsMac = !network.isUserspace;
  const ownMac = vf?.mac ?? request.mac ?? kernelMac(state.random);
  const mac = !reportsMac ? null : takesParentsMac(network) && eni !== undefined ? eni.mac : ownMac;
  const reported = network.isUserspace ? null : ip;
  const evidence = evidenceFor(state, node, network, eni, { ip: reported, mac });
  return {
    name,
    network: `net:${network.key}`,
    ips: reported === null ? [] : [reported],
    recorded: true,
    mac,
    eni: eni?.id ?? null,
    card: eni?.attachment?.card ?? null,
    ...evidence,
    pciAddress: vf?.pciAddress ?? null,
    from: 'network',
  };
}

/** The message of Multus for a network that does not exist. */
export const missingNetwork = (key: string): string => {
  const [namespace, name] = key.split('/');
  return `cannot find a network-attachment-definition (${name ?? ''}) in namespace (${namespace ?? ''}): network-attachment-definitions.k8s.cni.cncf.io "${name ?? ''}" not found`;
};

/** The ENI whose host link is this network's parent on that node; undefined if there is none. */
export function parentEni(state: ClusterState, node: SimNode, network: SimNetwork): Ec2Eni | undefined {
  if (network.device === null) return undefined;
  for (const id of node.eniIds) {
    const eni = state.ec2.enis.get(id);
    if (eni?.attachment?.card === 0 && eni.attachment.device === network.device) return eni;
  }
  return undefined;
}

function isTaken(state: ClusterState, node: SimNode, network: SimNetwork): boolean {
  return [...node.pods].some((key) => {
    const pod = state.pods.get(key);
    return (
      pod !== undefined && !isFinished(pod) && pod.interfaces.some((item) => item.network === `net:${network.key}`)
    );
  });
}

/** A virtual function; one of those that the pod claims, if it claims any. */
function freeVf(
  state: ClusterState,
  node: SimNode,
  claimed: readonly string[],
): { readonly mac: string; readonly pciAddress: string } | null {
  const used = new Set<string | null>();
  for (const key of node.pods) for (const item of state.pods.get(key)?.interfaces ?? []) used.add(item.pciAddress);
  for (const link of node.links)
    for (const vf of link.vfs)
      if (!used.has(vf.pciAddress) && (claimed.length === 0 || claimed.includes(vf.pciAddress))) return vf;
  return null;
}
