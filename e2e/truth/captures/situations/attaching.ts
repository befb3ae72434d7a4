/** Pods with networks of Multus, and how they are refused. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json, NodeSpec, PodSpec } from '../kit/types';
import { OLD } from './situation';

/** A node with some free addresses, and Multus on it. */
export function start(spec: NodeSpec = {}): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, spec);
  node.primary.free(8);
  return { cluster, node };
}

/** A pod that asks for networks and has none yet; `node` null: it is not scheduled. */
export const asking = (c: Cluster, key: string, node: Node | null, networks: string, more: PodSpec = {}): void => {
  const spec: PodSpec = { createdAt: OLD, ...more, annotations: { [NETWORKS]: networks, ...more.annotations } };
  if (node === null) c.write(key, null, [], { ...spec, phase: 'Pending' });
  else c.waiting(key, node, spec);
};

/** What the kubelet quotes of Multus when a plugin refuses. */
export const multusSays = (pod: string, network: string, text: string): string =>
  `plugin type="multus" name="multus-cni-network" failed (add): [${pod}/0a1b-2c3d:${network}]: error adding container to network "${network}": ${text}`;

/** The same from Multus's daemon, by way of its shim, which quotes the request around it. */
export const thickSays = (pod: string, network: string, text: string): string =>
  daemonSays(pod, `[${pod}/0a1b-2c3d:${network}]: error adding container to network "${network}": ${text}`);

/** What the kubelet quotes of Multus's daemon. */
export const daemonSays = (pod: string, text: string): string => {
  const [namespace = '', name = ''] = pod.split('/');
  return `plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: 'ContainerID:"0a1b2c" Netns:"/var/run/netns/cni-2c3d" IfName:"eth0" Args:"IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${name};K8S_POD_INFRA_CONTAINER_ID=0a1b2c" Path:"" ERRORED: error configuring pod [${pod}] networking: ${text}\n': StdinData: {"capabilities":{"portMappings":true},"clusterNetwork":"/host/etc/cni/net.d/10-aws.conflist","cniVersion":"0.3.1","logLevel":"verbose","logToStderr":true,"name":"multus-cni-network","type":"multus-shim"}`;
};

/** A running pod with what Multus reports of it. */
export const running = (
  c: Cluster,
  key: string,
  node: Node,
  networks: string,
  entries: readonly Json[],
  more: PodSpec = {},
): void => {
  const held = node.primary.add();
  const status: Json = [{ name: 'aws-cni', interface: 'eth0', ips: [held.ip], default: true, dns: {} }, ...entries];
  c.write(key, node, [held.ip], {
    ...more,
    annotations: { [NETWORKS]: networks, [STATUS]: JSON.stringify(status), ...more.annotations },
  });
};

const WHEREABOUTS = 'whereabouts.cni.cncf.io/v1alpha1';

/** whereabouts' pool: who has which address, by its distance from the first of the range. */
export function ipPool(
  c: Cluster,
  name: string,
  range: string,
  allocations: Readonly<Record<string, string | { readonly podref: string; readonly ifname: string }>>,
): void {
  c.object({
    apiVersion: WHEREABOUTS,
    kind: 'IPPool',
    metadata: { name, namespace: 'kube-system', uid: `pool-${name}` },
    spec: {
      range,
      allocations: Object.fromEntries(
        Object.entries(allocations).map(([offset, holder]) => [
          offset,
          { id: `c-${offset}`, ...(typeof holder === 'string' ? { podref: holder, ifname: 'net1' } : holder) },
        ]),
      ),
    },
  });
}

export function reservation(c: Cluster, ip: string, podref: string): void {
  c.object({
    apiVersion: WHEREABOUTS,
    kind: 'OverlappingRangeIPReservation',
    metadata: { name: ip, namespace: 'kube-system', uid: `res-${ip}`, creationTimestamp: '2026-09-01T09:00:00Z' },
    spec: { podref, containerid: 'c-x', ifname: 'net1' },
  });
}

/** How a further network reports an interface with an address and a MAC of its own. */
export const entry = (network: string, as: string, ip: string | null, mac: string): Json => ({
  name: network,
  interface: as,
  ...(ip === null ? {} : { ips: [ip] }),
  mac,
  dns: {},
});

/** The pod of a KubeVirt machine. */
export const launcher = (vm: string, more: Readonly<Record<string, string>> = {}): PodSpec => ({
  labels: { 'kubevirt.io': 'virt-launcher', 'vm.kubevirt.io/name': vm, 'kubevirt.io/created-by': `uid-${vm}`, ...more },
  owner: { kind: 'VirtualMachineInstance', name: vm },
});
