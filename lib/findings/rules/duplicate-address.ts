/**
 * P10 (multus.md §6): two live interfaces hold one address on one network, or on networks that share a parent or a subnet. Networks that
 * every node has for itself (bridge, ptp) only meet on one node.
 */
import { PODS } from '../../model/source-ids';
import type { InterfaceRecord, NetworkRecord } from '../../model/records';
import { isLive, podOf } from '../guards/pod';
import { nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule';

const isIgnored = (ip: string): boolean =>
  ip === '0.0.0.0' || ip === '::' || ip.startsWith('169.254.') || ip.startsWith('fe80:');

const isPerNode = (network: NetworkRecord | undefined): boolean => network?.semantics?.perNode === true;

/** Addresses of these two can meet on a wire. */
function meet(a: InterfaceRecord, b: InterfaceRecord, context: RuleContext): boolean {
  const { networks, enis } = context.replica.records;
  const left = networks.get(a.network);
  const right = networks.get(b.network);
  if (a.node !== b.node && (isPerNode(left) || isPerNode(right))) return false;
  if (a.network === b.network) return true;
  if (left === undefined || right === undefined) return false;
  const { kind, value } = left.parent;
  if (value !== null && kind === right.parent.kind && value === right.parent.value && left.vlan === right.vlan)
    return true;
  const subnet = enis.get(a.eni ?? '')?.subnet ?? null;
  return subnet !== null && subnet === enis.get(b.eni ?? '')?.subnet;
}

function holds(face: InterfaceRecord, context: RuleContext): boolean {
  const pod = podOf(context, face);
  return face.network !== 'cluster' && face.state !== 'requested' && pod !== null && isLive(pod);
}

/** Others that hold the address where it can meet this one. A bridge meets its own node only: with thousands of nodes, others are not walked. */
function rivals(face: InterfaceRecord, ip: string, context: RuleContext): readonly InterfaceRecord[] {
  const { indexes, records } = context.replica;
  const near = isPerNode(records.networks.get(face.network)) && face.node !== null;
  const holders = near ? indexes.interfacesByNode.get(face.node) : indexes.ownersByIp.get(ip);
  return [...(holders ?? [])]
    .flatMap((id) => records.interfaces.get(id) ?? [])
    .filter(
      (other) =>
        other.pod !== face.pod && other.ips.includes(ip) && meet(face, other, context) && holds(other, context),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function hintOf(network: NetworkRecord | undefined, nodes: number): string {
  if (network?.ipam?.type === 'host-local' && nodes > 1)
    return 'host-local keeps its addresses per node: use whereabouts.';
  if (network?.ipam?.type === 'static')
    return 'A static address is for one pod only: a workload with replicas repeats it.';
  return 'Find which IPAM gave it out twice.';
}

export default defineRule({
  id: 'duplicate-address',
  severity: 'error',
  scope: 'interfaces',
  needs: [PODS],
  check(face, context) {
    if (!holds(face, context)) return [];
    return face.ips
      .filter((ip) => !isIgnored(ip) && (context.replica.indexes.ownersByIp.get(ip)?.size ?? 0) > 1)
      .flatMap((ip) => {
        const others = rivals(face, ip, context);
        if (others.length === 0) return [];
        const all = [face, ...others];
        const network = context.replica.records.networks.get(face.network);
        return [
          {
            subjects: [face.id, face.pod, ...others.slice(0, 10).flatMap(({ id, pod }) => [id, pod]), face.network],
            title: `${ip} is held by ${all.length} live pods`,
            detail: `${all
              .slice(0, 5)
              .map(({ pod }) => nameOf(pod))
              .sort()
              .join(' and ')} hold ${ip} on ${nameOf(face.network)}: which of them answers is chance.`,
            evidence: all
              .slice(0, 10)
              .map(({ pod, name }) => `network-status of ${nameOf(pod)}: ${name ?? '?'} has ${ip}`),
            advice: hintOf(network, new Set(all.map(({ node }) => node)).size),
          },
        ];
      });
  },
});
