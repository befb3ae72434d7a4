/** ENIs that are not as the book has them: pod subnets of Auto Mode, Cilium's prefixes, EFA on every card, trunks of older versions, other accounts. */
import { Cluster } from '../kit/cluster';
import type { NodeSpec } from '../kit/types';
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
  type Situation,
} from './situation';

const AUTO: NodeSpec = {
  ipamd: false,
  maxPods: 110,
  os: 'Bottlerocket (EKS Auto, Standard) 2026.8.1 (aws-k8s-1.34-standard)',
  labels: { 'eks.amazonaws.com/compute-type': 'auto' },
};

/** `podSubnetSelectorTerms`: pods sit on an ENI in another subnet, the primary one has none. */
function podSubnetOfAutoMode(): Situation {
  const cluster = new Cluster({ daemon: false });
  const own = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 4 });
  const pods = cluster.subnet('100.64.0.0/18', 'eu-west-1a', { available: 16_000 });
  const node = cluster.node('i-0auto', own, AUTO);
  const eni = node.eni({ dev: 1 }, pods);
  eni.prefix();
  const held = cluster.pod('shop/a', node, eni, { via: 'prefix' });
  cluster.pod('shop/b', node, eni, { via: 'prefix' });
  return {
    source: 'ministryofjustice/modernisation-platform-environments#17692 (podSubnetSelectorTerms)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].eni', eni.id),
      is('interfaces[id=if:shop/a/eth0].link.rule', 'ipv4-prefix'),
      is('interfaces[id=if:shop/a/eth0].link.certainty', 'observed'),
      is('nodes[name=i-0auto].headroom.pods', 107),
      none('findings[rule=eni-adopted]'),
      none('findings[rule=eni-will-be-adopted]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /shop\/a/ }],
  };
}

/** A policy for pods' security groups selects pods where it has no effect, or another one. */
function policyElsewhere(name: string, spec: NodeSpec): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.node('n1', subnet).primary.free(9);
  const node = cluster.node(name, subnet, spec);
  cluster.object({
    apiVersion: 'vpcresources.k8s.aws/v1beta1',
    kind: 'SecurityGroupPolicy',
    metadata: { namespace: 'prod', name: 'db', uid: 'sgp-db', creationTimestamp: '2026-08-01T00:00:00Z' },
    spec: { podSelector: {}, securityGroups: { groupIds: ['sg-0db'] } },
  });
  cluster.write('prod/app', node, ['10.40.7.7'], { createdAt: OLD });
  if (spec.instance !== false) node.primary.add('10.40.7.7');
  return {
    source: 'aws/containers-roadmap#2632, aws/amazon-vpc-resource-controller-k8s (Fargate, Windows)',
    cluster,
    checks: [
      // To make the pod again changes nothing there.
      silentOn('findings[subjects~pod:prod/app].advice', '(?i)recreate|restart|delete|again'),
      none('findings[rule=pod-eni-stuck]'),
      none('findings[rule=trunk-missing]'),
    ],
  };
}

/** Cilium took a /28 and, where none was left, single addresses on a further ENI. */
function ciliumFellBack(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 60 });
  const node = cluster.node('n1', subnet, { ipamd: false, maxPods: 110, type: 'm5.xlarge' });
  const managed = { 'io.cilium/cilium-managed': 'true' };
  const description = `Cilium-CNI (${node.instance ?? ''})`;
  const first = node.eni({ dev: 1, description, tags: managed });
  first.prefix();
  const second = node.eni({ dev: 2, description, tags: managed });
  const inPrefix = cluster.pod('shop/a', node, first, { via: 'prefix' });
  cluster.pod('shop/b', node, second);
  second.free(3);
  cluster.write('kube-system/cilium-1', node, [], { hostNetwork: true, labels: { 'k8s-app': 'cilium' } });
  return {
    source: 'cilium/cilium#46644, #29634',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].link.rule', 'ipv4-prefix'),
      is('interfaces[id=if:shop/b/eth0].eni', second.id),
      is('nodes[name=n1].headroom.pods', null),
      none('findings[rule=mixed-address-modes]'),
      none('findings[rule=prefix-fragmented]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: inPrefix.ip, says: /shop\/a/ }],
  };
}

/** A launch template with an EFA on every card, multi-NIC off: the further cards are not ipamd's. */
function efaOnEveryCard(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('gpu-1', subnet, { type: 'p4d.24xlarge', maxPods: 737, primary: { type: 'efa' } });
  cluster.pod('ai/train', node, node.primary);
  node.primary.free(48);
  for (const card of [1, 2, 3]) node.eni({ card, dev: 1, type: 'efa' });
  node.eni({ dev: 1, by: 'ipamd' }).free(49);
  return {
    source: 'aws-samples/aws-efa-nccl-baseami-pipeline#1, aws/aws-ofi-nccl#53',
    cluster,
    checks: [
      is('interfaces[id=if:ai/train/eth0].eni', node.primary.id),
      is('nodes[name=gpu-1].pools.0.total', 98),
      none('findings[rule=eni-adopted]'),
      none('findings[rule=eni-will-be-adopted]'),
      none('findings[rule=eni-leaked]'),
      none('findings[severity=error]'),
    ],
  };
}

