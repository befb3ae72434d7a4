/** Pools that grow less than their settings suggest, or otherwise: no provisioning, cordons, trunks that stay, types that changed. */
import { Cluster } from '../kit/cluster';
import {
  CUSTOM_NETWORKING,
  eniConfig,
  fill,
  found,
  is,
  NO_ADDRESS,
  none,
  OLD,
  refused,
  says,
  silentOn,
  warning,
  type Situation,
} from './situation';

/** Somebody else attaches ENIs and addresses; ipamd only hands out what IMDS shows, and never asks EC2. */
function noProvisioning(setting: string): Situation {
  const cluster = new Cluster({ env: { [setting]: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  return {
    source: `aws/amazon-vpc-cni-k8s README (${setting}), #1602`,
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 9),
      says('nodes[name=n1].pools.0.next.blockedBy', setting),
      // Five are free, and nobody adds any.
      is('nodes[name=n1].headroom.pods', 5),
      none('findings[severity=error]'),
      none('findings[rule=pool-low]'),
      silentOn('findings.advice', 'WARM_|ENABLE_PREFIX'),
    ],
  };
}

/** A cordoned node adds no address: DaemonSets still place pods there. */
function cordoned(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { cordoned: true });
  fill(cluster, node, node.primary, 8);
  node.primary.free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2265 (AWS_MANAGE_ENIS_NON_SCHEDULABLE)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.available', 1),
      says('nodes[name=n1].pools.0.next.blockedBy', 'cordoned'),
      // What it has room for once it takes pods again.
      is('nodes[name=n1].headroom.pods', 19),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
  };
}

/** The same with the setting that lets it grow. */
function cordonedAndGrowing(): Situation {
  const cluster = new Cluster({ env: { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { cordoned: true });
  fill(cluster, node, node.primary, 8);
  node.primary.free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2265 (mended)',
    cluster,
    checks: [is('nodes[name=n1].pools.0.next.action', 'attach-eni'), is('nodes[name=n1].headroom.pods', 19)],
  };
}

/** Security groups for pods are switched off again; the trunk stays attached and keeps its place. */
function trunkThatStays(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 29 });
  fill(cluster, node, node.primary, 9);
  node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1083, docs: security groups for pods (disable)',
    cluster,
    checks: [
      is('nodes[name=n1].eniSlots.used', 2),
      is('nodes[name=n1].eniSlots.reserved', 0),
      // One more ENI with nine addresses.
      is('nodes[name=n1].headroom.pods', 9),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
      says('findings[rule=max-pods-too-high].title', '(?s)29.*20|20.*29'),
    ],
  };
}

/** The instance was stopped, made larger and started: the node's label is still that of the old type. */
function resized(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    type: 'm5.xlarge',
    maxPods: 29,
    labels: { 'node.kubernetes.io/instance-type': 'm5.large' },
  });
  fill(cluster, node, node.primary, 14);
  node.eni({ dev: 1, by: 'ipamd' }).free(14);
  return {
    source: 'repost.aws (change instance type of a worker node), kubernetes/kubernetes#86226 (labels stay)',
    cluster,
    checks: [
      is('nodes[name=n1].instanceType', 'm5.xlarge'),
      is('nodes[name=n1].eniSlots.limit', 4),
      is(`enis[id=${node.primary.id}].capacity`, 14),
      // 14 pods and two of the host network: 13 more.
      is('nodes[name=n1].headroom.pods', 13),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      none('findings[severity=error]'),
    ],
  };
}

/** The smallest type takes four pods: two of the system, two of one's own. */
function fourPods(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 't3.micro', maxPods: 4 });
  fill(cluster, node, node.primary, 1);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 1);
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    'default-scheduler',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1427, eksctl-io/eksctl#1119 (t3.micro)',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].maxPods', 4),
      none('findings[rule=max-pods-too-high]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'explain', words: 'late', says: /allows 4 pods and runs 4/ }],
  };
}

/** The ENIConfig names a subnet that was deleted: every attempt to make an ENI fails. */
function subnetThatIsGone(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const own = cluster.subnet('10.40.0.0/20');
  cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, 'subnet-0dead');
  const node = cluster.node('n1', own, { maxPods: 20 });
  cluster.metricLines.set('n1', [
    'awscni_aws_api_error_count{api="CreateNetworkInterface",error="InvalidSubnetID.NotFound"} 31',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#884 (InvalidSubnetID.NotFound)',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      says('findings[subjects~node:n1]', 'subnet-0dead'),
      says('findings[subjects~pod:shop/late]', 'subnet-0dead|ENIConfig'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /subnet-0dead|ENIConfig/ }],
  };
}

/** Custom networking was switched on for a running cluster: old nodes keep their pods on the primary ENI until they are replaced. */
function customNetworkingOnOldNodes(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', own, { maxPods: 20 });
  fill(cluster, node, node.primary, 5);
  node.primary.free(4);
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1466, #131 (existing nodes), docs: custom networking',
    cluster,
    checks: [
      // All 18 are handed out, those of the primary ENI too.
      is('nodes[name=n1].pools.0.total', 18),
      is('nodes[name=n1].pools.0.assigned', 5),
      is(`enis[id=${second.id}].management.state`, 'managed'),
      none('findings[severity=error]'),
      none('findings[rule=pod-address-not-on-node]'),
      found('nodes[name=n1]'),
    ],
  };
}

export const growth: Readonly<Record<string, () => Situation>> = {
  'ENIs provisioned externally': () => noProvisioning('DISABLE_NETWORK_RESOURCE_PROVISIONING'),
  'ENIs visible only in IMDS': () => noProvisioning('ENABLE_IMDS_ONLY_MODE'),
  'cordoned node': cordoned,
  'cordoned node that grows': cordonedAndGrowing,
  'permanent trunk': trunkThatStays,
  'resized instance': resized,
  'four pods of the smallest type': fourPods,
  'ENIConfig of a deleted subnet': subnetThatIsGone,
  'custom networking on old nodes': customNetworkingOnOldNodes,
};
