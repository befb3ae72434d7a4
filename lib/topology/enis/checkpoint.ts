/**
 * ipamd's checkpoint (`/var/run/aws-node/ipam.json`, vpc-cni §2.4): the addresses that ipamd has assigned on a card, with
 * their pods. It contains neither ENIs nor free addresses: an address that only EC2 lists is not assigned, and its further
 * state is unknown.
 */
import type { IpamdCheckpointFact } from '../../model/facts';
import type { NodeContext } from '../context/context';
import { isAssignedTo } from '../links/cluster-network';
import { isFinished } from '../facts/parts';
import { startedAfter, type Held } from './holders';

/** An assignment in the checkpoint. */
type Assignment = IpamdCheckpointFact['assigned'][number];

/** The assignments of one card, by address. */
export interface Checkpoint {
  readonly assigned: ReadonlyMap<string, Assignment>;
  /** Time of the newest assignment, epoch milliseconds; null if none has a time. The file contains all earlier ones. */
  readonly newest: number | null;
}

/** The checkpoint of a card; null if its file was not read, or if ipamd's list, which contains more, was read. */
export function checkpointOf({ facts, name, ipamdEnis }: NodeContext, card: number): Checkpoint | null {
  const checkpoint = ipamdEnis === undefined ? facts.get('ipamdCheckpoint', name) : undefined;
  if (checkpoint?.cards.includes(card) !== true) return null;
  const times = checkpoint.assigned.flatMap(({ assignedAt }) => (assignedAt === null ? [] : Date.parse(assignedAt)));
  return {
    assigned: new Map(checkpoint.assigned.map((address) => [address.ip, address])),
    newest: times.length === 0 ? null : Math.max(...times),
  };
}

/** An address that ipamd has assigned, in its list or its checkpoint. */
type Given = Pick<Assignment, 'ip' | 'podNamespace' | 'podName' | 'assignedAt'>;

/**
 * Whether ipamd names a live pod that is still starting: it has the address, but does not report it yet. A pod that reports
 * another one of the addresses that ipamd gave it (`all`, those of the card) got this one for an earlier sandbox.
 */
export function isForLivePod({ facts, name }: NodeContext, address: Given, all: Iterable<Given>): boolean {
  if (address.podNamespace === null || address.podName === null) return false;
  const pod = facts.get('pod', `${address.podNamespace}/${address.podName}`);
  if (pod?.node !== name || isFinished(pod)) return false;
  const isOf = (one: Given): boolean => isAssignedTo(pod, { ...one, assigned: true });
  return (
    isOf(address) && (pod.ips.includes(address.ip) || ![...all].some((one) => pod.ips.includes(one.ip) && isOf(one)))
  );
}

/** Addresses of live pods that ipamd has not assigned, although its file is newer than the pods. */
export const forgottenIn = ({ assigned, newest }: Checkpoint, { assigned: held }: Held): readonly string[] =>
  newest === null
    ? []
    : [...held].flatMap(([ip, pod]) =>
        !assigned.has(ip) && pod.startedAt !== null && !startedAfter(pod, newest) ? [ip] : [],
      );
