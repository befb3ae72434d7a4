/**
 * A live pod holds an ENI's primary address (vpc-cni §2.2): ipamd never assigns it, and on a Multus network it is shared
 * with the host. Not reported on branch ENIs, on Fargate, if a device moves into the pod as a whole, or if another IPAM may
 * use such addresses.
 */
import { ENIS, NADS, NODES, PODS } from '../../model/source-ids';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { EniRecord, InterfaceRecord } from '../../model/records';
import { hasIpamd, isEstablished, nodeOf } from '../guards/node';
import { isLive, networkOf, podOf } from '../guards/pod';
import { eniPlace, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

function isByIpamd(iface: InterfaceRecord, eni: EniRecord, context: RuleContext): boolean {
  const node = nodeOf(context, eni.node);
  return iface.network === CLUSTER_NETWORK && node !== null && hasIpamd(node);
}

/** Whether the interface's pod has that address on the ENI although it must not. */
function isWrong(iface: InterfaceRecord, eni: EniRecord, ip: string, context: RuleContext): boolean {
  const isHere = iface.addresses.some((address) => address.ip === ip && address.eni === eni.id);
  if (!isHere || iface.node !== eni.node || iface.state === 'requested') return false;
  const pod = podOf(context, iface);
  if (pod === null || !isLive(pod) || pod.hostNetwork) return false;
  const semantics = networkOf(iface, context)?.semantics;
  return isByIpamd(iface, eni, context) || (semantics?.leavesNodeOnEni === true && !semantics.onePodPerDevice);
}

/** Checks ENIs: checking interfaces would check all interfaces of an ENI whenever one of its addresses changes. */
export default defineRule({
  id: 'pod-on-primary-address',
  severity: 'error',
  scope: 'enis',
  needs: [NODES, PODS, ENIS],
  uses: [NADS],
  check(eni, context) {
    const node = nodeOf(context, eni.node);
    if (eni.role === 'branch' || node === null || node.computeType !== 'ec2' || !isEstablished(node, context))
      return [];
    return eni.addresses.flatMap(({ ip, state }) => {
      if (state !== 'primary') return [];
      const interfaces = context.read.all('ownersByIp', ip).filter((iface) => isWrong(iface, eni, ip, context));
      return interfaces.map((iface) => {
        const byIpamd = isByIpamd(iface, eni, context);
        // Nodes are usually set up so that their link on an ENI for pods has no address (multus §3.1).
        const mayBeAlone = !byIpamd && eni.role === 'secondary' && eni.management.state !== 'managed';
        return {
          subjects: [iface.id, iface.pod, node.id, eni.id],
          ...(mayBeAlone ? { severity: 'info' as const } : {}),
          title: `${ip} is the primary address of its ENI`,
          detail: `${iface.name ?? 'An interface'} of ${nameOf(iface.pod)} holds ${ip}, which is the primary address of ${eniPlace(eni)}: ${
            mayBeAlone
              ? 'EC2 delivers it to the pod, as long as the node’s own link on that ENI has no address.'
              : 'the host uses it as well, so packets can reach either of them.'
          }`,
          evidence: [`EC2: ${ip} is the primary address of ${eni.id}`, `Kubernetes: ${nameOf(iface.pod)} has ${ip}`],
          advice: byIpamd
            ? 'Delete the pod, so that it gets an address of its own, and check the log of aws-node around its last restart.'
            : mayBeAlone
              ? 'If ip addr on the node shows the address as well (DHCP on that link), exclude it from the range of the network’s IPAM; otherwise nothing is wrong.'
              : 'Exclude the address from the range of the network’s IPAM.',
        };
      });
    });
  },
});
