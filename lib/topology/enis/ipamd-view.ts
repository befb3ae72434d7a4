/** ipamd's view of an ENI (vpc-cni §4.2, §4.3), compared with what EC2 lists and pods hold: the field `ipamd` of the record. */
import { cidrContains, familyOf, parseCidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { IpamdEnisFact } from '../../model/facts';
import type { EniAddress, EniRecord, PodRecord } from '../../model/records';
import { compareKeys } from '../../records/keyed';
import { arePodsKnown, type NodeContext } from '../context/context';
import { isPrimaryEni } from '../context/management';
import { checkpointOf, forgottenIn, isForLivePod, type Checkpoint } from './checkpoint';
import { startedAfter } from './holders';
import { isUnderWay, type IpamdEntry } from './ipamd-list';
import type { EniContext, NodeAddressing } from './eni-context';

type IpamdView = EniRecord['ipamd'];

/** What has been derived of the ENI so far. */
interface DerivedAddresses {
  /** Addresses that live pods hold and that ipamd assigned. */
  readonly assigned: readonly string[];
  readonly numbers: { readonly total: number; readonly held: number };
  /** The ENI's addresses of the active mode. */
  readonly counted: readonly EniAddress[];
}

const NOTHING: NonNullable<IpamdView> = {
  known: true,
  addresses: null,
  assigned: 0,
  unheld: [],
  unheldBy: [],
  taken: [],
  missing: [],
  extra: [],
};

/** ipamd's view of an ENI and how it differs from EC2 and the pods. */
export function ipamdViewOf(
  context: NodeContext,
  eniContext: EniContext,
  addressing: NodeAddressing,
  derived: DerivedAddresses,
): IpamdView {
  const { eni, ipamdEntry, verdict } = eniContext;
  if (ipamdEntry === 'absent') {
    // ipamd ignores ENIs that it does not manage, and may not list a trunk or an EFA-only ENI. It may not know yet of an
    // ENI that is being attached or detached.
    return verdict.state === 'managed' && verdict.rule !== 'trunk' && !isUnderWay(context.facts, eni)
      ? { ...NOTHING, known: false, addresses: 0, taken: inOrder(derived.assigned) }
      : null;
  }
  if (ipamdEntry !== null) return byList(context, eniContext, ipamdEntry, derived);
  const isCounted = eniContext.inDatastore && !eniContext.excluded;
  const checkpoint = isCounted ? checkpointOf(context, eni.networkCardIndex ?? 0) : null;
  if (checkpoint !== null) return byCheckpoint(context, eniContext, checkpoint, derived);
  const counted = addressing.counted.get(eni.id);
  // If pods hold unrecorded addresses, the metrics cannot distinguish them from those of deleted pods.
  if (counted === undefined || (addressing.unrecorded.get(eni.networkCardIndex ?? 0) ?? 0) > 0) return null;
  if (!arePodsKnown(context)) return { ...NOTHING, assigned: counted };
  const unheld = derived.counted.filter(({ state, interface: by }) => state === 'assigned' && by === null);
  return { ...NOTHING, assigned: counted, unheld: inOrder(unheld.map(({ ip }) => ip)) };
}

const inOrder = (ips: readonly string[]): readonly string[] => [...ips].sort(compareKeys);

/** Addresses that no live pod holds; none while not all pods are known. */
const unheldOf = <A extends Parameters<typeof isForLivePod>[1]>(
  context: NodeContext,
  addresses: readonly A[],
  held: EniContext['held'],
  all: Parameters<typeof isForLivePod>[2],
): readonly A[] =>
  arePodsKnown(context)
    ? addresses.filter((address) => !held.by.has(address.ip) && !isForLivePod(context, address, all))
    : [];

/** By the checkpoint: only assignments. */
function byCheckpoint(
  context: NodeContext,
  { eni, held }: EniContext,
  checkpoint: Checkpoint,
  derived: DerivedAddresses,
): IpamdView {
  const own = new Set([...derived.counted.map(({ ip }) => ip), ...derived.assigned]);
  const assigned = [...checkpoint.assigned.values()].filter(({ ip }) => own.has(ip));
  const all = [...checkpoint.assigned.values()];
  const unheld = unheldOf(context, assigned, held, all);
  const isOn = (ip: string): boolean => eni.secondaryIps.includes(ip) || own.has(ip);
  return {
    ...NOTHING,
    assigned: assigned.length,
    unheld: inOrder(unheld.map(({ ip }) => ip)),
    unheldBy: namesOf(unheld),
    taken: inOrder(forgottenIn(checkpoint, held).filter(isOn)),
  };
}

const namesOf = (
  unheld: readonly { readonly podNamespace: string | null; readonly podName: string | null }[],
): readonly string[] =>
  [
    ...new Set(
      unheld.flatMap(({ podNamespace, podName }) => (podName === null ? [] : `${podNamespace ?? ''}/${podName}`)),
    ),
  ].sort(byCodeUnit);

type Listed = IpamdEnisFact['enis'][number]['addresses'][number];

/** Epoch milliseconds; -Infinity if no assignment has a time. */
const newestOf = (given: readonly Listed[]): number =>
  Math.max(-Infinity, ...given.flatMap(({ assignedAt }) => (assignedAt === null ? [] : Date.parse(assignedAt))));

/**
 * Whether ipamd names a pod other than the one that holds the address. A list older than that pod says nothing about
 * it.
 */
const isOfAnother = ({ podNamespace, podName }: Listed, pod: PodRecord | undefined, newest: number): boolean =>
  pod !== undefined &&
  podName !== null &&
  (podNamespace !== pod.namespace || podName !== pod.name) &&
  pod.startedAt !== null &&
  Date.parse(pod.startedAt) <= newest;

function byList(
  context: NodeContext,
  { eni, held }: EniContext,
  ipamdEntry: Exclude<IpamdEntry, 'absent' | null>,
  { assigned, numbers }: DerivedAddresses,
): IpamdView {
  const onCard = (context.ipamdEnis?.enis ?? []).filter(({ card }) => card === (eni.networkCardIndex ?? 0));
  const given = onCard.flatMap(({ addresses }) => addresses.filter((address) => address.assigned));
  const listed = (onCard.find(({ id }) => id === eni.id)?.addresses ?? []).filter((address) => address.assigned);
  const unheld = unheldOf(context, listed, held, given);
  const others = listed.filter((address) => isOfAnother(address, held.assigned.get(address.ip), newestOf(given)));
  const readAt = Date.parse(context.ipamdEnis?.readAt ?? '');
  const hasIt = (ip: string): boolean =>
    ipamdEntry.singles.has(ip) || ipamdEntry.prefixes.some((cidr) => cidrContains(cidr, ip));
  const prefixes = new Set(ipamdEntry.prefixes.map(({ text }) => text));
  // Under custom networking, ipamd correctly does not read the prefixes of the primary ENI.
  const wanted = context.settings?.config.customNetworking === true && isPrimaryEni(eni) ? [] : eni.ipv4Prefixes;
  const blocks = wanted.flatMap((cidr) => parseCidr(cidr) ?? []);
  const isEc2s = (ip: string): boolean =>
    eni.secondaryIps.includes(ip) || blocks.some((cidr) => cidrContains(cidr, ip));
  // Nothing is known about a pod that started after the list was read.
  const taken = assigned.filter(
    (ip) =>
      familyOf(ip) === 4 &&
      (!ipamdEntry.assigned.has(ip) || others.some((address) => address.ip === ip)) &&
      (hasIt(ip) || isEc2s(ip)) &&
      !startedAfter(held.assigned.get(ip), readAt),
  );
  // The addresses of an ENI are added one after the other, and removed at once.
  const isUnsettled = isUnderWay(context.facts, eni);
  return {
    known: true,
    addresses: numbers.total,
    assigned: numbers.held,
    unheld: inOrder(unheld.map(({ ip }) => ip)),
    unheldBy: namesOf([...unheld, ...others]),
    taken: inOrder(taken),
    missing: isUnsettled
      ? []
      : [
          ...inOrder(eni.secondaryIps.filter((ip) => !ipamdEntry.singles.has(ip))),
          ...wanted.filter((cidr) => !prefixes.has(cidr)).sort(byCodeUnit),
        ],
    extra: isUnsettled
      ? []
      : [
          ...inOrder([...ipamdEntry.singles].filter((ip) => !eni.secondaryIps.includes(ip))),
          ...[...prefixes].filter((cidr) => !eni.ipv4Prefixes.includes(cidr)).sort(byCodeUnit),
        ],
  };
}
