/**
 * P9 (multus §2.3, §2.4, §6): an address pool of a network is full or 90 % full, or its IPAM reports that it has no address
 * left (as host-local does, which keeps its allocations on the node). Allocations of deleted pods are listed, because they
 * have leaked.
 */
import { EVENTS, IP_POOLS, NADS, NODES, PODS } from '../../model/source-ids';
import type { CniFailureKind } from '../../cni/errors';
import { parseIpRange, rangeContains } from '../../cni/ipam/range';
import { bareIp } from '../../model/ip';
import type { IpPoolRecord, NetworkRecord, PodRecord } from '../../model/records';
import { nodeOf } from '../guards/node';
import { podOf } from '../guards/pod';
import { fillsOf, shareOf, storeOf } from '../guards/range-fill';
import { refusalsFor } from '../guards/signals';
import { counted, listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import { isSourceComplete, isSourceLive } from '../rule/trust';

/** The share of used addresses that raises a warning. */
const WARNING_SHARE = 0.9;

/** The pools of the network, if the source of pools is live. */
function poolsOf(network: NetworkRecord, context: RuleContext): readonly IpPoolRecord[] {
  return isSourceLive(context.read, IP_POOLS) ? context.read.all('ipPoolsByNetwork', network.id) : [];
}

/** Whether the pool is one node's slice of a range: if it is full, other nodes still have free addresses. */
function isSlice(pool: IpPoolRecord, pools: readonly IpPoolRecord[]): boolean {
  const own = parseIpRange(pool.range);
  return pools.some((other) => {
    const whole = other === pool ? null : parseIpRange(other.range);
    if (own === null || whole?.family !== own.family) return false;
    return whole.first <= own.first && own.last <= whole.last && whole.last - whole.first > own.last - own.first;
  });
}

/** The holder of an address, if it is terminating and its node prevents it from ending. */
function goingHolder(
  { ip, pod: id }: IpPoolRecord['allocations'][number],
  context: RuleContext,
): readonly { readonly ip: string; readonly pod: string; readonly node: string }[] {
  const pod = context.read.one('pods', id);
  if (pod?.deleting !== true) return [];
  const node = nodeOf(context, pod.node);
  return [
    {
      ip,
      pod: pod.id,
      node: node === null ? '' : ` on ${node.name}${node.ready === false ? ', which is not ready' : ''}`,
    },
  ];
}

/** Whether the network may assign the address: freeing another one, from before a change of its range, helps no pod. */
function isAssignable({ ipam }: NetworkRecord, ip: string): boolean {
  const ranges = (ipam?.ranges ?? []).map(parseIpRange);
  return ranges.some((range) => range === null || rangeContains(range, ip));
}

/** Addresses of the network that a reservation blocks although no allocation and no live pod has them. */
const blockedOf = (network: NetworkRecord, pools: readonly IpPoolRecord[], context: RuleContext): readonly string[] => {
  const free = pools
    .flatMap(({ orphans }) => orphans)
    .filter(({ ip, pod }) => isAssignable(network, ip) && context.read.one('pods', pod) === null);
  return [...new Set(free.map(({ ip }) => ip))].filter((ip) =>
    context.read.all('ownersByIp', ip).every((iface) => iface.state === 'requested' || podOf(context, iface) === null),
  );
};

/** Who has the address that the pod asks for, to follow “ADDRESS on NETWORK, ”. */
function takenBy(pod: PodRecord, ip: string | null, network: NetworkRecord, context: RuleContext): string {
  const ranges = network.ipam?.ranges ?? [];
  const address = ip === null ? null : bareIp(ip);
  if (address !== null) {
    const holders = context.read
      .all('ownersByIp', address)
      .filter(
        (iface) => iface.pod !== pod.id && iface.state !== 'requested' && podOf(context, iface)?.deleting === false,
      );
    if (holders.length > 0) return `which ${listed([...new Set(holders.map((iface) => nameOf(iface.pod)))])} has`;
    const read = ranges.map(parseIpRange);
    if (read.length > 0 && read.every((range) => range !== null && !rangeContains(range, address)))
      return `which is outside ${listed(ranges, 3)}`;
  }
  return `which is taken, or outside ${listed(ranges.length > 0 ? ranges : ['its range'], 3)}`;
}

const POOL_FULL: ReadonlySet<CniFailureKind> = new Set(['pool-full']);
const ADDRESS_TAKEN: ReadonlySet<CniFailureKind> = new Set(['address-not-available']);

export default defineRule({
  id: 'ipam-pool-full',
  severity: 'error',
  scope: 'networks',
  needs: [PODS, NADS],
  uses: [EVENTS, IP_POOLS, NODES],
  check(network, context) {
    const all = network.ipam === null ? [] : poolsOf(network, context);
    const fills = fillsOf(network, all).filter((fill) => shareOf(fill) >= WARNING_SHARE);
    const pools = fills.map(({ pool }) => pool);
    const refusals = refusalsFor(context, network, POOL_FULL);
    // `network-config-invalid` reports a config that leaves no address.
    if (pools.length === 0 && network.faults.some(({ severity }) => severity === 'error')) return null;
    if (pools.length === 0 && refusals.length === 0) {
      // A requested address that is taken or outside the range is unavailable as well (§2.3).
      return refusalsFor(context, network, ADDRESS_TAKEN)
        .slice(0, 1)
        .map(({ pod, failure, signal }) => ({
          subjects: [network.id, pod.id],
          title: `Cannot assign ${failure.subject ?? 'the address'} that a pod asks for`,
          detail: `${nameOf(pod.id)} asks for ${failure.subject ?? 'an address'} on ${nameOf(network.id)}, ${takenBy(pod, failure.subject, network, context)}: the pod cannot start.`,
          evidence: [`event FailedCreatePodSandBox: ${failure.detail}`],
          advice: 'Ask for another address, or for none.',
          command: shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
          since: signal.firstAt,
        }));
    }
    const isFull = refusals.length > 0 || fills.some((fill) => shareOf(fill) >= 1 && !isSlice(fill.pool, all));
    const held = pools.flatMap(({ allocations }) => allocations.filter(({ ip }) => isAssignable(network, ip)));
    const deleted = held.filter(({ live }) => live === false);
    const areAllKnown = isSourceComplete(context.read, PODS);
    const blocked = refusals.length === 0 ? [] : blockedOf(network, all, context);
    const terminating = held.flatMap((one) => goingHolder(one, context));
    // A pod that asks for several addresses may have one of them already.
    const single = refusals.filter(({ pod }) => pod.requested.filter((one) => one.network === network.id).length < 2);
    const own = single.flatMap(({ pod }) =>
      all.flatMap(({ allocations }) => allocations.filter((one) => one.pod === pod.id)),
    );
    const owners = [...new Set(own.flatMap(({ pod }) => pod ?? []))].map(nameOf);
    const ranges = listed(fills.length > 0 ? fills.map(({ range }) => range) : (network.ipam?.ranges ?? []), 3);
    const [refusal] = refusals;
    const store = refusal === undefined || fills.length > 0 ? null : storeOf(network, refusal, context);
    return {
      subjects: [network.id, ...pools.map(({ id }) => id), ...refusals.slice(0, 10).map(({ pod }) => pod.id)],
      severity: isFull ? 'error' : 'warning',
      title: `Address pool ${ranges} is ${isFull ? 'full' : 'nearly full'}`,
      detail: `${nameOf(network.id)} takes its addresses from ${ranges}${
        isFull ? ': the next pod on it cannot start' : ', of which at least nine tenths are taken'
      }.${store?.lost?.detail ?? ''}${deleted.length > 0 ? ` ${counted(deleted.length, 'address is', 'addresses are')} held for pods that no longer run${areAllKnown ? '' : ', as far as pods are known here'}.` : ''}${
        blocked.length === 0
          ? ''
          : ` ${counted(blocked.length, 'address is', 'addresses are')} blocked by an OverlappingRangeIPReservation without an allocation. whereabouts can leave one behind when a pod is deleted.`
      }${
        terminating.length === 0
          ? ''
          : ` ${counted(terminating.length, 'address is', 'addresses are')} held for pods that are being deleted and have not ended: ${listed(terminating.map(({ pod }) => nameOf(pod)))}.`
      }${
        own.length === 0
          ? ''
          : ` ${listed(owners)} already ${owners.length === 1 ? 'has' : 'have'} an allocation from an earlier sandbox, which whereabouts does not release.`
      }`,
      evidence: [
        ...fills.map(
          ({ pool, range, used, size }) =>
            `Kubernetes: IPPool ${nameOf(pool.id)} has ${used} of ${size ?? '?'} addresses${range === pool.range ? '' : ` of ${range}`} allocated`,
        ),
        ...(store === null ? [] : [store.evidence]),
        ...refusals.slice(0, 1).map(({ failure }) => `event FailedCreatePodSandBox: ${failure.detail}`),
        ...terminating
          .slice(0, 5)
          .map(({ ip, pod, node }) => `${ip} is held for ${nameOf(pod)}, which is being deleted${node}`),
        ...own.slice(0, 5).map(({ ip, pod }) => `${ip} is allocated to ${nameOf(pod ?? '')}, which waits`),
        ...blocked
          .slice(0, 5)
          .map((ip) => `OverlappingRangeIPReservation ${ip} has no allocation, and no live pod has ${ip}`),
        ...deleted
          .slice(0, 5)
          .map(({ ip, pod }) =>
            pod === null
              ? `${ip} is held for an unknown pod, which is not live: the allocation names none, and no live pod reports the address`
              : `${ip} is held for ${nameOf(pod)}, which is not live`,
          ),
      ],
      advice:
        deleted.length > 0
          ? `Let the whereabouts reconciler run, or remove the allocations of dead pods.${areAllKnown ? '' : ' Not all pods are known here: first make sure that these pods no longer exist.'}`
          : blocked.length > 0
            ? `Delete the OverlappingRangeIPReservations of ${listed(blocked)}: no pod and no allocation has these addresses, and nothing else frees them. Widening the range is not needed.`
            : terminating.length > 0
              ? 'Find out why these pods do not end. Where their node is lost, make sure that it is off, then delete its Node object: its pods end, and their addresses become free.'
              : own.length > 0
                ? `Remove the allocation of ${listed(own.map(({ ip }) => ip))} from spec.allocations of the IPPool, if it stays there while the pod waits: it is that of an earlier sandbox, which is gone.`
                : (store?.lost?.advice ?? 'Widen the range, or place fewer pods on the network.'),
      command: pools.length > 0 ? 'kubectl get ippools.whereabouts.cni.cncf.io -A -o yaml' : null,
    };
  },
});
