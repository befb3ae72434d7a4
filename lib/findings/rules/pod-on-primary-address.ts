/**
 * A live pod holds an ENI's primary address (vpc-cni §2.2): ipamd never assigns it, and a Multus network shares it with the host. Not
 * reported on branch ENIs, on Fargate, where a device moves into the pod as a whole, or where another IPAM may use such addresses.
 */
import { ENIS, NADS, NODES, PODS } from '../../model/source-ids';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { EniRecord, InterfaceRecord } from '../../model/records';
import { hasIpamd, isStanding, nodeOf } from '../guards/node';
import { isLive, podOf } from '../guards/pod';
import { eniPlace, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

function isByIpamd(face: InterfaceRecord, eni: EniRecord, context: RuleContext): boolean {
  const node = nodeOf(context, eni.node);
  return face.network === CLUSTER_NETWORK && node !== null && hasIpamd(node);
}

/** Whether the interface's pod has that address on the ENI and must not have it. */
function isWrong(face: InterfaceRecord, eni: EniRecord, ip: string, context: RuleContext): boolean {
  const isHere = face.addresses.some((address) => address.ip === ip && address.eni === eni.id);
  if (!isHere || face.node !== eni.node || face.state === 'requested') return false;
  const pod = podOf(context, face);
  if (pod === null || !isLive(pod) || pod.hostNetwork) return false;
  const semantics = context.read.one('networks', face.network)?.semantics;
  return isByIpamd(face, eni, context) || (semantics?.leavesNodeOnEni === true && !semantics.onePodPerDevice);
}

/** Checks ENIs: if it checked interfaces, all of an ENI's would be checked again whenever one of its addresses changes. */
export default defineRule({
  id: 'pod-on-primary-address',
  severity: 'error',
  scope: 'enis',
  needs: [NODES, PODS, ENIS],
  heeds: [NADS],
  check(eni, context) {
    const node = nodeOf(context, eni.node);
    if (eni.role === 'branch' || node === null || node.computeType !== 'ec2' || !isStanding(node, context)) return [];
    return eni.addresses.flatMap(({ ip, state }) => {
      if (state !== 'primary') return [];
      const faces = context.read.all('ownersByIp', ip).filter((face) => isWrong(face, eni, ip, context));
      return faces.map((face) => ({
        subjects: [face.id, face.pod, node.id, eni.id],
        title: `${ip} is the ENI’s own address`,
        detail: `${face.name ?? 'An interface'} of ${nameOf(face.pod)} holds ${ip}, which is the primary address of ${eniPlace(eni)}: the host uses it as well, so packets can reach either of them.`,
        evidence: [`EC2: ${ip} is the primary address of ${eni.id}`, `Kubernetes: ${nameOf(face.pod)} has ${ip}`],
        advice: isByIpamd(face, eni, context)
          ? 'Delete the pod, so that it gets an address of its own, and check the log of aws-node around its last restart.'
          : 'Exclude the address from the range of the network’s IPAM.',
      }));
    });
  },
});
