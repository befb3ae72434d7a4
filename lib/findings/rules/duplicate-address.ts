/**
 * P10 (multus §6): two live interfaces hold the same address on one network, or on networks that share a parent or a subnet. On networks
 * that are local to each node (bridge, ptp), only interfaces of the same node can clash. On the cluster network every address
 * belongs to one pod.
 */
import { PODS } from '../../model/source-ids';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { InterfaceRecord } from '../../model/records';
import { isStanding, nodeOf } from '../guards/node';
import { isLive, podOf } from '../guards/pod';
import { isAged } from '../guards/time';
import { nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

const isIgnored = (ip: string): boolean =>
  ip === '0.0.0.0' || ip === '::' || ip.startsWith('169.254.') || ip.startsWith('fe80:');

const isPerNode = (network: Steady<'networks'> | null): boolean => network?.semantics?.perNode === true;

/** whereabouts gives each address of a network once in the whole cluster: a second one is its mistake, whatever the plugin (multus §4.2). */
const isGivenOnce = (network: Steady<'networks'> | null): boolean => network?.ipam?.type === 'whereabouts';

/** Whether the addresses of these two interfaces can clash on the same link. */
function meet(a: InterfaceRecord, b: InterfaceRecord, context: RuleContext): boolean {
  const { read } = context;
  const left = read.one('networks', a.network);
  const right = read.one('networks', b.network);
  if (a.network === b.network && isGivenOnce(left)) return true;
  if (a.node !== b.node && (isPerNode(left) || isPerNode(right))) return false;
  if (a.network === b.network) return true;
  if (left !== null && right !== null) {
    const { kind, value } = left.parent;
    if (value !== null && kind === right.parent.kind && value === right.parent.value && left.vlan === right.vlan)
      return true;
  }
  const subnet = read.one('enis', a.eni)?.subnet ?? null;
  return subnet !== null && subnet === read.one('enis', b.eni)?.subnet;
}

/** ipamd reuses a freed address after its cooldown; a terminating pod looks live for less than that. Milliseconds. */
const ENDING = 30_000;

function holds(face: InterfaceRecord, context: RuleContext): boolean {
  if (face.state === 'requested') return false;
  const pod = podOf(context, face);
  if (pod === null || !isLive(pod)) return false;
  if (face.network !== CLUSTER_NETWORK) return true;
  // Pods of a lost node stay Running for minutes, while EC2 already reuses their addresses.
  const node = nodeOf(context, face.node);
  return (
    node !== null &&
    node.ready !== false &&
    isStanding(node, context) &&
    isAged(pod.startedAt ?? pod.createdAt, ENDING, context)
  );
}

/** Other interfaces that hold the address where it can clash. A bridge clashes only within its node, so other nodes are not scanned. */
function rivals(face: InterfaceRecord, ip: string, context: RuleContext): readonly InterfaceRecord[] {
  const { read } = context;
  const network = read.one('networks', face.network);
  const near = face.node !== null && isPerNode(network) && !isGivenOnce(network);
  const holders = near ? read.holdersOn(face.node, ip) : read.all('ownersByIp', ip);
  return holders.filter((other) => other.pod !== face.pod && meet(face, other, context) && holds(other, context));
}

function hintOf(network: Steady<'networks'> | null, nodes: number): string {
  if (network?.id === CLUSTER_NETWORK)
    return 'Delete one of the pods, so that it gets an address of its own; the log of aws-node around its last restart shows how the address was handed out twice.';
  if (network?.ipam?.type === 'host-local' && nodes > 1) return 'host-local allocates per node: use whereabouts.';
  if (network?.ipam?.type === 'static')
    return 'A static address is for one pod only: every replica of a workload gets the same one.';
  return 'Find the IPAM that handed it out twice.';
}

export default defineRule({
  id: 'duplicate-address',
  severity: 'error',
  scope: 'interfaces',
  needs: [PODS],
  check(face, context) {
    if (!holds(face, context)) return [];
    return face.ips
      .filter((ip) => !isIgnored(ip))
      .flatMap((ip) => {
        const others = rivals(face, ip, context);
        if (others.length === 0) return [];
        const all = [face, ...others];
        const network = context.read.one('networks', face.network);
        return [
          {
            subjects: [face.id, face.pod, ...others.slice(0, 10).flatMap(({ id, pod }) => [id, pod]), face.network],
            title: `${ip} is held by ${all.length} live pods`,
            detail: `${all
              .slice(0, 5)
              .map(({ pod }) => nameOf(pod))
              .sort()
              .join(
                ' and ',
              )} hold ${ip} on ${face.network === CLUSTER_NETWORK ? 'the cluster network' : nameOf(face.network)}: which one answers is unpredictable.`,
            evidence: all
              .slice(0, 10)
              .map(({ pod, name, network: on }) =>
                on === CLUSTER_NETWORK
                  ? `Kubernetes: status.podIPs of ${nameOf(pod)} has ${ip}`
                  : `network-status of ${nameOf(pod)}: ${name ?? '?'} has ${ip}`,
              ),
            advice: hintOf(network, new Set(all.map(({ node }) => node)).size),
          },
        ];
      });
  },
});
