/** The ENIs of a node, each with ipamd's view of it. */
import { PREFIX_SIZE } from '../../model/prefix-size';
import type { AwsNodeMetricsFact, EniFact } from '../../model/facts';
import { cidrContains, parseCidr } from '../../model/ip';
import { subnetPlace } from '../facts/cluster';
import type { NodeContext } from '../context/context';
import { decideManagement } from '../context/management';
import type { Derived } from '../links/interfaces';
import type { Cooling } from './cooling';
import { checkpointOf, type Checkpoint } from './checkpoint';
import { figuresByCard, holdersOf, NOTHING_HELD, unrecordedByCard, type Held } from './holders';
import { readingOf, ipamdEntryOf } from './ipamd-list';
import { isSubnetExcluded } from './subnet-choice';
import type { EniContext, NodeAddressing } from './eni-context';
import { viewOf, type EniView } from './view';

/** The ENIs of a node with the state of each slot. */
export function deriveEnis(context: NodeContext, derived: readonly Derived[], cooling: Cooling): readonly EniView[] {
  // The full facts, with their addresses.
  const enis = context.enis.flatMap(({ id }) => context.facts.get('eni', id) ?? []);
  const held = holdersOf(context, enis, derived);
  const unrecorded = unrecordedByCard(derived);
  const figures = figuresByCard(context, derived, held, unrecorded);
  const placed = enis.map((eni) => eniContextOf(context, eni, held.get(eni.id) ?? NOTHING_HELD));
  const counts = listedTwice(placed);
  const counted = countsOf(context, placed, derived, unrecorded);
  const addressing: NodeAddressing = {
    unrecorded,
    figures,
    counts,
    counted,
    cooling,
    claimants: claimantsOf(derived),
  };
  return placed.map((eniContext) => viewOf(context, eniContext, addressing));
}

function eniContextOf(context: NodeContext, eni: EniFact, held: Held): EniContext {
  const verdict = decideManagement(eni, context.name, context.ipamd, context.managedCards);
  const ipamdEntry = ipamdEntryOf(context, eni);
  // What ipamd's datastore has counts, whatever the tags are now. ipamd forgets an ENI before it detaches it.
  const inDatastore =
    ipamdEntry === null ? verdict.state === 'managed' && eni.attachmentStatus !== 'detaching' : ipamdEntry !== 'absent';
  const excluded =
    inDatastore &&
    ((ipamdEntry !== null && ipamdEntry !== 'absent' && ipamdEntry.excluded) || isExcluded(context, eni));
  return { eni, verdict, ipamdEntry, inDatastore, excluded, held };
}

/** Whether the ENI's addresses are unusable because it is in a subnet that the CNI may not use. */
function isExcluded(context: NodeContext, eni: EniFact): boolean {
  const { settings } = context;
  if (settings === null || eni.subnet === null) return false;
  const subnet = context.facts.ask(subnetPlace, eni.subnet);
  return subnet !== null && isSubnetExcluded(subnet, settings);
}

/**
 * Addresses that ipamd has assigned according to its checkpoint or its metrics, by ENI; from metrics only for cards whose
 * pool ENIs are all in the metrics.
 */
function countsOf(
  context: NodeContext,
  eniContexts: readonly EniContext[],
  derived: readonly Derived[],
  unrecorded: ReadonlyMap<number, number>,
): ReadonlyMap<string, number> {
  const mode = context.settings?.config.mode ?? null;
  const counts = new Map<string, number>();
  if (context.ipamdEnis !== undefined || mode === 'ipv6' || mode === null) return counts;
  const reading = readingOf(context, derived);
  for (const card of context.managedCards) {
    const pool = eniContexts.filter(
      ({ eni, inDatastore, excluded }) => inDatastore && !excluded && (eni.networkCardIndex ?? 0) === card,
    );
    const checkpoint = checkpointOf(context, card);
    if (checkpoint !== null) {
      for (const one of pool) counts.set(one.eni.id, countIn(checkpoint, one, mode === 'prefix'));
      continue;
    }
    if (reading === null) continue;
    const assigned = pool.map(({ eni }) => [eni.id, countOf(eni, mode === 'prefix', reading)] as const);
    const least = pool.reduce((total, { held }) => total + held.assigned.size, 0);
    const sum = assigned.reduce((total, [, count]) => total + (count ?? NaN), 0);
    // A count below what pods hold is an older reading, or that of a counter that has drifted (vpc-cni §4.3).
    if (!(sum >= least + (unrecorded.get(card) ?? 0))) continue;
    for (const [id, count] of assigned) if (count !== null) counts.set(id, count);
  }
  return counts;
}

/** The count by the checkpoint, including addresses that pods received after it was written. */
function countIn({ assigned }: Checkpoint, { eni, held }: EniContext, byPrefix: boolean): number {
  const singles = new Set(eni.secondaryIps);
  const prefixes = eni.ipv4Prefixes.flatMap((text) => parseCidr(text) ?? []);
  const isOn = (ip: string): boolean => (byPrefix ? prefixes.some((cidr) => cidrContains(cidr, ip)) : singles.has(ip));
  return new Set([...assigned.keys(), ...held.assigned.keys()].filter(isOn)).size;
}

/** The count by ENI; for an ENI that also has addresses of the other mode, the sum over its CIDRs. */
function countOf(
  eni: EniFact,
  byPrefix: boolean,
  { assignedPerEni, assignedPerCidr }: AwsNodeMetricsFact,
): number | null {
  const singles = eni.secondaryIps.map((ip) => `${ip}/32`);
  const active = byPrefix ? eni.ipv4Prefixes : singles;
  const count =
    (byPrefix ? singles : eni.ipv4Prefixes).length === 0
      ? assignedPerEni[eni.id]
      : active.map((cidr) => assignedPerCidr[cidr] ?? NaN).reduce((sum, of) => sum + of, 0);
  const most = active.length * (byPrefix ? PREFIX_SIZE : 1);
  return count !== undefined && Number.isInteger(count) && count >= 0 && count <= most ? count : null;
}

/**
 * Addresses and prefixes that EC2 lists on two of the node's pool ENIs, as while one is moved, with the ENI on which each
 * counts, so that none counts twice. That is the ENI where a pod holds it, else the first one, although the owner is then
 * unknown.
 */
function listedTwice(eniContexts: readonly EniContext[]): ReadonlyMap<string, string> {
  const counts = new Map<string, string>();
  const pool = eniContexts.filter(({ inDatastore, excluded }) => inDatastore && !excluded);
  if (pool.length < 2) return counts;
  const listed = new Map<string, EniContext[]>();
  for (const eniContext of pool) {
    for (const key of [...eniContext.eni.secondaryIps, ...eniContext.eni.ipv4Prefixes]) {
      const on = listed.get(key);
      if (on === undefined) listed.set(key, [eniContext]);
      else on.push(eniContext);
    }
  }
  for (const [key, on] of listed) {
    const [first, ...others] = on;
    if (first === undefined || others.length === 0) continue;
    const cidr = key.includes('/') ? parseCidr(key) : null;
    const isHeldOn = ({ held }: EniContext): boolean =>
      cidr === null ? held.by.has(key) : held.by.keys().some((ip) => cidrContains(cidr, ip));
    counts.set(key, (on.find(isHeldOn) ?? first).eni.id);
  }
  return counts;
}

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
