/** P9 (multus.md §6): an address pool of a network is full, or nine tenths of it. Allocations whose pod is gone are named: they leak. */
import { defineRule } from '../rule';
import { idParts } from '../../model/ids';

/** From this share on it is worth a warning. */
const NEARLY = 0.9;

export default defineRule({
  id: 'ipam-pool-full',
  severity: 'error',
  scope: 'ipPools',
  needs: ['kubernetes/ippools'],
  check(pool) {
    if (pool.size === null || pool.size === 0 || pool.used < NEARLY * pool.size) return [];
    const dead = pool.allocations.filter(({ live }) => live === false);
    const full = pool.used >= pool.size;
    const [network] = pool.networks;
    return [
      {
        // A finding is about a network where one is known: that is the record people look for.
        subjects: [...(network === undefined ? [] : [network]), pool.id, ...pool.networks.slice(1)],
        severity: full ? 'error' : 'warning',
        title: full ? `Address pool ${pool.range} is full` : `Address pool ${pool.range} is nearly full`,
        detail: `${pool.used} of ${pool.size} addresses of ${pool.range} are allocated${dead.length > 0 ? `; ${dead.length} of them to pods that no longer run` : ''}.${
          full ? ' The next pod on this network cannot start.' : ''
        }`,
        evidence: [
          `Kubernetes: IPPool ${idParts(pool.id).join('/')} has ${pool.used} allocations`,
          ...dead
            .slice(0, 5)
            .map((allocation) => `${allocation.ip} is held for ${allocation.pod ?? 'nobody known'}, which is not live`),
        ],
        advice:
          dead.length > 0
            ? 'Let the whereabouts reconciler run, or remove the allocations of dead pods.'
            : 'Widen the range, or place fewer pods on the network.',
        command: `kubectl -n ${idParts(pool.id)[0] ?? 'kube-system'} get ippools.whereabouts.cni.cncf.io ${idParts(pool.id)[1] ?? ''} -o yaml`,
      },
    ];
  },
});
