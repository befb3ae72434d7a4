/**
 * A bond of links inside the pod in a mode that its links cannot serve (multus §2.2): 802.3ad over links that share their
 * port with others, and active-backup over virtual functions without `failOverMac`.
 */
import { NADS, PODS } from '../../model/source-ids';
import type { InterfaceRecord } from '../../model/records';
import { isLive, networkOf, podOf } from '../guards/pod';
import { listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Plugins whose links share a port of the node with other links. */
const SHARED_PORT = new Set(['sriov', 'ib-sriov', 'macvlan', 'ipvlan']);

const typeOf = (network: Steady<'networks'> | null): string | null =>
  network === null || network.mainPlugin === null ? null : (network.plugins[network.mainPlugin] ?? null);

/** The plugin types of the pod's interfaces that the bond joins. */
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
      why: `the mode is 802.3ad (LACP), in which a port of the switch has one partner. Its links are of type ${listed(types)}, so the pod shares each port with the node and with other pods: at most one of them gets frames, and with several pods they lose each other’s.`,
      advice:
        'Use the mode active-backup with "failOverMac": 1 in the pod. LACP belongs on the node, in a bond of the physical ports on which the pods’ links are; inside a pod it works with whole cards only (host-device).',
    };
  if (mode === 'active-backup' && failOverMac !== 1 && types.includes('sriov'))
    return {
      title: 'Bond without failOverMac',
      why: `the mode is active-backup and "failOverMac" is ${failOverMac === null ? 'not set (0)' : String(failOverMac)}: both virtual functions would send with one MAC, and the card drops frames of a function with a MAC that it did not give it. After a change of the active link, or at once, the pod receives nothing.`,
      advice:
        'Set "failOverMac": 1 in the config, so that the bond takes the MAC of its active link. It can stay out only where the functions are trusted ("trust": "on") and may change their MAC.',
    };
  return null;
}

export default defineRule({
  id: 'bond-mode-unfit',
  severity: 'warning',
  scope: 'interfaces',
  needs: [PODS, NADS],
  check(iface, context) {
    if (iface.network === 'cluster' || iface.state === 'requested') return null;
    const bond = networkOf(iface, context);
    if (typeOf(bond) !== 'bond' || bond?.semantics?.linkInContainer !== true) return null;
    const pod = podOf(context, iface);
    if (pod === null || !isLive(pod)) return null;
    const types = linkTypes(iface, bond, context);
    const found = unfit(bond, types);
    if (found === null) return null;
    return {
      subjects: [iface.id, pod.id, bond.id],
      title: found.title,
      detail: `${iface.name ?? 'The bond'} of ${nameOf(pod.id)} is a bond of ${bond.parent.value ?? 'links'}: ${found.why}`,
      evidence: [
        `Kubernetes: ${nameOf(bond.id)} is a bond in mode ${bond.mode ?? '?'}`,
        `Kubernetes: the networks of its links are of type ${listed(types)}`,
      ],
      advice: found.advice,
      command: shell`kubectl -n ${bond.namespace ?? ''} edit network-attachment-definitions ${bond.name}`,
    };
  },
});
