/** The ENIs of a node: the state of every address on them, and what the pool reads of them. */
import { PODS } from '../../model/source-ids';
import type { EniFact } from '../../model/facts';
import { cidrContains, parseCidr } from '../../model/ip';
import type { AddressState, EniAddress, EniRecord } from '../../model/records';
import { subnetPlace } from '../facts/cluster';
import { ipsOf } from '../facts/parts';
import { byCodeUnit } from '../../model/order';
import { compareKeys } from '../../records/keyed';
import type { NodeContext } from '../context/context';
import type { Cooling } from './cooling';
import { prefixAddresses, prefixOf, primaryAddress, type Holding } from './addresses';
import { figuresByCard, holdersOf, unrecordedByCard, type Holders } from './holders';
import { recordOf } from './record';
import type { Derived } from '../links/interfaces';
import { decideManagement, isPrimaryEni } from '../context/management';
import { isSubnetExcluded } from './subnet-choice';

/** An ENI with what pool arithmetic reads of it (vpc-cni §2.3). */
export interface EniView {
  readonly eni: EniFact;
  readonly record: EniRecord;
  /** ipamd gives its addresses to pods: managed, no trunk, not excluded. */
  readonly inPool: boolean;
  /** ipamd has it in its datastore and may fill or free it: managed, no trunk. */
  readonly inDatastore: boolean;
  /** Certainly ipamd has given out no address on it, of either mode. */
  readonly isIdle: boolean;
  /** Addresses of the active mode, and how many of them ipamd has given out or lets cool. */
  readonly total: number;
  readonly held: number;
  readonly cooling: number;
  /** Prefixes of the active mode that nobody holds an address of. */
  readonly freePrefixes: number;
  /** All that ipamd counts, those of excluded ENIs included (vpc-cni §2.3). */
  readonly prefixes: number;
  /** Slots that hold an address or a prefix of either kind. */
  readonly slotsUsed: number;
  /** Of those, slots of the mode that is not active. */
  readonly otherMode: number;
}

export function deriveEnis(context: NodeContext, derived: readonly Derived[], cooling: Cooling): readonly EniView[] {
  const { all: holders, given } = holdersOf(context, derived);
  const unrecorded = unrecordedByCard(derived);
  const figures = figuresByCard(context, derived, given, unrecorded);
  const placed = context.enis.map((eni) => placeOf(context, eni));
  const counts = listedTwice(placed, holders);
  const around: Surroundings = {
    holders,
    given,
    unrecorded,
    figures,
    counts,
    cooling,
    claimants: claimantsOf(derived),
  };
  return placed.map((place) => viewOf(context, place, around));
}

/** What ipamd makes of an ENI. */
interface Place {
  readonly eni: EniFact;
  readonly verdict: ReturnType<typeof decideManagement>;
  /** Managed, and no trunk. */
  readonly isManaged: boolean;
  readonly excluded: boolean;
}

function placeOf(context: NodeContext, eni: EniFact): Place {
  const verdict = decideManagement(eni, context.name, context.ipamd, context.managedCards);
  const isManaged = verdict.state === 'managed' && verdict.rule !== 'trunk';
  return { eni, verdict, isManaged, excluded: isManaged && isExcluded(context, eni) };
}

/**
 * Addresses and prefixes that EC2 lists on two of the node's pool ENIs, as while one is moved: which ENI each counts on, so
 * that it counts once. The one where a pod holds it, else the first; where nobody holds it, nobody knows whose it is.
 */
function listedTwice(places: readonly Place[], holders: Holders): ReadonlyMap<string, string> {
  const listed = new Map<string, string[]>();
  for (const { eni, isManaged, excluded } of places) {
    if (!isManaged || excluded) continue;
    for (const key of [...eni.secondaryIps, ...eni.ipv4Prefixes]) {
      const on = listed.get(key);
      if (on === undefined) listed.set(key, [eni.id]);
      else on.push(eni.id);
    }
  }
  const counts = new Map<string, string>();
  for (const [key, on] of listed) {
    const [first, ...others] = on;
    if (first === undefined || others.length === 0) continue;
    const cidr = key.includes('/') ? parseCidr(key) : null;
    const isHeldOn = (eni: string): boolean =>
      cidr === null
        ? holders.has(`${eni} ${key}`)
        : [...holders.keys()].some((one) => {
            const [on, ip = ''] = one.split(' ');
            return on === eni && cidrContains(cidr, ip);
          });
    counts.set(key, on.find(isHeldOn) ?? first);
  }
  return counts;
}

interface Surroundings extends Holding {
  readonly given: ReadonlySet<string>;
  readonly unrecorded: ReadonlyMap<number, number>;
  readonly figures: ReadonlyMap<number, Readonly<Record<string, number>>>;
  /** By address or prefix that two ENIs have: the ENI on which it counts. */
  readonly counts: ReadonlyMap<string, string>;
  /** By ENI: the interfaces whose pods claim it whole. */
  readonly claimants: ReadonlyMap<string, readonly string[]>;
}

