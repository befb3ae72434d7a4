/** Addresses of an ENI that are not secondary addresses: its own address, and those inside its prefixes. */
import type { EniFact } from '../../model/facts';
import { cidrContains, type Cidr } from '../../model/ip';
import type { EniAddress, EniPrefix } from '../../model/records';
import type { NodeContext } from '../context/context';
import type { Cooling } from './cooling';
import type { Held } from './holders';

/** The ENI's own address; on a branch or a Fargate ENI it is the pod's. */
export const primaryAddress = (ip: string, holder: string | null, isPods: boolean): EniAddress => ({
  ip,
  state: isPods && holder !== null ? 'assigned' : 'primary',
  interface: holder,
});

/**
 * Addresses inside prefixes that are held, assigned according to ipamd's list (`assigned`), or cooling; free ones are only
 * counted.
 */
export function prefixAddresses(
  context: NodeContext,
  eni: EniFact,
  cidrs: readonly Cidr[],
  held: Held,
  cooling: Cooling,
  cools: boolean,
  assigned: ReadonlySet<string>,
): readonly EniAddress[] {
  if (cidrs.length === 0) return [];
  const single = new Set([eni.primaryIp, ...eni.secondaryIps, ...eni.ipv6Addresses]);
  const within = (ip: string): boolean => !single.has(ip) && cidrs.some((cidr) => cidrContains(cidr, ip));
  const found = new Map<string, EniAddress>();
  for (const [ip, by] of held.by) if (within(ip)) found.set(ip, { ip, state: 'assigned', interface: by });
  for (const ip of assigned)
    if (!found.has(ip) && within(ip)) found.set(ip, { ip, state: 'assigned', interface: null });
  if (!cools) return [...found.values()];
  const freed = [
    ...context.facts.releasesOn(context.name).keys(),
    ...(context.ipamdEnis?.enis.find(({ id }) => id === eni.id)?.addresses.map(({ ip }) => ip) ?? []),
  ];
  for (const ip of freed) {
    if (found.has(ip) || !within(ip)) continue;
    if (cooling.isCooling(eni.id, ip)) found.set(ip, { ip, state: 'cooling', interface: null });
  }
  return [...found.values()];
}

/** A prefix of an ENI and how many of its addresses are assigned. `podsKnown`: whether all pods of the node are known. */
export function prefixOf(
  cidr: Cidr,
  addresses: readonly EniAddress[],
  podsKnown: boolean,
  metrics: Readonly<Record<string, number>> | undefined | 'recorded',
): EniPrefix {
  const size = cidr.family === 4 ? 2 ** (32 - cidr.prefixLength) : null;
  const held = addresses.filter((address) => address.state === 'assigned' && cidrContains(cidr, address.ip)).length;
  const assigned = !podsKnown ? null : metrics === 'recorded' ? held : (metrics?.[cidr.text] ?? null);
  return { cidr: cidr.text, size, assigned };
}
