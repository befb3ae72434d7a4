/** ENIs that ipamd adopted, will adopt or should not count; ENIs left behind (vpc-cni §1.2, §10). */
import { createEni, tagEni } from '../../../lib/sim/model/enis';
import { raiseEvent } from '../../../lib/sim/model/events';
import { awsId } from '../../../lib/sim/model/identity';
import { countApiError } from '../../../lib/sim/model/ipamd';
import { must } from '../../../lib/sim/model/must';
import { attachExtra } from '../../../lib/sim/model/extra-enis';
import { addSubnet, expectFinding, expectLater, type ClusterState } from '../../../lib/sim/model/state';
import type { SimSubnet } from '../../../lib/sim/model/subnet';
import type { Zone } from '../../../lib/sim/scenes/base/scene';
import { addLeakedEni } from '../../../lib/sim/scenes/base/leaks';
import { nodeId, pinned } from './kit';

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';

export function addEniTroubles(state: ClusterState, { zone, subnet }: Zone, other: Zone): void {
  const group = { subnet, nodeGroup: 'enis', type: 'm5.xlarge', env: { WARM_IP_TARGET: '4' } };

  const adopter = pinned(state, {
    ...group,
    extra: [{ subnet, description: 'Multus worker interface', tags: { Name: 'n6' } }],
  });
  expectFinding(state, 'eni-adopted', must([...adopter.eniIds][1], 'ENI'));

  const soon = pinned(state, group);
  expectFinding(state, 'eni-will-be-adopted', attachExtra(state, soon, { subnet, description: 'storage' }));

  const typo = pinned(state, { ...group, extra: [{ subnet, tags: { [NO_MANAGE]: 'True' } }] });
  expectFinding(state, 'no-manage-bad-value', must([...typo.eniIds][1], 'ENI'));

  const primary = pinned(state, group);
  tagEni(state, must(primary.primaryEni, 'ENI'), { [NO_MANAGE]: 'true' });
  expectFinding(state, 'no-manage-on-primary', must(primary.primaryEni, 'ENI'));

  const late = pinned(state, { ...group, extra: [{ subnet, description: 'tagged too late' }] });
  const lateEni = must([...late.eniIds][1], 'ENI');
  tagEni(state, lateEni, { [NO_MANAGE]: 'true' });
  expectFinding(state, 'no-manage-late', lateEni);

  const miscount = pinned(state, {
    ...group,
    cniVersion: 'v1.22.4',
    extra: [{ subnet, tags: { [NO_MANAGE]: 'true' } }],
  });
  miscount.metricOverrides.set('awscni_eni_max', 1);
  expectFinding(state, 'unmanaged-miscount', nodeId(miscount));

  expectFinding(state, 'eni-leaked', addLeakedEni(state, subnet, 7 * 3_600_000));
  expectLater(state, 'branch-eni-leaked', addLeakedBranch(state, other.subnet));

  const keeper = pinned(state, { ...group, deleteOnTermination: false });
  expectFinding(state, 'eni-survives-node', must(keeper.primaryEni, 'ENI'));

  const excluded = addSubnet(state, {
    name: 'not-for-pods',
    cidr: '10.92.0.0/24',
    zone,
  });
  const inExcluded = pinned(state, { ...group, subnet: excluded });
  // Tagged while the node was up: its addresses are no longer for pods.
  excluded.tags = { ...excluded.tags, 'kubernetes.io/role/cni': '0' };
  for (const store of inExcluded.stores.values()) for (const stock of store.stocks) stock.excluded = true;
  expectFinding(state, 'subnet-excluded', must(inExcluded.primaryEni, 'ENI'), excluded.id);

  const poor = pinned(state, group);
  const agent = must(
    [...poor.pods].flatMap((key) => state.pods.get(key) ?? []).find((pod) => pod.app === 'aws-node'),
    'aws-node',
  );
  raiseEvent(state, {
    subject: { kind: 'Pod', namespace: agent.namespace, name: agent.name, uid: agent.uid },
    type: 'Warning',
    reason: 'MissingIAMPermissions',
    message:
      'Unauthorized operation: failed to call ec2:AssignPrivateIpAddresses due to missing permissions. Please refer https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md to attach relevant policy to IAM role',
    component: 'aws-node',
    count: 6,
    over: 900,
  });
  countApiError(poor, 'AssignPrivateIpAddresses/UnauthorizedOperation', 6);
  expectFinding(state, 'ec2-permission-missing', nodeId(poor), `pod:${agent.namespace}/${agent.name}`);

  const throttled = pinned(state, group);
  countApiError(throttled, 'CreateNetworkInterface/RequestLimitExceeded', 31);
  expectLater(state, 'ec2-throttled', nodeId(throttled));
}

/** Adds a branch ENI without a trunk or a pod; returns its id. */
function addLeakedBranch(state: ClusterState, subnet: SimSubnet): string {
  const eni = createEni(state, {
    subnetId: subnet.id,
    type: 'branch',
    description: 'aws-k8s-branch-eni',
    tags: {
      'eks:eni:owner': 'eks-vpc-resource-controller',
      [`kubernetes.io/cluster/${state.name}`]: 'owned',
      'vpcresources.k8s.aws/trunk-eni-id': awsId(state.random, 'eni'),
      'vpcresources.k8s.aws/vlan-id': '7',
    },
  });
  return must(eni, 'address').id;
}
