/** Clusters in which the usual remedy does harm, changes nothing, or cannot be carried out there. */
import { Cluster } from '../kit/cluster';
import type { NodeSpec } from '../kit/types';
import { ipamdHas } from './ipamd-list';
import {
  CUSTOM_NETWORKING,
  eniConfig,
  fill,
  found,
  is,
  NO_ADDRESS,
  OLD,
  refused,
  says,
  silentOn,
  type Situation,
} from './situation';

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';

/** Max pods by the formula, and one ENI less for pods: what sets them differs by who makes the node. */
function maxPodsOf(spec: NodeSpec, advised: string, not: string): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { maxPods: 29, ...spec });
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, second, 3);
  second.free(6);
  return {
    source: 'aws/karpenter-provider-aws#2029, #6353, #7312, bottlerocket-os/bottlerocket#1721',
    cluster,
    checks: [
      says('findings[rule=max-pods-too-high].title', '(?s)29.*20|20.*29'),
      says('findings[rule=max-pods-too-high].advice', advised),
      silentOn('findings[rule=max-pods-too-high].advice', not),
    ],
  };
}

/** Every slot is taken, and the subnet has no whole /28: prefix mode would give nothing. */
function noBlockForPrefixes(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 20 });
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 9);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 9);
  // One address in each block.
  cluster.loose({ ip: '10.40.0.40', description: 'RDSNetworkInterface' }, subnet);
  cluster.loose({ ip: '10.40.0.56', description: 'RDSNetworkInterface' }, subnet);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2749, #3264 (prefix mode in a fragmented subnet)',
    cluster,
    checks: [
      found('findings[rule=node-addresses-full]'),
      silentOn('findings[rule=node-addresses-full].advice', 'turn on prefix mode'),
    ],
  };
}

/** A tag that cannot count: on the primary ENI, on a card that ipamd leaves alone, on an EFA-only interface, in IMDS-only mode. */
function badValueWhereNoneCounts(where: 'primary' | 'card' | 'efa-only' | 'imds'): Situation {
  const cluster = new Cluster({ env: where === 'imds' ? { ENABLE_IMDS_ONLY_MODE: 'true' } : {} });
  const tags = { [NO_MANAGE]: 'yes' };
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'c6in.32xlarge',
    maxPods: 110,
    ...(where === 'primary' ? { primary: { tags } } : {}),
  });
  fill(cluster, node, node.primary, 3);
  node.primary.free(46);
  if (where === 'card') node.eni({ card: 1, dev: 1, tags });
  if (where === 'efa-only') node.eni({ card: 0, dev: 1, type: 'efa-only', ip: null, tags });
  if (where === 'imds') node.eni({ card: 0, dev: 1, tags });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1510, README (no_manage); ipamd.go setUnmanagedENIs',
    cluster,
    checks: [
      silentOn('findings[rule=no-manage-bad-value].advice', '(?i)set the value to exactly true'),
      silentOn('findings[rule=no-manage-bad-value].detail', '(?i)ipamd (manages|will)'),
    ],
  };
}

/** Two ENIs, custom networking and security groups for pods: with the trunk in place no ENI is left for other pods. */
function trunkOnTwoEnis(): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ENABLE_POD_ENI: 'true' } });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { type: 'r7g.medium', maxPods: 5 });
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, second, 2);
  second.free(1);
  cluster.object({
    apiVersion: 'vpcresources.k8s.aws/v1beta1',
    kind: 'SecurityGroupPolicy',
    metadata: { namespace: 'shop', name: 'db', uid: 'sgp-db' },
    spec: { podSelector: { matchLabels: { app: 'db' } }, securityGroups: { groupIds: ['sg-0db'] } },
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1203, EKS user guide (custom networking and security groups for pods)',
    cluster,
    checks: [
      found('findings[rule=trunk-missing]'),
      silentOn('findings[rule=trunk-missing].advice', '(?i)^\\["?Cordon, drain and replace'),
      says('findings[rule=trunk-missing].advice', '(?i)more than two ENIs|three ENIs|at least three|more ENIs'),
    ],
  };
}

