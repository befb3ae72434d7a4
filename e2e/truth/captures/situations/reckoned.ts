/** Pools and ceilings as documents and maintainers compute them: prefixes, custom networking, trunks, unmanaged ENIs. */
import { Cluster } from '../kit/cluster';
import {
  count,
  found,
  is,
  none,
  says,
  fill,
  refused,
  NO_ADDRESS,
  OLD,
  warning,
  CUSTOM_NETWORKING,
  eniConfig,
  type Situation,
} from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };

/** What the VPC CNI’s guide to prefixes counts for t3.small with WARM_PREFIX_TARGET=1. */
function docTable(pods: number, prefixes: number, low: boolean): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.small', maxPods: 110 });
  for (let at = 0; at < prefixes; at += 1) node.primary.prefix();
  for (let at = 0; at < pods; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: `aws/amazon-vpc-cni-k8s#2658, #2573 (${String(pods)} pods)`,
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', prefixes * 16),
      is('nodes[name=n1].pools.0.low', low),
      ...(low ? [is('nodes[name=n1].pools.0.next.count', 1)] : [is('nodes[name=n1].pools.0.next.action', 'none')]),
      is('nodes[name=n1].headroom.pods', 108 - pods),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
    ],
  };
}

/** Two ENIs: the nodes’ own, and one that is kept for a trunk. None is left for pods. */
function r7gMedium(): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ...PREFIX, ENABLE_POD_ENI: 'true' } });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/16', 'eu-west-1a', { available: 60_000 });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, {
    type: 'r7g.medium',
    maxPods: 98,
    ready: false,
    ipamd: 'not-ready',
    agentRestarts: 12,
  });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    'kubelet',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2369',
    cluster,
    checks: [
      is('nodes[name=n1].eniSlots.reserved', 1),
      is('nodes[name=n1].eniSlots.free', 0),
      is('nodes[name=n1].headroom.pods', 0),
      says('findings[subjects~pod:shop/late]', '(?i)trunk'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /trunk/i }],
  };
}

/** One /80 has enough for every pod. */
function ipv6(): Situation {
  const cluster = new Cluster({ env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ...PREFIX } });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:1::/64' });
  const node = cluster.node('n1', subnet, { maxPods: 110 });
  node.primary.prefix('2a05:d018:6:1:ab::/80');
  for (let at = 0; at < 7; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2099 (ipv6)',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].headroom.pods', 101),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      is('nodes[name=n1].pools', []),
    ],
  };
}

