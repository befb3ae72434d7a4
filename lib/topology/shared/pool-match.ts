/** Which whereabouts pools hold a network's allocations (multus §4.2). */
import type { NetworkConfig } from '../../cni/config';
import { poolPrefix } from '../../cni/ipam/whereabouts-pools';
import { objectKey } from '../../model/facts';
import { parseCidr } from '../../model/ip';
import { configOf, configOfNad } from '../facts/nad-config';
import type { FactQuery } from '../facts/reader';
import { poolPlace, poolPlaces, rangeOf, type PoolPlace } from './pool-ranges';

/** Whether a pool holds a network's allocations: it has the network's range, or a node's slice of it, and the network's name. */
export function feeds(pool: PoolPlace, config: NetworkConfig): boolean {
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

/** Names have the form `[network_name-][node-]range`; another form implies nothing. */
function isNamedFor(pool: PoolPlace, networkName: string | null, sliced: boolean): boolean {
  const prefix = poolPrefix(pool.name, pool.range);
  if (prefix === null) return true;
  if (!sliced) return prefix === (networkName ?? '');
  return networkName === null ? prefix !== '' : prefix.startsWith(`${networkName}-`);
}

/** Keys of the pools that hold a NAD's allocations. Asked with the NAD's key. */
export const poolsOfNad: FactQuery<readonly string[]> = {
  name: 'poolsOfNad',
  of: (facts, key) => {
    const config = configOfNad(facts, key);
    if (config?.ipam?.type !== 'whereabouts') return [];
    return facts
      .ask(poolPlaces)
      .filter((pool) => feeds(pool, config))
      .map(objectKey);
  },
};

/** Keys of the NADs whose allocations a pool holds. Asked with the pool's key. */
export const nadsOfPool: FactQuery<readonly string[]> = {
  name: 'nadsOfPool',
  of: (facts, key) => {
    const pool = facts.ask(poolPlace, key);
    if (pool === null) return [];
    return facts
      .all('nad')
      .filter((nad) => feeds(pool, configOf(nad)))
      .map(objectKey);
  },
};