/** The primary's subnet is empty, and another one of the zone is tagged for the CNI and has room: nothing to add. */
function taggedAlready(): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 0 });
  cluster.subnet('100.64.0.0/18', 'eu-west-1a', { available: 16_000, tags: { 'kubernetes.io/role/cni': '1' } });
  const node = cluster.node('n1', own);
  fill(cluster, node, node.primary, 4);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2714, #2904',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
      is('nodes[name=n1].headroom.pods', 18),
      silentOn('findings.advice', 'Add a subnet tagged'),
    ],
  };
}

/** A subnet runs out, and every ENI of its nodes is attached: a further subnet would serve none of them. */
function noEniForAnotherSubnet(): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 0 });
  const node = cluster.node('n1', own);
  fill(cluster, node, node.primary, 4);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 4);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2846, #3067 (a tagged subnet serves new ENIs alone)',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      found('findings[rule=subnet-low]'),
      says('findings[rule=subnet-low].advice', '(?i)new nodes|replace|new ENIs'),
    ],
  };
}

/** Addresses cool while pods wait, and the subnet is empty: a larger target gets nothing. */
function coolingInAFullSubnet(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '4' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 }), {
    enisJson: 'per-card',
  });
  fill(cluster, node, node.primary, 5);
  for (let at = 0; at < 2; at += 1) node.primary.add().freedSecondsAgo = 10;
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2896, #2804',
    cluster,
    checks: [
      silentOn('findings[rule=cooldown-starved].advice', '(?i)raise WARM_'),
      silentOn('findings[subjects~pod:shop/late].advice', '(?i)raise WARM_'),
    ],
  };
}

/** MINIMUM_IP_TARGET is reached, and the subnet is empty as well. */
function minimumInAnEmptySubnet(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '0', MINIMUM_IP_TARGET: '5' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 }));
  fill(cluster, node, node.primary, 5);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3685, #2846',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      says('findings[subjects~pod:shop/late]', 'MINIMUM_IP_TARGET'),
      says('findings[subjects~pod:shop/late]', '(?i)subnet'),
    ],
  };
}

/** ipamd holds addresses of pods that are gone; an ENI with pods was tagged late, and a restart would take their addresses. */
function restartThatTakesAddresses(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false });
  for (let at = 0; at < 9; at += 1) {
    const held = node.primary.add();
    held.holder = `if:shop/${at < 3 ? 'live' : 'gone'}-${String(at)}/eth0`;
    if (at < 3) cluster.write(`shop/live-${String(at)}`, node, [held.ip]);
  }
  const late = node.eni({ dev: 1, by: 'ipamd', tags: { [NO_MANAGE]: 'true' } });
  for (let at = 0; at < 2; at += 1) {
    const held = late.add();
    held.holder = `if:shop/late-${String(at)}/eth0`;
    cluster.write(`shop/late-${String(at)}`, node, [held.ip]);
  }
  ipamdHas(cluster, node, [
    { eni: node.primary, addresses: node.primary.addresses },
    { eni: late, addresses: late.addresses },
  ]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1204, #725; ipamd.go setUnmanagedENIs (tags are read at the start)',
    cluster,
    checks: [
      found('findings[rule=ipamd-view-differs]'),
      found('findings[rule=no-manage-late]'),
      says('findings[rule=ipamd-view-differs].advice', '(?i)drain'),
    ],
  };
}

/** The DaemonSet has settings with which aws-node does not start; the running pod is from before. */
function restartIntoRefusedSettings(): Situation {
  const cluster = new Cluster({
    env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '0' },
  });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    metrics: false,
    env: { ENABLE_PREFIX_DELEGATION: 'false', WARM_PREFIX_TARGET: '1' },
  });
  for (let at = 0; at < 9; at += 1) {
    const held = node.primary.add();
    held.holder = `if:shop/${at < 3 ? 'live' : 'gone'}-${String(at)}/eth0`;
    if (at < 3) cluster.write(`shop/live-${String(at)}`, node, [held.ip]);
  }
  ipamdHas(cluster, node, [{ eni: node.primary, addresses: node.primary.addresses }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2482, cmd/aws-vpc-cni/main.go validateEnvVars (updateStrategy OnDelete)',
    cluster,
    checks: [
      found('findings[rule=ipamd-view-differs]'),
      says('findings[rule=ipamd-view-differs].advice', '(?i)DaemonSet|settings'),
    ],
  };
}

