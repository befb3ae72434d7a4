/** What ipamd believes of an ENI beside what EC2 lists and pods hold (vpc-cni §4.2, §4.3): the record's own field. */
import type { IpamdEnisFact } from '../../model/facts';
import { cidrContains, familyOf, parseCidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { EniAddress, EniRecord } from '../../model/records';
import { compareKeys } from '../../records/keyed';
import type { NodeContext } from '../context/context';
import { isPrimaryEni } from '../context/management';
import { isFinished } from '../facts/parts';
import { isAssignedTo } from '../links/cluster-network';
import { startedAfter } from './holders';
import { isUnderWay, type IpamdEntry } from './ipamd-list';
import type { EniContext, NodeAddressing } from './eni-context';

type IpamdView = EniRecord['ipamd'];

/** What was made of the ENI so far. */
interface DerivedAddresses {
  /** Addresses that live pods hold and ipamd assigned. */
  readonly given: readonly string[];
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

/** What ipamd believes of an ENI, and in what that differs from EC2 and the pods. */
export function ipamdViewOf(
  context: NodeContext,
  eniContext: EniContext,
  addressing: NodeAddressing,
  derived: DerivedAddresses,
): IpamdView {
  const { eni, ipamdEntry, verdict } = eniContext;
  if (ipamdEntry === 'absent') {
    // It leaves alone what it does not manage; a trunk and an EFA-only ENI it may not list. What comes or goes it need not know yet.
    return verdict.state === 'managed' && verdict.rule !== 'trunk' && !isUnderWay(context.facts, eni)
      ? { ...NOTHING, known: false, addresses: 0, taken: inOrder(derived.given) }
      : null;
  }
  if (ipamdEntry !== null) return byList(context, eniContext, ipamdEntry, derived);
  const counted = addressing.counted.get(eni.id);
  // Where pods hold addresses that nobody recorded, the metrics do not tell theirs from those of pods that are gone.
  if (counted === undefined || (addressing.unrecorded.get(eni.networkCardIndex ?? 0) ?? 0) > 0) return null;
  const unheld = derived.counted.filter(({ state, interface: by }) => state === 'assigned' && by === null);
  return { ...NOTHING, assigned: counted, unheld: inOrder(unheld.map(({ ip }) => ip)) };
}

const inOrder = (ips: readonly string[]): readonly string[] => [...ips].sort(compareKeys);

type IpamdAddress = IpamdEnisFact['enis'][number]['addresses'][number];

/** A pod that ipamd names and that is on its way: it has the address, and has not reported it yet. */
function isForLivePod({ facts, name }: NodeContext, address: IpamdAddress): boolean {
  if (address.podNamespace === null || address.podName === null) return false;
  const pod = facts.get('pod', `${address.podNamespace}/${address.podName}`);
  return pod?.node === name && !isFinished(pod) && isAssignedTo(pod, address);
}

function byList(
  context: NodeContext,
  { eni, held }: EniContext,
  ipamdEntry: Exclude<IpamdEntry, 'absent' | null>,
  { given, numbers }: DerivedAddresses,
): IpamdView {
  const listed = context.ipamdEnis?.enis.find(({ id }) => id === eni.id)?.addresses ?? [];
  const unheld = listed.filter((one) => one.assigned && !held.by.has(one.ip) && !isForLivePod(context, one));
  const readAt = Date.parse(context.ipamdEnis?.readAt ?? '');
  const hasIt = (ip: string): boolean =>
    ipamdEntry.singles.has(ip) || ipamdEntry.prefixes.some((cidr) => cidrContains(cidr, ip));
  const prefixes = new Set(ipamdEntry.prefixes.map(({ text }) => text));
  // Under custom networking the prefixes of the primary ENI are not read, and that is as it should be.
  const wanted = context.settings?.config.customNetworking === true && isPrimaryEni(eni) ? [] : eni.ipv4Prefixes;
  const blocks = wanted.flatMap((cidr) => parseCidr(cidr) ?? []);
  const isEc2s = (ip: string): boolean =>
    eni.secondaryIps.includes(ip) || blocks.some((cidr) => cidrContains(cidr, ip));
  // Of a pod that started after the list was read nothing can be said.
  const taken = given.filter(
    (ip) =>
      familyOf(ip) === 4 &&
      !ipamdEntry.assigned.has(ip) &&
      (hasIt(ip) || isEc2s(ip)) &&
      !startedAfter(held.given.get(ip), readAt),
  );
  // Its addresses come one after the other, and go at once.
  const isUnsettled = isUnderWay(context.facts, eni);
  return {
    known: true,
    addresses: numbers.total,
    assigned: numbers.held,
    unheld: inOrder(unheld.map(({ ip }) => ip)),
    unheldBy: [
      ...new Set(
        unheld.flatMap(({ podNamespace, podName }) => (podName === null ? [] : `${podNamespace ?? ''}/${podName}`)),
      ),
    ].sort(byCodeUnit),
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
