/** ENIs as DescribeInstances lists them, used only if a capture has no answer of DescribeNetworkInterfaces, or a part of it. */
import { ENIS } from '../../model/source-ids';
import { EC2_CALLS } from '../../normalise/ec2/calls';
import { normaliseOwnEnis } from '../../normalise/ec2/instance';
import type { Collection } from './collection';

const ROW = EC2_CALLS.find(({ id }) => id === ENIS);

const WITHOUT_TAGS =
  'The capture has ENIs only as aws ec2 describe-instances lists them: without tags, so which of them the VPC CNI manages is not known, and without branch ENIs and those that are not attached. Add what aws ec2 describe-network-interfaces prints.';

/**
 * An answer that lacks more than this share of the nodes' ENIs is a part, as of `--network-interface-ids`. ipamd may
 * have detached a few between the two calls.
 */
const MAX_MISSING = 0.05;

const SINGLE =
  'The capture contains single ENIs and no list; ENIs that are not attached to nodes, and branch ENIs, may exist.';

/** Returns a sentence on the missing parts of the ENIs that were used; null if none was used. */
export function putOwnEnis(reservations: readonly unknown[], collection: Collection): string | null {
  if (ROW === undefined) return null;
  const known = new Set(collection.facts('eni').map(({ id }) => id));
  const nodes = new Set(collection.facts('node').map(({ instanceId }) => instanceId));
  const isPart = collection.has(ENIS);
  const isSingle = isPart && !collection.isListed(ENIS);
  // The answer about instances may list those of the whole account, and the one about ENIs those of a VPC.
  const enis = reservations.flatMap(normaliseOwnEnis).filter((eni) => !isPart || nodes.has(eni.instanceId));
  const missing = enis.filter(({ id }) => !known.has(id));
  if (isSingle && enis.length > 0) {
    collection.see(ROW, ENIS, true);
    collection.parts.set(ENIS, SINGLE);
  }
  if (missing.length <= enis.length * (isPart && !isSingle ? MAX_MISSING : 0)) return null;
  const told = isPart
    ? `aws ec2 describe-network-interfaces lacks ${missing.length} of the ${enis.length} ENIs that aws ec2 describe-instances lists for nodes, which are used without their tags. Take it again without --network-interface-ids and filters.`
    : WITHOUT_TAGS;
  if (isPart) collection.parts.set(ENIS, told);
  else collection.fault(ENIS, told);
  collection.see(ROW, ENIS, true);
  for (const fact of missing) collection.put(ROW, { key: fact.id, fact });
  return told;
}
