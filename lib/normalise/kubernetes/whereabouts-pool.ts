/** IPPool (whereabouts.cni.cncf.io/v1alpha1): which pod holds which offset of a range (multus §4.2). */
import type { WhereaboutsPoolFact } from '../../model/facts';
import { fields, objectOrNull, text } from '../read/guards';
import { intern } from '../read/intern';
import { normaliser } from './object';

/** Unreadable allocations are left out and counted in `problems`. */
export const normaliseWhereaboutsPool = normaliser<'whereaboutsPool'>((object) => {
  const raw = fields(object.spec['allocations']);
  const allocations: WhereaboutsPoolFact['allocations'][number][] = [];
  let unreadable = 0;
  for (const offset in raw) {
    const allocation = objectOrNull(raw[offset]);
    // The keys are decimal offsets from the network address, up to 128 bits wide.
    if (allocation === null || !/^\d{1,39}$/.test(offset)) {
      unreadable++;
      continue;
    }
    const ifname = text(allocation['ifname']);
    allocations.push({
      offset,
      podRef: text(allocation['podref']) ?? '',
      ifname: ifname === null ? null : intern(ifname),
    });
  }
  return {
    range: text(object.spec['range']),
    allocations,
    problems: unreadable === 0 ? [] : [`${unreadable} of its allocations could not be read`],
  };
});
