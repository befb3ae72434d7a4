/** Pods that wait for an address; pools and subnets that run out (vpc-cni §10). */
import { countApiError } from '../../../lib/sim/model/ipamd';
import { cordon } from '../../../lib/sim/model/nodes';
import { must } from '../../../lib/sim/model/must';
import { addSubnet, expectFinding, expectLater, type ClusterState } from '../../../lib/sim/model/state';
import type { Zone } from '../../../lib/sim/scenes/base/scene';
import { goAstray, manyPods, nodeId, pinned, podId, reconfigure, tryPod } from './kit';

export function addAddressTroubles(state: ClusterState, { zone, subnet }: Zone): void {
  const group = { subnet, nodeGroup: 'addresses' };

  // Three ENIs with five addresses each, all in use; the kubelet would admit twice as many pods.
  const full = pinned(state, { ...group, type: 't3.medium', maxPods: 35 });
  full.frozen = false;
  manyPods(state, full, 15);
  full.frozen = true;
  const waiting = tryPod(state, full, 'sixteenth');
  expectFinding(state, 'pod-ip-failed', podId(waiting));
  expectFinding(state, 'node-addresses-full', nodeId(full));
  expectFinding(state, 'max-pods-too-high', nodeId(full));

  // Its first ENI is half full and it gets no second one.
  const low = pinned(state, { ...group, type: 'm5.large', unsettled: true });
  expectLater(state, 'pool-low', nodeId(low));

  const waste = pinned(state, { ...group, type: 'm5.4xlarge', env: { WARM_ENI_TARGET: '4' } });
  reconfigure(state, waste, { WARM_IP_TARGET: '2' });
  expectLater(state, 'warm-pool-waste', nodeId(waste));

  // All free addresses were released a moment ago.
  const cooling = pinned(state, {
    ...group,
    type: 't3.medium',
    env: { MAX_ENI: '1', WARM_ENI_TARGET: '0', IP_COOLDOWN_PERIOD: '86400' },
  });
  cooling.frozen = false;
  const gone = manyPods(state, cooling, 5);
  cooling.frozen = true;
  for (const pod of gone.slice(0, 2)) {
    for (const store of cooling.stores.values()) store.release(must(pod.ips[0], 'address'), state.now());
    cooling.pods.delete(`${pod.namespace}/${pod.name}`);
    state.pods.delete(`${pod.namespace}/${pod.name}`);
  }
  const starved = tryPod(state, cooling, 'starved');
  expectFinding(state, 'pod-ip-failed', podId(starved));
  expectLater(state, 'cooldown-starved', nodeId(cooling));

  const dry = addSubnet(state, { name: 'nearly-dry', cidr: '10.91.0.0/26', zone });
  const dryNode = pinned(state, {
    ...group,
    subnet: dry,
    type: 'm5.large',
    env: { WARM_IP_TARGET: '20' },
    unsettled: true,
  });
  dry.drain(3);
  countApiError(dryNode, 'AssignPrivateIpAddresses/InsufficientFreeAddressesInSubnet', 12);
  expectFinding(state, 'subnet-low', dry.id);

  const fragmented = addSubnet(state, { name: 'fragmented', cidr: '10.91.1.0/24', zone, reserve: '10.91.1.240/28' });
  const fragmentedNode = pinned(state, {
    ...group,
    subnet: fragmented,
    type: 'm5.large',
    env: { ENABLE_PREFIX_DELEGATION: 'true' },
    unsettled: true,
  });
  fragmented.drain(120, true);
  countApiError(fragmentedNode, 'AssignPrivateIpAddresses/InsufficientCidrBlocks', 9);
  expectLater(state, 'prefix-fragmented', fragmented.id, nodeId(fragmentedNode));

  const cordoned = pinned(state, { ...group, type: 't3.medium', env: { MAX_ENI: '1', WARM_ENI_TARGET: '0' } });
  cordoned.frozen = false;
  manyPods(state, cordoned, 5);
  cordoned.frozen = true;
  cordon(state, cordoned);
  const daemon = tryPod(state, cordoned, 'log-agent', { owner: { kind: 'DaemonSet', name: 'log-agent' } });
  expectFinding(state, 'cordoned-no-growth', nodeId(cordoned));
  expectFinding(state, 'pod-ip-failed', podId(daemon));

  const astray = pinned(state, { ...group, type: 'm5.large' });
  const lost = tryPod(state, astray, 'astray');
  goAstray(state, astray, lost, must(subnet.take(), 'address'));
  expectFinding(state, 'pod-address-not-on-node', podId(lost), `if:${lost.namespace}/${lost.name}/eth0`);

  const doubtful = pinned(state, { ...group, type: 'm5.large' });
  doubtful.metricOverrides.set('awscni_assigned_ip_addresses', 40);
  expectFinding(state, 'metrics-untrusted', nodeId(doubtful));
}
