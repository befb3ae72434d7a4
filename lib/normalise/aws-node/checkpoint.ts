/**
 * ipamd's checkpoint (`/var/run/aws-node/ipam.json`, `ipam-nic-<n>.json` for card n) → its assignments (vpc-cni §2.4).
 *
 * The file has an entry for each assigned address, but neither ENIs nor free or cooling addresses. Since v1.12 an entry
 * names the pod; earlier versions have only the container's ID, which is not kept.
 */
import type { IpamdCheckpointFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import { address, fields, objectOrNull, readEach, text } from '../read/guards';

type Assigned = IpamdCheckpointFact['assigned'][number];

/** Null if the value is not a checkpoint. `card`: the network card of the file. `readAt`: the time at which it was copied. */
export function normaliseCheckpoint(
  value: unknown,
  node: string,
  readAt: Timestamp | null,
  card: number,
): IpamdCheckpointFact | null {
  const root = objectOrNull(value);
  if (root === null || !Array.isArray(root['allocations'])) return null;
  if (text(root['version'])?.startsWith('vpc-cni-ipam/') !== true) return null;
  return { node, readAt, cards: [card], assigned: readEach(root['allocations'], readEntry) };
}

function readEntry(entry: unknown): Assigned | null {
  const of = fields(entry);
  const ip = address(of['ipv4']) ?? address(of['ipv6']) ?? address(of['ip']);
  if (ip === null) return null;
  const metadata = fields(of['metadata']);
  return {
    ip,
    podNamespace: text(metadata['k8sPodNamespace']),
    podName: text(metadata['k8sPodName']),
    assignedAt: momentOf(of['allocationTimestamp']),
  };
}

/** Nanoseconds since 1970; 0 before v1.8, and for assignments recovered from the container runtime. */
function momentOf(nanoseconds: unknown): Timestamp | null {
  if (typeof nanoseconds !== 'number' || !(nanoseconds > 0)) return null;
  const at = new Date(nanoseconds / 1e6);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
