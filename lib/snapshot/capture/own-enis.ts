/** ENIs as DescribeInstances lists them, used only if a capture has no answer of DescribeNetworkInterfaces. */
import { ENIS } from '../../model/source-ids';
import { EC2_CALLS } from '../../normalise/ec2/calls';
import { normaliseOwnEnis } from '../../normalise/ec2/instance';
import type { Collection } from './collection';

const ROW = EC2_CALLS.find(({ id }) => id === ENIS);

const WITHOUT_TAGS =
  'The capture has ENIs only as aws ec2 describe-instances lists them: without tags, so which of them the VPC CNI manages is not known, and without branch ENIs and those that are not attached. Add what aws ec2 describe-network-interfaces prints.';

/** Returns a sentence on the missing parts of the ENIs that were used; null if none was used. */
export function putOwnEnis(reservations: readonly unknown[], collection: Collection): string | null {
  if (ROW === undefined || collection.has(ENIS)) return null;
  const enis = reservations.flatMap(normaliseOwnEnis);
  if (enis.length === 0) return null;
  collection.see(ROW, ENIS, true);
  for (const fact of enis) collection.put(ROW, { key: fact.id, fact });
  collection.fault(ENIS, WITHOUT_TAGS);
  return WITHOUT_TAGS;
}
