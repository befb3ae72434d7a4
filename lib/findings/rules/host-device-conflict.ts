/** P16 (multus §2.2, §6): two live pods of one node claim one host device or report one PCI function, or one claims the primary ENI. */
import { NADS, PODS } from '../../model/source-ids';
import { CLUSTER_NETWORK } from '../../model/ids';
import { byCodeUnit } from '../../model/order';
import type { InterfaceRecord } from '../../model/records';
import { isPrimary } from '../guards/eni';
import { isLive, networkOf, podOf } from '../guards/pod';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** The device named in the config. Configs that get their device from a device plugin cannot conflict. */
function deviceOf({ parent, resourceName, semantics }: Steady<'networks'>): string | null {
  if (semantics?.onePodPerDevice !== true || resourceName !== null) return null;
  return parent.kind === 'host-device' || parent.kind === 'hwaddr' || parent.kind === 'pci' ? parent.value : null;
}

/** Interfaces on the node that may have a device of their own, ordered by id. */
function candidatesOn(node: string, context: RuleContext): readonly InterfaceRecord[] {
  const interfaces: InterfaceRecord[] = [];
  for (const iface of context.read.each('interfacesByNode', node))
    if (iface.network !== CLUSTER_NETWORK || iface.device !== null) interfaces.push(iface);
  return interfaces.sort((a, b) => byCodeUnit(a.id, b.id));
}

/** Interfaces of live pods, by the device that they claim. */
function claimsOf(
  interfaces: readonly InterfaceRecord[],
  context: RuleContext,
): ReadonlyMap<string, InterfaceRecord[]> {
  const claims = new Map<string, InterfaceRecord[]>();
  for (const iface of interfaces) {
    const network = networkOf(iface, context);
    const device = network === null ? null : deviceOf(network);
    if (device === null || podOf(context, iface)?.deleting !== false) continue;
    claims.set(device, [...(claims.get(device) ?? []), iface]);
  }
  return claims;
}

/** Interfaces of live pods, by the PCI device that they report; without those that pods have by claims. */
function functionsOf(
  interfaces: readonly InterfaceRecord[],
  context: RuleContext,
): ReadonlyMap<string, InterfaceRecord[]> {
  const functions = new Map<string, InterfaceRecord[]>();
  for (const iface of interfaces) {
    const { device, claim, state } = iface;
    if (device?.type !== 'pci' || device.pciAddress === null || claim !== null || state === 'requested') continue;
    if (!isLiveFace(iface, context)) continue;
    functions.set(device.pciAddress, [...(functions.get(device.pciAddress) ?? []), iface]);
  }
  return functions;
}

/** One function that the kubelet or its device plugin has allocated to two pods. */
function givenTwice(
  node: Steady<'nodes'>,
  candidates: readonly InterfaceRecord[],
  context: RuleContext,
): readonly Sighting[] {
  return [...functionsOf(candidates, context)].flatMap(([address, interfaces]) => {
    const pods = [...new Set(interfaces.map(({ pod }) => pod))];
    if (pods.length < 2) return [];
    return [
      {
        subjects: [...interfaces.map(({ id }) => id), ...pods, node.id],
        title: `${pods.length} pods report the device ${address}`,
        detail: `${pods.map(nameOf).join(' and ')} on ${node.name} both report PCI device ${address}, which can be in only one pod at a time. Most likely the device plugin or the kubelet lost count when the node restarted; the status of the pod that started first is old.`,
        evidence: interfaces.map(({ id }) => `Multus: network-status of ${nameOf(id)} has pci-address ${address}`),
        advice:
          'Delete the pod that does not have the device, so that it gets another one. Until then its interface carries no traffic.',
      },
    ];
  });
}

export default defineRule({
  id: 'host-device-conflict',
  severity: 'error',
  scope: 'nodes',
  isSteady: true,
  needs: [PODS, NADS],
  check(node, context) {
    const candidates = candidatesOn(node.id, context);
    const attachments = context.read.all('attachmentsByNode', node.id);
    const claimed = [...claimsOf(candidates, context)].flatMap(([device, interfaces]) => {
      const pods = [...new Set(interfaces.filter((iface) => isLiveFace(iface, context)).map(({ pod }) => pod))];
      const networks = [...new Set(interfaces.map(({ network }) => network))];
      // An interface that does not exist yet has no ENI; the network's parent on the node has.
      const attachment = attachments.find(({ network }) => networks.includes(network));
      const eni = [...interfaces.map((iface) => iface.eni), attachment?.eni ?? null]
        .map((id) => context.read.one('enis', id))
        .find((one) => one !== null && isPrimary(one));
      if (pods.length === 0 || (pods.length < 2 && eni == null)) return [];
      // macvlan in passthru mode leaves the link on the node, and lets nobody else use it.
      const staysOnNode = networks.every((id) => context.read.one('networks', id)?.mode === 'passthru');
      const linked = interfaces.filter((iface) => iface.eni !== null);
      const certainties = linked.length > 0 ? linked.map(({ link }) => link.certainty) : [attachment?.certainty];
      return [
        {
          subjects: [...interfaces.map(({ id }) => id), ...pods, node.id, ...networks, eni?.id ?? null],
          title: pods.length < 2 ? `${device} is the node's primary ENI` : `${pods.length} pods claim ${device}`,
          detail:
            pods.length < 2
              ? `${listed(pods.map(nameOf))} on ${node.name} ${staysOnNode ? `hands every frame of ${device} to the pod (macvlan in mode passthru)` : `moves ${device} into the pod`}, but that is ${eni?.id ?? ''}, through which the node itself is reached${certainties.includes('observed') ? '' : ' (judging by its name; not observed)'}.`
              : staysOnNode
                ? `${pods.map(nameOf).join(' and ')} on ${node.name} both ask for a macvlan interface in mode passthru on ${device}: it takes the link for one pod, and only one can have it (“device or resource busy”).`
                : `${pods.map(nameOf).join(' and ')} on ${node.name} both ask for host device ${device}, which moves into one pod: the others will not find it.`,
          evidence: [
            ...networks.map((id) => `Kubernetes: ${nameOf(id)} takes the device ${device}`),
            eni ? ((linked[0]?.link ?? attachment)?.evidence ?? '') : null,
          ],
          advice:
            pods.length < 2
              ? 'Give the network a device of its own.'
              : staysOnNode
                ? 'Keep such pods on different nodes, give each a network of its own link, or use mode bridge, in which pods share the link.'
                : 'Give each pod a network of its own device, or use a device plugin with a resource name.',
        },
      ];
    });
    return [...claimed, ...givenTwice(node, candidates, context)];
  },
});

function isLiveFace(iface: InterfaceRecord, context: RuleContext): boolean {
  const pod = podOf(context, iface);
  return pod !== null && isLive(pod);
}
