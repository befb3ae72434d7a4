/**
 * P19 (multus §3.3, §6): macvlan sends with its own MAC, and the VPC drops frames whose source MAC is not the ENI's, so the
 * interface cannot reach anything outside the node. Other clouds do the same, and so do some hypervisors unless configured otherwise.
 */
import { NADS, PODS } from '../../model/source-ids';
import { counted } from '../../model/counted';
import { byCodeUnit } from '../../model/order';
import type { InterfaceRecord, NodeRecord, PodRecord } from '../../model/records';
import { nodeOf } from '../guards/node';
import { isLive, podOf } from '../guards/pod';
import { nameOf } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Clouds whose networks deliver only to MACs that they assigned. */
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

/** Hypervisors and clouds that forward other MACs if the port is configured for it. */
const BY_SETTING: Readonly<Record<string, readonly [name: string, setting: string]>> = {
  openstack: ['OpenStack', 'port security of the port is off, or its allowed address pairs name the MAC'],
  vsphere: ['vSphere', 'the port group accepts forged transmits, and either promiscuous mode or MAC learning'],
};

/** Why frames with a MAC other than the machine's are certainly dropped, and the source of that; null where they may pass. */
function whyLost({
  instanceId,
  cloud,
}: Pick<NodeRecord, 'instanceId' | 'cloud'>): readonly [why: string, source: string] | null {
  if (instanceId !== null) return ["The VPC drops frames whose MAC is not the ENI's.", `is EC2 instance ${instanceId}`];
  const name = cloud === null ? undefined : BY_MAC_ALONE[cloud];
  return name === undefined
    ? null
    : [`The network of ${name} delivers only to MACs that it assigned.`, `has a providerID of ${cloud ?? ''}`];
}

const isMacvlan = ({ mainPlugin, plugins, semantics }: Steady<'networks'>): boolean =>
  mainPlugin !== null && plugins[mainPlugin] === 'macvlan' && semantics?.linkInContainer !== true;

/** An interface of a live pod whose frames the cloud drops. */
interface Lost {
  readonly iface: InterfaceRecord;
  readonly pod: PodRecord;
  readonly node: Steady<'nodes'>;
  readonly why: string;
  readonly source: string;
}

function* lostOn(network: Steady<'networks'>, context: RuleContext): Iterable<Lost> {
  for (const iface of context.read.each('interfacesByNetwork', network.id)) {
    if (iface.state === 'requested') continue;
    const node = nodeOf(context, iface.node);
    const pod = podOf(context, iface);
    const lost = node === null ? null : whyLost(node);
    if (pod === null || !isLive(pod) || node === null || lost === null) continue;
    yield { iface, pod, node, why: lost[0], source: lost[1] };
  }
}

/** The finding if the cloud drops frames for certain, with one of the pods as the example; otherwise null. */
function lost(network: Steady<'networks'>, context: RuleContext): Sighting | null {
  const all = [...lostOn(network, context)].sort((a, b) => byCodeUnit(a.iface.id, b.iface.id));
  const [first] = all;
  if (first === undefined) return null;
  const { iface, pod, node, why, source } = first;
  const onEc2 = node.instanceId !== null;
  const parent =
    network.parent.kind === 'default-route'
      ? `the node’s primary ${onEc2 ? 'ENI' : 'link'}`
      : (network.parent.value ?? (onEc2 ? 'an ENI' : 'a link'));
  const name = iface.name ?? 'An interface';
  const others = all.length - 1;
  return {
    subjects: [network.id, ...all.slice(0, 10).flatMap((one) => [one.iface.id, one.pod.id, one.node.id])],
    title:
      others === 0
        ? `${name} reaches nothing outside its node`
        : `Its ${all.length} interfaces reach nothing outside their node`,
    detail: `${name} of ${nameOf(pod.id)} is a macvlan on ${parent} and sends from its own MAC${iface.mac === null ? '' : ` (${iface.mac})`}. ${why}${others === 0 ? '' : ` The same applies to ${counted(others, 'more interface', 'more interfaces')} of ${nameOf(network.id)}.`}`,
    evidence: [`Kubernetes: ${nameOf(network.id)} is of type macvlan`, `Kubernetes: ${node.name} ${source}`],
    advice: onEc2
      ? 'Use ipvlan in mode l2, or host-device.'
      : 'Use an overlay or routed network for traffic between nodes. ipvlan uses the MAC of the machine, but the cloud must then route each address to the machine. A second card of the machine can be assigned to a single pod (host-device).',
  };
}

/** The finding if that depends on a setting that no API here shows; otherwise null. */
function doubtful(network: Steady<'networks'>, context: RuleContext): Sighting | null {
  for (const iface of context.read.each('interfacesByNetwork', network.id)) {
    if (iface.state === 'requested') continue;
    const node = nodeOf(context, iface.node);
    const [name, setting] = BY_SETTING[node?.cloud ?? ''] ?? [];
    if (node === null || name === undefined || setting === undefined || node.instanceId !== null) continue;
    return {
      severity: 'info',
      subjects: [network.id],
      title: 'Its pods may not reach anything outside their node',
      detail: `Pods on ${nameOf(network.id)} have macvlan interfaces, which send from their own MACs. ${name} drops frames with a MAC other than the machine's unless ${setting}.`,
      evidence: [
        `Kubernetes: ${nameOf(network.id)} is of type macvlan`,
        `Kubernetes: nodes of its pods have a providerID of ${node.cloud ?? ''}`,
      ],
      advice:
        'If pods on different nodes can reach each other, no action is needed. Otherwise check that setting. ipvlan uses the MAC of the machine and does not need it.',
    };
  }
  return null;
}

/** The cause is in the network's config, so it is reported once per network. */
export default defineRule({
  id: 'macvlan-on-eni',
  severity: 'warning',
  scope: 'networks',
  needs: [PODS, NADS],
  check: (network, context) => (isMacvlan(network) ? (lost(network, context) ?? doubtful(network, context)) : null),
});
