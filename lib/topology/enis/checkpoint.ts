/**
 * ipamd's checkpoint (`/var/run/aws-node/ipam.json`, vpc-cni §2.4): every address that ipamd had assigned on a card, and to whom. It
 * has neither ENIs nor free addresses: what EC2 lists and it does not is not assigned, and no more is known of it.
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
  /** The newest assignment, epoch milliseconds; null where none tells its time. Whatever began before it is in the file. */
  readonly newest: number | null;
}

/** The checkpoint of a card; null where its file was not read, or where ipamd's own list says more. */
export function checkpointOf({ facts, name, ipamdEnis }: NodeContext, card: number): Checkpoint | null {
  const checkpoint = ipamdEnis === undefined ? facts.get('ipamdCheckpoint', name) : undefined;
  if (checkpoint?.cards.includes(card) !== true) return null;
  const times = checkpoint.assigned.flatMap(({ assignedAt }) => (assignedAt === null ? [] : Date.parse(assignedAt)));
  return {
    assigned: new Map(checkpoint.assigned.map((one) => [one.ip, one])),
    newest: times.length === 0 ? null : Math.max(...times),
  };
}

/** Whether the address is that of a pod which is on its way, and has not reported it yet. */
export function isForLivePod(
  { facts, name }: NodeContext,
  address: Pick<Assignment, 'podNamespace' | 'podName' | 'assignedAt'>,
): boolean {
  if (address.podNamespace === null || address.podName === null) return false;
  const pod = facts.get('pod', `${address.podNamespace}/${address.podName}`);
  return pod?.node === name && !isFinished(pod) && isAssignedTo(pod, { ...address, assigned: true });
}

/** Addresses of live pods that ipamd has not assigned, although its file is newer than they are. */
export const forgottenIn = ({ assigned, newest }: Checkpoint, { assigned: held }: Held): readonly string[] =>
  newest === null
    ? []
    : [...held].flatMap(([ip, pod]) =>
        !assigned.has(ip) && pod.startedAt !== null && !startedAfter(pod, newest) ? [ip] : [],
      );
