/**
 * P9 (multus.md §2.3, §2.4, §6): an address pool of a network is full, or nine tenths of it; or its IPAM says that it has none left, as
 * host-local does, which keeps its record on the node. Allocations whose pod is gone are named: they leak.
 */
import { parseIpRange } from '../../cni/ipam/range';
import type { IpPoolRecord, NetworkRecord } from '../../model/records';
import { refusalOf, type Refusal } from '../guards/signals';
import { count, listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule';
import { isTrusted } from '../trust';

/** From this share on it is worth a warning. */
const NEARLY = 0.9;

const share = (pool: IpPoolRecord): number => (pool.size === null || pool.size === 0 ? 0 : pool.used / pool.size);

/** The pools that feed the network; a live API alone is believed. */
function poolsOf(network: NetworkRecord, context: RuleContext): readonly IpPoolRecord[] {
  const { ipPools, sources } = context.replica.records;
  if (!isTrusted(sources.get('kubernetes/ippools'))) return [];
  return [...ipPools.values()]
    .filter(({ networks }) => networks.includes(network.id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** One node's part of a range that is cut into slices: when it is full, other nodes still have theirs. */
function isSlice(pool: IpPoolRecord, pools: readonly IpPoolRecord[]): boolean {
  const own = parseIpRange(pool.range);
  return pools.some((other) => {
    const whole = other === pool ? null : parseIpRange(other.range);
    if (own === null || whole?.family !== own.family) return false;
    return whole.first <= own.first && own.last <= whole.last && whole.last - whole.first > own.last - own.first;
  });
}

/** Pods of the network that its IPAM turned away. */
function turnedAway(network: NetworkRecord, context: RuleContext): readonly Refusal[] {
  const { indexes, records } = context.replica;
  const pods = new Set<string>();
  for (const id of indexes.interfacesByNetwork.get(network.id) ?? []) {
    const face = records.interfaces.get(id);
    if (face?.state === 'requested') pods.add(face.pod);
  }
  return [...pods].sort().flatMap((id) => {
    const pod = records.pods.get(id);
    const refusal = pod === undefined ? null : refusalOf(context, pod);
    if (pod === undefined || refusal?.failure.kind !== 'pool-full') return [];
    const only = new Set(pod.requested.map((request) => request.network)).size === 1;
    return only || refusal.failure.network === network.name ? [refusal] : [];
  });
}

export default defineRule({
  id: 'ipam-pool-full',
  severity: 'error',
  scope: 'networks',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(network, context) {
    const all = network.ipam === null ? [] : poolsOf(network, context);
    const pools = all.filter((pool) => share(pool) >= NEARLY);
    const refusals = turnedAway(network, context);
    if (pools.length === 0 && refusals.length === 0) return [];
    const isFull = refusals.length > 0 || pools.some((pool) => share(pool) >= 1 && !isSlice(pool, all));
    const dead = pools.flatMap(({ allocations }) => allocations.filter(({ live }) => live === false));
    const ranges = listed(pools.length > 0 ? pools.map(({ range }) => range) : (network.ipam?.ranges ?? []), 3);
    return [
      {
        subjects: [network.id, ...pools.map(({ id }) => id), ...refusals.slice(0, 10).map(({ pod }) => pod.id)],
        severity: isFull ? 'error' : 'warning',
        title: `Address pool ${ranges} is ${isFull ? 'full' : 'nearly full'}`,
        detail: `${nameOf(network.id)} takes its addresses from ${ranges}${
          isFull ? ': the next pod on it cannot start' : ', of which at least nine tenths are allocated'
        }.${dead.length > 0 ? ` ${count(dead.length, 'address is', 'addresses are')} held for pods that no longer run.` : ''}`,
        evidence: [
          ...pools.map(
            (pool) =>
              `Kubernetes: IPPool ${nameOf(pool.id)} has ${pool.used} of ${pool.size ?? '?'} addresses allocated`,
          ),
          ...refusals.slice(0, 1).map(({ failure }) => `event FailedCreatePodSandBox: ${failure.detail}`),
          ...dead
            .slice(0, 5)
            .map(
              ({ ip, pod }) => `${ip} is held for ${pod === null ? 'nobody known' : nameOf(pod)}, which is not live`,
            ),
        ],
        advice:
          dead.length > 0
            ? 'Let the whereabouts reconciler run, or remove the allocations of dead pods.'
            : 'Widen the range, or place fewer pods on the network.',
        command: pools.length > 0 ? 'kubectl get ippools.whereabouts.cni.cncf.io -A -o yaml' : null,
      },
    ];
  },
});
