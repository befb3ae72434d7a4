/**
 * P18 (multus.md §3.2, §6): an interface whose packets leave through an ENI under its own address (ipvlan, host-device, sriov, vlan on an
 * EC2 node), and that address is on no ENI of the node: nobody elsewhere can reach it. A sidecar assigns the address after the start.
 */
import { familyOf } from '../../model/ip';
import { isStanding, nodeOf } from '../guards/node';
import { isLive, podOf } from '../guards/pod';
import { MINUTE, olderThan } from '../guards/time';
import { nameOf, shell } from '../guards/words';
import { defineRule } from '../rule';

/** For what assigns addresses in EC2 once the pod runs (aws-ip-manager), and for EC2 to be asked again. */
const STARTING = 2 * MINUTE;

const assign = (eni: string, ip: string): string =>
  familyOf(ip) === 6
    ? shell`aws ec2 assign-ipv6-addresses --network-interface-id ${eni} --ipv6-addresses ${ip}`
    : shell`aws ec2 assign-private-ip-addresses --network-interface-id ${eni} --private-ip-addresses ${ip} --allow-reassignment`;

export default defineRule({
  id: 'address-not-on-eni',
  severity: 'error',
  scope: 'interfaces',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions', 'ec2/network-interfaces'],
  check(face, context) {
    if (face.network === 'cluster') return [];
    const astray = face.addresses.filter(({ backed }) => backed === 'none' || backed === 'other-node');
    const network = context.replica.records.networks.get(face.network);
    const node = nodeOf(context, face.node);
    const pod = podOf(context, face);
    if (astray.length === 0 || network?.semantics?.leavesNodeOnEni !== true) return [];
    if (node?.instanceId == null || node.ready === false || !isStanding(node, context)) return [];
    if (pod === null || !isLive(pod) || !olderThan(pod.startedAt ?? pod.createdAt, STARTING, context)) return [];
    const name = face.name ?? 'An interface';
    return astray.map((address) => {
      const elsewhere =
        address.backed === 'other-node' ? face.link.candidates.find((id) => id.startsWith('eni-')) : undefined;
      return {
        subjects: [face.id, pod.id, node.id, face.network, ...(elsewhere === undefined ? [] : [elsewhere])],
        title: `${address.ip} is on no ENI of its node`,
        detail: elsewhere
          ? `${name} of ${nameOf(pod.id)} has ${address.ip}, which EC2 still holds on ${elsewhere} of another node: the fail-over is not done.`
          : `${name} of ${nameOf(pod.id)} has ${address.ip}, but no ENI of ${node.name} owns that address: other nodes cannot reach it.`,
        evidence: [
          `network-status: ${name} has ${address.ip}`,
          `EC2: ${elsewhere ? `${elsewhere} has it` : `no ENI of ${node.instanceId ?? ''} has it`}`,
        ],
        advice: 'Assign the address to the ENI that the network hangs on.',
        command: assign(face.eni ?? '<ENI>', address.ip),
      };
    });
  },
});
