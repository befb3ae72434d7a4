/**
 * ipamd's checkpoint (`/var/run/aws-node/ipam.json`, `ipam-nic-<n>.json` for card n) → what it had assigned (vpc-cni §2.4).
 *
 * It has an entry for each assigned address and nothing of the others: neither the ENIs, nor what is free or cooling. Pods
 * are named since v1.12; before, an entry has the container's ID alone, which is not kept.
 */
import type { IpamdCheckpointFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import { address, fields, objectOrNull, readEach, text } from '../read/guards';

type Assigned = IpamdCheckpointFact['assigned'][number];

/** Null when the value is no checkpoint. `card`: the network card that the file is of. `readAt`: when it was copied. */
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

/** Nanoseconds since 1970; 0 before v1.8, and where the assignment was taken over from the container runtime. */
function momentOf(nanoseconds: unknown): Timestamp | null {
  if (typeof nanoseconds !== 'number' || !(nanoseconds > 0)) return null;
  const at = new Date(nanoseconds / 1e6);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
