/** The truth about whereabouts' pools, by record id. */
import { ipv4ToNumber, numberToIpv4 } from '../../../../lib/model/ip';
import type { RangeIpam } from '../../../../lib/sim/model/range-ipam';
import type { ClusterState } from '../../../../lib/sim/model/state';
import {
  IP_POOLS,
  poolNameOf,
  RESERVATIONS,
  SLICE_POOLS,
  slicePoolName,
  WHEREABOUTS_NAMESPACE,
} from '../../../../lib/sim/model/whereabouts';
import type { TrueIpPool } from './shape';

const idOf = (name: string): string => `pool:${WHEREABOUTS_NAMESPACE}/${name}`;

/** The whereabouts pools by record id. */
export function trueIpPools(state: ClusterState): Record<string, TrueIpPool> {
  const pools: Record<string, TrueIpPool> = {};
  if (!state.objects.has(IP_POOLS)) return pools;
  const byRange = new Map<string, { readonly ipam: RangeIpam; readonly offsets: readonly number[] }[]>();
  for (const { ipam, declaresRange, gateway } of state.networks.values()) {
    if (ipam?.kind !== 'whereabouts') continue;
    const kept = gateway === null ? null : ipv4ToNumber(gateway) - ipam.first;
    const offsets = [...ipam.offsets(declaresRange)].filter((offset) => offset !== kept);
    byRange.set(ipam.range, [...(byRange.get(ipam.range) ?? []), { ipam, offsets }]);
  }
  for (const [range, users] of byRange) {
    const [first] = users;
    if (first === undefined) continue;
    if (first.ipam.sliceBits !== null) addSlices(state, first.ipam, pools);
    // The pool object is created with the first address.
    else if (state.objects.get(IP_POOLS)?.get(`${WHEREABOUTS_NAMESPACE}/${poolNameOf(range)}`) !== undefined) {
      const usable = new Set(users.flatMap(({ offsets }) => offsets));
      pools[idOf(poolNameOf(range))] = poolOf(state, first.ipam, first.ipam.first, null, usable.size);
    }
  }
  return pools;
}

function addSlices(state: ClusterState, ipam: RangeIpam, pools: Record<string, TrueIpPool>): void {
  if (ipam.slices.size === 0 || ipam.sliceBits === null) return;
  const size = 2 ** (32 - ipam.sliceBits);
  for (const [node, slice] of ipam.slices) {
    const range = ipam.sliceRange(slice);
    pools[idOf(slicePoolName(node, range))] = poolOf(state, ipam, ipam.first + slice * size, slice, size - 2);
  }
  if (state.objects.has(SLICE_POOLS)) {
    const used = ipam.allocations().length;
    pools[idOf(poolNameOf(ipam.range))] = { used, size: ipam.sliceCount * (size - 2), allocations: {}, orphans: [] };
  }
}

function poolOf(state: ClusterState, ipam: RangeIpam, first: number, slice: number | null, size: number): TrueIpPool {
  const allocations = ipam.allocations(slice);
  const length = slice === null ? ipam.size : size + 2;
  const held = new Map(allocations.map(({ offset, pod }) => [numberToIpv4(first + offset), pod]));
  const reserved = state.objects.get(RESERVATIONS)?.values() ?? [];
  // Ranges may be nested: an allocation in any of them counts.
  const isHeld = (ip: string): boolean => [...state.whereabouts.values()].some((range) => range.has(ip));
  const isOrphan = (ip: string): boolean => {
    const offset = ipv4ToNumber(ip) - first;
    return offset >= 0 && offset < length && !isHeld(ip);
  };
  return {
    used: allocations.length,
    size,
    allocations: Object.fromEntries(held),
    orphans: reserved.map(({ metadata }) => metadata.name).filter(isOrphan),
  };
}
