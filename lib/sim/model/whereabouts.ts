/** IPPool and OverlappingRangeIPReservation objects, written from what the ranges truly gave out (multus.md §4.2). */
import { numberToIpv4 } from '../../model/ip';
import { rfc3339 } from './clock';
import { uid } from './identity';
import { objectsOf, type ClusterState } from './state';

export const IP_POOLS = 'whereabouts.cni.cncf.io/ippools';
export const RESERVATIONS = 'whereabouts.cni.cncf.io/overlappingrangeipreservations';

/** Does nothing in a cluster without whereabouts' CRDs. */
export function writePools(state: ClusterState): void {
  for (const key of state.changedPools) writePool(state, key);
  state.changedPools.clear();
}

function writePool(state: ClusterState, key: string): void {
  const ipam = state.networks.get(key)?.ipam;
  if (ipam?.kind !== 'whereabouts' || !state.objects.has(IP_POOLS)) return;
  const pools = objectsOf(state, IP_POOLS);
  const name = ipam.range.replace(/[:/]/g, '-');
  const previous = pools.get(`kube-system/${name}`);
  const allocations = ipam.allocations();
  pools.put({
    apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
    kind: 'IPPool',
    metadata: {
      name,
      namespace: 'kube-system',
      uid: previous?.metadata.uid ?? uid(state.random),
      creationTimestamp: previous?.metadata.creationTimestamp ?? rfc3339(state.now() - 86_400_000),
    },
    spec: {
      range: ipam.range,
      allocations: Object.fromEntries(
        allocations.map(({ offset, pod, ifname }) => [String(offset), { id: containerId(pod), podref: pod, ifname }]),
      ),
    },
  });
  if (!state.objects.has(RESERVATIONS)) return;
  const reservations = objectsOf(state, RESERVATIONS);
  const wanted = new Map(allocations.map((item) => [`kube-system/${numberToIpv4(ipam.first + item.offset)}`, item]));
  for (const object of reservations.values()) {
    const reserved = `kube-system/${object.metadata.name}`;
    if (object.metadata.labels?.['sim/pool'] === name && !wanted.has(reserved)) reservations.delete(reserved);
  }
  for (const [reserved, item] of wanted) {
    if (reservations.get(reserved) !== undefined) continue;
    reservations.put({
      apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
      kind: 'OverlappingRangeIPReservation',
      metadata: {
        name: reserved.slice('kube-system/'.length),
        namespace: 'kube-system',
        uid: uid(state.random),
        creationTimestamp: rfc3339(state.now()),
        labels: { 'sim/pool': name },
      },
      spec: { containerid: containerId(item.pod), podref: item.pod, ifname: item.ifname },
    });
  }
}

const containerId = (pod: string): string => Buffer.from(pod).toString('hex').padEnd(64, '0').slice(0, 64);
