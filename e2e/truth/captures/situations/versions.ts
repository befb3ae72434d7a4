/** Settings that count or do not, by the version that runs: a variable of a newer CNI, a rollout that has not reached the node. */
import { Cluster } from '../kit/cluster';
import { fill, found, is, NO_ADDRESS, none, OLD, refused, says, silentOn, type Situation } from './situation';

/** Tagged subnets are used since v1.18.0: before, the node's own subnet is all there is. */
function taggedSubnet(version: string, used: boolean, switchedOff = false): Situation {
  const cluster = new Cluster({ env: switchedOff ? { ENABLE_SUBNET_DISCOVERY: 'false' } : {} });
  const own = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 0 });
  cluster.subnet('100.64.0.0/18', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '1' }, available: 16_000 });
  const node = cluster.node('n1', own, { version });
  fill(cluster, node, node.primary, 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2714, #2846',
    cluster,
    checks: [
      // 29 pods, of which nine, the waiting one and two of the host network are there.
      is('nodes[name=n1].headroom.pods', used ? 17 : 0),
      ...(used
        ? [is('nodes[name=n1].pools.0.next.action', 'attach-eni')]
        : [is('nodes[name=n1].headroom.limitedBy', 'subnet')]),
      ...(used ? [] : [says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', 'subnet-01')]),
    ],
  };
}

/** The DaemonSet was edited, OnDelete kept the old pods: what runs counts. */
function daemonSetAheadOfThePod(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '4' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'c5.4xlarge', env: { WARM_IP_TARGET: '0' }, version: 'v1.19.0' });
  fill(cluster, node, node.primary, 4);
  node.primary.free(25);
  node.eni({ dev: 1, by: 'ipamd' }).free(29);
  return {
    source: 'aws/amazon-vpc-cni-k8s#728',
    cluster,
    checks: [
      is('nodes[name=n1].cni.warmIpTarget', 0),
      // One whole free ENI is what WARM_ENI_TARGET=1 asks for.
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].pools.0.high', false),
      is('nodes[name=n1].pools.0.next.action', 'none'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'node n1 settings',
        says: /WARM_ENI_TARGET/,
        silentOn: /WARM_IP_TARGET=4 (counts|applies)/,
      },
    ],
  };
}

/** Both warm targets at 0: the pool grows when it is empty, and only then. */
function bothTargetsZero(free: number): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '0', WARM_ENI_TARGET: '0' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 9 - free);
  node.primary.free(free);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2482',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.low', free === 0),
      is('nodes[name=n1].pools.0.next.action', free === 0 ? 'attach-eni' : 'none'),
      is('nodes[name=n1].headroom.pods', 18 + free),
    ],
    sayings: [{ command: 'explain', words: 'node n1 settings', says: /WARM_ENI_TARGET/ }],
  };
}

/** The reporter wants whole ENIs off and three addresses free: the first is not read beside the second. */
function ignoredBeside(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '3', WARM_ENI_TARGET: '0' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm5.xlarge' });
  fill(cluster, node, node.primary, 11);
  node.primary.free(3);
  return {
    source: 'aws/amazon-vpc-cni-k8s#609',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].pools.0.next.action', 'none'),
      none('findings[severity=warning]'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'node n1 settings',
        says: /WARM_ENI_TARGET[^.]*(ignored|not read|no effect)|(ignored|not read|no effect)[^.]*WARM_ENI_TARGET/i,
      },
    ],
  };
}

