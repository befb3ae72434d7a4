/**
 * Addresses in records that a viewer may see only in part: an address is shown if it is the ENI's own, or belongs to a pod
 * that the viewer may see. All others, including free ones, become numbered stand-ins in order of state
 * (`lib/model/hidden-address`): if free ones were shown, the missing ones would be those of hidden pods, and if an
 * address kept its place, it could be recognised when a hidden pod takes it over.
 */
import { hiddenAddress } from '../../model/hidden-address';
import { cidrContains, familyOf, parseCidr, type Cidr } from '../../model/ip';
import type { EniAddress, EniRecord, IpPoolRecord, NodeRecord } from '../../model/records';
import { keptFor } from '../../model/remembered';
import { ADDRESS_STATES } from '../../model/vocabulary';
import { compareKeys } from '../../records/keyed';

/** Whether the viewer may see a record or a name; false for null. */
export type Sees = (id: string | null) => boolean;

/** How the items of a list are hidden. */
interface Hiding<T> {
  readonly isShown: (item: T) => boolean;
  readonly ipOf: (item: T) => string;
  readonly withIp: (item: T, ip: string) => T;
  /** Order of hidden items. If absent, they are not in order of their addresses either. */
  readonly rank: (item: T) => number;
  /** The prefix that contains the address, which is shown; null if none does. */
  readonly prefixOf?: (ip: string) => string | null;
}

/** The shown items, then the hidden ones with stand-ins for their addresses; the same list if none is hidden. */
function hiding<T>(list: readonly T[], how: Hiding<T>): readonly T[] {
  const { isShown, ipOf, withIp, rank, prefixOf = () => null } = how;
  if (list.every(isShown)) return list;
  const counts = new Map<string, number>();
  const hidden = list
    .filter((item) => !isShown(item))
    .sort((a, b) => rank(a) - rank(b))
    .map((item) => {
      const ip = ipOf(item);
      const family = familyOf(ip);
      const prefix = prefixOf(ip);
      const key = `${family} ${prefix ?? ''}`;
      const number = (counts.get(key) ?? 0) + 1;
      counts.set(key, number);
      return withIp(item, hiddenAddress(family, number, prefix));
    });
  return [...list.filter(isShown), ...hidden.sort((a, b) => compareKeys(ipOf(a), ipOf(b)))];
}

const texts = (isShown: (text: string) => boolean): Hiding<string> => ({
  isShown,
  ipOf: (text) => text,
  withIp: (_, ip) => ip,
  rank: () => 0,
});

/** The range that contains an address, as text; null if none does. */
function rangeWith(ranges: readonly string[]): (ip: string) => string | null {
  let blocks: readonly Cidr[] | null = null;
  return (ip) => {
    blocks ??= ranges.flatMap((text) => parseCidr(text) ?? []);
    return blocks.find((block) => !isSingle(block) && cidrContains(block, ip))?.text ?? null;
  };
}

const isSingle = ({ family, prefixLength }: Cidr): boolean => prefixLength === (family === 4 ? 32 : 128);

const STATE_RANK = new Map(ADDRESS_STATES.map((state, at) => [state, at]));

/** Stand-ins outside prefixes: thousands of ENIs have the same few. */
const SHARED = new Map<string, EniAddress>();

function standIn({ state }: EniAddress, ip: string): EniAddress {
  const made = (): EniAddress => ({ ip, state, interface: null });
  return ip.includes('@') ? made() : keptFor(SHARED, `${ip} ${state}`, made);
}

/** Whether the ENI was created for a single pod, so that its own addresses and MAC are the pod's. */
const isOfOnePod = ({ role }: EniRecord): boolean => role === 'branch';

