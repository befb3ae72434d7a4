/** Machines outside of EC2, with what inventories tell of their links. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json, NodeSpec, PodSpec } from '../kit/types';

export function startLab(spec: NodeSpec = {}): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster({ daemon: false, withoutEc2: true, multus: 'v4.1.4' });
  const subnet = cluster.subnet('192.0.2.0/24');
  const node = cluster.node('w1', subnet, {
    type: null,
    instance: false,
    ipamd: false,
    maxPods: 110,
    os: 'Ubuntu 24.04.1 LTS',
    providerId: null,
    ...spec,
  });
  return { cluster, node };
}

let last = 9;

/** A running pod of an overlay, with what Multus reports of its further networks. */
export function labPod(
  c: Cluster,
  key: string,
  node: Node,
  networks: string,
  entries: readonly Json[],
  { main = {}, ...more }: PodSpec & { readonly main?: object } = {},
): void {
  last += 1;
  const ip = `10.244.1.${String(last)}`;
  const eth0: Json = { name: 'k8s-pod-network', interface: 'eth0', ips: [ip], default: true, dns: {}, ...main };
  c.write(key, node, [ip], {
    ...more,
    annotations: { [NETWORKS]: networks, [STATUS]: JSON.stringify([eth0, ...entries]), ...more.annotations },
  });
}

/** What nmstate says of the node's links. */
export function hostLinks(c: Cluster, node: Node, links: readonly Json[]): void {
  c.object({
    apiVersion: 'nmstate.io/v1beta1',
    kind: 'NodeNetworkState',
    metadata: { name: node.name, uid: `nns-${node.name}` },
    status: { lastSuccessfulUpdateTime: '2026-09-01T11:59:00Z', currentState: { interfaces: links } },
  });
}

/** The networks `shop/left` and `shop/right` of a type, and `shop/bond-net`, a bond of `net1` and `net2` in the pod. */
export function bondOfTwo(
  cluster: Cluster,
  type: 'sriov' | 'host-device',
  bond: Readonly<Record<string, Json>>,
  link: Readonly<Record<string, Json>> = {},
): void {
  for (const name of ['left', 'right'])
    cluster.nad(
      `shop/${name}`,
      { cniVersion: '0.3.1', type, name, ...link },
      { 'k8s.v1.cni.cncf.io/resourceName': `intel.com/${name}` },
    );
  cluster.nad('shop/bond-net', {
    cniVersion: '0.3.1',
    name: 'bond-net',
    type: 'bond',
    linksInContainer: true,
    links: [{ name: 'net1' }, { name: 'net2' }],
    ipam: { type: 'whereabouts', range: '10.56.217.0/24' },
    ...bond,
  });
}
