/**
 * P6 (multus §2.4, §6): the node lacks the host interface that a network uses as its parent: an event says so, or a complete inventory of
 * the node's links does not list it. `pod-start-failed` covers a missing link inside the pod.
 */
import { EVENTS, NADS, NODE_NETWORK_STATES, PODS } from '../../model/source-ids';
import { canonicalMac } from '../../model/ip';
import { byNaturalName } from '../../model/order';
import type { PodRecord, NodeRecord } from '../../model/records';
import { nodeOf } from '../guards/node';
import { hasNetworks, isLive, podOf } from '../guards/pod';
import { isCalled, refusalOf, type Refusal } from '../guards/signals';
import { MINUTE, olderThan } from '../guards/time';
import { listed, nameOf, shell } from '../guards/words';
import { isSourceLive } from '../rule/trust';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

type Network = Steady<'networks'>;

const requestedNetworks = (pod: PodRecord, context: RuleContext): readonly Network[] =>
  [...new Set(pod.requested.map(({ network }) => network))].flatMap((id) => context.read.one('networks', id) ?? []);

/** The network that caused the failure: the one whose parent or name the Event contains, else the only requested one. */
function blamed({ pod, failure }: Refusal, context: RuleContext): Network | null {
  const requested = requestedNetworks(pod, context);
  const byParent = requested.filter(({ parent }) => parent.value !== null && parent.value === failure.subject);
  const byName = requested.filter((network) => isCalled(network, failure.network));
  const [one, ...more] = byParent.length > 0 ? byParent : byName.length > 0 ? byName : requested;
  return one !== undefined && more.length === 0 ? one : null;
}

/** Host links by each of their names, from a complete inventory of the node; null without one. */
function inventory(node: Steady<'nodes'>, context: RuleContext): ReadonlySet<string> | null {
  const names = new Set<string>();
  if (!isSourceLive(context.read, NODE_NETWORK_STATES)) return null;
  for (const nic of context.read.each('hostNicsByNode', node.id))
    if (nic.source === 'NodeNetworkState') for (const name of [nic.name, ...nic.altNames]) names.add(name);
  return names.size === 0 ? null : names;
}

/** `ens33:1` is the label of an address, which `ifconfig` lists like a link; names contain no white space either. */
const isNoLinkName = (name: string): boolean => /[:\s]/.test(name);

/** On an EC2 node, an additional link requires an additional ENI, and thus a free slot. */
const remedy = (node: NodeRecord | null): string =>
  node?.computeType === 'ec2' && node.eniSlots.free === 0
    ? `Keep such pods off this node with a node selector, or replace it with one that has the ENI from its launch: no further ENI can be attached to it.`
    : 'Attach the ENI or bring up the link on this node, or keep such pods off it with a node selector.';

/** The pod that has the link by a ResourceClaim: a device that is claimed as a whole leaves the node with its link. */
function byClaim(
  node: Steady<'nodes'>,
  { id, parent }: Pick<Network, 'id' | 'parent'>,
  context: RuleContext,
): Pick<Sighting, 'detail' | 'advice'> | null {
  const place = context.read.all('attachmentsByNode', node.id).find(({ network }) => network === id);
  for (const iface of context.read.each('interfacesByNode', node.id)) {
    const { claim, eni, name } = iface;
    if (claim?.whole !== true || (name !== parent.value && (eni === null || eni !== place?.eni))) continue;
    const holder = podOf(context, iface);
    if (holder === null || !isLive(holder)) continue;
    return {
      detail: ` ${nameOf(holder.id)} on this node has it by claim ${claim.name}${eni === null ? '' : ` (${eni})`}: a claimed device leaves the node with its link.`,
      advice:
        'Keep what is claimed and what networks use apart: leave this ENI out of the devices that the driver offers (DRANET’s --filter, or the selector of the DeviceClass), or keep the pods of this network off the nodes where it is claimed. The link comes back when the pod that has it ends.',
    };
  }
  return null;
}

