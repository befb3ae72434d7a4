/** One ENI: the state of every address on it, and the figures that its pool is computed from. */
import { PREFIX_SIZE } from '../../model/prefix-size';
import type { EniFact } from '../../model/facts';
import { cidrContains, parseCidr, type Cidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { AddressState, EniAddress, EniPrefix, EniRecord } from '../../model/records';
import { compareKeys } from '../../records/keyed';
import { arePodsKnown, type NodeContext } from '../context/context';
import { isPrimaryEni } from '../context/management';
import { growsTrunks } from '../context/settings';
import { ipsOf } from '../facts/parts';
import { prefixAddresses, prefixOf, primaryAddress } from './addresses';
import { checkpointOf, type Checkpoint } from './checkpoint';
import { ipamdViewOf } from './ipamd-view';
import { startedAfter } from './holders';
import type { IpamdEntry } from './ipamd-list';
import type { EniContext, NodeAddressing } from './eni-context';
import { recordOf } from './record';

/** An ENI with the figures that the pool arithmetic reads (vpc-cni §2.3). */
export interface EniView {
  readonly eni: EniFact;
  readonly record: EniRecord;
  /**
   * ipamd assigns its addresses to pods: it is in the datastore and not excluded. On a trunk and a primary ENI, that means
   * the addresses already there.
   */
  readonly inPool: boolean;
  /** ipamd adds addresses to it: not to a trunk since v1.16.4, and not to the primary ENI under custom networking. */
  readonly grows: boolean;
  /** Whether ipamd's datastore has it. */
  readonly inDatastore: boolean;
  /** Whether ipamd has it is not known. */
  readonly isUndecided: boolean;
  /** ipamd has certainly assigned no address on it, in either mode. */
  readonly isIdle: boolean;
  /** Number of addresses of the active mode in ipamd's datastore. */
  readonly total: number;
  /** How many of them ipamd has assigned: by its own figures if known, else as many as live pods hold. */
  readonly held: number;
  /** `held` is ipamd's own figure, which includes addresses that no record shows. */
  readonly isFromIpamd: boolean;
  readonly cooling: number;
  /** Prefixes of the active mode without a held address. */
  readonly freePrefixes: number;
  /** All prefixes that ipamd counts, including those of excluded ENIs (vpc-cni §2.3). */
  readonly prefixes: number;
  /** Slots that hold an address or a prefix of either kind. */
  readonly slotsUsed: number;
}

/** `single-ipv6`: in no mode does ipamd assign a pod an IPv6 address outside a prefix (vpc-cni §2.2). */
type Kind = 'secondary' | 'prefix' | 'ipv6' | 'single-ipv6';

/** The inputs of the functions below for one ENI. */
interface EniInputs {
  readonly context: NodeContext;
  readonly eniContext: EniContext;
  readonly addressing: NodeAddressing;
  readonly active: Kind;
  readonly inPool: boolean;
  /** The assignments in ipamd's checkpoint; null if it was not read. */
  readonly checkpoint: Checkpoint | null;
  /** ipamd's figures by single address or prefix, if pods hold addresses that no record shows. */
  readonly figures: Readonly<Record<string, number>> | undefined | 'recorded';
}

const activeOf = ({ settings }: NodeContext): Kind => {
  const mode = settings?.config.mode ?? null;
  return mode === 'prefix' ? 'prefix' : mode === 'ipv6' ? 'ipv6' : 'secondary';
};

/** ipamd's figures by CIDR, if it has assigned more addresses than are recorded. They identify the addresses only if they add up. */
function figuresOf(
  context: NodeContext,
  { eni }: EniContext,
  addressing: NodeAddressing,
  assigned: number,
  checkpoint: Checkpoint | null,
): EniInputs['figures'] {
  const card = eni.networkCardIndex ?? 0;
  // The checkpoint contains each address.
  if (checkpoint !== null) return 'recorded';
  if ((addressing.unrecorded.get(card) ?? 0) > 0) return addressing.figures.get(card);
  const counted = addressing.counted.get(eni.id) ?? 0;
  if (counted <= assigned) return 'recorded';
  const figures = context.facts.get('awsNodeMetrics', context.name)?.assignedPerCidr ?? {};
  const on = [...eni.secondaryIps.map((ip) => `${ip}/32`), ...eni.ipv4Prefixes];
  return on.reduce((sum, cidr) => sum + (figures[cidr] ?? 0), 0) === counted ? figures : undefined;
}

/** The state of an address without a known holder. */
function stateOfFree(
  { context, eniContext, addressing, active, figures, checkpoint }: EniInputs,
  ip: string,
  kind: Kind,
): AddressState {
  const { eni, verdict, ipamdEntry, inDatastore, excluded } = eniContext;
  if (ipamdEntry === null && verdict.state === 'unknown') return 'unknown';
  if (!inDatastore) return 'unclaimed';
  if (excluded || kind !== active) return context.settings?.config.mode === null ? 'unknown' : 'excluded';
  if (ipamdEntry !== null && ipamdEntry !== 'absent') {
    if (!ipamdEntry.singles.has(ip)) return 'unclaimed';
    if (ipamdEntry.assigned.has(ip)) return 'assigned';
  }
  if (checkpoint?.assigned.has(ip) === true) return 'assigned';
  if (!arePodsKnown(context) || addressing.counts.has(ip)) return 'unknown';
  if (addressing.cooling.isCooling(eni.id, ip)) return 'cooling';
  const assigned = figures === 'recorded' ? 0 : figures?.[`${ip}/32`];
  if (assigned === undefined) return 'unknown';
  if (assigned > 0) return 'assigned';
  return addressing.cooling.unnamed.has(eni.networkCardIndex ?? 0) ? 'unknown' : 'warm';
}

const isElsewhere = ({ eniContext: { eni }, addressing }: EniInputs, key: string): boolean =>
  (addressing.counts.get(key) ?? eni.id) !== eni.id;

/** Under custom networking, ipamd does not read the prefixes of the primary ENI; its single addresses are in the pool. */
const readsPrefixes = ({ context, eniContext: { eni } }: EniInputs): boolean =>
  !(context.settings?.config.customNetworking === true && isPrimaryEni(eni));

type Numbers = Pick<EniView, 'total' | 'held' | 'isFromIpamd' | 'freePrefixes' | 'prefixes'>;

/** The figures from ipamd's own list. */
function numbersByList(
  inputs: EniInputs,
  ipamdEntry: Exclude<IpamdEntry, 'absent' | null>,
  held: readonly string[],
): Numbers {
  const { inPool, active, context, eniContext } = inputs;
  const byPrefix = active === 'prefix';
  const within = (ip: string): boolean =>
    byPrefix ? ipamdEntry.prefixes.some((cidr) => cidrContains(cidr, ip)) : ipamdEntry.singles.has(ip);
  const assigned = [...ipamdEntry.assigned];
  const isFree = (cidr: Cidr): boolean => !assigned.some((ip) => cidrContains(cidr, ip));
  const readAt = Date.parse(context.ipamdEnis?.readAt ?? '');
  // Assigned after the list was read.
  const late = held.filter(
    (ip) => !ipamdEntry.assigned.has(ip) && startedAfter(eniContext.held.assigned.get(ip), readAt),
  );
  const sizes = ipamdEntry.prefixes.reduce((sum, { prefixLength }) => sum + 2 ** (32 - prefixLength), 0);
  return {
    total: !inPool ? 0 : byPrefix ? sizes : ipamdEntry.singles.size,
    held: !inPool ? 0 : [...assigned, ...late].filter(within).length,
    isFromIpamd: true,
    freePrefixes: inPool && byPrefix ? ipamdEntry.prefixes.filter(isFree).length : 0,
    prefixes: byPrefix ? ipamdEntry.prefixes.length : 0,
  };
}

/** The figures from EC2 and the pods, and from ipamd's metrics where they apply. `own`: prefixes that count on this ENI. */
function numbersByEc2(inputs: EniInputs, counted: readonly string[], own: readonly EniPrefix[]): Numbers {
  const { inPool, active, eniContext, addressing } = inputs;
  const { eni, inDatastore, held } = eniContext;
  const byPrefix = active === 'prefix';
  const read = byPrefix && readsPrefixes(inputs) ? own : [];
  const metrics = addressing.counted.get(eni.id);
  const singles = eni.secondaryIps.filter((ip) => !isElsewhere(inputs, ip)).length;
  const assigned = counted.filter((ip) => held.assigned.has(ip)).length;
  return {
    total: !inPool ? 0 : byPrefix ? read.reduce((sum, { size }) => sum + (size ?? 0), 0) : singles,
    held: !inPool || (byPrefix && read.length < own.length) ? 0 : (metrics ?? assigned),
    isFromIpamd: metrics !== undefined,
    freePrefixes: inPool ? read.filter(({ assigned }) => assigned === 0).length : 0,
    // ipamd's counter covers the whole datastore, including excluded ENIs. Under custom networking, the prefixes of the
    // primary ENI are not read.
    prefixes: inDatastore ? read.length : 0,
  };
}

const NO_ADDRESSES: ReadonlySet<string> = new Set();

/** The addresses of the record, and those that count in the pool's mode on this ENI. */
function addressesOf(inputs: EniInputs, cidrs: readonly Cidr[]) {
  const { context, eniContext, addressing, active, inPool, checkpoint } = inputs;
  const { eni, ipamdEntry } = eniContext;
  const recorded = inPool && active === 'prefix' ? new Set(checkpoint?.assigned.keys()) : NO_ADDRESSES;
  const holder = (ip: string): string | null => eniContext.held.by.get(ip) ?? null;
  const held = (ip: string, kind: Kind): EniAddress => {
    const by = holder(ip);
    return { ip, state: by === null ? stateOfFree(inputs, ip, kind) : 'assigned', interface: by };
  };
  const byIp = new Map<string, EniAddress>();
  const put = (address: EniAddress): void => {
    if (!byIp.has(address.ip)) byIp.set(address.ip, address);
  };
  const isPods =
    eni.interfaceType === 'branch' || context.computeType === 'fargate' || addressing.claimants.has(eni.id);
  if (eni.primaryIp !== null) put(primaryAddress(eni.primaryIp, holder(eni.primaryIp), isPods));
  const secondaries = eni.secondaryIps.map((ip) => held(ip, 'secondary'));
  secondaries.forEach(put);
  for (const ip of eni.ipv6Addresses) {
    const own = isPods || context.node?.internalIps.includes(ip) === true;
    put(own ? primaryAddress(ip, holder(ip), isPods) : held(ip, 'single-ipv6'));
  }
  const assigned = ipamdEntry === null || ipamdEntry === 'absent' ? recorded : ipamdEntry.assigned;
  const inPrefixes = prefixAddresses(
    context,
    eni,
    cidrs,
    eniContext.held,
    addressing.cooling,
    inPool && active !== 'secondary',
    assigned,
  );
  for (const address of inPrefixes) put(address);
  const listed = singlesOf(eni).flatMap((ip) => byIp.get(ip) ?? []);
  const all = listed.length === byIp.size ? listed : [...byIp.values()].sort((a, b) => compareKeys(a.ip, b.ip));
  const elsewhere = cidrs.filter(({ text }) => isElsewhere(inputs, text));
  const counted =
    active === 'prefix'
      ? inPrefixes.filter(({ ip }) => !elsewhere.some((cidr) => cidrContains(cidr, ip)))
      : secondaries.filter(({ ip }) => !isElsewhere(inputs, ip));
  return { all, inPrefixes, counted };
}

/** Whether ipamd has certainly assigned nothing on the ENI. */
function isIdle(inputs: EniInputs, addresses: readonly EniAddress[], prefixes: readonly EniPrefix[]): boolean {
  const { eniContext, addressing, figures } = inputs;
  const { eni, ipamdEntry, held } = eniContext;
  if (ipamdEntry !== null && ipamdEntry !== 'absent' && ipamdEntry.assigned.size > 0) return false;
  if ((addressing.counted.get(eni.id) ?? 0) > 0) return false;
  /** Whether ipamd counts the address as assigned: its holder got it from ipamd, or only ipamd's figures show a holder. */
  const isInUse = ({ ip, state, interface: by }: EniAddress): boolean =>
    state === 'assigned' && (held.assigned.has(ip) || by === null);
  return (
    !addresses.some((address) => address.state === 'unknown' || isInUse(address)) &&
    prefixes.every(({ assigned }) => assigned !== null && (assigned === 0 || figures === 'recorded'))
  );
}

const takesMore = ({ context, eniContext }: EniInputs): boolean =>
  eniContext.verdict.rule !== 'trunk' || growsTrunks(context.settings?.version ?? null);

/** An ENI with the state of each address and prefix. */
export function viewOf(context: NodeContext, eniContext: EniContext, addressing: NodeAddressing): EniView {
  const { eni, verdict, ipamdEntry, inDatastore, excluded } = eniContext;
  const inPool = inDatastore && !excluded;
  const checkpoint = ipamdEntry === null ? checkpointOf(context, eni.networkCardIndex ?? 0) : null;
  // Addresses that live pods hold and that ipamd assigned.
  const assigned = [...eniContext.held.assigned.keys()];
  const figures = figuresOf(context, eniContext, addressing, assigned.length, checkpoint);
  const inputs: EniInputs = {
    context,
    eniContext,
    addressing,
    active: activeOf(context),
    inPool,
    checkpoint,
    figures,
  };
  const cidrs = [...eni.ipv4Prefixes, ...eni.ipv6Prefixes].flatMap((text) => parseCidr(text) ?? []);
  const { all, inPrefixes, counted } = addressesOf(inputs, cidrs);
  const podsKnown = arePodsKnown(context);
  const prefixes = cidrs
    .map((cidr) => prefixOf(cidr, inPrefixes, podsKnown && !isElsewhere(inputs, cidr.text), inputs.figures))
    .sort((a, b) => compareKeys(a.cidr, b.cidr));
  const v4 = prefixes.filter(({ size }) => size !== null);
  const own = v4.filter(({ cidr }) => !isElsewhere(inputs, cidr));
  const ips = counted.map(({ ip }) => ip);
  const numbers =
    ipamdEntry === null || ipamdEntry === 'absent'
      ? numbersByEc2(inputs, ips, own)
      : numbersByList(inputs, ipamdEntry, assigned);
  return {
    eni,
    inPool,
    inDatastore,
    isUndecided: ipamdEntry === null && verdict.state === 'unknown',
    grows: inPool && takesMore(inputs) && readsPrefixes(inputs),
    isIdle: isIdle(inputs, all, prefixes),
    ...numbers,
    cooling: !inPool ? 0 : counted.filter(({ state }) => state === 'cooling').length,
    slotsUsed: eni.secondaryIps.length + v4.length,
    record: recordOf(context.facts, eni, {
      node: context.id,
      verdict,
      observed: observedOf(context, eni),
      // An ENI that a pod has claimed whole has no slots, unless ipamd still counts it.
      capacity: addressing.claimants.has(eni.id) && !inDatastore ? null : capacityOf(context, eni),
      perSlot:
        verdict.state === 'managed' && takesMore(inputs) && context.settings?.config.mode === 'prefix'
          ? PREFIX_SIZE
          : 1,
      claimedBy: addressing.claimants.get(eni.id) ?? NO_OFFERS,
      offeredBy: offersOf(context, eni),
      hostDevice: addressing.claimants.has(eni.id) ? null : hostDeviceOf(context, eni),
      addresses: all,
      prefixes,
      ipamd: ipamdViewOf(context, eniContext, addressing, { assigned, numbers, counted }),
    }),
  };
}

const NO_OFFERS: readonly string[] = [];

/** `DRIVER/DEVICE` of the devices that are published for an ENI. An EFA function has no MAC, and is identified by its place. */
function offersOf(context: NodeContext, eni: EniFact): readonly string[] {
  const offers: string[] = [];
  for (const known of context.devices.all()) {
    const guess = known.eni === null ? context.devices.guess(known) : null;
    const isThis = known.eni?.id === eni.id || (guess?.enis.length === 1 && guess.enis[0]?.id === eni.id);
    if (isThis) offers.push(`${known.driver}/${known.device.name}`);
  }
  return offers.length === 0 ? NO_OFFERS : offers.sort(byCodeUnit);
}

const singles = new WeakMap<EniFact, readonly string[]>();

/**
 * The single addresses of an ENI without duplicates, as its record lists them. Sorted only once, because comparing
 * addresses is expensive.
 */
function singlesOf(eni: EniFact): readonly string[] {
  let ips = singles.get(eni);
  if (ips === undefined) singles.set(eni, (ips = [...new Set(ipsOf(eni))].sort(compareKeys)));
  return ips;
}

/** Whether ipamd's metrics list the ENI; null if they were not read. */
function observedOf(context: NodeContext, eni: EniFact): boolean | null {
  if (context.ipamdEnis !== undefined) return context.ipamdEnis.enis.some(({ id }) => id === eni.id);
  const perEni = context.facts.get('awsNodeMetrics', context.name)?.assignedPerEni;
  return perEni === undefined || Object.keys(perEni).length === 0 ? null : Object.hasOwn(perEni, eni.id);
}

/**
 * Slots of an ENI: the addresses per ENI − 1, because the primary address is never assigned to pods (vpc-cni §2.2). An
 * EFA-only ENI has no IP stack.
 */
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
