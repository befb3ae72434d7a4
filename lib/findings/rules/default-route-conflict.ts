/**
 * P11 (multus §1.5, §6): more than one default route in a pod, a gateway that its network cannot reach, or a request that this Multus
 * version does not honour. The finding reports the request, never the route in effect: network-status does not include it.
 */
import { EVENTS, NADS, PODS } from '../../model/source-ids';
import { rangeContains, parseIpRange } from '../../cni/ipam/range';
import { familyOf, parseCidr } from '../../model/ip';
import type { InterfaceRecord, PodRecord, RequestedNetwork } from '../../model/records';
import { versionWithin } from '../../model/version';
import { nodeOf } from '../guards/node';
import { interfacesOf, hasNetworks, isExtra, networkOf } from '../guards/pod';
import { refusalOf } from '../guards/signals';
import { listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';

interface Conflict extends Omit<Sighting, 'subjects'> {
  /** Networks and interfaces that it concerns, beside the pod. */
  readonly about: readonly string[];
}

/** `0.0.0.0/0` or `::/0` in any spelling. */
const isDefault = (dst: string): boolean => parseCidr(dst.trim())?.prefixLength === 0;

/** Plugins of a chain that put the interface's routes into a table of their own. */
const OWN_TABLE = ['sbr', 'vrf', 'coordinator'];

/** (a) Networks that set a default route although no annotation requests it. */
function unasked(pod: PodRecord, interfaces: readonly InterfaceRecord[], context: RuleContext): readonly Conflict[] {
  const bringing = interfaces.filter((iface) => {
    if (iface.default || !isExtra(iface)) return false;
    const network = networkOf(iface, context);
    if (network?.plugins.some((type) => OWN_TABLE.includes(type)) === true) return false;
    return iface.gateways.length > 0 || network?.ipam?.routes.some(({ dst }) => isDefault(dst)) === true;
  });
  if (bringing.length === 0) return [];
  return [
    {
      severity: 'warning',
      title: 'More than one default route',
      detail: `${bringing.map(({ name }) => name ?? '?').join(', ')} of ${nameOf(pod.id)} ${bringing.length === 1 ? 'brings' : 'bring'} a default route in addition to eth0's: which one traffic takes depends on the order in which they were set.`,
      evidence: bringing.map(
        ({ network, gateways }) =>
          `${nameOf(network)}: ${gateways.length > 0 ? `network-status has gateway ${gateways.join(', ')}` : 'its IPAM has a route to everywhere'}`,
      ),
      advice: 'Give the network more specific routes, or set default-route on the one that should have it.',
      about: bringing.map(({ id }) => id),
    },
  ];
}

/** Known ranges on the attachment's link: its ENI's subnet and the whole ranges of its IPAM. */
function linkRanges(request: RequestedNetwork, iface: InterfaceRecord | undefined, context: RuleContext) {
  const network = iface === undefined ? context.read.one('networks', request.network) : networkOf(iface, context);
  const eni = context.read.one('enis', iface?.eni ?? null);
  const subnet = context.read.one('subnets', eni?.subnet ?? null);
  // A part of a subnet (`a-b`) implies nothing about a gateway outside that part.
  const texts = [...(network?.ipam?.ranges ?? []), subnet?.cidr, subnet?.ipv6Cidr].filter((text) => text != null);
  if (texts.some((text) => !text.includes('/') || text.includes('-'))) return [];
  return texts.flatMap((text) => {
    const range = parseIpRange(text);
    return range === null ? [] : [{ text, range }];
  });
}

/** Multus 4.0.0 to 4.2.1 removes the routes of both families, whatever the family of the gateway (multus §1.5, from its code). */
const losesIpv6 = (pod: PodRecord, gateways: readonly string[], version: string | null): boolean =>
  versionWithin(version, [4, 0, 0], [4, 2, 1]) &&
  gateways.length > 0 &&
  gateways.every((gateway) => familyOf(gateway) === 4) &&
  pod.ips.some((ip) => familyOf(ip) === 6);

/** (b)–(e): one attachment's request. */
function ofRequest(
  pod: PodRecord,
  request: RequestedNetwork,
  iface: InterfaceRecord | undefined,
  context: RuleContext,
): Conflict {
  const version = nodeOf(context, pod.node)?.multus?.version ?? null;
  const gateways = request.defaultRoute ?? [];
  const about = iface ? [iface.id, request.network] : [request.network];
  const asks = `${nameOf(pod.id)} asks for its default route through ${nameOf(request.network)}`;
  if (versionWithin(version, [4, 2, 2], [4, 3, 0])) {
    return {
      severity: 'warning',
      title: 'This Multus does not apply default-route',
      detail: `${asks}; Multus ${version ?? ''} leaves eth0's in place.`,
      evidence: [`Multus ${version ?? ''}: versions 4.2.2 to 4.3.0 do not remove the old route`],
      advice: 'Use another Multus version, or set the route in the pod.',
      about,
    };
  }
  if (gateways.length === 0 && versionWithin(version, [4, 0, 0], [4, 2, 1])) {
    return {
      severity: 'warning',
      title: 'The pod ends without a default route',
      detail: `${nameOf(pod.id)} gives an empty default-route list; Multus ${version ?? ''} then drops every default route, including this network's own.`,
      evidence: [`Multus ${version ?? ''}: 4.0.0 to 4.2.1 drop all routes for []`],
      advice: 'Name the gateway.',
      about,
    };
  }
  const refusal = refusalOf(context, pod);
  const unreachable = refusal?.failure.kind === 'default-gateway-unreachable' ? refusal.failure.detail : null;
  const ranges = linkRanges(request, iface, context);
  const stray = gateways.filter(
    (gateway) =>
      ranges.some(({ range }) => range.family === familyOf(gateway)) &&
      !ranges.some(({ range }) => rangeContains(range, gateway)),
  );
  if (stray.length === 0 && unreachable !== null && gateways.length > 0) {
    return {
      severity: 'warning',
      title: `Gateway ${gateways.join(', ')} cannot be reached`,
      detail: `${asks} and ${gateways.join(', ')}, and the node cannot set that route: the pod cannot start.`,
      evidence: [`annotation default-route ${gateways.join(', ')}`, `event FailedCreatePodSandBox: ${unreachable}`],
      advice: 'Name a gateway inside the range of the network.',
      about,
    };
  }
  if (stray.length > 0) {
    const texts = listed(ranges.map(({ text }) => text));
    return {
      severity: 'warning',
      title: `Gateway ${stray.join(', ')} is not on the network`,
      detail: `${asks} and ${stray.join(', ')}, which is not in ${texts}: “no route to host”.`,
      evidence: [
        `annotation default-route ${stray.join(', ')}`,
        `${nameOf(request.network)} is in ${texts}`,
        unreachable === null ? null : `event FailedCreatePodSandBox: ${unreachable}`,
      ],
      advice: 'Name a gateway inside the range of the network.',
      about,
    };
  }
  return {
    severity: 'info',
    title: 'Its default route is not eth0’s',
    detail: `${asks}: traffic to services, DNS and other nodes also leaves through that network, unless a more specific route takes it.${losesIpv6(pod, gateways, version) ? ` Multus ${version ?? ''} removes every IPv6 default route with it, and sets none.` : ''}`,
    evidence: [`annotation default-route ${gateways.join(', ') || '[]'}`],
    advice: 'Nothing to do if this is intended; otherwise give the network more specific routes.',
    about,
  };
}

/** Multus rejects more than one gateway per family in a pod. */
function several(pod: PodRecord, asking: readonly RequestedNetwork[]): readonly Conflict[] {
  const gateways = asking.flatMap(({ defaultRoute }) => defaultRoute ?? []);
  const four = gateways.filter((gateway) => familyOf(gateway) === 4).length;
  if (four <= 1 && gateways.length - four <= 1) return [];
  return [
    {
      severity: 'error',
      title: 'Asks for several gateways',
      detail: `${nameOf(pod.id)} asks for more than one default gateway of one family: Multus refuses (“multus does not support ECMP for default-route”).`,
      evidence: [`annotation default-route: ${listed(gateways)}`],
      advice: 'Keep one.',
      about: asking.map(({ network }) => network),
    },
  ];
}

export default defineRule({
  id: 'default-route-conflict',
  severity: 'warning',
  scope: 'pods',
  needs: [PODS, NADS],
  uses: [EVENTS],
  check(pod, context) {
    if (!hasNetworks(pod)) return [];
    const interfaces = interfacesOf(context, pod).filter(({ network }) => network !== 'cluster');
    const asking = pod.requested.filter(({ defaultRoute }) => defaultRoute !== null);
    const refused = several(pod, asking);
    const conflicts =
      asking.length === 0
        ? unasked(pod, interfaces, context)
        : refused.length > 0
          ? refused
          : asking.map((request) =>
              ofRequest(
                pod,
                request,
                interfaces.find(({ requestIndex }) => requestIndex === request.index),
                context,
              ),
            );
    return conflicts.map(({ about, ...conflict }) => ({
      subjects: [pod.id, ...about],
      command: shell`kubectl -n ${pod.namespace} get pod ${pod.name} -o jsonpath='{.metadata.annotations}'`,
      ...conflict,
    }));
  },
});
