/** Security groups for pods, and the groups of ENIs: nodes that cannot have a trunk, policies without effect, rights that lack. */
import { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import {
  CUSTOM_NETWORKING,
  eniConfig,
  fill,
  found,
  is,
  nodeWarning,
  none,
  OLD,
  says,
  silentOn,
  warning,
  type Situation,
} from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

const policy = (namespace: string, app: string): Json => ({
  apiVersion: 'vpcresources.k8s.aws/v1beta1',
  kind: 'SecurityGroupPolicy',
  metadata: { namespace, name: app, uid: `sgp-${app}`, creationTimestamp: '2026-08-01T00:00:00Z' },
  spec: { podSelector: { matchLabels: { app } }, securityGroups: { groupIds: ['sg-0db'] } },
});

function pending(c: Cluster, key: string, message: string): void {
  c.write(key, null, [], { phase: 'Pending', createdAt: OLD, labels: { app: 'db' }, resources: { [POD_ENI]: '1' } });
  warning(c, key, 'FailedScheduling', message, 'default-scheduler');
}

/** Two nodes of a type that carries no trunk. */
function typeWithoutTrunks(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  for (const name of ['n1', 'n2']) {
    cluster.node(name, subnet, { type: 't3.medium' }).primary.free(5);
    nodeWarning(
      cluster,
      name,
      'Unsupported',
      'The instance type t3.medium is not supported for trunk interface (Security Group for Pods)',
      'vpc-resource-controller',
    );
  }
  pending(cluster, 'dev/tfdeployer', '0/2 nodes are available: 2 Insufficient vpc.amazonaws.com/pod-eni.');
  return {
    source: 'aws/amazon-vpc-cni-k8s#1348, amazon-vpc-resource-controller-k8s#218, #164',
    cluster,
    checks: [
      says('findings[subjects~pod:dev/tfdeployer]', 't3\\.medium'),
      says('findings[subjects~pod:dev/tfdeployer]', '(?i)trunk'),
      silentOn('findings[subjects~pod:dev/tfdeployer].advice', 'CUSTOM_NETWORK|subnet'),
    ],
    sayings: [{ command: 'explain', words: 'pod dev/tfdeployer address', says: /t3\.medium/ }],
  };
}

/** The nodes were full of ENIs before the feature was turned on: there is no place for the trunk. */
function noPlaceForTheTrunk(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  for (const name of ['n1', 'n2']) {
    const node = cluster.node(name, subnet);
    fill(cluster, node, node.primary, 9);
    for (const dev of [1, 2]) {
      const eni = node.eni({ dev, by: 'ipamd' });
      fill(cluster, node, eni, 3);
      eni.free(6);
    }
  }
  pending(cluster, 'shop/db', '0/2 nodes are available: 2 Insufficient vpc.amazonaws.com/pod-eni.');
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#154',
    cluster,
    checks: [
      is('nodes[name=n1].eniSlots.free', 0),
      found('findings[rule=trunk-missing][subjects~node:n1]'),
      found('findings[rule=trunk-missing][subjects~node:n2]'),
      says('findings[subjects~pod:shop/db]', 'pod-eni'),
      silentOn('findings[subjects~pod:shop/db].advice', '(?i)type that'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/db address', says: /trunk/i }],
  };
}

/** A policy selects the pod, and the feature is off: the pod has the node's groups. */
function policyWithoutTheFeature(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  cluster.object(policy('bookinfo', 'productpage'));
  cluster.pod('bookinfo/productpage-1', node, node.primary, { labels: { app: 'productpage' } });
  node.primary.free(8);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1505',
    cluster,
    checks: [
      found('findings[rule=security-group-policy-missed][subjects~pod:bookinfo/productpage-1]'),
      says('findings[rule=security-group-policy-missed]', 'ENABLE_POD_ENI'),
    ],
    sayings: [{ command: 'explain', words: 'pod bookinfo/productpage-1 where', says: /eth0/ }],
  };
}

/** A link of the host, as routes and `ip link` have it: on each node another pod's. */
function linkOfABranch(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  for (const name of ['n1', 'n2']) {
    const node = cluster.node(name, subnet, { maxPods: 20, capacity: { [POD_ENI]: '9' } });
    node.primary.free(9);
    const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
    const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
    cluster.write(`prod/on-${name}`, node, [branch.ip ?? ''], {
      resources: { [POD_ENI]: '1' },
      annotations: {
        [POD_ENI]: JSON.stringify([
          { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: 1, subnetCidr: '10.40.0.0/20' },
        ]),
      },
    });
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s#1705, #1313',
    cluster,
    checks: quiet,
    sayings: [
      { command: 'lookup', words: 'vlan.eth.1', says: /prod\/on-n1[^]*prod\/on-n2/ },
      { command: 'lookup', words: 'vlan.eth.2', says: /no known branch ENI has that VLAN/ },
    ],
  };
}

/** On Fargate a policy replaces the cluster's group: the pod's machine cannot join. */
function fargateWithPolicy(): Situation {
  const cluster = new Cluster();
  cluster.node('n1', cluster.subnet('10.40.0.0/20')).primary.free(9);
  cluster.object(policy('dastomize', 'green-pod'));
  cluster.write('dastomize/green-pod-1', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    labels: { app: 'green-pod', 'eks.amazonaws.com/fargate-profile': 'fp-default' },
    annotations: { 'fargate.amazonaws.com/pod-sg': 'sg-0db', CapacityProvisioned: '0.25vCPU 0.5GB' },
    more: { spec: { schedulerName: 'fargate-scheduler' } },
  });
  warning(
    cluster,
    'dastomize/green-pod-1',
    'FailedScheduling',
    'Pod provisioning timed out (will retry) for pod: dastomize/green-pod-1',
    'fargate-scheduler',
  );
  return {
    source: 'eksctl-io/eksctl#4486, aws/containers-roadmap#625, aws/amazon-vpc-cni-k8s#1695',
    cluster,
    checks: [
      says('findings[subjects~pod:dastomize/green-pod-1]', 'Pod provisioning timed out'),
      says('findings[subjects~pod:dastomize/green-pod-1]', '(?i)security group'),
      says('findings[subjects~pod:dastomize/green-pod-1]', 'sg-0db'),
      silentOn('findings[subjects~pod:dastomize/green-pod-1]', 'aws-node|ENABLE_POD_ENI|trunk'),
    ],
    sayings: [{ command: 'explain', words: 'pod dastomize/green-pod-1 address', says: /provisioning timed out/ }],
  };
}

