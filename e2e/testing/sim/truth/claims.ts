/** The truth about pods' claims: the devices, and the interface that each of them is. */
import { isFinished, podKey, type SimPod } from '../../../../lib/sim/model/pod';
import type { ClusterState } from '../../../../lib/sim/model/state';
import type { TrueClaim } from './shape';

/** The claims of every pod that has not finished, by `NAMESPACE/NAME`. */
export function trueClaims(state: ClusterState): Record<string, readonly TrueClaim[]> {
  const claims: Record<string, readonly TrueClaim[]> = {};
  for (const pod of state.pods.values())
    if (pod.claims.length > 0 && !isFinished(pod))
      claims[podKey(pod)] = pod.claims.map((one) => trueClaim(state, pod, one));
  return claims;
}

function trueClaim(state: ClusterState, pod: SimPod, { name, claim }: SimPod['claims'][number]): TrueClaim {
  const known = state.claims.get(`${pod.namespace}/${claim}`);
  const isOf = (pciAddress: string | null): string | null => {
    const item = pciAddress === null ? undefined : pod.interfaces.find((one) => one.pciAddress === pciAddress);
    return item === undefined ? null : `if:${podKey(pod)}/${item.name}`;
  };
  return {
    name,
    claim,
    pods: known?.pods.size ?? 0,
    devices: (known?.devices ?? []).map(({ device }) => ({
      driver: device.driver,
      pool: known?.node ?? '',
      device: device.name,
      interface: isOf(device.pciAddress),
    })),
  };
}

/** For each ENI, the interfaces of pods that use its link, or its EFA function, as a whole device. */
export function wholeEnis(state: ClusterState): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>();
  for (const pod of state.pods.values()) {
    if (isFinished(pod)) continue;
    for (const { from, eni, name } of pod.interfaces)
      if (from === 'claim' && eni !== null)
        holders.set(eni, [...(holders.get(eni) ?? []), `if:${podKey(pod)}/${name}`]);
  }
  return holders;
}