/** Six single addresses of the mode before take slots that prefixes could have. */
function mixed(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.large', maxPods: 110 });
  for (let at = 0; at < 6; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary);
  node.primary.prefix();
  node.primary.prefix();
  node.primary.prefix();
  for (let at = 0; at < 40; at += 1) cluster.pod(`shop/q-${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1434 (from single addresses to prefixes)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 48),
      is('nodes[name=n1].pools.0.assigned', 40),
      is('nodes[name=n1].pools.0.low', true),
      is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
      is('nodes[name=n1].headroom.pods', 62),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      found('findings[rule=mixed-address-modes]'),
    ],
  };
}

/** Prefixes of the mode before take slots, and only single addresses count. */
function mixedBack(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.large', maxPods: 29 });
  node.primary.prefix();
  node.primary.prefix();
  for (let at = 0; at < 10; at += 1) cluster.pod(`shop/q-${String(at)}`, node, node.primary, { via: 'prefix' });
  for (let at = 0; at < 7; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1434 (from prefixes to single addresses)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 7),
      is('nodes[name=n1].pools.0.assigned', 7),
      is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
      is('nodes[name=n1].headroom.pods', 10),
      found('findings[rule=mixed-address-modes]'),
    ],
  };
}

/** Five addresses are left, and a new ENI with all of its own takes six. */
function sharedSubnet(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/27', 'eu-west-1a', { available: 5 });
  const a = cluster.node('n1', subnet, { type: 't3.medium', maxPods: 17 });
  fill(cluster, a, a.primary, 5);
  const b = cluster.node('n2', subnet, { type: 't3.medium', maxPods: 17 });
  fill(cluster, b, b.primary, 2);
  b.primary.free(3);
  return {
    source: 'repost.aws: pods without an address although the subnet has some left',
    cluster,
    checks: [
      // a new ENI needs its own address and five more: 6 > 5
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'subnet'),
      is('nodes[name=n2].headroom.pods', 3),
      found('findings[rule=subnet-low]'),
    ],
    sayings: [{ command: 'explain', words: `subnet ${subnet.id} room`, says: /5 of 27/ }],
  };
}

/** MAX_ENI counts the trunk. */
function maxEniTrunk(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true', MAX_ENI: '2' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'm5.xlarge',
    maxPods: 58,
    capacity: { 'vpc.amazonaws.com/pod-eni': '18' },
  });
  node.eni({ dev: 3, type: 'trunk', by: 'controller' });
  fill(cluster, node, node.primary, 14);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1202 (MAX_ENI with a trunk)',
    cluster,
    checks: [
      is('nodes[name=n1].eniSlots.free', 0),
      is('nodes[name=n1].headroom.pods', 0),
      says('findings[subjects~pod:shop/late]', 'MAX_ENI'),
      says('findings[rule=node-addresses-full].advice', 'MAX_ENI'),
      says('findings[rule=max-pods-too-high]', '\\b16\\b|\\b34\\b'),
    ],
  };
}

/** Two ENIs for Multus leave two for pods. */
function unmanaged(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.xlarge', maxPods: 58 });
  node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  node.eni({ dev: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  fill(cluster, node, node.primary, 10);
  node.primary.free(4);
  return {
    source: 'aws/amazon-vpc-cni-k8s README (no_manage and max pods)',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 18),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
      says('findings[rule=max-pods-too-high]', '\\b30\\b'),
      none('findings[severity=error]'),
    ],
  };
}

/** One address short of the target: a whole prefix. */
function warmIpPrefix(): Situation {
  const cluster = new Cluster({ env: { ...PREFIX, WARM_IP_TARGET: '5', MINIMUM_IP_TARGET: '3' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.small', maxPods: 110 });
  node.primary.prefix();
  for (let at = 0; at < 12; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s docs/prefix-and-ip-target.md (WARM_IP_TARGET=5)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.available', 4),
      is('nodes[name=n1].pools.0.low', true),
      is('nodes[name=n1].pools.0.short', 1),
      is('nodes[name=n1].pools.0.next.action', 'add-prefixes'),
      is('nodes[name=n1].pools.0.next.count', 1),
    ],
  };
}

/** EFA-only interfaces keep an ipamd from starting that does not know them. */
function efaOnlyOld(version: string, started: boolean): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'p5.48xlarge',
    maxPods: 100,
    version,
    ...(started ? {} : { ready: false, ipamd: 'not-ready', agentRestarts: 9 }),
  });
  for (let card = 1; card < 32; card += 1) node.eni({ card, dev: 1, type: 'efa-only', ip: null });
  if (started) {
    fill(cluster, node, node.primary, 3);
    node.primary.free(46);
  } else {
    cluster.waiting('ai/late', node, { createdAt: OLD });
    warning(
      cluster,
      'ai/late',
      'NetworkNotReady',
      'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
      'kubelet',
    );
  }
  return {
    source: `aws/amazon-vpc-cni-k8s#3047, #3041 (${version})`,
    cluster,
    checks: started
      ? [none('findings[rule=eni-without-ipv4]'), none('findings[severity=error]')]
      : [
          count('findings[rule=eni-without-ipv4]', 1),
          says('findings[subjects~pod:ai/late]', '(?i)EFA-only'),
          says('findings[rule=eni-without-ipv4].advice', '1\\.18\\.5'),
        ],
    sayings: started ? [] : [{ command: 'explain', words: 'pod ai/late address', says: /EFA-only/ }],
  };
}

export const reckoned: Readonly<Record<string, () => Situation>> = {
  'prefix table, no pod': () => docTable(0, 1, false),
  'prefix table, one pod': () => docTable(1, 1, true),
  'prefix table, 16 pods': () => docTable(16, 2, false),
  'prefix table, 17 pods': () => docTable(17, 2, true),
  'prefix table, 33 pods': () => docTable(33, 3, true),
  'r7g.medium with custom networking and an expected trunk': r7gMedium,
  'a single /80': ipv6,
  'single addresses beside prefixes': mixed,
  'prefixes beside single addresses': mixedBack,
  'five addresses for an ENI that takes six': sharedSubnet,
  'MAX_ENI with a trunk': maxEniTrunk,
  'two unmanaged ENIs': unmanaged,
  'one address short in prefix mode': warmIpPrefix,
  'EFA-only, v1.18.3': () => efaOnlyOld('v1.18.3-eksbuild.3', false),
  'EFA-only, v1.18.5': () => efaOnlyOld('v1.18.5-eksbuild.1', true),
  'EFA-only, v1.23.1': () => efaOnlyOld('v1.23.1-eksbuild.1', true),
};
