/**
 * P10 (multus.md §6): two live interfaces hold one address on one network, or on networks that share a parent. Networks that every node
 * has for itself (bridge, ptp) only meet on one node.
 */
import type { InterfaceRecord, NetworkRecord } from '../../model/records';
import { defineRule, type RuleContext } from '../rule';

const isIgnored = (ip: string): boolean =>
  ip === '0.0.0.0' || ip === '::' || ip.startsWith('169.254.') || ip.startsWith('fe80:');

/** Addresses of these two can meet on a wire. */
function meet(a: InterfaceRecord, b: InterfaceRecord, context: RuleContext): boolean {
  const { networks } = context.replica.records;
  const left = networks.get(a.network);
  const right = networks.get(b.network);
  const local = (network: NetworkRecord | undefined): boolean => network?.semantics?.perNode === true;
  if ((local(left) || local(right)) && a.node !== b.node) return false;
  if (a.network === b.network) return true;
  const parent = left?.parent;
  if (
    parent &&
    right &&
    parent.value !== null &&
    parent.kind === right.parent.kind &&
    parent.value === right.parent.value &&
    left.vlan === right.vlan
  )
    return true;
  return (
    a.eni !== null &&
    b.eni !== null &&
    context.replica.records.enis.get(a.eni)?.subnet === context.replica.records.enis.get(b.eni)?.subnet
  );
}

function isLive(face: InterfaceRecord | undefined, context: RuleContext): face is InterfaceRecord {
  const pod = face && context.replica.records.pods.get(face.pod);
  return (
    pod !== undefined &&
    !pod.deleting &&
    pod.phase !== 'Succeeded' &&
    pod.phase !== 'Failed' &&
    face?.state !== 'requested'
  );
}

export default defineRule({
  id: 'duplicate-address',
  severity: 'error',
  scope: 'interfaces',
  needs: ['kubernetes/pods'],
  check(face, context) {
    if (face.network === 'cluster' || !isLive(face, context)) return [];
    return face.ips
      .filter((ip) => !isIgnored(ip))
      .flatMap((ip) => {
        const others = [...(context.replica.indexes.ownersByIp.get(ip) ?? [])]
          .map((id) => context.replica.records.interfaces.get(id))
          .filter(
            (other) =>
              other?.pod !== face.pod &&
              other?.network !== 'cluster' &&
              isLive(other, context) &&
              meet(face, other, context),
          ) as InterfaceRecord[];
        if (others.length === 0) return [];
        const network = context.replica.records.networks.get(face.network);
        const nodes = new Set([face.node, ...others.map(({ node }) => node)]);
        const ipam = network?.ipam?.type ?? null;
        const hint =
          ipam === 'host-local' && nodes.size > 1
            ? 'host-local keeps its addresses per node: use whereabouts.'
            : ipam === 'static'
              ? 'A static address is for one pod only: a workload with replicas repeats it.'
              : 'Find which IPAM gave it out twice.';
        return [
          {
            subjects: [face.id, face.pod, ...others.flatMap((other) => [other.id, other.pod]), face.network],
            title: `${ip} is held by ${others.length + 1} live pods`,
            detail: `${[face, ...others]
              .map(({ pod }) => pod.slice('pod:'.length))
              .sort()
              .join(' and ')} hold ${ip} on ${face.network.slice('net:'.length)}: which of them answers is chance.`,
            evidence: [face, ...others].map(
              (holder) => `network-status of ${holder.pod.slice('pod:'.length)}: ${holder.name ?? '?'} has ${ip}`,
            ),
            advice: hint,
          },
        ];
      });
  },
});