/** `single-ipv6`: in no mode does ipamd give a pod an IPv6 address that is not a prefix's (vpc-cni §2.2). */
type Kind = 'secondary' | 'prefix' | 'ipv6' | 'single-ipv6';

function viewOf(context: NodeContext, place: Place, around: Surroundings): EniView {
  const { eni, verdict, isManaged, excluded } = place;
  const mode = context.settings?.config.mode ?? null;
  const isElsewhere = (key: string): boolean => (around.counts.get(key) ?? eni.id) !== eni.id;
  const inPool = isManaged && !excluded;
  const active: Kind = mode === 'prefix' ? 'prefix' : mode === 'ipv6' ? 'ipv6' : 'secondary';
  const card = eni.networkCardIndex ?? 0;
  const unrecorded = (around.unrecorded.get(card) ?? 0) > 0;
  const figures = around.figures.get(card);
  const mayCool = around.cooling.unnamed.has(card);
  const podsKnown = context.facts.isKnown(PODS);

  const free = (ip: string, kind: Kind): AddressState => {
    if (verdict.state === 'unknown') return 'unknown';
    if (!isManaged) return 'unclaimed';
    if (excluded || kind !== active) return 'excluded';
    if (!podsKnown || around.counts.has(ip)) return 'unknown';
    if (around.cooling.isCooling(eni.id, ip)) return 'cooling';
    const assigned = unrecorded ? figures?.[`${ip}/32`] : 0;
    if (assigned === undefined) return 'unknown';
    if (assigned > 0) return 'assigned';
    return mayCool ? 'unknown' : 'warm';
  };
  const holder = (ip: string): string | null => around.holders.get(`${eni.id} ${ip}`) ?? null;
  const held = (ip: string, kind: Kind): EniAddress => {
    const by = holder(ip);
    return { ip, state: by === null ? free(ip, kind) : 'assigned', interface: by };
  };

  /** To ipamd: held by whom it gave it to, or by somebody that only its own figures tell of. */
  const isInUse = (ip: string, state: AddressState): boolean =>
    state === 'assigned' && (around.given.has(`${eni.id} ${ip}`) || holder(ip) === null);

  const byIp = new Map<string, EniAddress>();
  const put = (address: EniAddress): void => {
    if (!byIp.has(address.ip)) byIp.set(address.ip, address);
  };
  const claimedBy = around.claimants.get(eni.id) ?? NOBODY;
  const isPods = eni.interfaceType === 'branch' || context.computeType === 'fargate' || claimedBy.length > 0;
  if (eni.primaryIp !== null) put(primaryAddress(eni.primaryIp, holder(eni.primaryIp), isPods));
  const secondaries = eni.secondaryIps.map((ip) => held(ip, 'secondary'));
  secondaries.forEach(put);
  for (const ip of eni.ipv6Addresses) {
    const own = isPods || context.node?.internalIps.includes(ip) === true;
    put(own ? primaryAddress(ip, holder(ip), isPods) : held(ip, 'single-ipv6'));
  }

  const cidrs = [...eni.ipv4Prefixes, ...eni.ipv6Prefixes].flatMap((text) => parseCidr(text) ?? []);
  const inPrefixes = prefixAddresses(context, eni, cidrs, around, inPool && active !== 'secondary');
  for (const address of inPrefixes) put(address);
  const prefixes = cidrs
    .map((cidr) => prefixOf(cidr, inPrefixes, podsKnown && !isElsewhere(cidr.text), unrecorded ? figures : 'recorded'))
    .sort((a, b) => compareKeys(a.cidr, b.cidr));
  const listed = singlesOf(eni).flatMap((ip) => byIp.get(ip) ?? []);
  const addresses = listed.length === byIp.size ? listed : [...byIp.values()].sort((a, b) => compareKeys(a.ip, b.ip));

  const v4 = prefixes.filter(({ size }) => size !== null);
  const own = v4.filter(({ cidr }) => !isElsewhere(cidr));
  const byPrefix = active === 'prefix';
  const isCustom = context.settings?.config.customNetworking === true;
  const elsewhere = cidrs.filter(({ text }) => isElsewhere(text));
  const counted = byPrefix
    ? inPrefixes.filter(({ ip }) => !elsewhere.some((cidr) => cidrContains(cidr, ip)))
    : secondaries.filter(({ ip }) => !isElsewhere(ip));
  return {
    eni,
    inPool,
    inDatastore: isManaged,
    isIdle:
      !addresses.some(({ ip, state }) => state === 'unknown' || isInUse(ip, state)) &&
      prefixes.every(({ assigned }) => assigned !== null && (assigned === 0 || !unrecorded)),
    total: !inPool
      ? 0
      : byPrefix
        ? own.reduce((sum, { size }) => sum + (size ?? 0), 0)
        : eni.secondaryIps.filter((ip) => !isElsewhere(ip)).length,
    held: !inPool ? 0 : counted.filter(({ ip }) => around.given.has(`${eni.id} ${ip}`)).length,
    cooling: !inPool ? 0 : counted.filter(({ state }) => state === 'cooling').length,
    freePrefixes: inPool && byPrefix ? own.filter(({ assigned }) => assigned === 0).length : 0,
    // ipamd's own counter is of the whole datastore: excluded ENIs too, but under custom networking the primary's are not read.
    prefixes: byPrefix && isManaged && !(isCustom && isPrimaryEni(eni)) ? own.length : 0,
    slotsUsed: eni.secondaryIps.length + v4.length,
    otherMode: byPrefix ? eni.secondaryIps.length : v4.length,
    record: recordOf(context.facts, eni, {
      node: context.id,
      verdict,
      observed: observedOf(context, eni),
      // What a pod has whole has no slots, but those that ipamd counts all the same.
      capacity: claimedBy.length > 0 && !isManaged ? null : capacityOf(context, eni),
      perSlot: isManaged && mode === 'prefix' ? 16 : 1,
      claimedBy,
      offeredBy: offersOf(context, eni),
      hostDevice: claimedBy.length > 0 ? null : hostDeviceOf(context, eni),
      addresses,
      prefixes,
    }),
  };
}