/** ENABLE_MULTI_NIC and the annotation are of v1.20.0. */
function multiNicBefore(version: string): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    type: 'c6in.32xlarge',
    version,
    env: { ENABLE_MULTI_NIC: 'true' },
    maxPods: 110,
  });
  node.primary.free(49);
  node.eni({ dev: 1, by: 'ipamd' }).free(49);
  cluster.pod('ai/wide', node, node.primary, {
    annotations: { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' },
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347, #3350',
    cluster,
    checks: [
      is('networkCards[id=card:n1/1].managed', false),
      is('nodes[name=n1].cni.multiNic', false),
      says('findings[rule=multi-nic-no-effect]', 'v?1\\.20'),
      none('interfaces[id=if:ai/wide/mNicIf1]'),
    ],
    sayings: [{ command: 'explain', words: 'node n1 settings', says: /ENABLE_MULTI_NIC/ }],
  };
}

/** IP_COOLDOWN_PERIOD is of v1.15.0: before, an address rests for 30 seconds whatever is set. */
function cooldownPeriodBefore(version: string, seconds: number): Situation {
  const cluster = new Cluster({ env: { IP_COOLDOWN_PERIOD: '5', WARM_IP_TARGET: '1' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { version, enisJson: 'old' });
  fill(cluster, node, node.primary, 3);
  node.primary.add().freedSecondsAgo = 12;
  return {
    source: 'aws/amazon-vpc-cni-k8s#2493 (IP_COOLDOWN_PERIOD)',
    cluster,
    checks: [
      is('nodes[name=n1].cni.cooldownSeconds', seconds),
      is('nodes[name=n1].pools.0.cooling', seconds === 30 ? 1 : 0),
      is('nodes[name=n1].pools.0.warm', seconds === 30 ? 0 : 1),
    ],
  };
}

/** 110 pods on a type that addresses 17. */
function maxPodsOfKarpenter(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 't3.medium', maxPods: 110 });
  fill(cluster, node, node.primary, 5);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 5);
  for (const name of ['late-1', 'late-2']) {
    cluster.waiting(`shop/${name}`, node, { createdAt: OLD });
    refused(cluster, `shop/${name}`, NO_ADDRESS);
  }
  return {
    source: 'aws/karpenter-provider-aws#3903, #5317',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
      says('findings[rule=max-pods-too-high].title', '(?s)110.*17|17.*110'),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late-1]'),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late-2]'),
      found('findings[rule=node-addresses-full]'),
      silentOn('findings.advice', '(?i)raise max pods'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late-1 address', says: /15|full|3 of 3/ }],
  };
}

/** A setting that is no number counts as unset, and one that Go cannot read as a boolean as its default. */
function junkSettings(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: 'five', ENABLE_PREFIX_DELEGATION: 'yes', MAX_ENI: '0' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  return {
    source: 'aws/amazon-vpc-cni-k8s (utils.GetBoolAsStringEnvVar), #728',
    cluster,
    checks: [
      is('nodes[name=n1].cni.mode', 'secondary-ip'),
      is('nodes[name=n1].pools.0.low', true),
      is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
      is('nodes[name=n1].eniSlots.limit', 3),
    ],
    sayings: [
      { command: 'explain', words: 'node n1 settings', says: /five/ },
      { command: 'explain', words: 'node n1 settings', says: /yes/ },
    ],
  };
}

export const versions: Readonly<Record<string, () => Situation>> = {
  'tagged subnet before v1.18.0': () => taggedSubnet('v1.16.4-eksbuild.2', false),
  'tagged subnet since v1.18.0': () => taggedSubnet('v1.18.0', true),
  'tagged subnet, discovery disabled': () => taggedSubnet('v1.21.1', false, true),
  'DaemonSet newer than the pod': daemonSetAheadOfThePod,
  'both warm targets at 0, none free': () => bothTargetsZero(0),
  'both warm targets at 0, two free': () => bothTargetsZero(2),
  'WARM_ENI_TARGET beside WARM_IP_TARGET': ignoredBeside,
  'multi-NIC before v1.20.0': () => multiNicBefore('v1.19.6-eksbuild.1'),
  'cooldown period before v1.15.0': () => cooldownPeriodBefore('v1.14.1', 30),
  'cooldown period since v1.15.0': () => cooldownPeriodBefore('v1.15.0', 5),
  '110 pods on a small type': maxPodsOfKarpenter,
  'invalid settings': junkSettings,
};
