/** The truth about every pod's interfaces, and how much of it can be known. */
import { parentEni } from '../../../../lib/sim/model/attach-network';
import { isFinished, podKey, type SimPod } from '../../../../lib/sim/model/pod';
import type { ClusterState } from '../../../../lib/sim/model/state';
import type { TrueLink } from './shape';

/** Adds the interfaces of a pod to `into`, by record id. */
export function trueInterfaces(state: ClusterState, pod: SimPod, into: Record<string, TrueLink>): void {
  if (pod.node === null || pod.hostNetwork || isFinished(pod)) return;
  const base = `if:${podKey(pod)}`;
  const names = new Set<string>();
  for (const item of pod.interfaces) {
    names.add(item.name);
    const network = (item.from === 'network' || item.from === 'claim') && item.recorded;
    into[`${base}/${item.name}`] = {
      eni: item.eni,
      ips: item.recorded ? item.ips : null,
      allowedRules: item.rules,
      mustBeObserved: item.observed,
      network: item.network,
      linkable: item.rules.length > 0 && item.eni !== null,
      certainty: item.eni === null ? null : item.observed ? 'observed' : item.rules.length > 0 ? 'inferred' : 'unknown',
      candidates: item.candidates,
      node: pod.node,
      uid: pod.uid,
      ...(item.eni === null || item.card !== null ? { card: item.card } : {}),
      ...(network ? { mac: item.mac } : {}),
      ...(item.pciAddress === null ? {} : { device: { pciAddress: item.pciAddress } }),
    };
  }
  const waiting = (network: string): TrueLink => ({
    eni: null,
    ips: [],
    allowedRules: [],
    mustBeObserved: false,
    network,
    linkable: false,
    certainty: 'unknown',
    candidates: [],
    node: pod.node ?? '',
    uid: pod.uid,
    card: null,
  });
  if (!names.has('eth0')) into[`${base}/eth0`] = waiting('cluster');
  const node = state.nodes.get(pod.node);
  // A reported interface without a name still answers the request at its position.
  const answers = pod.interfaces.filter(({ from }) => from === 'network').map(({ name }) => name);
  for (const [index, request] of pod.requests.entries()) {
    const name = request.interface ?? `net${index + 1}`;
    if (names.has(name) || node === undefined || answers[index]?.startsWith('~') === true) continue;
    // Absent or not reported: it is correct to name the ENI that it would be on, or none.
    const network = state.networks.get(request.network);
    const parent = network === undefined ? undefined : parentEni(state, node, network);
    into[`${base}/${name}`] = {
      ...waiting(`net:${request.network}`),
      eni: parent?.id ?? null,
      card: parent?.attachment?.card ?? null,
    };
  }
}
