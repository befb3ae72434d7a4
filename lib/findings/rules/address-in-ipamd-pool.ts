/**
 * An interface of a further network (ipvlan and its like, on an EC2 node) has an address that its own IPAM chose and that is on an ENI of
 * ipamd: ipamd counts the address as free, so the next pod on the node may get it as well (multus §3.2, vpc-cni §1.2). Not reported for the
 * ENI's primary address (`pod-on-primary-address`), which ipamd assigns to no pod.
 */
import { isWithin } from '../../model/ip';
import { ENIS, NADS, NODES, PODS } from '../../model/source-ids';
import type { EniRecord, InterfaceRecord } from '../../model/records';
import { isForeign } from '../guards/eni';
import { isEstablished, nodeOf, hasIpamd } from '../guards/node';
import { isExtra, isLive, networkOf, podOf } from '../guards/pod';
import { eniPlace, listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** Addresses that ipamd may assign: single ones and those inside prefixes. */
function givable({ addresses, prefixes }: EniRecord, ip: string): boolean {
  const entry = addresses.find((address) => address.ip === ip);
  return entry === undefined
    ? prefixes.some(({ cidr }) => isWithin(cidr, ip))
    : entry.state !== 'primary' && entry.state !== 'excluded';
}

/** Whether the interface's own IPAM chose its address, and packets leave through the ENI with it. */
function choosesItsOwn(iface: InterfaceRecord, context: RuleContext): boolean {
  const network = networkOf(iface, context);
  return (
    network?.semantics?.leavesNodeOnEni === true &&
    !network.semantics.onePodPerDevice &&
    !network.plugins.includes('aws-cni')
  );
}

export default defineRule({
  id: 'address-in-ipamd-pool',
  severity: 'warning',
  scope: 'interfaces',
  needs: [NODES, PODS, NADS, ENIS],
  check(iface, context) {
    if (!isExtra(iface) || iface.addresses.length === 0 || !choosesItsOwn(iface, context)) return null;
    const node = nodeOf(context, iface.node);
    const pod = podOf(context, iface);
    if (node === null || !hasIpamd(node) || !isEstablished(node, context) || pod === null || !isLive(pod)) return null;
    const found = iface.addresses.flatMap(({ ip, eni: id }) => {
      const steady = context.read.one('enis', id);
      if (steady?.management.state !== 'managed' || steady.node !== iface.node || steady.role === 'branch') return [];
      // `eni-adopted` and `eni-will-be-adopted` report an ENI that ipamd took, or takes at its next start.
      if (isForeign(steady)) return [];
      const eni = context.read.whole('enis', id);
      return eni !== null && givable(eni, ip) ? [{ ip, eni }] : [];
    });
    const [first] = found;
    if (first === undefined) return null;
    const ips = listed(found.map(({ ip }) => ip));
    return {
      subjects: [iface.id, pod.id, node.id, iface.network, ...new Set(found.map(({ eni }) => eni.id))],
      title: `ipamd may give ${ips} to another pod`,
      detail: `${iface.name ?? 'An interface'} of ${nameOf(pod.id)} has ${ips} by the IPAM of ${nameOf(iface.network)}, and the address is on ${eniPlace(first.eni)}, whose addresses ipamd gives to pods. ipamd does not know of the interface and counts the address as free.`,
      evidence: [
        ...found.map(({ ip, eni }) => `EC2: ${eni.id}, which ipamd manages, has ${ip}`),
        `network-status: ${iface.name ?? 'the interface'} of ${nameOf(pod.id)} has ${ips}`,
      ],
      advice:
        'Put the network on an ENI of its own, tagged node.k8s.amazonaws.com/no_manage=true before it is attached, or take its range out of the subnets of the VPC CNI by a CIDR reservation.',
    };
  },
});
