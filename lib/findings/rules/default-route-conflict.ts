/**
 * P11 (multus.md §1.5, §6): more than one default route in a pod, a gateway that its network cannot reach, or a request that this Multus
 * version does not carry out.
 */
import { cidrContains, parseCidr } from '../../model/ip';
import type { InterfaceRecord, Severity } from '../../model/records';
import { nodeOf, versionBefore, versionOf } from '../guards';
import { defineRule, type RuleContext, type Sighting } from '../rule';

const isDefault = (dst: string): boolean => dst === '0.0.0.0/0' || dst === '::/0';

/** Networks of the pod that bring a default route of their own by IPAM. */
function bringsRoute(face: InterfaceRecord, context: RuleContext): boolean {
  const network = context.replica.records.networks.get(face.network);
  return face.gateways.length > 0 || (network?.ipam?.routes ?? []).some(({ dst }) => isDefault(dst));
}

export default defineRule({
  id: 'default-route-conflict',
  severity: 'warning',
  scope: 'pods',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(pod, context) {
    if (pod.deleting || pod.hostNetwork || pod.phase === 'Succeeded' || pod.phase === 'Failed') return [];
    const faces = [...(context.replica.indexes.interfacesByPod.get(pod.id) ?? [])]
      .map((id) => context.replica.records.interfaces.get(id))
      .filter((face): face is InterfaceRecord => face !== undefined && face.network !== 'cluster');
    const asking = pod.requested.filter(({ defaultRoute }) => defaultRoute !== null);
    const name = `${pod.namespace}/${pod.name}`;
    const sightings: Sighting[] = [];
    const say = (
      severity: Severity,
      title: string,
      detail: string,
      evidence: readonly string[],
      advice: string,
      about: readonly string[],
    ): void => {
      sightings.push({ subjects: [pod.id, ...about], severity, title, detail, evidence, advice });
    };
    const bringing = faces.filter((face) => face.state !== 'requested' && bringsRoute(face, context));
    if (asking.length === 0 && bringing.length > 0) {
      const names = bringing.map((face) => face.name ?? '?').join(', ');
      say(
        'warning',
        'More than one default route',
        `${names} of ${name} ${bringing.length === 1 ? 'brings' : 'bring'} a default route beside eth0's: which one traffic takes depends on the order they were set in.`,
        bringing.map(
          (face) =>
            `${face.network}: ${face.gateways.length > 0 ? `network-status has gateway ${face.gateways.join(', ')}` : 'IPAM has a route to everywhere'}`,
        ),
        'Narrow the routes of the network, or ask for default-route on the one that shall have it.',
        bringing.map(({ id }) => id),
      );
    }
    const version = nodeOf(context, pod.node)?.multus?.version ?? null;
    const parsed = versionOf(version);
    const noEffect = parsed !== null && !versionBefore(version, [4, 2, 2]) && versionBefore(version, [4, 3, 1]);
    for (const request of asking) {
      const face = faces.find(({ requestIndex }) => requestIndex === request.index);
      const about = face ? [face.id, request.network] : [request.network];
      if (noEffect) {
        say(
          'warning',
          'This Multus does not carry out default-route',
          `${name} asks for its default route by ${request.network}; Multus ${version ?? ''} leaves eth0's in place.`,
          [`Multus ${version ?? ''}: versions 4.2.2 to 4.3.0 do not remove the old route`],
          'Use another Multus version, or set the route in the pod.',
          about,
        );
        continue;
      }
      if (
        request.defaultRoute?.length === 0 &&
        parsed !== null &&
        !versionBefore(version, [4, 0, 0]) &&
        versionBefore(version, [4, 2, 2])
      ) {
        say(
          'warning',
          'The pod ends without a default route',
          `${name} gives an empty default-route list; Multus ${version ?? ''} then drops every default route, this network's own, too.`,
          [`Multus ${version ?? ''}: 4.0.0 to 4.2.1 drop all routes for []`],
          'Name the gateway.',
          about,
        );
        continue;
      }
      const ranges = (context.replica.records.networks.get(request.network)?.ipam?.ranges ?? [])
        .map((range) => parseCidr(range))
        .filter((range) => range !== null);
      const stray = (request.defaultRoute ?? []).filter(
        (gateway) => ranges.length > 0 && !ranges.some((range) => cidrContains(range, gateway)),
      );
      if (stray.length > 0) {
        say(
          'warning',
          `Gateway ${stray.join(', ')} is not on the network`,
          `${name} asks for its default route by ${stray.join(', ')}, which is not in ${ranges.map(({ text }) => text).join(', ')}: “no route to host”.`,
          [
            `annotation default-route ${stray.join(', ')}`,
            `IPAM of ${request.network}: ${ranges.map(({ text }) => text).join(', ')}`,
          ],
          'Name a gateway inside the range of the network.',
          about,
        );
      }
    }
    const families = asking
      .flatMap(({ defaultRoute }) => defaultRoute ?? [])
      .map((gateway) => (gateway.includes(':') ? 6 : 4));
    if (families.filter((family) => family === 4).length > 1 || families.filter((family) => family === 6).length > 1) {
      say(
        'error',
        'Several gateways asked for',
        `${name} asks for more than one default gateway of one family: Multus refuses (“multus does not support ECMP for default-route”).`,
        ['annotation default-route on several networks'],
        'Keep one.',
        asking.map(({ network }) => network),
      );
    }
    return sightings;
  },
});