/** A branch ENI with an address of each family. */
function branchOfBothFamilies(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:40::/64' });
  const node = cluster.node('n1', subnet, { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  node.primary.free(9);
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
  branch.ipv6.push('2a05:d018:40::17');
  cluster.write('shop/db', node, [branch.ip ?? '', '2a05:d018:40::17'], {
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        {
          eniId: branch.id,
          ifAddress: branch.mac,
          privateIp: branch.ip,
          ipv6Addr: '2a05:d018:40::17',
          vlanId: 1,
          subnetCidr: '10.40.0.0/20',
          subnetV6Cidr: '2a05:d018:40::/64',
          associationID: 'trunk-assoc-0a1b',
        },
      ]),
    },
  });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#638, aws/amazon-vpc-cni-k8s#3582',
    cluster,
    checks: [
      ...quiet,
      is('interfaces[id=if:shop/db/eth0].eni', branch.id),
      is('interfaces[id=if:shop/db/eth0].addresses.0.backed', 'eni'),
      is('interfaces[id=if:shop/db/eth0].addresses.1.backed', 'eni'),
      is('nodes[name=n1].branch.used', 1),
    ],
    sayings: [{ command: 'lookup', words: '2a05:d018:40::17', says: /shop\/db/ }],
  };
}

/** The workshop selects nodes by a label that nobody writes any more. */
function labelOfTheWorkshop(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { capacity: { [POD_ENI]: '9' } });
  node.primary.free(9);
  node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  cluster.write('sg-per-pod/green', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { [POD_ENI]: '1' },
    more: { spec: { nodeSelector: { 'vpc.amazonaws.com/has-trunk-attached': 'true' } } },
  });
  warning(
    cluster,
    'sg-per-pod/green',
    'FailedScheduling',
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    'default-scheduler',
  );
  return {
    source: 'aws-samples/eks-workshop#1507, aws/amazon-vpc-cni-k8s#2166',
    cluster,
    checks: [
      none('findings[rule=trunk-missing]'),
      says('findings[subjects~pod:sg-per-pod/green]', 'node affinity/selector'),
      silentOn('findings[subjects~pod:sg-per-pod/green]', '(?i)out of addresses|0 of 9|9 of 9'),
    ],
    sayings: [{ command: 'explain', words: 'pod sg-per-pod/green address', says: /affinity\/selector/ }],
  };
}

