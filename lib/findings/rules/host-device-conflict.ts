/** P16 (multus §2.2, §6): two live pods of one node claim the same host device, or one claims the node's primary ENI. */
import { NADS, PODS } from '../../model/source-ids';
import { byCodeUnit } from '../../model/order';
import type { InterfaceRecord } from '../../model/records';
import { isPrimary } from '../guards/eni';
import { isLive, podOf } from '../guards/pod';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** The device that the config names. Configs that get their device from a device plugin cannot clash. */
function deviceOf({ parent, resourceName, semantics }: Steady<'networks'>): string | null {
  if (semantics?.onePodPerDevice !== true || resourceName !== null) return null;
  return parent.kind === 'host-device' || parent.kind === 'hwaddr' || parent.kind === 'pci' ? parent.value : null;
}

/** Interfaces of live pods on the node by the device that they claim, ordered by id. */
function claimsOn(node: string, context: RuleContext): ReadonlyMap<string, readonly InterfaceRecord[]> {
  const devices = [...context.read.each('interfacesByNode', node)].flatMap((face) => {
    const network = context.read.one('networks', face.network);
    const device = network === null ? null : deviceOf(network);
    return device === null || podOf(context, face)?.deleting !== false ? [] : [{ device, face }];
  });
  devices.sort((a, b) => byCodeUnit(a.face.id, b.face.id));
  const claims = Map.groupBy(devices, ({ device }) => device);
  return new Map(claims.entries().map(([device, all]) => [device, all.map(({ face }) => face)]));
}

export default defineRule({
  id: 'host-device-conflict',
  severity: 'error',
  scope: 'nodes',
  isSteady: true,
  needs: [PODS, NADS],
  check(node, context) {
    return [...claimsOn(node.id, context)].flatMap(([device, faces]) => {
      const pods = [...new Set(faces.filter((face) => isLiveFace(face, context)).map(({ pod }) => pod))];
      const networks = [...new Set(faces.map(({ network }) => network))];
      const eni = faces.map((face) => context.read.one('enis', face.eni)).find((one) => one && isPrimary(one));
      if (pods.length < 2 && eni === undefined) return [];
      return [
        {
          subjects: [...faces.map(({ id }) => id), ...pods, node.id, ...networks, ...(eni ? [eni.id] : [])],
          title: pods.length < 2 ? `${device} is the node's primary ENI` : `${pods.length} pods claim ${device}`,
          detail:
            pods.length < 2
              ? `${listed(pods.map(nameOf))} on ${node.name} moves ${device} into the pod, but that is ${eni?.id ?? ''}, through which the node itself is reached${faces.some(({ link }) => link.certainty === 'observed') ? '' : ' (judging by its name; not observed)'}.`
              : `${pods.map(nameOf).join(' and ')} on ${node.name} both ask for host device ${device}, which moves into one pod: the others will not find it.`,
          evidence: [
            ...networks.map((id) => `Kubernetes: ${nameOf(id)} takes the device ${device}`),
            ...(eni ? [faces[0]?.link.evidence ?? ''] : []),
          ],
          advice:
            pods.length < 2
              ? 'Give the network a device of its own.'
              : 'Give each pod a network of its own device, or use a device plugin with a resource name.',
        },
      ];
    });
  },
});

function isLiveFace(face: InterfaceRecord, context: RuleContext): boolean {
  const pod = podOf(context, face);
  return pod !== null && isLive(pod);
}
