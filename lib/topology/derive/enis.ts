/** ENI records, and the state of every address on them (records.md, "Address states"). */
import type { EniFact } from '../../model/facts';
import { CLUSTER_NETWORK, podId } from '../../model/ids';
import { cidrContains, parseCidr, type Cidr } from '../../model/ip';
import type { AddressState, EniAddress, EniPrefix, EniRecord } from '../../model/records';
import { PODS } from '../facts/source-ids';
import { TRUNK_TAG, type Facts } from '../facts/facts';
import { compareKeys } from '../keyed';
import type { NodeContext } from './context';
import type { Cooling } from './cooling';
import type { Derived } from './interfaces';
import { cardOf, tied } from './link';
import { decideManagement, isPrimaryEni, managementOf } from './management';
import { isSubnetExcluded } from './subnet-choice';

/** An ENI with what pool arithmetic reads of it (vpc-cni.md §2.3). */
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
  /** All that ipamd counts, those of excluded ENIs included (vpc-cni.md §2.3). */
  readonly prefixes: number;
  /** Slots that hold an address or a prefix of either kind. */
  readonly slotsUsed: number;
  /** Of those, slots of the mode that is not active. */
  readonly otherMode: number;
}

/** Who holds an address on which ENI: `eni ip` → interface record id. */
type Holders = ReadonlyMap<string, string>;

/**
 * Everybody, and those whose address ipamd gave out: on an ENI that it has adopted a Multus interface may hold an address that
 * ipamd takes for free (vpc-cni.md §1.2, §2.3).
 */
function holdersOf(
  context: Pick<NodeContext, 'book'>,
  derived: readonly Derived[],
): { readonly all: Holders; readonly given: ReadonlySet<string> } {
  const all = new Map<string, string>();
  const given = new Set<string>();
  for (const { record, pod } of derived) {
    for (const { eni, ip, backed } of record.addresses) {
      // Of an address that several ENIs list alike nobody can say whose it is, but the pod holds it on one of them.
      const several = eni === null && backed === 'unknown' ? tied(context.book.find(ip)) : [];
      for (const on of eni === null ? several.map(({ id }) => id) : [eni]) {
        const key = `${on} ${ip}`;
        if (!all.has(key)) all.set(key, record.id);
        if (record.network === CLUSTER_NETWORK || pod.ips.includes(ip)) given.add(key);
      }
    }
  }
  return { all, given };
}

/** Cards on which pods hold addresses that nobody recorded (vpc-cni.md §3), and how many. */
export function unrecordedByCard(derived: readonly Derived[]): ReadonlyMap<number, number> {
  const cards = new Map<number, number>();
  for (const { record } of derived) {
    if (record.state !== 'expected' || record.ips.length > 0 || record.card === null) continue;
    cards.set(record.card, (cards.get(record.card) ?? 0) + 1);
  }
  return cards;
}

/**
 * ipamd's count of assigned addresses by CIDR, for the cards on which pods hold addresses that nobody recorded. A reading
 * tells which ones only if it was made after the last of these pods began and counts as many as there must be; an older one
 * would call warm what a pod has got since.
 */
function figuresByCard(
  context: NodeContext,
  derived: readonly Derived[],
  given: ReadonlySet<string>,
  unrecorded: ReadonlyMap<number, number>,
): ReadonlyMap<number, Readonly<Record<string, number>>> {
  const { metrics } = context;
  const figures = new Map<number, Readonly<Record<string, number>>>();
  if (metrics === undefined) return figures;
  for (const [card, count] of unrecorded) {
    const begins = derived.flatMap(({ record, pod }) =>
      record.state === 'expected' && record.card === card && pod.startedAt !== null ? Date.parse(pod.startedAt) : [],
    );
    const enis = new Set(context.enis.filter((eni) => cardOf(eni) === card).map(({ id }) => id));
    let told = 0;
    for (const [eni, assigned] of Object.entries(metrics.assignedPerEni)) if (enis.has(eni)) told += assigned;
    let held = 0;
    for (const key of given) {
      const eni = key.slice(0, key.indexOf(' '));
      if (enis.has(eni) && Object.hasOwn(metrics.assignedPerEni, eni)) held += 1;
    }
    const isNewer = begins.every((at) => at < Date.parse(metrics.readAt));
    if (isNewer && told === held + count) figures.set(card, metrics.assignedPerCidr);
  }
  return figures;
}

