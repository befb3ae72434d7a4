/**
 * P18 (multus §3.2, §6): an interface sends from its own address through an ENI (ipvlan, host-device, sriov, vlan on an EC2
 * node), but no ENI of the node has that address, so nothing outside the node can reach it. A sidecar assigns the address
 * after the pod starts. Also reported if EC2 has the address on another ENI of the node (multus §3.5): incoming packets
 * then arrive at an ENI that the interface is not attached to.
 */
import { ENIS, NADS, PODS } from '../../model/source-ids';
import { ipRange, parseIpRange, rangeContains } from '../../cni/ipam/range';
import { cidrContains, familyOf, parseCidr } from '../../model/ip';
import { keptByAws } from '../../model/kept-by-aws';
import type { InterfaceRecord, PodRecord } from '../../model/records';
import { ofOthers } from '../guards/eni';
import { isEstablished, nodeOf } from '../guards/node';
import { IP_MANAGER } from '../../topology/shared/signals';
import { signalsOf } from '../guards/signals';
import { isLive, networkOf, podOf } from '../guards/pod';
import { isOutsideVpc, mayBeRoutedTo } from '../guards/subnet';
import { MINUTE, olderThan } from '../guards/time';
import { nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';
import { isSourceLive } from '../rule/trust';

/** Gives aws-ip-manager time to assign the address in EC2 once the pod runs, and ifscope time to poll EC2 again. */
const START_GRACE = 2 * MINUTE;

/** A command that assigns the address to the ENI, moving it from another ENI only if `elsewhere`. */
function assign(eni: string, ip: string, elsewhere: boolean): string | null {
  if (familyOf(ip) === 6) {
    // EC2 cannot reassign an IPv6 address: it must be unassigned from the other ENI first.
    return elsewhere ? null : shell`aws ec2 assign-ipv6-addresses --network-interface-id ${eni} --ipv6-addresses ${ip}`;
  }
  const command = shell`aws ec2 assign-private-ip-addresses --network-interface-id ${eni} --private-ip-addresses ${ip}`;
  return command === null || !elsewhere ? command : `${command} --allow-reassignment`;
}

/** The range of an ENI's subnet if it does not contain the address, so that EC2 refuses to assign it there; else null. */
function outside(eni: string | null, ip: string, context: RuleContext): string | null {
  const subnet = context.read.one('subnets', context.read.one('enis', eni)?.subnet ?? null);
  const own = familyOf(ip) === 6 ? subnet?.ipv6Cidr : subnet?.cidr;
  const range = own == null ? null : parseIpRange(own);
  return own == null || range === null || rangeContains(range, ip) ? null : own;
}

/** ipvlan’s modes in which the node routes: a range of its own behind the node is what they are for. */
const ROUTED_MODES: readonly (string | null | undefined)[] = ['l3', 'l3s'];

interface Route {
  /** Whether a route of the VPC may deliver the address all the same. */
  readonly isPossible: boolean;
  readonly detail: string;
  readonly advice: string;
}

/** What an address outside of the VPC needs to be reached through the ENI; null where a route is not how it is meant. */
function routeTo(iface: InterfaceRecord, ip: string, mode: string | null, context: RuleContext): Route | null {
  const range = ipRange(ip, ip);
  if (range === null || iface.eni === null) return null;
  if (mayBeRoutedTo(iface.eni, range, context))
    return {
      isPossible: true,
      detail: `no ENI owns that address: other nodes reach it only if a route table of the VPC sends it to ${iface.eni}, which ifscope does not read`,
      advice: `Make sure that a route table of the VPC sends the range of the network to ${iface.eni}. Otherwise give`,
    };
  if (!ROUTED_MODES.includes(mode) || !isOutsideVpc(range, context)) return null;
  return {
    isPossible: false,
    detail: `no ENI owns that address, and the source/destination check of ${iface.eni} is on: EC2 drops what the pod sends, and other nodes cannot reach it`,
    advice: `In mode ${mode ?? ''} the node routes: turn off the source/destination check of ${iface.eni}, and send the range to it in the VPC’s route tables. Or give`,
  };
}

/** What AWS keeps the address for, in the subnet of the interface's ENI; null if EC2 may assign it. */
function keptFor(eni: string | null, ip: string, context: RuleContext): string | null {
  const subnet = context.read.one('subnets', context.read.one('enis', eni)?.subnet ?? null);
  const own = parseCidr((familyOf(ip) === 6 ? subnet?.ipv6Cidr : subnet?.cidr) ?? '');
  return own === null || !cidrContains(own, ip) ? null : keptByAws(own, ip);
}

const list = (instance: string): string | null =>
  shell`aws ec2 describe-network-interfaces --filters Name=attachment.instance-id,Values=${instance} --query 'NetworkInterfaces[].[NetworkInterfaceId,SubnetId,PrivateIpAddress]' --output table`;

/** Whether another live pod uses the address where EC2 has it: this is not a failover, and the address must stay there. */
function isHeld(iface: InterfaceRecord, ip: string, context: RuleContext): boolean {
  return context.read.all('ownersByIp', ip).some((other) => {
    const pod = other.pod === iface.pod ? null : podOf(context, other);
    return pod !== null && isLive(pod);
  });
}

/** The pod's address manager skips ENIs whose subnet does not match the address' network, prefix length included (multus §3.2, P21). */
function managerText(
  pod: PodRecord,
  network: Steady<'networks'> | null,
  iface: InterfaceRecord,
  context: RuleContext,
): string {
  if (signalsOf(context, pod.id, IP_MANAGER).length === 0) return '';
  const lengths = new Set((network?.ipam?.ranges ?? []).flatMap((text) => /\/(\d{1,3})$/.exec(text)?.[1] ?? []));
  const eni = context.read.one('enis', iface.eni);
  const subnet = context.read.one('subnets', eni?.subnet ?? null);
  const own = /\/(\d{1,3})$/.exec(subnet?.cidr ?? '')?.[1];
  if (lengths.size !== 1 || own === undefined || lengths.has(own))
    return ' The pod has a container that assigns its addresses: its log says why it did not.';
  return ` The pod’s address manager looks for an ENI whose subnet is a /${[...lengths].join()} like the range, and that of the network is a /${own}: it passes over it.`;
}

/** Addresses of the interface that EC2 delivers to another ENI of the node than its observed parent. */
function onAnotherEni(iface: InterfaceRecord, pod: PodRecord, node: Steady<'nodes'>, context: RuleContext): Sighting[] {
  const { eni, link } = iface;
  // A link based on EC2's own record of the address cannot contradict that record, and an inferred link is too weak to
  // report.
  if (eni === null || link.certainty !== 'observed') return [];
  return iface.addresses.flatMap(({ ip, backed, eni: holder }) => {
    if (backed !== 'eni' || holder === null || holder === eni) return [];
    const other = context.read.one('enis', holder);
    if (other === null || other.node !== iface.node || other.role === 'branch') return [];
    const sameSubnet = other.subnet !== null && other.subnet === context.read.one('enis', eni)?.subnet;
    const managed = signalsOf(context, pod.id, IP_MANAGER).length > 0;
    const subnet = outside(eni, ip, context);
    return [
      {
        subjects: [iface.id, pod.id, node.id, iface.network, holder, eni],
        title: `${ip} is on another ENI than the interface`,
        detail: `${iface.name ?? 'An interface'} of ${nameOf(pod.id)} is on ${eni}, but EC2 delivers ${ip} to ${holder} on the same node: packets for it arrive on the wrong interface.${
          sameSubnet
            ? ' Both ENIs are in one subnet, so what assigns the address by subnet cannot tell them apart.'
            : ''
        }${managed ? ' A container of the pod assigns its addresses.' : ''}`,
        evidence: [link.evidence, `EC2: ${holder} has ${ip}`],
        advice: sameSubnet
          ? 'Attach only one ENI in that subnet to the node, or name the ENI that gets the addresses in the network.'
          : subnet !== null
            ? `Use a network whose parent is the link of ${holder} on this node: ${eni} is in ${subnet}, and EC2 assigns an ENI only addresses of its subnet. If other nodes have these ENIs in another order, attach them alike everywhere.`
            : 'Assign the address to the ENI that the network uses, or name the other ENI in the network.',
        command: familyOf(ip) === 6 || subnet !== null ? null : assign(eni, ip, true),
      },
    ];
  });
}

export default defineRule({
  id: 'address-not-on-eni',
  severity: 'error',
  scope: 'interfaces',
  needs: [PODS, ENIS],
  // A claimed ENI needs no NAD: a cluster without Multus has none.
  uses: [NADS],
  check(iface, context) {
    if (iface.network === 'cluster') return [];
    const misplaced = iface.addresses.filter(({ backed }) => backed === 'none' || backed === 'other-node');
    if (misplaced.length === 0 && !iface.addresses.some(({ eni }) => eni !== null && eni !== iface.eni)) return [];
    const network = networkOf(iface, context);
    const node = nodeOf(context, iface.node);
    const pod = podOf(context, iface);
    const isOnEni = isSourceLive(context.read, NADS) && network?.semantics?.leavesNodeOnEni === true;
    // A share of an ENI with its MAC (ipvlan by DRANET) sends through it, too; also where the network's config is a later one.
    const isShare = iface.link.rule === 'mac' && (iface.claim !== null || iface.formerConfig);
    const isClaimedEni = iface.claim?.whole === true || isShare;
    if (!isOnEni && !isClaimedEni) return [];
    if (node?.instanceId == null || node.ready === false || !isEstablished(node, context)) return [];
    if (pod === null || !isLive(pod) || !olderThan(pod.startedAt ?? pod.createdAt, START_GRACE, context)) return [];
    const name = iface.name ?? 'An interface';
    const manager = managerText(pod, network, iface, context);
    const elsewhereOnNode = onAnotherEni(iface, pod, node, context);
    const lost = misplaced.map((address): Sighting => {
      const elsewhere =
        address.backed === 'other-node'
          ? iface.link.candidates.find((id) => id.startsWith('eni-') && id !== iface.eni)
          : undefined;
      const held = elsewhere !== undefined && isHeld(iface, address.ip, context);
      const others = elsewhere === undefined ? null : ofOthers(elsewhere, context);
      const subnet = elsewhere === undefined ? outside(iface.eni, address.ip, context) : null;
      const kept = elsewhere === undefined ? keptFor(iface.eni, address.ip, context) : null;
      const route = subnet === null ? null : routeTo(iface, address.ip, network?.mode ?? null, context);
      return {
        ...(route?.isPossible === true ? { severity: 'warning' } : {}),
        subjects: [iface.id, pod.id, node.id, iface.network, elsewhere ?? null],
        title: `${address.ip} is on no ENI of its node`,
        detail:
          others !== null
            ? `${name} of ${nameOf(pod.id)} has ${address.ip}, which EC2 has assigned to ${elsewhere ?? ''}, ${others}: packets for the pod go there.${manager}`
            : elsewhere
              ? `${name} of ${nameOf(pod.id)} has ${address.ip}, which EC2 has assigned to ${elsewhere} on another node: ${held ? 'a live pod there has it too' : 'the failover is not complete'}.${manager}`
              : kept !== null
                ? `${name} of ${nameOf(pod.id)} has ${address.ip}, which AWS keeps in its subnet for ${kept}: EC2 assigns it to no ENI, and packets for it do not reach the pod.`
                : `${name} of ${nameOf(pod.id)} has ${address.ip}, but ${route?.detail ?? `no ENI of ${node.name} owns that address: other nodes cannot reach it`}.${manager}`,
        evidence: [
          `${iface.claim === null ? 'network-status' : `ResourceClaim ${iface.claim.name}`}: ${name} has ${address.ip}`,
          `EC2: ${elsewhere ? `${elsewhere} has it` : `no ENI of ${node.instanceId ?? ''} has it`}`,
        ],
        advice:
          others !== null
            ? 'Give the pod another address, and keep the range of the network apart from what EC2 assigns by itself: a subnet CIDR reservation (explicit), or an exclusion in the range.'
            : held
              ? 'Give one of the two pods another address.'
              : kept !== null
                ? 'Exclude the first four addresses of the subnet and its last one from the range of the network (exclude, range_start and range_end of whereabouts; rangeStart and rangeEnd of host-local), and delete the pod, so that it gets another address.'
                : subnet !== null
                  ? `${route?.advice ?? 'Give'} it an address from ${subnet}, the subnet of ${iface.eni ?? 'its ENI'}, or use an ENI in a subnet that contains ${address.ip}: EC2 assigns an ENI only addresses of its subnet.`
                  : 'Assign the address to the ENI that the network uses on this node.',
        command:
          iface.eni === null || held || others !== null || subnet !== null || kept !== null
            ? list(node.instanceId ?? '')
            : assign(iface.eni, address.ip, elsewhere !== undefined),
      };
    });
    return [...lost, ...elsewhereOnNode];
  },
});
