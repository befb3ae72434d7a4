/** One ENI: the state of every address on it, and what the pool reads of it. */
import type { EniFact } from '../../model/facts';
import { cidrContains, parseCidr, type Cidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { AddressState, EniAddress, EniPrefix, EniRecord } from '../../model/records';
import { PODS } from '../../model/source-ids';
import { compareKeys } from '../../records/keyed';
import type { NodeContext } from '../context/context';
import { isPrimaryEni } from '../context/management';
import { growsTrunks } from '../context/settings';
import { ipsOf } from '../facts/parts';
import { prefixAddresses, prefixOf, primaryAddress } from './addresses';
import { believedOf } from './believed';
import { checkpointOf, type Checkpoint } from './checkpoint';
import { startedAfter } from './holders';
import type { Told } from './ipamd-list';
import type { Place, Surroundings } from './place';
import { recordOf } from './record';

/** An ENI with what pool arithmetic reads of it (vpc-cni §2.3). */
export interface EniView {
  readonly eni: EniFact;
  readonly record: EniRecord;
  /** ipamd gives its addresses to pods: in the datastore and not excluded. A trunk and a primary ENI give what is on them. */
  readonly inPool: boolean;
  /** ipamd adds addresses to it: since v1.16.4 not to a trunk, and not to the primary ENI under custom networking. */
  readonly grows: boolean;
  /** ipamd has it in its datastore. */
  readonly inDatastore: boolean;
  /** Whether ipamd has it is not known. */
  readonly isUndecided: boolean;
  /** ipamd has certainly assigned no address on it, in either mode. */
  readonly isIdle: boolean;
  /** Addresses of the active mode, as ipamd has them. */
  readonly total: number;
  /** How many of them ipamd has assigned: by its own figures, else as many as live pods hold. */
  readonly held: number;
  /** `held` is ipamd's own figure, which includes addresses that no record has. */
  readonly isTold: boolean;
  readonly cooling: number;
  /** Prefixes of the active mode without a held address. */
  readonly freePrefixes: number;
  /** All that ipamd counts, those of excluded ENIs included (vpc-cni §2.3). */
  readonly prefixes: number;
  /** Slots that hold an address or a prefix of either kind. */
  readonly slotsUsed: number;
}

/** `single-ipv6`: in no mode does ipamd give a pod an IPv6 address that is not a prefix's (vpc-cni §2.2). */
type Kind = 'secondary' | 'prefix' | 'ipv6' | 'single-ipv6';

/** What the functions below read of one ENI. */
interface Scene {
  readonly context: NodeContext;
  readonly place: Place;
  readonly around: Surroundings;
  readonly active: Kind;
  readonly inPool: boolean;
  /** What ipamd's checkpoint has assigned; null where it was not read. */
  readonly checkpoint: Checkpoint | null;
  /** By single address or prefix: ipamd's figure, if pods hold addresses that no record has. */
  readonly figures: Readonly<Record<string, number>> | undefined | 'recorded';
}

const activeOf = ({ settings }: NodeContext): Kind => {
  const mode = settings?.config.mode ?? null;
  return mode === 'prefix' ? 'prefix' : mode === 'ipv6' ? 'ipv6' : 'secondary';
};

/** ipamd's figures by CIDR, if it has assigned more than is recorded; they identify the addresses only if they add up. */
function figuresOf(
  context: NodeContext,
  { eni }: Place,
  around: Surroundings,
  given: number,
  checkpoint: Checkpoint | null,
): Scene['figures'] {
  const card = eni.networkCardIndex ?? 0;
  // It names each address.
  if (checkpoint !== null) return 'recorded';
  if ((around.unrecorded.get(card) ?? 0) > 0) return around.figures.get(card);
  const counted = around.counted.get(eni.id) ?? 0;
  if (counted <= given) return 'recorded';
  const figures = context.facts.get('awsNodeMetrics', context.name)?.assignedPerCidr ?? {};
  const on = [...eni.secondaryIps.map((ip) => `${ip}/32`), ...eni.ipv4Prefixes];
  return on.reduce((sum, cidr) => sum + (figures[cidr] ?? 0), 0) === counted ? figures : undefined;
}

/** The state of an address that no pod is known to hold. */
function stateOfFree(
  { context, place, around, active, figures, checkpoint }: Scene,
  ip: string,
  kind: Kind,
): AddressState {
  const { eni, verdict, told, inDatastore, excluded } = place;
  if (told === null && verdict.state === 'unknown') return 'unknown';
  if (!inDatastore) return 'unclaimed';
  if (excluded || kind !== active) return context.settings?.config.mode === null ? 'unknown' : 'excluded';
  if (told !== null && told !== 'absent') {
    if (!told.singles.has(ip)) return 'unclaimed';
    if (told.assigned.has(ip)) return 'assigned';
  }
  if (checkpoint?.assigned.has(ip) === true) return 'assigned';
  if (!context.facts.isKnown(PODS) || around.counts.has(ip)) return 'unknown';
  if (around.cooling.isCooling(eni.id, ip)) return 'cooling';
  const assigned = figures === 'recorded' ? 0 : figures?.[`${ip}/32`];
  if (assigned === undefined) return 'unknown';
  if (assigned > 0) return 'assigned';
  return around.cooling.unnamed.has(eni.networkCardIndex ?? 0) ? 'unknown' : 'warm';
}

const isElsewhere = ({ place: { eni }, around }: Scene, key: string): boolean =>
  (around.counts.get(key) ?? eni.id) !== eni.id;

/** Under custom networking ipamd does not read the prefixes of the primary ENI; single addresses on it are in the pool. */
const readsPrefixes = ({ context, place: { eni } }: Scene): boolean =>
  !(context.settings?.config.customNetworking === true && isPrimaryEni(eni));

type Numbers = Pick<EniView, 'total' | 'held' | 'isTold' | 'freePrefixes' | 'prefixes'>;

/** By ipamd's own list. */
function numbersByList(scene: Scene, told: Exclude<Told, 'absent' | null>, held: readonly string[]): Numbers {
  const { inPool, active, context, place } = scene;
  const byPrefix = active === 'prefix';
  const within = (ip: string): boolean =>
    byPrefix ? told.prefixes.some((cidr) => cidrContains(cidr, ip)) : told.singles.has(ip);
  const assigned = [...told.assigned];
  const isFree = (cidr: Cidr): boolean => !assigned.some((ip) => cidrContains(cidr, ip));
  const readAt = Date.parse(context.ipamdEnis?.readAt ?? '');
  // Given out after the list was read.
  const late = held.filter((ip) => !told.assigned.has(ip) && startedAfter(place.held.given.get(ip), readAt));
  const sizes = told.prefixes.reduce((sum, { prefixLength }) => sum + 2 ** (32 - prefixLength), 0);
  return {
    total: !inPool ? 0 : byPrefix ? sizes : told.singles.size,
    held: !inPool ? 0 : [...assigned, ...late].filter(within).length,
    isTold: true,
    freePrefixes: inPool && byPrefix ? told.prefixes.filter(isFree).length : 0,
    prefixes: byPrefix ? told.prefixes.length : 0,
  };
}

/** By EC2 and pods, and by ipamd's metrics where they tell. `own`: prefixes that count on this ENI. */
function numbersByEc2(scene: Scene, counted: readonly string[], own: readonly EniPrefix[]): Numbers {
  const { inPool, active, place, around } = scene;
  const { eni, inDatastore, held } = place;
  const byPrefix = active === 'prefix';
  const read = byPrefix && readsPrefixes(scene) ? own : [];
  const metrics = around.counted.get(eni.id);
  const singles = eni.secondaryIps.filter((ip) => !isElsewhere(scene, ip)).length;
  const given = counted.filter((ip) => held.given.has(ip)).length;
  return {
    total: !inPool ? 0 : byPrefix ? read.reduce((sum, { size }) => sum + (size ?? 0), 0) : singles,
    held: !inPool || (byPrefix && read.length < own.length) ? 0 : (metrics ?? given),
    isTold: metrics !== undefined,
    freePrefixes: inPool ? read.filter(({ assigned }) => assigned === 0).length : 0,
    // ipamd's own counter is of the whole datastore: excluded ENIs too, but under custom networking the primary's are not read.
    prefixes: inDatastore ? read.length : 0,
  };
}

const NO_ADDRESSES: ReadonlySet<string> = new Set();

/** The record's addresses, by address, and those that count in the pool's mode on this ENI. */
function addressesOf(scene: Scene, cidrs: readonly Cidr[]) {
  const { context, place, around, active, inPool, checkpoint } = scene;
  const { eni, told } = place;
  const given = inPool && active === 'prefix' ? new Set(checkpoint?.assigned.keys()) : NO_ADDRESSES;
  const holder = (ip: string): string | null => place.held.by.get(ip) ?? null;
  const held = (ip: string, kind: Kind): EniAddress => {
    const by = holder(ip);
    return { ip, state: by === null ? stateOfFree(scene, ip, kind) : 'assigned', interface: by };
  };
  const byIp = new Map<string, EniAddress>();
  const put = (address: EniAddress): void => {
    if (!byIp.has(address.ip)) byIp.set(address.ip, address);
  };
  const isPods = eni.interfaceType === 'branch' || context.computeType === 'fargate' || around.claimants.has(eni.id);
  if (eni.primaryIp !== null) put(primaryAddress(eni.primaryIp, holder(eni.primaryIp), isPods));
  const secondaries = eni.secondaryIps.map((ip) => held(ip, 'secondary'));
  secondaries.forEach(put);
  for (const ip of eni.ipv6Addresses) {
    const own = isPods || context.node?.internalIps.includes(ip) === true;
    put(own ? primaryAddress(ip, holder(ip), isPods) : held(ip, 'single-ipv6'));
  }
  const assigned = told === null || told === 'absent' ? given : told.assigned;
  const inPrefixes = prefixAddresses(
    context,
    eni,
    cidrs,
    place.held,
    around.cooling,
    inPool && active !== 'secondary',
    assigned,
  );
  for (const address of inPrefixes) put(address);
  const listed = singlesOf(eni).flatMap((ip) => byIp.get(ip) ?? []);
  const all = listed.length === byIp.size ? listed : [...byIp.values()].sort((a, b) => compareKeys(a.ip, b.ip));
  const elsewhere = cidrs.filter(({ text }) => isElsewhere(scene, text));
  const counted =
    active === 'prefix'
      ? inPrefixes.filter(({ ip }) => !elsewhere.some((cidr) => cidrContains(cidr, ip)))
      : secondaries.filter(({ ip }) => !isElsewhere(scene, ip));
  return { all, inPrefixes, counted };
}

/** Whether ipamd has certainly assigned nothing on the ENI. */
function isIdle(scene: Scene, addresses: readonly EniAddress[], prefixes: readonly EniPrefix[]): boolean {
  const { place, around, figures } = scene;
  const { eni, told, held } = place;
  if (told !== null && told !== 'absent' && told.assigned.size > 0) return false;
  if ((around.counted.get(eni.id) ?? 0) > 0) return false;
  /** To ipamd: held by whom it gave it to, or by somebody that only its own figures tell of. */
  const isInUse = ({ ip, state, interface: by }: EniAddress): boolean =>
    state === 'assigned' && (held.given.has(ip) || by === null);
  return (
    !addresses.some((address) => address.state === 'unknown' || isInUse(address)) &&
    prefixes.every(({ assigned }) => assigned !== null && (assigned === 0 || figures === 'recorded'))
  );
}

const takesMore = ({ context, place }: Scene): boolean =>
  place.verdict.rule !== 'trunk' || growsTrunks(context.settings?.version ?? null);

/** An ENI with the state of each address and prefix. */
export function viewOf(context: NodeContext, place: Place, around: Surroundings): EniView {
  const { eni, verdict, told, inDatastore, excluded } = place;
  const inPool = inDatastore && !excluded;
  const checkpoint = told === null ? checkpointOf(context, eni.networkCardIndex ?? 0) : null;
  // Addresses that live pods hold and ipamd assigned.
  const given = [...place.held.given.keys()];
  const figures = figuresOf(context, place, around, given.length, checkpoint);
  const scene: Scene = { context, place, around, active: activeOf(context), inPool, checkpoint, figures };
  const cidrs = [...eni.ipv4Prefixes, ...eni.ipv6Prefixes].flatMap((text) => parseCidr(text) ?? []);
  const { all, inPrefixes, counted } = addressesOf(scene, cidrs);
  const podsKnown = context.facts.isKnown(PODS);
  const prefixes = cidrs
    .map((cidr) => prefixOf(cidr, inPrefixes, podsKnown && !isElsewhere(scene, cidr.text), scene.figures))
    .sort((a, b) => compareKeys(a.cidr, b.cidr));
  const v4 = prefixes.filter(({ size }) => size !== null);
  const own = v4.filter(({ cidr }) => !isElsewhere(scene, cidr));
  const ips = counted.map(({ ip }) => ip);
  const numbers =
    told === null || told === 'absent' ? numbersByEc2(scene, ips, own) : numbersByList(scene, told, given);
  return {
    eni,
    inPool,
    inDatastore,
    isUndecided: told === null && verdict.state === 'unknown',
    grows: inPool && takesMore(scene) && readsPrefixes(scene),
    isIdle: isIdle(scene, all, prefixes),
    ...numbers,
    cooling: !inPool ? 0 : counted.filter(({ state }) => state === 'cooling').length,
    slotsUsed: eni.secondaryIps.length + v4.length,
    record: recordOf(context.facts, eni, {
      node: context.id,
      verdict,
      observed: observedOf(context, eni),
      // An ENI claimed whole has no slots, except those that ipamd still counts.
      capacity: around.claimants.has(eni.id) && !inDatastore ? null : capacityOf(context, eni),
      perSlot: verdict.state === 'managed' && takesMore(scene) && context.settings?.config.mode === 'prefix' ? 16 : 1,
      claimedBy: around.claimants.get(eni.id) ?? NOBODY,
      offeredBy: offersOf(context, eni),
      hostDevice: around.claimants.has(eni.id) ? null : hostDeviceOf(context, eni),
      addresses: all,
      prefixes,
      ipamd: believedOf(context, place, around, { given, numbers, counted }),
    }),
  };
}

const NOBODY: readonly string[] = [];

/** `DRIVER/DEVICE` of what is published of an ENI; an EFA function has no MAC, and is told by its place. */
function offersOf(context: NodeContext, eni: EniFact): readonly string[] {
  const offers: string[] = [];
  for (const known of context.devices.all()) {
    const guess = known.eni === null ? context.devices.guess(known) : null;
    const isThis = known.eni?.id === eni.id || (guess?.enis.length === 1 && guess.enis[0]?.id === eni.id);
    if (isThis) offers.push(`${known.driver}/${known.device.name}`);
  }
  return offers.length === 0 ? NOBODY : offers.sort(byCodeUnit);
}

const singles = new WeakMap<EniFact, readonly string[]>();

/** The single addresses of an ENI, each once, as its record has them. Sorted once: comparing addresses is expensive. */
function singlesOf(eni: EniFact): readonly string[] {
  let ips = singles.get(eni);
  if (ips === undefined) singles.set(eni, (ips = [...new Set(ipsOf(eni))].sort(compareKeys)));
  return ips;
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
