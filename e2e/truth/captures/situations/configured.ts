/** Settings, labels and ENIConfigs that do something else than their author thought. */
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

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const CUSTOM = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };

/** No node is named: the ENIConfig is the one called default, which is not there. */
function fallsToDefault(env: Readonly<Record<string, string>>, named: string, source: string): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM, ...env } });
  const nodes = cluster.subnet('10.40.0.0/20');
  eniConfig(cluster, cluster.subnet('100.64.0.0/22').id, 'eu-west-1a');
  eniConfig(cluster, cluster.subnet('100.64.4.0/22', 'eu-west-1b').id, 'eu-west-1b');
  const node = cluster.node('n1', nodes, { ipamd: 'not-ready', ready: false, metrics: false });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source,
    cluster,
    checks: [
      is('nodes[name=n1].eniConfig.name', 'default'),
      says('findings[rule=eniconfig-missing][subjects~node:n1]', '\\bdefault\\b'),
      says('findings[rule=eniconfig-missing]', named),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /ENIConfig/ }],
  };
}

/** The label that the kubelet sets is not the one that aws-node reads. */
function labelThatNobodyReads(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const zone = cluster.subnet('100.64.0.0/20', 'eu-west-1a');
  const special = cluster.subnet('100.64.16.0/20', 'eu-west-1a');
  eniConfig(cluster, zone.id, 'eu-west-1a');
  eniConfig(cluster, special.id, 'batch');
  const node = cluster.node('n1', nodes, { labels: { 'k8s.amazonaws.com/eniConfig': 'batch' }, maxPods: 20 });
  const second = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0pods'] }, zone);
  fill(cluster, node, second, 2);
  second.free(7);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1593',
    cluster,
    checks: [...quiet, is('nodes[name=n1].eniConfig.name', 'eu-west-1a')],
  };
}

/** Labels came after the ENIs: pods stay where they were, and it is no fault of an address. */
function labelsAfterTheEnis(): Situation {
  const cluster = new Cluster({ env: CUSTOM });
  const nodes = cluster.subnet('10.1.1.0/24');
  const pods = cluster.subnet('10.1.3.0/24');
  eniConfig(cluster, pods.id, 'eniconfig-1a', 'sg-0node');
  const node = cluster.node('n1', nodes, { labels: { 'k8s.amazonaws.com/eniConfig': 'eniconfig-1a' }, maxPods: 20 });
  fill(cluster, node, node.primary, 4);
  const old = node.eni({ dev: 1, by: 'ipamd' });
  fill(cluster, node, old, 4);
  old.free(5);
  return {
    source: 'aws/amazon-vpc-cni-k8s#514',
    cluster,
    checks: [
      none('findings[severity=error]'),
      is(`enis[id=${old.id}].management.state`, 'managed'),
      is('nodes[name=n1].eniConfig.name', 'eniconfig-1a'),
      is('nodes[name=n1].pools.0.available', 5),
      none('findings[rule=pod-address-not-on-node]'),
    ],
  };
}

/** One node's aws-node started before the setting: its pods are in the nodes' subnet. */
function startedBeforeTheSetting(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.0.0.0/20');
  const pods = cluster.subnet('10.99.0.0/18');
  eniConfig(cluster, pods.id, 'eu-west-1a', 'sg-0node');
  const labels = { 'eks.amazonaws.com/nodegroup': 'custom' };
  for (const name of ['n1', 'n2', 'n3']) {
    const node = cluster.node(name, nodes, { labels, maxPods: 20 });
    const eni = node.eni({ dev: 1, by: 'ipamd' }, pods);
    fill(cluster, node, eni, 2);
    eni.free(7);
  }
  const odd = cluster.node('n4', nodes, {
    labels,
    maxPods: 20,
    env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'false' },
  });
  fill(cluster, odd, odd.primary, 2);
  odd.primary.free(7);
  return {
    source: 'aws-ia/terraform-aws-eks-blueprints#1323',
    cluster,
    checks: [
      none('findings[severity=error]'),
      is('nodes[name=n4].cni.customNetworking', false),
      is('nodes[name=n1].cni.customNetworking', true),
      is('nodes[name=n4].pools.0.available', 7),
    ],
    sayings: [
      { command: 'explain', words: 'node n4 differs', says: /AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG|custom networking/i },
      { command: 'explain', words: 'differs', says: /n4/ },
    ],
  };
}

