/**
 * ENI_STOLEN_OR_STALE (vpc-cni.md §5.3 step 5, §10): a live pod's own address is on no ENI of its node. Also on Auto Mode nodes,
 * where EC2 alone is asked.
 */
import { defineRule } from '../rule';
import { nodeOf, olderThan } from '../guards';

export default defineRule({
  id: 'pod-address-not-on-node',
  severity: 'error',
  scope: 'interfaces',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(face, context) {
    const node = nodeOf(context, face.node);
    const pod = context.replica.records.pods.get(face.pod);
    if (face.network !== 'cluster' || !face.default || node === null || !pod || pod.deleting) return [];
    if (node.gone || node.deleting || (node.computeType !== 'ec2' && node.computeType !== 'auto')) return [];
    if (node.computeType === 'ec2' && node.ipamd === null) return [];
    if (!olderThan(node.createdAt, 120_000, context)) return [];
    const lost = face.addresses.filter(({ backed }) => backed === 'none' || backed === 'other-node');
    return lost.map((address) => {
      const elsewhere =
        address.backed === 'other-node' ? face.link.candidates.find((id) => id.startsWith('eni-')) : undefined;
      return {
        subjects: [face.id, pod.id, node.id, ...(elsewhere === undefined ? [] : [elsewhere])],
        title: `${address.ip} is on no ENI of its node`,
        detail: elsewhere
          ? `${pod.namespace}/${pod.name} has ${address.ip}, which EC2 holds on ${elsewhere} of another node: traffic for the pod goes there.`
          : `${pod.namespace}/${pod.name} has ${address.ip}, and no ENI of ${node.name} owns it any more: nobody off the node can reach the pod.`,
        evidence: [`Kubernetes: status.podIPs of ${pod.namespace}/${pod.name} has ${address.ip}`, face.link.evidence],
        advice:
          'Delete the pod, so that it gets an address that its node owns; look for what detached or re-used the ENI.',
        command: `kubectl -n ${pod.namespace} delete pod ${pod.name}`,
      };
    });
  },
});
