/**
 * A live pod holds the address that an ENI has for itself (vpc-cni §2.2): ipamd never hands it out, and a network of Multus shares it with
 * the host. Not so on branch ENIs, on Fargate, where a device moves into the pod as a whole, or where another IPAM may use such addresses.
 */
import { ENIS, NADS, NODES, PODS } from '../../model/source-ids';
import { CLUSTER_NETWORK } from '../../model/ids';
import { hasIpamd, isStanding, nodeOf } from '../guards/node';
import { isLive, podOf } from '../guards/pod';
import { eniPlace, nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'pod-on-primary-address',
  severity: 'error',
  scope: 'interfaces',
  needs: [NODES, PODS, ENIS],
  heeds: [NADS],
  check(face, context) {
    const pod = podOf(context, face);
    const node = nodeOf(context, face.node);
    if (face.state === 'requested' || pod === null || node === null || !isLive(pod) || pod.hostNetwork) return [];
    if (node.computeType !== 'ec2' || !isStanding(node, context)) return [];
    const network = context.read.one('networks', face.network);
    const byIpamd = face.network === CLUSTER_NETWORK && hasIpamd(node);
    const shares = network?.semantics?.leavesNodeOnEni === true && !network.semantics.onePodPerDevice;
    if (!byIpamd && !shares) return [];
    return face.addresses.flatMap(({ ip, eni: id }) => {
      const eni = context.read.one('enis', id);
      if (eni === null || eni.role === 'branch' || eni.node !== face.node) return [];
      const entry = context.read.whole('enis', eni.id)?.addresses.find((address) => address.ip === ip);
      if (entry?.state !== 'primary') return [];
      return [
        {
          subjects: [face.id, pod.id, node.id, eni.id],
          title: `${ip} is the ENI’s own address`,
          detail: `${face.name ?? 'An interface'} of ${nameOf(pod.id)} holds ${ip}, which is the primary address of ${eniPlace(eni)}: the host uses it as well, so packets can reach either of them.`,
          evidence: [`EC2: ${ip} is the primary address of ${eni.id}`, `Kubernetes: ${nameOf(pod.id)} has ${ip}`],
          advice: byIpamd
            ? 'Delete the pod, so that it gets an address of its own, and check the log of aws-node around its last restart.'
            : 'Exclude the address from the range of the network’s IPAM.',
        },
      ];
    });
  },
});