/** Without groups in the ENIConfig aws-node of v1.13.0 never starts. */
function withoutGroups(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  cluster.object({
    apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
    kind: 'ENIConfig',
    metadata: { name: 'eu-west-1a', uid: 'ec-1' },
    spec: { subnet: cluster.subnet('100.64.0.0/20').id },
  });
  const node = cluster.node('n1', nodes, {
    version: 'v1.13.0-eksbuild.1',
    ipamd: 'not-ready',
    agentRestarts: 12,
    ready: false,
    metrics: false,
  });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2426',
    cluster,
    checks: [
      is('nodes[name=n1].eniConfig.name', 'eu-west-1a'),
      none('findings[rule=eniconfig-missing]'),
      says('findings[subjects~pod:shop/late]', 'aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /aws-node/ }],
  };
}

/** Custom networking comes first: that another subnet is tagged and has room helps nobody. */
function taggedSubnetBesideCustomNetworking(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/28', 'eu-west-1a', { available: 0 });
  cluster.subnet('100.64.16.0/20', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '1' }, available: 4000 });
  eniConfig(cluster, pods.id, 'eu-west-1a', 'sg-0node');
  const node = cluster.node('n1', nodes, { maxPods: 20 });
  const eni = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, eni, 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3058',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'subnet'),
      says('findings[subjects~pod:shop/late]', pods.id),
      found(`findings[rule=subnet-low][subjects~${pods.id}]`),
      none('findings[rule=subnet-low][subjects~subnet-03]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: new RegExp(pods.id) }],
  };
}

/** Nothing for the first ENI of pods: aws-node does not get ready, and that is the effect. */
function withoutFirstEni(what: 'address' | 'slot'): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ...(what === 'slot' ? { MAX_ENI: '1' } : {}) } });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/26', 'eu-west-1a', { available: what === 'slot' ? 50 : 0 });
  eniConfig(cluster, pods.id, 'eu-west-1a', 'sg-0node');
  const node = cluster.node('n1', nodes, { maxPods: 20, ipamd: 'not-ready', ready: false });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3105, #884 (Failed to attach any ENIs for custom networking)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', what === 'slot' ? 'MAX_ENI' : pods.id),
      silentOn('findings[subjects~pod:shop/late].advice', 'log of aws-node'),
      none('findings[rule=eniconfig-missing]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: what === 'slot' ? /slot/ : new RegExp(pods.id) },
    ],
  };
}

/** v1.22 asks EC2 for security groups when it starts, and the role has no such right. */
function groupsMayNotBeRead(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    version: 'v1.22.1-eksbuild.2',
    ipamd: 'not-ready',
    metrics: false,
  });
  warning(
    cluster,
    'kube-system/aws-node-1',
    'MissingIAMPermissions',
    'Unauthorized operation: failed to call ec2:DescribeSecurityGroups due to missing permissions. Please refer https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md to attach relevant policy to IAM role',
    'aws-node',
  );
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused"',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3705, terraform-aws-modules/terraform-aws-eks-pod-identity#60',
    cluster,
    checks: [
      says('findings[rule=ec2-permission-missing]', 'DescribeSecurityGroups'),
      says('findings[subjects~pod:shop/late]', '(?i)permission|DescribeSecurityGroups|aws-node'),
      silentOn('findings.advice', 'AmazonEKS_CNI_IPv6_Policy'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /aws-node|DescribeSecurityGroups/ }],
  };
}

/** The subnet has no IPv4 at all: ipamd needs an address of it on the primary ENI. */
function subnetOfIpv6Alone(): Situation {
  const cluster = new Cluster({
    env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' },
  });
  const subnet = cluster.subnet('10.40.0.0/28', 'eu-west-1a', { ipv6: '2a05:d018:40::/64' });
  const node = cluster.node('n1', subnet, {
    primary: { ip: null },
    internalIp: '2a05:d018:40::5',
    ipamd: 'not-ready',
    ready: false,
    metrics: false,
    agentRestarts: 7,
  });
  node.primary.ipv6.push('2a05:d018:40::5');
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3654',
    cluster,
    checks: [
      found(`findings[subjects~${node.primary.id}]`),
      says(`findings[subjects~${node.primary.id}]`, 'IPv4'),
      is(`enis[id=${node.primary.id}].role`, 'primary'),
    ],
    sayings: [
      { command: 'lookup', words: '2a05:d018:40::5', says: new RegExp(node.primary.id) },
      { command: 'explain', words: 'pod shop/late address', says: /IPv4/ },
    ],
  };
}

export const configured: Readonly<Record<string, () => Situation>> = {
  'old zone labels': () =>
    fallsToDefault(
      { ENI_CONFIG_LABEL_DEF: 'failure-domain.beta.kubernetes.io/zone' },
      'failure-domain\\.beta\\.kubernetes\\.io/zone',
      'aws/amazon-vpc-cni-k8s#611',
    ),
  'ENIConfigs by zone without a configured label': () =>
    fallsToDefault({}, 'ENI_CONFIG_LABEL_DEF|k8s\\.amazonaws\\.com/eniConfig', 'aws/amazon-vpc-cni-k8s#302'),
  'label that aws-node does not read': labelThatNobodyReads,
  'labels set after the ENIs were attached': labelsAfterTheEnis,
  'aws-node started before custom networking': startedBeforeTheSetting,
  'ENIConfig without groups': withoutGroups,
  'no slot for the first ENI of custom networking': () => withoutFirstEni('slot'),
  'no address for the first ENI of custom networking': () => withoutFirstEni('address'),
  'tagged subnet beside custom networking': taggedSubnetBesideCustomNetworking,
  'security groups forbidden': groupsMayNotBeRead,
  'IPv6-only subnet': subnetOfIpv6Alone,
};