/** An EFA of the launch template on card 0: ipamd fills it and never deletes it. */
function efaBesideThePrimary(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('gpu-1', subnet, { type: 'p5.48xlarge', maxPods: 100 });
  node.primary.free(49);
  node.eni({ dev: 1, type: 'efa', tagged: 'self' }).free(49);
  return {
    source: 'eksctl-io/eksctl#3467, aws/aws-k8s-tester#572',
    cluster,
    checks: [
      is('nodes[name=gpu-1].pools.0.total', 98),
      silentOn('findings', '(?i)detach\\w* and delet|deletes it|is deleted'),
    ],
  };
}

/** Until v1.16.4 ipamd put addresses on a trunk as on any other ENI. */
function roomOnATrunk(version: string, grows: boolean): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { version, maxPods: 60 });
  fill(cluster, node, node.primary, 9);
  node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  cluster.waiting('shop/late', node, { createdAt: '2026-09-01T11:59:50Z' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2792, #2801 (v1.16.4)',
    cluster,
    checks: [
      // Nine more on the trunk, if at all, and nine on a third ENI.
      is('nodes[name=n1].headroom.pods', grows ? 18 : 9),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
      is('nodes[name=n1].pools.0.low', true),
      is('nodes[name=n1].pools.0.next.action', grows ? 'add-addresses' : 'attach-eni'),
    ],
  };
}

/** The same with two ENIs, custom networking and prefixes: the trunk was all that pods had. */
function trunkForPods(version: string, grows: boolean): Situation {
  const cluster = new Cluster({
    env: {
      ...CUSTOM_NETWORKING,
      ENABLE_PREFIX_DELEGATION: 'true',
      ENABLE_POD_ENI: 'true',
    },
  });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', own, { type: 'r7g.medium', version, maxPods: 110 });
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' }, pods);
  if (grows) trunk.prefix();
  return {
    source: 'aws/amazon-vpc-cni-k8s#2792 (two ENIs)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', grows ? 16 : 0),
      // Three slots of the trunk, sixteen addresses each.
      is('nodes[name=n1].headroom.pods', grows ? 48 : 0),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
      ...(grows ? [says('findings[rule=max-pods-too-high].title', '(?s)110.*50|50.*110')] : []),
    ],
  };
}

/** The trunk or ENI belongs to another account: ipamd may not touch it. */
function notTheOwner(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm5.xlarge' });
  fill(cluster, node, node.primary, 14);
  node.eni({ dev: 1 });
  cluster.metricLines.set('n1', ['awscni_aws_api_error_count{api="AssignPrivateIpAddresses",error="AuthFailure"} 310']);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2520',
    cluster,
    checks: [
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', 'AuthFailure'),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /AuthFailure/ }],
  };
}

export const beside: Readonly<Record<string, () => Situation>> = {
  'pod subnet of Auto Mode': podSubnetOfAutoMode,
  'policy on an Auto Mode node': () => policyElsewhere('i-0auto', AUTO),
  'security group policy and a Fargate pod': () =>
    policyElsewhere('fargate-ip-10-40-7-7', {
      ipamd: false,
      instance: false,
      type: null,
      labels: { 'eks.amazonaws.com/compute-type': 'fargate' },
    }),
  'policy on Windows': () => policyElsewhere('w1', { ipamd: false, os: 'Windows Server 2022 Datacenter' }),
  'policy on a hybrid node': () =>
    policyElsewhere('mi-0abc', {
      ipamd: false,
      instance: false,
      type: null,
      providerId: 'eks-hybrid:///eu-west-1/shop/mi-0abc',
      labels: { 'eks.amazonaws.com/compute-type': 'hybrid' },
    }),
  'Cilium that fell back to single addresses': ciliumFellBack,
  'EFA on every card': efaOnEveryCard,
  'EFA beside the primary': efaBesideThePrimary,
  'room on a trunk before v1.16.4': () => roomOnATrunk('v1.16.3-eksbuild.2', true),
  'room on a trunk since v1.16.4': () => roomOnATrunk('v1.16.4', false),
  'trunk for pods before v1.16.4': () => trunkForPods('v1.12.6', true),
  'trunk for pods since v1.16.4': () => trunkForPods('v1.16.4', false),
  'ENI of another account': notTheOwner,
};
