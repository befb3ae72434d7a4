/**
 * P6 (multus.md §2.4, §6): the node lacks the host interface that a network hangs on: an event says so, or a full inventory of the node's
 * links does not have it.
 */
import type { NetworkRecord, NodeRecord, PodRecord } from '../../model/records';
import { nodeOf, signalsOf } from '../guards';
import { defineRule, type RuleContext, type Sighting } from '../rule';

const NOT_FOUND = /failed to lookup master|Link not found|failed to find host device|no net directory under pci device/;

/** The network that a refused pod waits for: the only one, or the one whose parent or name the message has. */
function blamed(pod: PodRecord, text: string, context: RuleContext): NetworkRecord | null {
  const asked = [...new Set(pod.requested.map(({ network }) => network))]
    .map((id) => context.replica.records.networks.get(id))
    .filter((network) => network !== undefined);
  const named = asked.filter(
    (network) =>
      (network.parent.value !== null && text.includes(`"${network.parent.value}"`)) ||
      text.includes(`"${network.name}"`) ||
      text.includes(`:${network.name}]`),
  );
  return (named.length === 1 ? named[0] : asked.length === 1 ? asked[0] : undefined) ?? null;
}

/** Host names of an inventory that lists all links of the node; null where there is none. */
function inventory(node: NodeRecord, context: RuleContext): ReadonlySet<string> | null {
  const nics = [...(context.replica.indexes.hostNicsByNode.get(node.id) ?? [])].map((id) =>
    context.replica.records.hostNics.get(id),
  );
  const complete = nics.filter((nic) => nic?.source === 'NodeNetworkState');
  return complete.length === 0 ? null : new Set(complete.map((nic) => nic?.name ?? ''));
}

export default defineRule({
  id: 'parent-interface-missing',
  severity: 'error',
  scope: 'pods',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(pod, context) {
    const node = nodeOf(context, pod.node);
    if (node === null || pod.deleting || pod.hostNetwork || pod.requested.length === 0) return [];
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return [];
    const sightings = new Map<string, Sighting>();
    const waiting = pod.ips.length === 0;
    const refused = waiting
      ? signalsOf(context, pod.id, 'FailedCreatePodSandBox').filter(({ text }) => NOT_FOUND.test(text))
      : [];
    const report = (network: NetworkRecord | null, evidence: readonly string[], since: string | null): void => {
      const parent = network?.parent.value ?? 'the interface that the network names';
      const key = network?.id ?? '';
      if (sightings.has(key)) return;
      sightings.set(key, {
        subjects: [pod.id, node.id, ...(network ? [network.id] : [])],
        title: `No ${parent} on ${node.name}`,
        detail: `${pod.namespace}/${pod.name} asks for ${network ? `${network.namespace ?? ''}/${network.name}, which hangs on ${parent}` : 'a network'}, and its node has no such link.`,
        evidence,
        advice: 'Attach the ENI or bring up the link on this node, or keep such pods off it with a node selector.',
        since,
      });
    };
    for (const signal of refused)
      report(blamed(pod, signal.text, context), [`event ${signal.kind}: ${signal.text}`], signal.firstAt);
    const names = waiting ? inventory(node, context) : null;
    if (names !== null) {
      for (const request of pod.requested) {
        const network = context.replica.records.networks.get(request.network);
        if (
          network?.parent.kind !== 'host-device' ||
          network.parent.value === null ||
          network.semantics?.linkInContainer === true ||
          names.has(network.parent.value)
        )
          continue;
        report(network, [`NodeNetworkState of ${node.name} lists no link ${network.parent.value}`], null);
      }
    }
    return [...sightings.values()];
  },
});
