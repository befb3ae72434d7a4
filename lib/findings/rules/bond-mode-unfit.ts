/**
 * A bond inside the pod in a mode that does not work over its links (multus §2.2): 802.3ad over links that share their
 * port with other links, and active-backup over virtual functions without `failOverMac`.
 */
import { NADS, PODS } from '../../model/source-ids';
import { counted } from '../../model/counted';
import { byCodeUnit } from '../../model/order';
import type { InterfaceRecord, PodRecord } from '../../model/records';
import { isLive, networkOf, podOf } from '../guards/pod';
import { listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Plugins whose links share a port of the node with other links. */
const SHARED_PORT = new Set(['sriov', 'ib-sriov', 'macvlan', 'ipvlan']);

const typeOf = (network: Steady<'networks'> | null): string | null =>
  network === null || network.mainPlugin === null ? null : (network.plugins[network.mainPlugin] ?? null);

/** The plugin types of the pod's interfaces that are links of the bond. */
function linkTypes(iface: InterfaceRecord, bond: Steady<'networks'>, context: RuleContext): readonly string[] {
  const names = new Set(bond.parent.value?.split(',') ?? []);
  const types = context.read
    .all('interfacesByPod', iface.pod)
    .filter((face) => face.id !== iface.id && face.name !== null && names.has(face.name))
    .flatMap((face) => typeOf(networkOf(face, context)) ?? []);
  return [...new Set(types)].sort();
}

interface Unfit {
  readonly title: string;
  readonly why: string;
  readonly advice: string;
}

function unfit({ mode, failOverMac }: Steady<'networks'>, types: readonly string[]): Unfit | null {
  if (mode === '802.3ad' && types.some((type) => SHARED_PORT.has(type)))
    return {
      title: 'LACP over links that share their ports',
      why: `its mode is 802.3ad (LACP), in which each switch port has exactly one LACP partner. Its links are of type ${listed(types)}, so the pod shares each port with the node and with other pods. At most one of them receives frames, and several such pods disrupt each other.`,
      advice:
        'Use the mode active-backup with "failOverMac": 1 in the pod. Configure LACP on the node, on a bond of the physical ports under the pods’ links. Inside a pod it works only with whole cards (host-device).',
    };
  if (mode === 'active-backup' && failOverMac !== 1 && types.includes('sriov'))
    return {
      title: 'Bond without failOverMac',
      why: `its mode is active-backup and "failOverMac" is ${failOverMac === null ? 'not set (0)' : String(failOverMac)}. Both virtual functions then use the same MAC, and the card drops frames whose MAC is not the one assigned to the function. The pod receives nothing, either from the start or after a failover.`,
      advice:
        'Set "failOverMac": 1 in the config, so that the bond uses the MAC of its active link. It can be omitted only if the functions are trusted ("trust": "on") and may change their MAC.',
    };
  return null;
}

/** A bond of a live pod, over links with which its mode does not work. */
interface UnfitBond {
  readonly iface: InterfaceRecord;
  readonly pod: PodRecord;
  readonly types: readonly string[];
  readonly found: Unfit;
}

function* unfitOn(bond: Steady<'networks'>, context: RuleContext): Iterable<UnfitBond> {
  for (const iface of context.read.each('interfacesByNetwork', bond.id)) {
    if (iface.state === 'requested') continue;
    const pod = podOf(context, iface);
    if (pod === null || !isLive(pod)) continue;
    const types = linkTypes(iface, bond, context);
    const found = unfit(bond, types);
    if (found !== null) yield { iface, pod, types, found };
  }
}

/** The cause is in the network's config, so it is reported once, with one of its pods as the example. */
export default defineRule({
  id: 'bond-mode-unfit',
  severity: 'warning',
  scope: 'networks',
  needs: [PODS, NADS],
  check(bond, context) {
    if (typeOf(bond) !== 'bond' || bond.semantics?.linkInContainer !== true) return null;
    const all = [...unfitOn(bond, context)].sort((a, b) => byCodeUnit(a.iface.id, b.iface.id));
    const [first] = all;
    if (first === undefined) return null;
    const { iface, pod, types, found } = first;
    const others = new Set(all.map((one) => one.pod.id)).size - 1;
    return {
      subjects: [bond.id, ...all.slice(0, 10).flatMap((one) => [one.iface.id, one.pod.id])],
      title: found.title,
      detail: `${iface.name ?? 'The bond'} of ${nameOf(pod.id)} is a bond of ${bond.parent.value ?? 'links'}: ${found.why}${others === 0 ? '' : ` ${counted(others, 'more pod has', 'more pods have')} such a bond on ${nameOf(bond.id)}.`}`,
      evidence: [
        `Kubernetes: ${nameOf(bond.id)} is a bond in mode ${bond.mode ?? '?'}`,
        `Kubernetes: the networks of its links are of type ${listed(types)}`,
      ],
      advice: found.advice,
      command: shell`kubectl -n ${bond.namespace ?? ''} edit network-attachment-definitions ${bond.name}`,
    };
  },
});