/** Why the node lacks the device, if another pod or another node has it, and what to do; null if that is not known. */
function elsewhere(
  pod: PodRecord,
  node: Steady<'nodes'>,
  { id, parent, semantics }: Network,
  context: RuleContext,
): Pick<Sighting, 'detail' | 'advice'> | null {
  if (parent.value === null) return null;
  const claimed = byClaim(node, { id, parent }, context);
  if (claimed !== null || semantics?.onePodPerDevice !== true) return claimed;
  for (const iface of context.read.each('interfacesByNode', node.id)) {
    if (iface.pod === pod.id || iface.state === 'requested') continue;
    const other = context.read.one('networks', iface.network)?.parent;
    const holder = other?.kind === parent.kind && other.value === parent.value ? podOf(context, iface) : null;
    if (holder === null || !isLive(holder)) continue;
    return {
      detail: ` ${nameOf(holder.id)} on this node has it.`,
      advice: 'Give each pod a network of its own device, or keep one of the two pods off this node.',
    };
  }
  const mac = parent.kind === 'hwaddr' ? canonicalMac(parent.value) : null;
  if (mac === null) return null;
  for (const eni of context.read.every('enis'))
    if (eni.mac === mac && eni.node !== node.id)
      return {
        detail: ` It is ${eni.id}${eni.node === null ? ', which is on no node of this cluster' : `, on ${nameOf(eni.node)}`}: a MAC names one card in one place.`,
        advice: `Keep the pods of this network on the node that has the card${eni.node === null ? '' : ` (${nameOf(eni.node)})`}, or name the card by device or by a resource in place of hwaddr.`,
      };
  return null;
}

export default defineRule({
  id: 'parent-interface-missing',
  severity: 'error',
  scope: 'pods',
  needs: [PODS, NADS],
  uses: [EVENTS, NODE_NETWORK_STATES],
  check(pod, context) {
    if (pod.requested.length === 0 || pod.ips.length > 0 || !hasNetworks(pod)) return [];
    const node = nodeOf(context, pod.node);
    if (node === null) return [];
    const sightings = new Map<string, Sighting>();
    const names = olderThan(pod.createdAt, MINUTE, context) ? inventory(node, context) : null;
    const report = (
      network: Network | null,
      named: string | null,
      rest: Pick<Sighting, 'evidence' | 'since'>,
    ): void => {
      const parent = network?.parent.value ?? named ?? 'the interface that the network names';
      const isNoLink = network?.parent.kind === 'host-device' && isNoLinkName(parent);
      const known = network === null ? null : elsewhere(pod, node, network, context);
      const taken = known === null && network?.semantics?.onePodPerDevice === true ? ', or another pod holds it' : '';
      const links = names ?? inventory(node, context);
      sightings.set(network?.id ?? '', {
        subjects: [pod.id, node.id, network?.id ?? null],
        title: `No ${parent} on ${node.name}`,
        detail: `${nameOf(pod.id)} asks for ${network ? `${nameOf(network.id)}, which uses ${parent}` : 'a network'}, and its node has no such link${taken}.${isNoLink ? ` ${parent} is not the name of a link: what follows a colon is the label of a further address (an alias).` : ''}${known?.detail ?? ''}`,
        advice: isNoLink
          ? `Name the link itself in the network, as ${parent.split(/[:\s]/)[0] ?? ''}.`
          : (known?.advice ?? remedy(context.read.whole('nodes', node.id))),
        command:
          network === null
            ? null
            : shell`kubectl -n ${network.namespace ?? ''} get network-attachment-definitions ${network.name} -o yaml`,
        ...rest,
        evidence: [
          ...rest.evidence,
          links === null ? null : `NodeNetworkState of ${node.name} lists ${listed([...links].sort(byNaturalName))}`,
        ],
      });
    };
    for (const network of names === null ? [] : requestedNetworks(pod, context)) {
      const { kind, value } = network.parent;
      if (kind !== 'host-device' || value === null || names?.has(value) !== false) continue;
      report(network, value, { evidence: [`NodeNetworkState of ${node.name} lists no link ${value}`] });
    }
    const refusal = refusalOf(context, pod);
    if (refusal?.failure.kind === 'parent-missing' || refusal?.failure.kind === 'host-device-missing') {
      const { failure, signal } = refusal;
      const network = blamed(refusal, context);
      if (network?.parent.kind !== 'container-link')
        report(network, failure.kind === 'parent-missing' ? failure.subject : null, {
          evidence: [`event FailedCreatePodSandBox: ${failure.detail}`],
          since: signal.firstAt,
        });
    }
    return [...sightings.values()];
  },
});
