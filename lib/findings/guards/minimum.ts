import type { NodeRecord, Pool } from '../../model/records';
import type { EmptyPoolCause } from './counted-errors';

/** Targets that are set but overridden by an address target: somebody may rely on them (vpc-cni §2.1). */
function ignored({ cni }: NodeRecord): string {
  const names = (cni?.ignored ?? []).flatMap(({ name, value, reason }) =>
    name.endsWith('_TARGET') &&
    value !== '0' &&
    reason.includes('_TARGET') &&
    `${name}=${value}` !== 'WARM_ENI_TARGET=1'
      ? `${name}=${value}`
      : [],
  );
  return names.length === 0
    ? ''
    : `; ${names.join(' and ')} ${names.length === 1 ? 'has' : 'have'} no effect alongside it`;
}

/** MINIMUM_IP_TARGET alone implies a warm target of 0 (vpc-cni §2.1, §2.4 rule 1): once it is reached, the pool is never low again. */
export function ofMinimum(node: NodeRecord, pool: Pool | null): EmptyPoolCause | null {
  const minimum = node.cni?.minimumIpTarget ?? 0;
  if (pool === null || pool.low === true || minimum === 0 || (pool.available ?? 0) > 0) return null;
  if ((node.cni?.warmIpTarget ?? 0) !== 0 || (pool.total ?? 0) < minimum) return null;
  return {
    rule: null,
    text: `MINIMUM_IP_TARGET=${minimum} is reached and WARM_IP_TARGET is ${node.cni?.warmIpTarget === null ? 'not set' : '0'}, so ipamd adds no address however many pods wait${ignored(node)}`,
    advice: 'Set WARM_IP_TARGET to 1 or more in addition to MINIMUM_IP_TARGET on aws-node.',
  };
}