export interface DerivedEnis {
  readonly views: readonly EniView[];
  /** When the next cooldown ends, epoch milliseconds. */
  readonly nextTickAt: number | null;
}

export function deriveEnis(context: NodeContext, derived: readonly Derived[], cooling: Cooling): DerivedEnis {
  const { all: holders, given } = holdersOf(context, derived);
  const unrecorded = unrecordedByCard(derived);
  let nextTickAt: number | null = null;
  const note = (until: number): void => {
    if (nextTickAt === null || until < nextTickAt) nextTickAt = until;
  };
  const figures = figuresByCard(context, derived, given, unrecorded);
  const placed = context.enis.map((eni) => placeOf(context, eni));
  const counts = listedTwice(placed, holders);
  const around: Surroundings = { holders, given, unrecorded, figures, counts, cooling, note };
  return { views: placed.map((place) => viewOf(context, place, around)), nextTickAt };
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

interface Surroundings {
  readonly holders: Holders;
  readonly given: ReadonlySet<string>;
  readonly unrecorded: ReadonlyMap<number, number>;
  readonly figures: ReadonlyMap<number, Readonly<Record<string, number>>>;
  /** By address or prefix that two ENIs have: the ENI on which it counts. */
  readonly counts: ReadonlyMap<string, string>;
  readonly cooling: Cooling;
  readonly note: (until: number) => void;
}

/** `single-ipv6`: in no mode does ipamd give a pod an IPv6 address that is not a prefix's (vpc-cni.md §2.2). */
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
  const podsKnown = context.facts.isKnown(PODS);

  const free = (ip: string, kind: Kind): AddressState => {
    if (verdict.state === 'unknown') return 'unknown';
    if (!isManaged) return 'unclaimed';
    if (excluded || kind !== active) return 'excluded';
    if (!podsKnown || around.counts.has(ip)) return 'unknown';
    const until = around.cooling.until(eni.id, ip);
    if (until !== null) {
      around.note(until);
      return 'cooling';
    }
    if (!unrecorded) return 'warm';
    const assigned = figures?.[`${ip}/32`];
    return assigned === undefined ? 'unknown' : assigned > 0 ? 'assigned' : 'warm';
  };
  const holder = (ip: string): string | null => around.holders.get(`${eni.id} ${ip}`) ?? null;
  const held = (ip: string, kind: Kind): EniAddress => {
    const by = holder(ip);
    return { ip, state: by === null ? free(ip, kind) : 'assigned', interface: by };
  };

  /** To ipamd: held by whom it gave it to, or by somebody that only its own figures tell of. */
  const isInUse = (ip: string, state: AddressState): boolean =>
    state === 'assigned' && (around.given.has(`${eni.id} ${ip}`) || holder(ip) === null);

  const addresses: EniAddress[] = [];
  const seen = new Set<string>();
  const put = (address: EniAddress): void => {
    if (seen.has(address.ip)) return;
    seen.add(address.ip);
    addresses.push(address);
  };
  const isPods = eni.interfaceType === 'branch' || context.computeType === 'fargate';
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
  addresses.sort((a, b) => compareKeys(a.ip, b.ip));

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
      capacity: capacityOf(context, eni),
      perSlot: isManaged && mode === 'prefix' ? 16 : 1,
      hostDevice: hostDeviceOf(context, eni),
      addresses,
      prefixes,
    }),
  };
}

/** The ENI's own address; of a branch or a Fargate ENI it is the pod's. */
const primaryAddress = (ip: string, holder: string | null, isPods: boolean): EniAddress => ({
  ip,
  state: isPods && holder !== null ? 'assigned' : 'primary',
  interface: holder,
});

