/**
 * P19 (multus §3.3, §6): macvlan sends with its own MAC, and the VPC drops frames whose source MAC is not the ENI's, so the
 * interface cannot reach anything outside the node.
 */
import { NADS, PODS } from '../../model/source-ids';
import { nodeOf } from '../guards/node';
import { isLive, networkOf, podOf } from '../guards/pod';
import { nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

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
    if (pod === null || !isLive(pod) || node?.instanceId == null || network.semantics?.linkInContainer === true)
      return null;
    const parent =
      network.parent.kind === 'default-route' ? 'the node’s primary ENI' : (network.parent.value ?? 'an ENI');
    const name = iface.name ?? 'An interface';
    return {
      subjects: [iface.id, pod.id, node.id, network.id],
      title: `${name} reaches nothing outside this node`,
      detail: `${name} of ${nameOf(pod.id)} is a macvlan on ${parent} and sends from a MAC of its own${iface.mac === null ? '' : ` (${iface.mac})`}. The VPC drops frames whose MAC is not the ENI's.`,
      evidence: [
        `Kubernetes: ${nameOf(network.id)} is of type macvlan`,
        `Kubernetes: ${node.name} is EC2 instance ${node.instanceId}`,
      ],
      advice: 'Use ipvlan in mode l2, or host-device.',
    };
  },
});
