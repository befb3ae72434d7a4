/**
 * P18 (multus.md §3.2, §6): an interface whose packets leave through an ENI under its own address (ipvlan, host-device, sriov, vlan on an
 * EC2 node), and that address is on no ENI of the node: nobody elsewhere can reach it.
 */
import { nodeOf } from '../guards';
import { defineRule } from '../rule';

export default defineRule({
  id: 'address-not-on-eni',
  severity: 'error',
  scope: 'interfaces',
  needs: ['kubernetes/pods', 'ec2/network-interfaces'],
  check(face, context) {
    const node = nodeOf(context, face.node);
    const pod = context.replica.records.pods.get(face.pod);
    const network = context.replica.records.networks.get(face.network);
    if (face.network === 'cluster' || !pod || pod.deleting || node?.instanceId == null || node.gone) return [];
    if (network?.semantics?.leavesNodeOnEni !== true) return [];
    return face.addresses
      .filter(({ backed }) => backed === 'none' || backed === 'other-node')
      .map((address) => {
        const elsewhere =
          address.backed === 'other-node' ? face.link.candidates.find((id) => id.startsWith('eni-')) : undefined;
        return {
          subjects: [face.id, pod.id, node.id, face.network, ...(elsewhere === undefined ? [] : [elsewhere])],
          title: `${address.ip} is on no ENI of its node`,
          detail: elsewhere
            ? `${face.name ?? 'An interface'} of ${pod.namespace}/${pod.name} has ${address.ip}, which EC2 still holds on ${elsewhere} of another node: the fail-over is not done.`
            : `${face.name ?? 'An interface'} of ${pod.namespace}/${pod.name} has ${address.ip}, but no ENI of ${node.name} owns that address: other nodes cannot reach it.`,
          evidence: [
            `network-status: ${face.name ?? '?'} has ${address.ip}`,
            `EC2: ${elsewhere ? `${elsewhere} has it` : `no ENI of ${node.instanceId} has it`}`,
          ],
          advice: 'Assign the address to the ENI that the network hangs on.',
          command: `aws ec2 assign-private-ip-addresses --network-interface-id ${face.eni ?? '<ENI>'} --private-ip-addresses ${address.ip} --allow-reassignment`,
        };
      });
  },
});
