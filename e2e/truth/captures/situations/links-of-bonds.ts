/** Bonds inside pods, in modes that do not work over their links. */
import type { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { entry } from './attaching';
import { bondOfTwo, labPod, startLab } from './lab';
import { count, none, says, type Situation } from './situation';

function bondOver(type: 'sriov' | 'host-device', bond: Readonly<Record<string, Json>>, source: string): Cluster {
  const { cluster, node } = startLab();
  bondOfTwo(cluster, type, { miimon: '100', ...bond }, type === 'sriov' ? { spoofchk: 'off' } : {});
  labPod(
    cluster,
    `shop/${source}`,
    node,
    '[{"name":"left","interface":"net1"},{"name":"right","interface":"net2"},{"name":"bond-net","interface":"bond0"}]',
    [
      entry('shop/left', 'net1', null, '2e:00:00:00:00:01'),
      entry('shop/right', 'net2', null, '2e:00:00:00:00:02'),
      entry('shop/bond-net', 'bond0', '10.56.217.11', '2e:00:00:00:00:01'),
    ],
  );
  return cluster;
}

const UNFIT = 'findings[rule=bond-mode-unfit]';

export const linksOfBonds: Readonly<Record<string, () => Situation>> = {
  'LACP over virtual functions': () => ({
    source: 'k8snetworkplumbingwg/bond-cni#149',
    cluster: bondOver('sriov', { mode: '802.3ad', failOverMac: 0 }, 'lacp'),
    checks: [count(UNFIT, 1), says(UNFIT, 'LACP'), says(`${UNFIT}.advice`, 'active-backup')],
  }),
  'LACP over whole cards': () => ({
    source: 'k8snetworkplumbingwg/bond-cni#149 (ports of the pod alone)',
    cluster: bondOver('host-device', { mode: '802.3ad' }, 'whole'),
    checks: [none(UNFIT)],
  }),
  'bond without failOverMac': () => ({
    source: 'k8snetworkplumbingwg/bond-cni#11, #14; README (failOverMac)',
    cluster: bondOver('sriov', { mode: 'active-backup' }, 'stays'),
    checks: [count(UNFIT, 1), says(`${UNFIT}.advice`, 'failOverMac'), says(UNFIT, 'not set')],
  }),
  'bond with failOverMac': () => ({
    source: 'k8snetworkplumbingwg/bond-cni#14 (as it works)',
    cluster: bondOver('sriov', { mode: 'active-backup', failOverMac: 1 }, 'moves'),
    checks: [none(UNFIT), none('findings[rule=duplicate-mac]')],
  }),
};
