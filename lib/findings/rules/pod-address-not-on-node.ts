/**
 * ENI_STOLEN_OR_STALE (vpc-cni.md §5.3 step 5, §10): a live pod's own address is on no ENI of its node. Also on Auto Mode and Windows
 * nodes, where EC2 alone is asked. A node that is NotReady or ending loses its ENIs with all its pods: that is not theirs.
 */
import type { NodeRecord } from '../../model/records';
import { isSettled, nodeOf } from '../guards/node';
import { isLive, podOf } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { nameOf, shell } from '../guards/words';
import { defineRule } from '../rule';

/** Pods of the node have their addresses from ENIs. */
const usesEnis = (node: NodeRecord): boolean =>
  node.computeType === 'auto' || (node.computeType === 'ec2' && (node.ipamd !== null || node.os === 'windows'));

export default defineRule({
  id: 'pod-address-not-on-node',
  severity: 'error',
  scope: 'interfaces',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(face, context) {
    if (face.network !== 'cluster') return [];
    const lost = face.addresses.filter(({ backed }) => backed === 'none' || backed === 'other-node');
    const node = nodeOf(context, face.node);
    const pod = podOf(context, face);
    if (lost.length === 0 || node === null || pod === null || !isLive(pod) || !usesEnis(node)) return [];
    if (node.ready === false || !isSettled(node, context)) return [];
    const removed = signalsOf(context, node.id, 'metric:awscni_force_removed_ips');
    return lost.map((address) => {
      const elsewhere =
        address.backed === 'other-node' ? face.link.candidates.find((id) => id.startsWith('eni-')) : undefined;
      return {
        subjects: [face.id, pod.id, node.id, ...(elsewhere === undefined ? [] : [elsewhere])],
        title: `${address.ip} is on no ENI of its node`,
        detail: elsewhere
          ? `${nameOf(pod.id)} has ${address.ip}, which EC2 holds on ${elsewhere} of another node: traffic for the pod goes there.`
          : `${nameOf(pod.id)} has ${address.ip}, and no ENI of ${node.name} owns it any more: nobody off the node can reach the pod.`,
        evidence: [
          `Kubernetes: status.podIPs of ${nameOf(pod.id)} has ${address.ip}`,
          face.link.evidence,
          ...removed.map(({ text }) => `aws-node metrics: ${text}`),
        ],
        advice:
          'Delete the pod, so that it gets an address that its node owns; look for what detached or re-used the ENI.',
        command: shell`kubectl -n ${pod.namespace} delete pod ${pod.name}`,
      };
    });
  },
});
