/** Which whereabouts pools a network's addresses are kept in (multus.md §4.2). */
import type { NetworkConfig } from '../../cni/config';
import type { WhereaboutsPoolFact } from '../../model/facts';
import { poolPrefix } from '../../cni/ipam/whereabouts-pools';
import { parseCidr } from '../../model/ip';
import { rangeOf } from './pool-ranges';

/** Whether a pool holds a network's addresses: the same range, or a node's slice of it, under the network's name. */
export function feeds(pool: WhereaboutsPoolFact, config: NetworkConfig): boolean {
  if (config.ipam?.type !== 'whereabouts') return false;
  const { networkName, nodeSliceSize, subnets } = config.ipam;
  const range = rangeOf(pool);
  if (range === null || !isNamedFor(pool, networkName, nodeSliceSize !== null)) return false;
  return subnets.some((text) => {
    const subnet = parseCidr(text);
    if (subnet?.family !== range.family) return false;
    if (nodeSliceSize === null) return subnet.text === range.text;
    return nodeSliceSize === range.prefixLength && range.first >= subnet.first && range.last <= subnet.last;
  });
}

/** `[network_name-][node-]range`; a name of another form says nothing. */
function isNamedFor(pool: WhereaboutsPoolFact, networkName: string | null, sliced: boolean): boolean {
  const prefix = poolPrefix(pool.name, pool.range);
  if (prefix === null) return true;
  if (!sliced) return prefix === (networkName ?? '');
  return networkName === null ? prefix !== '' : prefix.startsWith(`${networkName}-`);
}
