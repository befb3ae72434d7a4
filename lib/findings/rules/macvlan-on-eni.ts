/** P19 (multus.md §3.3, §6): macvlan sends from a MAC of its own; the VPC drops what is not the ENI's. It reaches nobody off the node. */
import { nodeOf } from '../guards';
import { defineRule } from '../rule';

export default defineRule({
  id: 'macvlan-on-eni',
  severity: 'warning',
  scope: 'interfaces',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(face, context) {
    const network = context.replica.records.networks.get(face.network);
    const node = nodeOf(context, face.node);
    const pod = context.replica.records.pods.get(face.pod);
    if (
      !network ||
      network.mainPlugin === null ||
      network.plugins[network.mainPlugin] !== 'macvlan' ||
      face.state === 'requested'
    )
      return [];
    if (!pod || pod.deleting || node?.instanceId == null || network.semantics?.linkInContainer === true) return [];
    const parent =
      network.parent.kind === 'default-route' ? 'the node’s primary ENI' : (network.parent.value ?? 'an ENI');
    return [
      {
        subjects: [face.id, pod.id, node.id, network.id],
        title: `${face.name ?? 'An interface'} reaches nobody off this node`,
        detail: `${face.name ?? 'The interface'} of ${pod.namespace}/${pod.name} is a macvlan on ${parent} and sends from a MAC of its own${face.mac === null ? '' : ` (${face.mac})`}. The VPC drops frames whose MAC is not the ENI's.`,
        evidence: [
          `Kubernetes: ${network.namespace ?? ''}/${network.name} is of type macvlan`,
          `Kubernetes: ${node.name} is EC2 instance ${node.instanceId}`,
        ],
        advice: 'Use ipvlan in mode l2, or host-device.',
      },
    ];
  },
});
