/** What ipamd believes of an ENI beside what EC2 lists and pods hold (vpc-cni §4.2, §4.3): the record's own field. */
import { cidrContains, familyOf, parseCidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { EniAddress, EniRecord } from '../../model/records';
import { compareKeys } from '../../records/keyed';
import type { NodeContext } from '../context/context';
import { isPrimaryEni } from '../context/management';
import { checkpointOf, forgottenIn, isForLivePod, type Checkpoint } from './checkpoint';
import { startedAfter } from './holders';
import { isUnderWay, type Told } from './ipamd-list';
import type { Place, Surroundings } from './place';

type Believed = EniRecord['ipamd'];

/** What was made of the ENI so far. */
interface Made {
  /** Addresses that live pods hold and ipamd assigned. */
  readonly given: readonly string[];
  readonly numbers: { readonly total: number; readonly held: number };
  /** The ENI's addresses of the active mode. */
  readonly counted: readonly EniAddress[];
}

const NOTHING: NonNullable<Believed> = {
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
export function believedOf(context: NodeContext, place: Place, around: Surroundings, made: Made): Believed {
  const { eni, told, verdict } = place;
  if (told === 'absent') {
    // It leaves alone what it does not manage; a trunk and an EFA-only ENI it may not list. What comes or goes it need not know yet.
    return verdict.state === 'managed' && verdict.rule !== 'trunk' && !isUnderWay(context.facts, eni)
      ? { ...NOTHING, known: false, addresses: 0, taken: inOrder(made.given) }
      : null;
  }
  if (told !== null) return byList(context, place, told, made);
  const checkpoint = place.inDatastore && !place.excluded ? checkpointOf(context, eni.networkCardIndex ?? 0) : null;
  if (checkpoint !== null) return byCheckpoint(context, place, checkpoint, made);
  const counted = around.counted.get(eni.id);
  // Where pods hold addresses that nobody recorded, the metrics do not tell theirs from those of pods that are gone.
  if (counted === undefined || (around.unrecorded.get(eni.networkCardIndex ?? 0) ?? 0) > 0) return null;
  const unheld = made.counted.filter(({ state, interface: by }) => state === 'assigned' && by === null);
  return { ...NOTHING, assigned: counted, unheld: inOrder(unheld.map(({ ip }) => ip)) };
}

const inOrder = (ips: readonly string[]): readonly string[] => [...ips].sort(compareKeys);

/** By the checkpoint: assignments alone. */
function byCheckpoint(
  context: NodeContext,
  { eni, held }: Place,
  checkpoint: Checkpoint,
  { given, counted }: Made,
): Believed {
  const own = new Set([...counted.map(({ ip }) => ip), ...given]);
  const assigned = [...checkpoint.assigned.values()].filter(({ ip }) => own.has(ip));
  const unheld = assigned.filter((one) => !held.by.has(one.ip) && !isForLivePod(context, one));
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

function byList(
  context: NodeContext,
  { eni, held }: Place,
  told: Exclude<Told, 'absent' | null>,
  { given, numbers }: Made,
): Believed {
  const listed = context.ipamdEnis?.enis.find(({ id }) => id === eni.id)?.addresses ?? [];
  const unheld = listed.filter((one) => one.assigned && !held.by.has(one.ip) && !isForLivePod(context, one));
  const readAt = Date.parse(context.ipamdEnis?.readAt ?? '');
  const hasIt = (ip: string): boolean => told.singles.has(ip) || told.prefixes.some((cidr) => cidrContains(cidr, ip));
  const prefixes = new Set(told.prefixes.map(({ text }) => text));
  // Under custom networking the prefixes of the primary ENI are not read, and that is as it should be.
  const wanted = context.settings?.config.customNetworking === true && isPrimaryEni(eni) ? [] : eni.ipv4Prefixes;
  const blocks = wanted.flatMap((cidr) => parseCidr(cidr) ?? []);
  const isEc2s = (ip: string): boolean =>
    eni.secondaryIps.includes(ip) || blocks.some((cidr) => cidrContains(cidr, ip));
  // Of a pod that started after the list was read nothing can be said.
  const taken = given.filter(
    (ip) =>
      familyOf(ip) === 4 &&
      !told.assigned.has(ip) &&
      (hasIt(ip) || isEc2s(ip)) &&
      !startedAfter(held.given.get(ip), readAt),
  );
  // Its addresses come one after the other, and go at once.
  const isOpen = isUnderWay(context.facts, eni);
  return {
    known: true,
    addresses: numbers.total,
    assigned: numbers.held,
    unheld: inOrder(unheld.map(({ ip }) => ip)),
    unheldBy: namesOf(unheld),
    taken: inOrder(taken),
    missing: isOpen
      ? []
      : [
          ...inOrder(eni.secondaryIps.filter((ip) => !told.singles.has(ip))),
          ...wanted.filter((cidr) => !prefixes.has(cidr)).sort(byCodeUnit),
        ],
    extra: isOpen
      ? []
      : [
          ...inOrder([...told.singles].filter((ip) => !eni.secondaryIps.includes(ip))),
          ...[...prefixes].filter((cidr) => !eni.ipv4Prefixes.includes(cidr)).sort(byCodeUnit),
        ],
  };
}
