/** Security groups for pods, custom networking, multi-NIC and mixed modes that do not work (vpc-cni §3, §6, §7, §10). */
import { createPrefixStock } from '../../../lib/sim/model/datastore';
import { must } from '../../../lib/sim/model/must';
import { addSubnet, expectFinding, type ClusterState } from '../../../lib/sim/model/state';
import { addObject, type Zone } from '../../../lib/sim/scenes/base/scene';
import { addCniNode } from '../mixes/mix';
import { amend, nodeId, pinned, podId, tryPod, waitingPod } from './kit';

const KEPT_OUT = { 'node.k8s.amazonaws.com/no_manage': 'true' };

export function addModeTroubles(state: ClusterState, a: Zone, b: Zone): void {
  const group = { subnet: a.subnet, nodeGroup: 'modes' };

  // Every ENI slot is taken, so the trunk cannot be attached.
  const trunkless = pinned(state, {
    ...group,
    type: 'm5.large',
    env: { ENABLE_POD_ENI: 'true', WARM_IP_TARGET: '2' },
    extra: [1, 2].map(() => ({ subnet: a.subnet, tags: KEPT_OUT })),
  });
  addCniNode(state, trunkless, []);
  expectFinding(state, 'trunk-missing', nodeId(trunkless));

  const trunk = pinned(state, {
    ...group,
    type: 'm5.xlarge',
    env: { ENABLE_POD_ENI: 'true', WARM_IP_TARGET: '2' },
    trunk: true,
  });
  addCniNode(state, trunk, ['SecurityGroupsForPods']);
  tryPod(state, trunk, 'payments', { groups: [state.nodeGroup] });
  expectFinding(state, 'pod-eni-stuck', podId(waitingPod(state, trunk, 'ledger', { groups: [state.nodeGroup] })));

  const custom = {
    ...group,
    type: 'm5.large',
    env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', WARM_IP_TARGET: '2' },
  };
  const podSubnet = addSubnet(state, { name: 'pods-a', cidr: '100.65.0.0/24', zone: a.zone });
  const missing = pinned(state, {
    ...custom,
    podSubnet: { subnet: podSubnet, groups: [] },
    labels: { 'k8s.amazonaws.com/eniConfig': 'does-not-exist' },
    unsettled: true,
    ready: false,
  });
  expectFinding(state, 'eniconfig-missing', nodeId(missing));
  const far = addSubnet(state, { name: 'pods-b', cidr: '100.66.0.0/24', zone: b.zone });
  addObject(state, 'crd.k8s.amazonaws.com/eniconfigs', {
    apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
    kind: 'ENIConfig',
    metadata: { name: 'other-zone' },
    spec: { subnet: far.id, securityGroups: [state.nodeGroup] },
  });
  const wrong = pinned(state, {
    ...custom,
    podSubnet: { subnet: far, groups: [] },
    labels: { 'k8s.amazonaws.com/eniConfig': 'other-zone' },
    unsettled: true,
    ready: false,
  });
  expectFinding(state, 'eniconfig-wrong-zone', nodeId(wrong));

  const single = pinned(state, { ...group, type: 'c6in.32xlarge' });
  expectFinding(state, 'multi-nic-no-effect', podId(tryPod(state, single, 'trainer', { multiNic: true })));

  // Switched to prefix mode while pods still held single addresses.
  const mixed = pinned(state, { ...group, type: 'm5.large', env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const store = must(mixed.stores.get(0), 'ledger');
  const stock = must(store.stocks[0], 'ENI');
  if (stock.prefixes.length === 0) stock.prefixes.push(createPrefixStock(must(a.subnet.takePrefix(), 'prefix')));
  for (const app of ['older-one', 'older-two']) {
    const pod = tryPod(state, mixed, app);
    const ip = must(a.subnet.take(), 'address');
    store.release(must(pod.ips[0], 'address'), state.now() - 3_600_000);
    stock.slots.push({ ip, holder: `${pod.namespace}/${pod.name}`, freedAt: null });
    amend(state, pod, {
      ips: [ip],
      interfaces: pod.interfaces.map((item) => ({ ...item, ips: [ip], eni: stock.eniId, rules: ['secondary-ip'] })),
    });
  }
  state.ec2.enis.patch(stock.eniId, {
    secondaryIps: stock.slots.map((slot) => slot.ip),
    prefixes: stock.prefixes.map((prefix) => prefix.cidr),
  });
  expectFinding(state, 'mixed-address-modes', nodeId(mixed), stock.eniId);
}
