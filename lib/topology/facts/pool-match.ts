/** Which whereabouts pools a network's addresses are kept in (multus.md §4.2). */
import type { NetworkConfig } from '../../cni/config';
import type { WhereaboutsPoolFact } from '../../model/facts';
import { parseCidr } from '../../model/ip';

/** Whether a pool holds a network's addresses: the same range, or a node's slice of it. */
export function feeds(pool: WhereaboutsPoolFact, config: NetworkConfig): boolean {
  if (config.ipam?.type !== 'whereabouts' || pool.range === null) return false;
  const { networkName, nodeSliceSize, subnets } = config.ipam;
  if (networkName !== null && !pool.name.startsWith(`${networkName}-`)) return false;
  const range = parseCidr(pool.range);
  if (range === null) return false;
  return subnets.some((text) => {
    const subnet = parseCidr(text);
    if (subnet?.family !== range.family) return false;
    if (subnet.text === range.text) return true;
    return nodeSliceSize === range.prefixLength && range.first >= subnet.first && range.last <= subnet.last;
  });
}