const NOBODY: readonly string[] = [];

/** By ENI: the interfaces whose pods claim it whole. */
function claimantsOf(derived: readonly Derived[]): ReadonlyMap<string, readonly string[]> {
  const claimants = new Map<string, string[]>();
  for (const { record } of derived) {
    if (record.eni === null || record.claim?.whole !== true) continue;
    const of = claimants.get(record.eni);
    if (of === undefined) claimants.set(record.eni, [record.id]);
    else of.push(record.id);
  }
  return claimants;
}

/** `DRIVER/DEVICE` of what is published of an ENI. */
function offersOf(context: NodeContext, eni: EniFact): readonly string[] {
  const offers: string[] = [];
  for (const known of context.devices.all()) if (known.eni === eni) offers.push(`${known.driver}/${known.device.name}`);
  return offers.length === 0 ? NOBODY : offers.sort(byCodeUnit);
}

const singles = new WeakMap<EniFact, readonly string[]>();

/** The single addresses of an ENI, each once, as its record has them. Sorted once: to read them as numbers is dear. */
function singlesOf(eni: EniFact): readonly string[] {
  let ips = singles.get(eni);
  if (ips === undefined) singles.set(eni, (ips = [...new Set(ipsOf(eni))].sort(compareKeys)));
  return ips;
}

/** Its addresses are not counted as usable: the primary under custom networking, a subnet that the CNI may not use. */
function isExcluded(context: NodeContext, eni: EniFact): boolean {
  const { settings } = context;
  if (settings === null) return false;
  const told = context.ipamdEnis?.enis.find(({ id }) => id === eni.id)?.excluded === true;
  if (told || (settings.config.customNetworking === true && isPrimaryEni(eni))) return true;
  const subnet = eni.subnet === null ? null : context.facts.ask(subnetPlace, eni.subnet);
  return subnet !== null && isSubnetExcluded(subnet, settings);
}

/** Whether ipamd's own figures show the ENI; null when they were not read. */
function observedOf(context: NodeContext, eni: EniFact): boolean | null {
  if (context.ipamdEnis !== undefined) return context.ipamdEnis.enis.some(({ id }) => id === eni.id);
  const perEni = context.facts.get('awsNodeMetrics', context.name)?.assignedPerEni;
  return perEni === undefined || Object.keys(perEni).length === 0 ? null : Object.hasOwn(perEni, eni.id);
}

/** Slots: addresses per ENI − 1, the primary is never given to pods (vpc-cni §2.2). An EFA-only ENI has no IP stack. */
function capacityOf(context: NodeContext, eni: EniFact): number | null {
  if (eni.interfaceType === 'branch' || eni.instanceId === null) return null;
  if (eni.interfaceType === 'efa-only') return 0;
  return context.limits === null ? null : context.limits.ipv4PerEni - 1;
}

function hostDeviceOf(context: NodeContext, eni: EniFact): EniRecord['hostDevice'] {
  const known = context.links.nameOf(eni);
  if (known !== undefined) return { name: known.link.name, certainty: 'observed' };
  const guess = context.links.guessName(eni);
  return guess === null ? null : { name: guess, certainty: 'inferred' };
}
