/** Pools that do not grow as somebody expected: limits, targets, subnets, modes. */
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

const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };

/** The kubelet's limit counts the primary ENI, which custom networking leaves out. */
function maxPodsUnderCustomNetworking(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', own, { type: 'm5.xlarge', version: 'v1.19.3' });
  for (const dev of [1, 2, 3]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }, pods), 14);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3238',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
      says('findings[rule=max-pods-too-high].title', '58.*44|44.*58'),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /full|no (free )?address|every|0 of/i }],
  };
}

/** Two ENIs: the primary gives nothing under custom networking, the other place is kept for the trunk. */
function nothingLeftBesideTheTrunk(trunk: boolean): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ...PREFIX, ENABLE_POD_ENI: 'true' } });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  // Before v1.16.4 a trunk gets addresses like any other ENI.
  const version = trunk ? 'v1.16.4' : 'v1.12.6';
  const node = cluster.node('n1', own, { type: 'r7g.medium', version, maxPods: 8 });
  if (trunk) node.eni({ dev: 1, type: 'trunk', by: 'controller' }, pods);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: trunk ? 'aws/amazon-vpc-cni-k8s#2792' : 'aws/amazon-vpc-cni-k8s#2369',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
      is('nodes[name=n1].eniSlots.free', 0),
      is('nodes[name=n1].pools.0.total', 0),
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', '(?i)trunk'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /trunk/i }],
  };
}

/** MAX_ENI leaves no place for a trunk: aws-node does not ask for one. */
function maxEniWithoutRoomForATrunk(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true', MAX_ENI: '1' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 11 });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  cluster.write('shop/guarded', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/pod-eni': '1' },
  });
  warning(
    cluster,
    'shop/guarded',
    'FailedScheduling',
    '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.',
    'default-scheduler',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1202, #1210',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 5),
      says('findings[subjects~pod:shop/guarded]', 'vpc.amazonaws.com/pod-eni'),
      says('findings[rule=trunk-missing][subjects~node:n1]', 'MAX_ENI'),
      silentOn('findings[rule=trunk-missing].advice', '(?i)replace the node|set ENABLE_POD_ENI'),
      silentOn('findings[rule=pod-eni-stuck].advice', '(?i)(set|enable) ENABLE_POD_ENI'),
      // Four pods now, five more, and two of the host network: as many as the kubelet takes.
      none('findings[rule=max-pods-too-high]'),
    ],
  };
}

/** Short-lived pods and WARM_IP_TARGET: what is free is cooling down, and counts as available. */
function churnAndCooldown(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '2' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm5.xlarge', enisJson: 'per-card' });
  fill(cluster, node, node.primary, 12);
  node.primary.add().freedSecondsAgo = 5;
  node.primary.add().freedSecondsAgo = 9;
  cluster.waiting('shop/late', node, { createdAt: '2026-09-01T11:59:00Z' });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2056',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.available', 2),
      is('nodes[name=n1].pools.0.cooling', 2),
      is('nodes[name=n1].pools.0.warm', 0),
      is('nodes[name=n1].pools.0.low', false),
      says('findings[subjects~node:n1]', '(?i)cool'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /cool/i }],
  };
}

/** Prefix mode is on, and the type is no Nitro: ipamd takes single addresses without a word. */
function prefixModeOnXen(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm4.large', version: 'v1.9.1', maxPods: 110 });
  fill(cluster, node, node.primary, 9);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1634',
    cluster,
    checks: [
      is('nodes[name=n1].cni.mode', 'secondary-ip'),
      is('nodes[name=n1].headroom.pods', 0),
      says('findings[rule=max-pods-too-high].title', '110'),
      silentOn('findings.advice', '(?i)(turn|switch) on prefix|ENABLE_PREFIX_DELEGATION=true|(use|enable) prefix'),
    ],
    sayings: [{ command: 'explain', words: 'node n1 settings', says: /prefix/i }],
  };
}

/** Prefix mode was turned on later: idle single addresses take the places of prefixes. */
function prefixModeOnAnOldEni(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 110 });
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2411',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 0),
      is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
      // Two more ENIs of nine prefixes each; three pods and two of the host network are there.
      is('nodes[name=n1].headroom.pods', 105),
      found('findings[rule=mixed-address-modes]'),
    ],
  };
}

/** Many single addresses free, and no aligned block of sixteen. */
function noBlockOfSixteen(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 50 });
  const node = cluster.node('n1', subnet, { maxPods: 110, primary: { ip: '10.40.0.5' } });
  for (const at of [20, 36, 52])
    cluster.loose({ ip: `10.40.0.${String(at)}`, description: 'RDSNetworkInterface' }, subnet);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2749, #2045, #3105',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 0),
      is('nodes[name=n1].headroom.pods', 0),
      found('findings[rule=prefix-fragmented]'),
      says('findings[rule=pod-ip-failed]', '/28'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /\/28/ }],
  };
}

/** More addresses than the kubelet takes pods: never low, and nothing is added. */
function moreAddressesThanPods(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm5.xlarge', maxPods: 20 });
  fill(cluster, node, node.primary, 14);
  node.eni({ dev: 1, by: 'ipamd' }).free(14);
  return {
    source: 'aws/karpenter-provider-aws#5658',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].pools.0.next.action', 'none'),
      // 14 pods, aws-node and kube-proxy.
      is('nodes[name=n1].headroom.pods', 4),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
    ],
  };
}

/** kubernetes.io/role/cni=0 excludes a subnet only since v1.22.0; before, any value meant "yes". */
function excludedSubnetBefore(version: string, excluded: boolean): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '0' }, available: 200 });
  cluster.subnet('100.64.0.0/18', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '1' }, available: 16000 });
  const node = cluster.node('n1', own, { version });
  node.primary.free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2984, #3067',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', excluded ? 0 : 9),
      is('nodes[name=n1].headroom.pods', excluded ? 18 : 27),
      excluded ? found('findings[rule=subnet-excluded]') : none('findings[rule=subnet-excluded]'),
    ],
  };
}

export const pools: Readonly<Record<string, () => Situation>> = {
  'max pods under custom networking': maxPodsUnderCustomNetworking,
  'nothing left next to the slot of a trunk': () => nothingLeftBesideTheTrunk(false),
  'nothing left next to a trunk': () => nothingLeftBesideTheTrunk(true),
  'MAX_ENI without room for a trunk': maxEniWithoutRoomForATrunk,
  'churn and cooldown': churnAndCooldown,
  'prefix mode on Xen': prefixModeOnXen,
  'prefix mode on an older ENI': prefixModeOnAnOldEni,
  'no free block of sixteen': noBlockOfSixteen,
  'more addresses than pods': moreAddressesThanPods,
  'subnet excluded by a newer CNI': () => excludedSubnetBefore('v1.23.1', true),
  'subnet excluded, unsupported by an older CNI': () => excludedSubnetBefore('v1.19.2', false),
};
