/**
 * P19 (multus §3.3, §6): macvlan sends with its own MAC, and the VPC drops frames whose source MAC is not the ENI's, so the
 * interface cannot reach anything outside the node. Other clouds do the same, and some hypervisors unless they are told.
 */
import { NADS, PODS } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { nodeOf } from '../guards/node';
import { isLive, networkOf, podOf } from '../guards/pod';
import { nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

/** Clouds whose networks deliver to the MACs that they gave out, and to no others. */
const BY_MAC_ALONE: Readonly<Record<string, string>> = {
  azure: 'Azure',
  gce: 'Google Cloud',
  hcloud: 'Hetzner Cloud',
  digitalocean: 'DigitalOcean',
  linode: 'Linode',
  oci: 'Oracle Cloud',
  alicloud: 'Alibaba Cloud',
  exoscale: 'Exoscale',
  scaleway: 'Scaleway',
};

/** Hypervisors and clouds that pass other MACs on if the port is set up for that. */
const BY_SETTING: Readonly<Record<string, readonly [name: string, setting: string]>> = {
  openstack: ['OpenStack', 'port security of the port is off, or its allowed address pairs name the MAC'],
  vsphere: ['vSphere', 'the port group accepts forged transmits, and either promiscuous mode or MAC learning'],
};

/** Why frames of a MAC that is not the machine's are lost; null where they are not, or where that is not known. */
function whyLost({
  instanceId,
  cloud,
}: Pick<NodeRecord, 'instanceId' | 'cloud'>): readonly [certain: boolean, why: string, source: string] | null {
  if (instanceId !== null)
    return [true, "The VPC drops frames whose MAC is not the ENI's.", `is EC2 instance ${instanceId}`];
  if (cloud === null) return null;
  const name = BY_MAC_ALONE[cloud];
  if (name !== undefined)
    return [true, `The network of ${name} delivers only to MACs that it gave out.`, `has a providerID of ${cloud}`];
  const [hypervisor, setting] = BY_SETTING[cloud] ?? [];
  return hypervisor === undefined || setting === undefined
    ? null
    : [
        false,
        `${hypervisor} drops frames of a MAC that is not the machine's unless ${setting}.`,
        `has a providerID of ${cloud}`,
      ];
}

export default defineRule({
  id: 'macvlan-on-eni',
  severity: 'warning',
  scope: 'interfaces',
  needs: [PODS, NADS],
  check(iface, context) {
    if (iface.network === 'cluster' || iface.state === 'requested') return null;
    const network = networkOf(iface, context);
    if (network?.mainPlugin == null || network.plugins[network.mainPlugin] !== 'macvlan') return null;
    const node = nodeOf(context, iface.node);
    const pod = podOf(context, iface);
    if (pod === null || !isLive(pod) || node === null || network.semantics?.linkInContainer === true) return null;
    const lost = whyLost(node);
    if (lost === null) return null;
    const [isCertain, why, source] = lost;
    const onEc2 = node.instanceId !== null;
    const parent =
      network.parent.kind === 'default-route'
        ? `the node’s primary ${onEc2 ? 'ENI' : 'link'}`
        : (network.parent.value ?? (onEc2 ? 'an ENI' : 'a link'));
    const name = iface.name ?? 'An interface';
    return {
      subjects: [iface.id, pod.id, node.id, network.id],
      ...(isCertain ? {} : { severity: 'info' as const }),
      title: isCertain ? `${name} reaches nothing outside this node` : `${name} may reach nothing outside this node`,
      detail: `${name} of ${nameOf(pod.id)} is a macvlan on ${parent} and sends from a MAC of its own${iface.mac === null ? '' : ` (${iface.mac})`}. ${why}`,
      evidence: [`Kubernetes: ${nameOf(network.id)} is of type macvlan`, `Kubernetes: ${node.name} ${source}`],
      advice: onEc2
        ? 'Use ipvlan in mode l2, or host-device.'
        : isCertain
          ? 'Use an overlay or routed network for what is between nodes; ipvlan keeps the MAC of the machine, and then the cloud must route each address to it. A second card of the machine may be given to one pod as a whole (host-device).'
          : 'Check that setting where pods of two nodes do not reach each other; ipvlan keeps the MAC of the machine and needs none.',
    };
  },
});
