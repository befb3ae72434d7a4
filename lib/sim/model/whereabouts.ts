/** IPPool, OverlappingRangeIPReservation and NodeSlicePool objects, written from the true assignments (multus §4.2). */
import { numberToIpv4 } from '../../model/ip';
import { rfc3339 } from './clock';
import { uid } from './identity';
import type { RangeIpam } from './range-ipam';
import { objectsOf, type ClusterState } from './state';

/** Key of the collection of IPPools. */
export const IP_POOLS = 'whereabouts.cni.cncf.io/ippools';
/** Key of the collection of OverlappingRangeIPReservations. */
export const RESERVATIONS = 'whereabouts.cni.cncf.io/overlappingrangeipreservations';
/** Key of the collection of NodeSlicePools. */
export const SLICE_POOLS = 'whereabouts.cni.cncf.io/nodeslicepools';
/** The namespace of whereabouts and its objects. */
export const WHEREABOUTS_NAMESPACE = 'kube-system';

/** The name of a range’s IPPool. */
export const poolNameOf = (range: string): string => range.replace(/[:/]/g, '-');

/** Name of the pool of one node's slice. */
export const slicePoolName = (node: string, sliceRange: string): string => `${node}-${poolNameOf(sliceRange)}`;

/** Rewrites the pool objects of changed networks; does nothing without whereabouts' CRDs. */
export function writePools(state: ClusterState): void {
  const written = new Set<string>();
  for (const key of state.changedPools) {
    const ipam = state.networks.get(key)?.ipam;
    if (ipam?.kind !== 'whereabouts' || written.has(ipam.range) || !state.objects.has(IP_POOLS)) continue;
    written.add(ipam.range);
    if (ipam.sliceBits === null) writePool(state, poolNameOf(ipam.range), ipam.range, ipam.allocations());
    else writeSlices(state, ipam);
    if (state.objects.has(RESERVATIONS)) writeReservations(state, ipam);
  }
  state.changedPools.clear();
}

function writePool(
  state: ClusterState,
  name: string,
  range: string,
  allocations: ReturnType<RangeIpam['allocations']>,
): void {
  put(state, IP_POOLS, name, {
    kind: 'IPPool',
    spec: {
      range,
      allocations: Object.fromEntries(
        allocations.map(({ offset, pod, ifname }) => [String(offset), { id: containerId(pod), podref: pod, ifname }]),
      ),
    },
  });
}

function writeSlices(state: ClusterState, ipam: RangeIpam): void {
  for (const [node, slice] of ipam.slices) {
    const range = ipam.sliceRange(slice);
    writePool(state, slicePoolName(node, range), range, ipam.allocations(slice));
  }
  if (!state.objects.has(SLICE_POOLS)) return;
  const nodes = [...ipam.slices.keys()];
  put(state, SLICE_POOLS, poolNameOf(ipam.range), {
    kind: 'NodeSlicePool',
    spec: { range: ipam.range, sliceSize: `/${ipam.sliceBits ?? 0}` },
    status: {
      // A slice without a node is listed with an empty name.
      allocations: Array.from({ length: ipam.sliceCount }, (_, slice) => ({
        nodeName: nodes[slice] ?? '',
        sliceRange: ipam.sliceRange(slice),
      })),
    },
  });
}

function put(
  state: ClusterState,
  resource: string,
  name: string,
  rest: { readonly kind: string; readonly [field: string]: unknown },
): void {
  const pools = objectsOf(state, resource);
  const previous = pools.get(`${WHEREABOUTS_NAMESPACE}/${name}`);
  pools.put({
    apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
    metadata: {
      name,
      namespace: WHEREABOUTS_NAMESPACE,
      uid: previous?.metadata.uid ?? uid(state.random),
      creationTimestamp: previous?.metadata.creationTimestamp ?? rfc3339(state.now() - 86_400_000),
    },
    ...rest,
  });
}

function writeReservations(state: ClusterState, ipam: RangeIpam): void {
  const pool = poolNameOf(ipam.range);
  const reservations = objectsOf(state, RESERVATIONS);
  const wanted = new Map(ipam.allocations().map((item) => [numberToIpv4(ipam.first + item.offset), item]));
  for (const { metadata } of reservations.values()) {
    if (metadata.labels?.['sim/pool'] === pool && !wanted.has(metadata.name))
      reservations.delete(`${WHEREABOUTS_NAMESPACE}/${metadata.name}`);
  }
  for (const [ip, item] of wanted) {
    if (reservations.get(`${WHEREABOUTS_NAMESPACE}/${ip}`) !== undefined) continue;
    reservations.put({
      apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
      kind: 'OverlappingRangeIPReservation',
      metadata: {
        name: ip,
        namespace: WHEREABOUTS_NAMESPACE,
        uid: uid(state.random),
        creationTimestamp: rfc3339(state.now()),
        labels: { 'sim/pool': pool },
      },
      spec: { containerid: containerId(item.pod), podref: item.pod, ifname: item.ifname },
    });
  }
}

const containerId = (pod: string): string => Buffer.from(pod).toString('hex').padEnd(64, '0').slice(0, 64);