/** The controller could not make the trunk, and says of the node why. */
function trunkNotCreated(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  node.primary.free(9);
  nodeWarning(
    cluster,
    'n1',
    'TrunkENICreationFailed',
    'Failed to create trunk interface: Error Code: UnauthorizedOperation: Please verify the cluster IAM role has AmazonEKSVPCResourceController policy',
    'vpc-resource-controller',
  );
  pending(cluster, 'shop/db', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.');
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#24 (trunk)',
    cluster,
    checks: [
      says('findings[subjects~node:n1]', 'AmazonEKSVPCResourceController'),
      says('findings[subjects~pod:shop/db]', 'pod-eni'),
      silentOn('findings[subjects~pod:shop/db].advice', '(?i)larger'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'pod shop/db address',
        says: /AmazonEKSVPCResourceController|UnauthorizedOperation/,
      },
    ],
  };
}

/** The controller made the branch ENI and may not write its annotation: a right of Kubernetes lacks, no webhook stands in the way. */
function mayNotAnnotate(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { capacity: { [POD_ENI]: '9' } });
  node.primary.free(9);
  node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  cluster.waiting('shop/db', node, { createdAt: OLD, resources: { [POD_ENI]: '1' } });
  warning(
    cluster,
    'shop/db',
    'BranchENIAnnotationFailed',
    'failed to annotate pod with branch ENI details: pods "db" is forbidden: User "system:serviceaccount:kube-system:eks-vpc-resource-controller" cannot patch resource "pods" in API group "" in the namespace "shop"',
    'vpc-resource-controller',
  );
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#24 (annotation)',
    cluster,
    checks: [
      says('findings[rule=pod-eni-stuck]', 'cannot patch resource'),
      says('findings[rule=pod-eni-stuck].advice', 'eks-vpc-resource-controller'),
      says('findings[rule=pod-eni-stuck].advice', '(?i)role|RBAC|permission'),
      silentOn('findings[rule=pod-eni-stuck].advice', '(?i)webhook|out of addresses'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/db address', says: /cannot patch resource/ }],
  };
}

/** The launch template gives the first interface two groups; ipamd copies them to its own, and here it has not. */
function groupsOfTheFirstInterfaceOnly(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { primary: { groups: ['sg-0node', 'sg-0cluster'] } });
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0node'] });
  fill(cluster, node, second, 2);
  second.free(7);
  return {
    source: 'aws/karpenter-provider-aws#5514',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      { command: 'explain', words: 'node n1 groups', says: new RegExp(second.id) },
      { command: 'explain', words: 'node n1 groups', says: /sg-0cluster/ },
      { command: 'explain', words: `eni ${second.id} groups`, says: /sg-0cluster/ },
    ],
  };
}

/** The ENIConfig names a group that the ENI does not have. */
function groupsOfTheEniConfig(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/16', 'eu-west-1a', { available: 60_000 });
  eniConfig(cluster, pods.id, 'eu-west-1a', 'sg-0pods');
  const node = cluster.node('n1', nodes, { maxPods: 20 });
  const second = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0node'] }, pods);
  fill(cluster, node, second, 3);
  second.free(6);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2521',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      { command: 'explain', words: `eni ${second.id} groups`, says: /sg-0pods/ },
      { command: 'explain', words: `eni ${second.id} groups`, says: /ENIConfig/ },
    ],
  };
}

export const branchPods: Readonly<Record<string, () => Situation>> = {
  'host link of a branch ENI': linkOfABranch,
  'type without trunks': typeWithoutTrunks,
  'no slot for the trunk': noPlaceForTheTrunk,
  'policy without the feature': policyWithoutTheFeature,
  'policy on Fargate': fargateWithPolicy,
  'dual-stack branch ENI': branchOfBothFamilies,
  'label of the workshop': labelOfTheWorkshop,
  'trunk that was not created': trunkNotCreated,
  'annotation that the controller may not write': mayNotAnnotate,
  'groups of the first interface only': groupsOfTheFirstInterfaceOnly,
  'groups of the ENIConfig': groupsOfTheEniConfig,
};
