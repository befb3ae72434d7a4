/** What counts against a node's limits, version by version: pods that stay, static pods, tags without a value, cordons. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { NodeSpec } from '../kit/types';
import { fill, is, none, says, type Situation } from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

const headroom = (pods: number | null, limitedBy?: string) => [
  is('nodes[name=n1].headroom.pods', pods),
  ...(limitedBy === undefined ? [] : [is('nodes[name=n1].headroom.limitedBy', limitedBy)]),
];

/** Static pods and DaemonSets on the host network count for the kubelet, not for the pool. */
function staticPods(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  fill(cluster, node, second, 9);
  const third = node.eni({ dev: 2, by: 'ipamd' });
  fill(cluster, node, third, 2);
  third.free(7);
  for (let at = 0; at < 4; at += 1)
    cluster.write(`kube-system/static-${String(at)}-n1`, node, [], {
      hostNetwork: true,
      annotations: { 'kubernetes.io/config.mirror': `hash-${String(at)}`, 'kubernetes.io/config.source': 'file' },
      owner: { kind: 'Node', name: 'n1' },
    });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1077, #890 (the kubelet counts static pods)',
    cluster,
    // 20 pods, 4 static ones, aws-node and kube-proxy.
    checks: [...headroom(3, 'max-pods'), is('nodes[name=n1].podCount', 26), ...quiet],
  };
}

/** Pods that are terminating, and pods of which the node has not been heard, have their place still. */
function placesOfTheGoing(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.small', maxPods: 11 });
  for (let at = 0; at < 3; at += 1) cluster.pod(`shop/going-${String(at)}`, node, node.primary, { deleting: true });
  const second = node.eni({ dev: 1, by: 'ipamd' });
  cluster.pod('shop/unknown', node, second, { phase: 'Unknown' });
  cluster.pod('shop/web', node, second);
  second.free(1);
  node.eni({ dev: 2, by: 'ipamd' }).free(3);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1091, #3216; kubelet filterOutInactivePods (phase Unknown is active)',
    cluster,
    checks: [...headroom(4), is('nodes[name=n1].podCount', 7), is('nodes[name=n1].pools.0.assigned', 5)],
  };
}

/** A tag kubernetes.io/role/cni without a value. */
function emptyTag(version: string, pods: number): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 });
  cluster.subnet('100.64.0.0/18', 'eu-west-1a', { available: 16000, tags: { 'kubernetes.io/role/cni': '' } });
  const node = cluster.node('n1', own, { version: `${version}-eksbuild.1` });
  fill(cluster, node, node.primary, 9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2714, PR #3380 (validTag before v1.22.0: the key alone)',
    cluster,
    checks: headroom(pods, ...(pods === 0 ? ['subnet'] : [])),
  };
}

/** A cordoned node and the setting that is to let it grow. */
function cordonedAndManaged(version: string, grows: boolean): Situation {
  const cluster = new Cluster({ env: { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { cordoned: true, version: `${version}-eksbuild.1` });
  fill(cluster, node, node.primary, 8);
  node.primary.free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2265, PR #2296 (AWS_MANAGE_ENIS_NON_SCHEDULABLE since v1.12.6)',
    cluster,
    checks: [
      grows
        ? is('nodes[name=n1].pools.0.next.action', 'attach-eni')
        : says('nodes[name=n1].pools.0.next', '"action": "none"|cordon|unschedulable'),
    ],
    sayings: grows ? [] : [{ command: 'explain', words: 'node n1 settings', says: /AWS_MANAGE_ENIS_NON_SCHEDULABLE/ }],
  };
}

/** An image tag that tells no version, and nothing else does: whether a slot is kept for a trunk is not known. */
function versionUnknown(spec: NodeSpec, checks: Situation['checks']): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 't3.medium',
    metrics: false,
    version: 'stable',
    ...spec,
  });
  fill(cluster, node, node.primary, 5);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 5);
  return { source: 'aws/amazon-vpc-cni-k8s#3094, #3250 (image mirrored under a tag of its own)', cluster, checks };
}

/** MAX_ENI=1 and prefixes: nine blocks are more than the kubelet takes. */
function oneEniOfPrefixes(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true', MAX_ENI: '1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 110 });
  for (let at = 0; at < 2; at += 1) node.primary.prefix();
  for (let at = 0; at < 12; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#251, EKS user guide (max pods with prefixes)',
    cluster,
    checks: [...quiet, ...headroom(96, 'max-pods')],
  };
}

/** One prefix less than the kubelet's 110: with a kept ENI and custom networking a single ENI of prefixes is left. */
function fewPrefixes(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.micro', maxPods: 110 });
  node.primary.prefix();
  for (let at = 0; at < 3; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/karpenter-provider-aws#6102, awslabs/amazon-eks-ami max-pods-calculator.sh (t3.micro: 34)',
    cluster,
    checks: [...headroom(29, 'slots'), says('findings[rule=max-pods-too-high].title', '(?s)110.*34|34.*110')],
  };
}

/** A node with a lifetime of a minute more: it is being deleted, and its pods are being drained. */
function drained(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    cordoned: true,
    taints: [{ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }],
    labels: { 'karpenter.sh/nodepool': 'default' },
  });
  for (let at = 0; at < 6; at += 1) cluster.pod(`shop/going-${String(at)}`, node, node.primary, { deleting: true });
  node.primary.free(3);
  const next = cluster.node('n2', subnet, { createdAt: ago(300), labels: { 'karpenter.sh/nodepool': 'default' } });
  fill(cluster, next, next.primary, 6);
  next.primary.free(3);
  next.eni({ dev: 1, by: 'ipamd' }).free(9);
  return { source: 'aws/karpenter-provider-aws (consolidation: cordon, drain, delete)', cluster, checks: quiet };
}

export const counted: Readonly<Record<string, () => Situation>> = {
  'static pods count': staticPods,
  'slots of pods being deleted': placesOfTheGoing,
  'role/cni without a value, v1.20': () => emptyTag('v1.20.4', 18),
  'role/cni without a value, v1.23': () => emptyTag('v1.23.1', 0),
  'cordoned and managed, v1.12.5': () => cordonedAndManaged('v1.12.5', false),
  'cordoned and managed, v1.12.6': () => cordonedAndManaged('v1.12.6', true),
  'no version, and a type without trunks': () => versionUnknown({}, [is('nodes[name=n1].headroom.pods', null)]),
  'no version, and a type with trunks': () =>
    versionUnknown({ type: 'm5.large' }, [
      is('nodes[name=n1].eniSlots.reserved', 1),
      is('nodes[name=n1].headroom.pods', 8),
    ]),
  'one ENI of prefixes': oneEniOfPrefixes,
  'two ENIs of one prefix each': fewPrefixes,
  'drained node': drained,
};