/** Addresses inside prefixes that are held or cooling; the free ones are only counted (records.md, prefix mode). */
function prefixAddresses(
  context: NodeContext,
  eni: EniFact,
  cidrs: readonly Cidr[],
  around: Surroundings,
  cools: boolean,
): readonly EniAddress[] {
  if (cidrs.length === 0) return [];
  const single = new Set([eni.primaryIp, ...eni.secondaryIps, ...eni.ipv6Addresses]);
  const within = (ip: string): boolean => !single.has(ip) && cidrs.some((cidr) => cidrContains(cidr, ip));
  const found = new Map<string, EniAddress>();
  for (const [key, by] of around.holders) {
    if (!key.startsWith(`${eni.id} `)) continue;
    const ip = key.slice(eni.id.length + 1);
    if (within(ip)) found.set(ip, { ip, state: 'assigned', interface: by });
  }
  if (!cools) return [...found.values()];
  const freed = [
    ...(context.facts.releases.get(context.name)?.keys() ?? []),
    ...(context.ipamdEnis?.enis.find(({ id }) => id === eni.id)?.addresses.map(({ ip }) => ip) ?? []),
  ];
  for (const ip of freed) {
    if (found.has(ip) || !within(ip)) continue;
    const until = around.cooling.until(eni.id, ip);
    if (until === null) continue;
    around.note(until);
    found.set(ip, { ip, state: 'cooling', interface: null });
  }
  return [...found.values()];
}

function prefixOf(
  cidr: Cidr,
  addresses: readonly EniAddress[],
  podsKnown: boolean,
  metrics: Readonly<Record<string, number>> | undefined | 'recorded',
): EniPrefix {
  const size = cidr.family === 4 ? 2 ** (32 - cidr.prefixLength) : null;
  const held = addresses.filter((address) => address.interface !== null && cidrContains(cidr, address.ip)).length;
  const assigned = !podsKnown ? null : metrics === 'recorded' ? held : (metrics?.[cidr.text] ?? null);
  return { cidr: cidr.text, size, assigned };
}

/** Its addresses are not counted as usable: the primary under custom networking, a subnet that the CNI may not use. */
function isExcluded(context: NodeContext, eni: EniFact): boolean {
  const { settings } = context;
  if (settings === null) return false;
  const told = context.ipamdEnis?.enis.find(({ id }) => id === eni.id)?.excluded === true;
  if (told || (settings.config.customNetworking === true && isPrimaryEni(eni))) return true;
  const subnet = eni.subnet === null ? undefined : context.facts.get('subnet', eni.subnet);
  return subnet !== undefined && isSubnetExcluded(subnet, settings);
}

/** Whether ipamd's own figures show the ENI; null when they were not read. */
function observedOf(context: NodeContext, eni: EniFact): boolean | null {
  if (context.ipamdEnis !== undefined) return context.ipamdEnis.enis.some(({ id }) => id === eni.id);
  const perEni = context.metrics?.assignedPerEni;
  return perEni === undefined || Object.keys(perEni).length === 0 ? null : Object.hasOwn(perEni, eni.id);
}

/** Slots: addresses per ENI − 1, the primary is never given to pods (vpc-cni.md §2.2). An EFA-only ENI has no IP stack. */
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

export function roleOf(eni: EniFact): EniRecord['role'] {
  if (eni.interfaceType === 'trunk' || eni.interfaceType === 'branch' || eni.interfaceType === 'efa-only') {
    return eni.interfaceType;
  }
  return isPrimaryEni(eni) ? 'primary' : 'secondary';
}

/** Description alone tells the creator, and its case differs (vpc-cni.md §1.1). */
export function creatorOf(eni: EniFact): EniRecord['creator'] {
  if (eni.description.startsWith('aws-K8S-')) return 'ipamd';
  return eni.description.startsWith('aws-k8s-') ? 'vpc-resource-controller' : 'other';
}

const CREATED_AT = 'node.k8s.amazonaws.com/createdAt';
const VLAN_TAG = 'vpcresources.k8s.aws/vlan-id';

interface Placed {
  /** Record id. */
  readonly node: string | null;
  readonly verdict: ReturnType<typeof decideManagement>;
  readonly observed: boolean | null;
  readonly capacity: number | null;
  readonly perSlot: number;
  readonly hostDevice: EniRecord['hostDevice'];
  readonly addresses: readonly EniAddress[];
  readonly prefixes: readonly EniPrefix[];
}