/** The addresses and the MAC of an ENI. */
export function visibleAddresses(
  eni: EniRecord,
  sees: Sees,
): Pick<EniRecord, 'addresses' | 'publicIps' | 'mac' | 'ipamd'> {
  const { branchPod, ipamd, prefixes } = eni;
  const isOwn = !isOfOnePod(eni) || sees(branchPod);
  const isSeen = isOwn || eni.addresses.some((one) => sees(one.interface));
  const shown = hiding(eni.addresses, {
    isShown: (one) => sees(one.interface) || (isOwn && one.state === 'primary'),
    ipOf: ({ ip }) => ip,
    withIp: standIn,
    rank: ({ state }) => STATE_RANK.get(state) ?? 0,
    prefixOf: prefixes.length === 0 ? () => null : rangeWith(prefixes.map(({ cidr }) => cidr)),
  });
  const isForeign = (one: EniAddress): boolean => one.interface !== null && !sees(one.interface);
  const addresses = shown.some(isForeign)
    ? shown.map((one) => (isForeign(one) ? { ...one, interface: null } : one))
    : shown;
  return {
    addresses,
    publicIps: isSeen
      ? eni.publicIps
      : hiding(
          eni.publicIps,
          texts(() => false),
        ),
    mac: isSeen ? eni.mac : null,
    ipamd: ipamd === null ? null : visibleIpamd(ipamd, new Set(addresses.map(({ ip }) => ip))),
  };
}

/** What ipamd knows of an ENI: all prefixes, and the addresses in `shown`. */
function visibleIpamd(ipamd: NonNullable<EniRecord['ipamd']>, shown: ReadonlySet<string>): EniRecord['ipamd'] {
  const how = texts((text) => text.includes('/') || shown.has(text));
  const [unheld, taken, missing, extra] = [ipamd.unheld, ipamd.taken, ipamd.missing, ipamd.extra].map((list) =>
    hiding(list, how),
  ) as [readonly string[], readonly string[], readonly string[], readonly string[]];
  const isSame = unheld === ipamd.unheld && taken === ipamd.taken && missing === ipamd.missing && extra === ipamd.extra;
  return isSame ? ipamd : { ...ipamd, unheld, taken, missing, extra };
}

type IpamdEni = NodeRecord['ipamdEnis'][number];

const threeWay = (value: boolean | null): number => (value === null ? 2 : value ? 0 : 1);

/** An ENI in ipamd's own list. `sees`: whether the viewer may see a pod, as `NAMESPACE/NAME`. */
export function visibleIpamdEni(eni: IpamdEni, sees: Sees): IpamdEni {
  const isShown = ({ pod }: IpamdEni['assigned'][number]): boolean => sees(pod);
  const shown = new Set(eni.assigned.filter(isShown).map(({ ip }) => ip));
  const assigned = hiding(eni.assigned, {
    isShown,
    ipOf: ({ ip }) => ip,
    withIp: (one, ip) => ({ ...one, ip, pod: null }),
    rank: ({ held }) => threeWay(held),
    prefixOf: rangeWith(eni.ranges),
  });
  const isRangeShown = (text: string): boolean => {
    const range = parseCidr(text);
    return range !== null && (!isSingle(range) || shown.has(text.slice(0, text.indexOf('/'))));
  };
  const ranges = hiding(eni.ranges, texts(isRangeShown));
  return assigned === eni.assigned && ranges === eni.ranges ? eni : { ...eni, assigned, ranges };
}

/** A pool's allocations and reservations. */
export function visibleAllocations(
  { allocations, orphans, orphanReservations }: IpPoolRecord,
  sees: Sees,
): Pick<IpPoolRecord, 'allocations' | 'orphans' | 'orphanReservations'> {
  const isShown = ({ pod }: { readonly pod: string | null }): boolean => sees(pod);
  const seen = new Set(orphans.filter(isShown).map(({ ip }) => ip));
  return {
    allocations: hiding(allocations, {
      isShown,
      ipOf: ({ ip }) => ip,
      withIp: (one, ip) => ({ ...one, ip, pod: null, interface: null }),
      rank: ({ live, reserved }) => threeWay(live) * 3 + threeWay(reserved),
    }),
    orphans: hiding(orphans, {
      isShown,
      ipOf: ({ ip }) => ip,
      withIp: (one, ip) => ({ ...one, ip, pod: null }),
      rank: ({ createdAt }) => Date.parse(createdAt ?? '') || 0,
    }),
    orphanReservations: hiding(
      orphanReservations,
      texts((ip) => seen.has(ip)),
    ),
  };
}