/** Multi-NIC would take the ENI of a further card that nobody tagged. */
function multiNicTakesAnother(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c6in.32xlarge', maxPods: 110 });
  node.primary.free(49);
  node.eni({ card: 1, dev: 1 });
  cluster.waiting('ai/wide', node, {
    createdAt: OLD,
    annotations: { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' },
  });
  refused(cluster, 'ai/wide', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347, #725 (MANAGE_UNTAGGED_ENI)',
    cluster,
    checks: [
      found('findings[rule=multi-nic-no-effect]'),
      says('findings[rule=multi-nic-no-effect].advice', 'no_manage'),
    ],
  };
}

/** The tag is on the primary ENI of an IPv6 node, where custom networking lets aws-node not start. */
function customNetworkingInIpv6(): Situation {
  const cluster = new Cluster({ env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:1::/64' });
  const node = cluster.node('n1', subnet, { maxPods: 110, primary: { tags: { [NO_MANAGE]: 'true' } } });
  node.primary.prefix('2a05:d018:6:1:a::/80');
  cluster.pod('shop/a', node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1510; ipamd.go isConfigValid (no custom networking with IPv6)',
    cluster,
    checks: [
      found('findings[rule=no-manage-on-primary]'),
      silentOn('findings[rule=no-manage-on-primary].advice', '(?i)custom networking'),
    ],
  };
}

/** The pod waits although two addresses are free: they cool. */
function waitsForCooling(): Situation {
  const cluster = new Cluster({ env: { IP_COOLDOWN_PERIOD: '300', WARM_IP_TARGET: '1', MINIMUM_IP_TARGET: '3' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { enisJson: 'per-card' });
  fill(cluster, node, node.primary, 7);
  for (let at = 0; at < 2; at += 1) node.primary.add().freedSecondsAgo = 60;
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2896, #1700, #3752',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.cooling', 2),
      is('nodes[name=n1].pools.0.low', false),
      says('findings[subjects~pod:shop/late]', '(?i)cool'),
      silentOn('findings[subjects~pod:shop/late].advice', '(?i)restart aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /cool/i }],
  };
}

export const harm: Readonly<Record<string, () => Situation>> = {
  'max pods of a Karpenter node': () =>
    maxPodsOf({ labels: { 'karpenter.sh/nodepool': 'default' } }, 'RESERVED_ENIS|reserved-enis', '--max-pods='),
  'max pods of a Bottlerocket node': () =>
    maxPodsOf({ os: 'Bottlerocket OS 1.61.0 (aws-k8s-1.34)' }, 'settings\\.kubernetes\\.max-pods', '--max-pods='),
  'max pods of an AL2023 node': () => maxPodsOf({ os: 'Amazon Linux 2023.8.20260810' }, 'maxPods', 'RESERVED_ENIS'),
  'max pods of an AL2 node': () => maxPodsOf({ os: 'Amazon Linux 2' }, '--max-pods=20', 'RESERVED_ENIS'),
  'prefix mode without a block': noBlockForPrefixes,
  'no_manage=yes on the primary': () => badValueWhereNoneCounts('primary'),
  'no_manage=yes on an unused card': () => badValueWhereNoneCounts('card'),
  'no_manage=yes on an EFA-only interface': () => badValueWhereNoneCounts('efa-only'),
  'no_manage=yes in IMDS-only mode': () => badValueWhereNoneCounts('imds'),
  'trunk on a type of two ENIs': trunkOnTwoEnis,
  'subnet already tagged': taggedAlready,
  'another subnet without another ENI': noEniForAnotherSubnet,
  'cooling in a full subnet': coolingInAFullSubnet,
  'pod waiting for cooling addresses': waitsForCooling,
  'minimum reached in an exhausted subnet': minimumInAnEmptySubnet,
  'restart that would take addresses': restartThatTakesAddresses,
  'restart with settings that aws-node rejects': restartIntoRefusedSettings,
  'multi-NIC that would take another ENI': multiNicTakesAnother,
  'custom networking in an IPv6 cluster': customNetworkingInIpv6,
};