function recordOf(facts: Facts, eni: EniFact, placed: Placed): EniRecord {
  const pod = facts.podOfEni(eni.id);
  const annotation = pod?.podEni?.find(({ eniId }) => eniId === eni.id);
  const vlan = Number(eni.tags[VLAN_TAG]);
  return {
    id: eni.id,
    node: placed.node,
    instanceId: eni.instanceId,
    card: cardOf(eni),
    deviceIndex: eni.deviceIndex,
    interfaceType: eni.interfaceType,
    role: roleOf(eni),
    trunk: eni.tags[TRUNK_TAG] ?? null,
    vlan: Number.isInteger(vlan) ? vlan : (annotation?.vlanId ?? null),
    branchPod: pod === undefined ? null : podId(pod.namespace, pod.name),
    hostDevice: placed.hostDevice,
    management: managementOf(placed.verdict, placed.observed),
    creator: creatorOf(eni),
    status: eni.status,
    attachmentStatus: eni.attachmentStatus,
    attachedAt: eni.attachedAt,
    createdAt: timeOf(eni.tags[CREATED_AT]),
    deleteOnTermination: eni.deleteOnTermination,
    sourceDestCheck: eni.sourceDestCheck,
    mac: eni.mac,
    vpc: eni.vpc,
    zone: eni.zone,
    subnet: eni.subnet,
    securityGroups: eni.securityGroups,
    description: eni.description,
    tags: eni.tags,
    capacity: placed.capacity,
    addressCapacity: placed.capacity === null ? null : placed.capacity * placed.perSlot,
    addresses: placed.addresses,
    prefixes: placed.prefixes,
  };
}

/** A tag is foreign text: only a time is taken. */
const timeOf = (text: string | undefined): string | null =>
  text !== undefined && !Number.isNaN(Date.parse(text)) ? text : null;

const OWNER = 'eks:eni:owner';

/**
 * Whether an ENI that no node of the cluster has gets a record: attached to some instance, a branch, left behind by the CNI or
 * the controller, or holding an address that one of our pods claims. Load balancers, NAT and the like only count in their subnet.
 */
export function isShownAlone(facts: Facts, eni: EniFact): boolean {
  if (eni.instanceId !== null && ['interface', 'efa', 'efa-only', 'trunk'].includes(eni.interfaceType)) return true;
  if (eni.interfaceType === 'branch') return true;
  const tagged = Object.keys(eni.tags).some((key) => key === OWNER || key === 'node.k8s.amazonaws.com/instance_id');
  if (eni.status === 'available' && (tagged || creatorOf(eni) !== 'other')) return true;
  if (facts.isOfOtherVpc(eni)) return false;
  for (const ip of [eni.primaryIp, ...eni.secondaryIps, ...eni.ipv6Addresses]) {
    if (ip !== null && facts.podsByIp.has(ip)) return true;
  }
  return prefixIsClaimed(facts, eni);
}

function prefixIsClaimed(facts: Facts, eni: EniFact): boolean {
  for (const text of [...eni.ipv4Prefixes, ...eni.ipv6Prefixes]) {
    const cidr = parseCidr(text);
    if (cidr?.family === 6 && facts.podsByPrefix80.has(cidr.text)) return true;
    if (cidr?.family !== 4 || cidr.prefixLength !== 28) continue;
    const base = cidr.text.slice(0, cidr.text.lastIndexOf('.') + 1);
    const from = Number(cidr.first & 255n);
    for (let i = 0; i < 16; i++) if (facts.podsByIp.has(`${base}${from + i}`)) return true;
  }
  return false;
}

/** The record of an ENI that no node has; null when it gets none. */
export function deriveLoneEni(facts: Facts, eni: EniFact): EniRecord | null {
  if (!isShownAlone(facts, eni)) return null;
  const free = (ip: string): EniAddress => ({ ip, state: 'unclaimed', interface: null });
  const addresses = [
    ...(eni.primaryIp === null ? [] : [{ ip: eni.primaryIp, state: 'primary' as const, interface: null }]),
    ...[...new Set([...eni.secondaryIps, ...eni.ipv6Addresses])].filter((ip) => ip !== eni.primaryIp).map(free),
  ].sort((a, b) => compareKeys(a.ip, b.ip));
  const prefixes = [...eni.ipv4Prefixes, ...eni.ipv6Prefixes]
    .flatMap((text) => parseCidr(text) ?? [])
    .map((cidr) => prefixOf(cidr, [], false, 'recorded'))
    .sort((a, b) => compareKeys(a.cidr, b.cidr));
  return recordOf(facts, eni, {
    node: null,
    verdict: decideManagement(eni, null, null, new Set()),
    observed: null,
    capacity: null,
    perSlot: 1,
    hostDevice: null,
    addresses,
    prefixes,
  });
}
