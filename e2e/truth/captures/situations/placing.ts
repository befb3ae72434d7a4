/** Pods that find no place: Fargate, Karpenter, taints, and the agents of the network themselves. */
import { Cluster } from '../kit/cluster';
import { is, none, says, silentOn, fill, OLD, warning, type Situation } from './situation';

/** Pods that cannot be placed. */
function unplaced(
  text: string,
  from: string,
  checks: Situation['checks'],
  source: string,
  resources: Record<string, string> = {},
): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD, resources });
  warning(cluster, 'shop/late', 'FailedScheduling', text, from);
  return { source, cluster, checks };
}

/** aws-node’s own pod does not fit on its node. */
function agentUnplaced(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const other = cluster.node('n0', subnet);
  fill(cluster, other, other.primary, 3);
  other.primary.free(6);
  const node = cluster.node('n1', subnet, { ipamd: false, ready: false, os: 'Bottlerocket OS 1.13.4 (aws-k8s-1.25)' });
  cluster.write('kube-system/aws-node-9', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    hostNetwork: true,
    labels: { 'k8s-app': 'aws-node' },
    owner: { kind: 'DaemonSet', name: 'aws-node' },
  });
  warning(
    cluster,
    'kube-system/aws-node-9',
    'FailedScheduling',
    "0/2 nodes are available: 1 Insufficient memory, 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 1 Preemption is not helpful for scheduling, 1 No preemption victims found for incoming pod.",
    'default-scheduler',
  );
  cluster.waiting('monitoring/agent-2', node, { createdAt: OLD });
  warning(
    cluster,
    'monitoring/agent-2',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    'kubelet',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2365, bottlerocket-os/bottlerocket#3076',
    cluster,
    checks: [
      says('findings[subjects~pod:kube-system/aws-node-9]', 'Insufficient memory'),
      says('findings[subjects~pod:monitoring/agent-2]', '(?i)no aws-node'),
      says('findings[subjects~pod:monitoring/agent-2].advice', 'Pending'),
    ],
    sayings: [{ command: 'explain', words: 'pod monitoring/agent-2 address', says: /aws-node/ }],
  };
}

/** A selector of instance types gave all nodes the smallest type’s max pods. */
function tooManyPods(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.large', maxPods: 10 });
  fill(cluster, node, node.primary, 8);
  node.primary.free(1);
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(cluster, 'shop/late', 'FailedScheduling', '0/1 nodes are available: 1 Too many pods.', 'default-scheduler');
  return {
    source: 'eksctl-io/eksctl#5337',
    cluster,
    checks: [is('nodes[name=n1].headroom.pods', 0), is('nodes[name=n1].headroom.limitedBy', 'max-pods')],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /Too many pods/ }],
  };
}

export const placing: Readonly<Record<string, () => Situation>> = {
  'no capacity on Fargate': () =>
    unplaced(
      'Fargate capacity is unavailable at this time. Please try again later or in a different availability zone',
      'fargate-scheduler',
      [says('findings[subjects~pod:shop/late]', 'Fargate capacity is unavailable')],
      'repost.aws: Fargate capacity is unavailable at this time',
    ),
  'account that Fargate blocks': () =>
    unplaced(
      'Your AWS account is currently blocked and cannot launch Fargate pods.',
      'fargate-scheduler',
      [
        says('findings[subjects~pod:shop/late]', 'account is currently blocked'),
        silentOn('findings[subjects~pod:shop/late].advice', 'subnet'),
      ],
      'EKS user guide (Fargate, blocked account)',
    ),
  'taint of Fargate’s nodes': () =>
    unplaced(
      '0/3 nodes are available: 2 node(s) had untolerated taint {eks.amazonaws.com/compute-type: fargate}, 1 Insufficient cpu.',
      'default-scheduler',
      [none('findings[subjects~pod:shop/late]')],
      'aws/containers-roadmap (default-scheduler beside Fargate)',
    ),
  'no instance type with pod-eni': () =>
    unplaced(
      'incompatible with provisioner "default", no instance type satisfied resources {"cpu":"300m","memory":"150Mi","pods":"1","vpc.amazonaws.com/pod-eni":"1"} and requirements kubernetes.io/arch In [amd64], node.kubernetes.io/instance-type In [m5.large m5a.large]',
      'karpenter',
      [
        says('findings[subjects~pod:shop/late]', 'Karpenter'),
        says('findings[subjects~pod:shop/late].advice', 'AWS_ENABLE_POD_ENI'),
        silentOn('findings[subjects~pod:shop/late]', 'none of the reasons is an interface'),
      ],
      'aws/karpenter-provider-aws#2217, #2602',
      { 'vpc.amazonaws.com/pod-eni': '1' },
    ),
  'no instance type with so many CPUs': () =>
    unplaced(
      'incompatible with nodepool "default", daemonset overhead={"cpu":"150m","pods":"4"}, no instance type has enough resources, requirements=karpenter.sh/nodepool In [default], resources={"cpu":"500","pods":"5"}',
      'karpenter',
      [none('findings[subjects~pod:shop/late]')],
      'aws/karpenter-provider-aws#3211',
    ),
  'taint of Cilium': () =>
    unplaced(
      '0/1 nodes are available: 1 node(s) had untolerated taint {node.cilium.io/agent-not-ready: }.',
      'default-scheduler',
      [says('findings[subjects~pod:shop/late]', '(?i)cilium')],
      'cilium/cilium#36405',
    ),
  'network agent without a node': agentUnplaced,
  'max pods of another type': tooManyPods,
};
