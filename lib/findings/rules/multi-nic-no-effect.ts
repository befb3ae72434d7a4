/** MULTINIC_NO_EFFECT (vpc-cni.md §3, §10): the pod asks for an interface on every card; its node gives one, or none at all. */
import { defineRule } from '../rule';
import type { Severity } from '../../model/records';
import { nodeOf } from '../guards';

export default defineRule({
  id: 'multi-nic-no-effect',
  severity: 'warning',
  scope: 'pods',
  needs: ['kubernetes/nodes', 'kubernetes/pods'],
  check(pod, context) {
    const node = nodeOf(context, pod.node);
    if (
      pod.nicConfig !== 'multi-nic-attachment' ||
      node === null ||
      pod.hostNetwork ||
      pod.deleting ||
      pod.podEni !== null
    )
      return [];
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed' || node.computeType !== 'ec2' || node.cni === null)
      return [];
    const cards = [...(context.replica.indexes.cardsByNode.get(node.id) ?? [])].map((id) =>
      context.replica.records.networkCards.get(id),
    );
    const further = cards.filter((card) => (card?.index ?? 0) > 0);
    const sighting = (severity: Severity, title: string, detail: string, evidence: string, advice: string) => [
      {
        subjects: [pod.id, node.id],
        severity,
        title,
        detail,
        evidence: [`Kubernetes: annotation k8s.amazonaws.com/nicConfig=multi-nic-attachment`, evidence],
        advice,
      },
    ];
    const name = `${pod.namespace}/${pod.name}`;
    if (node.cni.multiNic === false) {
      return sighting(
        'error',
        'Never starts here: multi-NIC is off',
        `${name} asks for an interface on every card, and aws-node on ${node.name} runs with ENABLE_MULTI_NIC=false: it refuses such a pod an address.`,
        'aws-node: ENABLE_MULTI_NIC=false',
        'Set ENABLE_MULTI_NIC=true on aws-node, or remove the annotation.',
      );
    }
    if (node.limits?.cards === 1) {
      return sighting(
        'info',
        'One card, one interface',
        `${node.instanceType ?? node.name} has a single network card, so ${name} gets one interface.`,
        `${node.instanceType ?? 'instance type'}: 1 network card`,
        'Place the pod on an instance type with several network cards, if it needs them.',
      );
    }
    // With Multus as the meta plugin the annotation does not reach aws-cni (§3, by code reading).
    if (node.multus?.ready === true) {
      return sighting(
        'warning',
        'Multus drops the multi-NIC annotation',
        `On ${node.name} Multus calls the VPC CNI and hands on no pod annotations, so ${name} gets one interface.`,
        `Kubernetes: Multus ${node.multus.version ?? ''} runs on the node`,
        'Use one of the two on a node.',
      );
    }
    if (further.length > 0 && further.every((card) => card?.managed === false)) {
      return sighting(
        'warning',
        'No further card is managed',
        `${node.name} has ${cards.length} cards, but ipamd manages card 0 only (the others hold EFA-only ENIs), so ${name} gets one interface.`,
        `EC2: no managed ENI on cards above 0`,
        'Attach ENA interfaces to the cards that pods shall use.',
      );
    }
    return [];
  },
});
