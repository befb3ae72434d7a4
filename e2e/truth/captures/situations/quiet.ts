/** More clusters of unusual make in which nothing is wrong, with their numbers. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json } from '../kit/types';
import { CUSTOM_NETWORKING, eniConfig, fill, is, none, says, type Situation } from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };

/** t3.medium carries no trunk: security groups for pods are on for the cluster's other nodes, and since v1.20.4 nothing is kept free here. */
function noTrunkType(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 't3.medium', version: 'v1.20.4' });
  fill(cluster, node, node.primary, 5);
  node.eni({ dev: 1, by: 'ipamd' }).free(5);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3250, #3094 (mended)',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].eniSlots.reserved', 0),
      is('nodes[name=n1].eniSlots.free', 1),
      // 17 by the kubelet, five pods, two of the host network; ten addresses.
      is('nodes[name=n1].headroom.pods', 10),
    ],
  };
}

/** A node with prefixes only, half full; its kubelet takes 110. */
function prefixesAtWork(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 110 });
  for (let at = 0; at < 3; at += 1) node.primary.prefix();
  for (let at = 0; at < 20; at += 1) cluster.pod(`shop/p${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'docs: cni-increase-ip-addresses (m5.large with prefixes)',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].pools.0.total', 48),
      is('nodes[name=n1].pools.0.assigned', 20),
      is('nodes[name=n1].pools.0.low', false),
      // Three ENIs of nine prefixes: the kubelet is the limit.
      is('nodes[name=n1].headroom.pods', 88),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
    ],
  };
}

/** Custom networking with prefixes: nothing on the primary ENI. */
function customWithPrefixes(): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ...PREFIX } });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', own, { maxPods: 110 });
  const eni = node.eni({ dev: 1, by: 'ipamd' }, pods);
  eni.prefix();
  eni.prefix();
  for (let at = 0; at < 10; at += 1) cluster.pod(`shop/p${String(at)}`, node, eni, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1245, docs: custom networking with prefixes',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].pools.0.total', 32),
      // Two ENIs of nine prefixes: 288 addresses; 110 - 10 - 2.
      is('nodes[name=n1].headroom.pods', 98),
    ],
    sayings: [{ command: 'explain', words: 'n1 settings', says: /WARM_PREFIX_TARGET=1/ }],
  };
}

/** An IPv6 cluster with egress to IPv4: the pods' 169.254 addresses are of the node alone. */
function ipv6WithEgress(): Situation {
  const cluster = new Cluster({ env: { ENABLE_IPv6: 'true', ENABLE_IPv4: 'false', ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2001:db8:1234:1a00::/64' });
  for (const [name, block] of [
    ['n1', 'aaaa'],
    ['n2', 'bbbb'],
  ] as const) {
    const node = cluster.node(name, subnet, { maxPods: 110, metrics: false });
    node.primary.prefix(`2001:db8:1234:1a00:${block}::/80`);
    for (let at = 0; at < 12; at += 1)
      cluster.write(`shop/${name}-${String(at)}`, node, [`2001:db8:1234:1a00:${block}::${String(at + 2)}`]);
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s#1750 (IPv6, egress to IPv4)',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].pools', []),
      is('nodes[name=n1].headroom.pods', 96),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
    ],
    sayings: [
      { command: 'lookup', words: '169.254.172.3', says: /lets? pods reach IPv4|each node/ },
      { command: 'lookup', words: '2001:db8:1234:1a00:bbbb::5', says: /shop\/n2-3/ },
    ],
  };
}

/** ENABLE_V6_EGRESS on an IPv4 cluster: pods have a second, local address. */
function v6Egress(): Situation {
  const cluster = new Cluster({ env: { ENABLE_V6_EGRESS: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2001:db8:1234:1a00::/64' });
  const node = cluster.node('n1', subnet);
  node.primary.ipv6.push('2001:db8:1234:1a00::5');
  fill(cluster, node, node.primary, 5);
  node.primary.free(4);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2361, #2971',
    cluster,
    checks: [...quiet, is('nodes[name=n1].pools.0.total', 18), is('nodes[name=n1].pools.0.assigned', 5)],
  };
}

/** Four cards with multi-NIC pods on, and no pod that asks for it: each further card keeps one address warm. */
function multiNicAtRest(): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'p4d.24xlarge', maxPods: 737 });
  fill(cluster, node, node.primary, 10);
  node.primary.free(39);
  node.eni({ dev: 1, by: 'ipamd' }).free(49);
  for (const card of [1, 2, 3]) node.eni({ card, dev: 1, by: 'ipamd' }).free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347 (at rest)',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].pools.0.total', 98),
      is('nodes[name=n1].pools.1.total', 1),
      is('nodes[name=n1].pools.1.low', false),
      is('nodes[name=n1].pools.3.available', 1),
    ],
  };
}

/** The node's name is its instance (resource-based names), with a CSI annotation and no trouble. */
function resourceBasedNames(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('i-00000000000000001.eu-west-1.compute.internal', subnet);
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2082 (resource-based host names)',
    cluster,
    checks: [...quiet, is('nodes[name=i-00000000000000001.eu-west-1.compute.internal].instanceId', node.instance)],
    sayings: [
      { command: 'lookup', words: node.instance ?? '', says: /node i-0+1\.eu-west-1/ },
      { command: 'explain', words: `${node.instance ?? ''} settings`, says: /WARM_ENI_TARGET=1/ },
    ],
  };
}

/** Two pods of one name in two namespaces, both right; a question by name alone lists them. */
function oneNameTwice(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  cluster.pod('shop/redis-0', node, node.primary);
  cluster.pod('bank/redis-0', node, node.primary);
  cluster.pod('bank/ledger-0', node, node.primary);
  node.primary.free(6);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'posted: explain pod NAME without a namespace',
    cluster,
    checks: quiet,
    sayings: [
      { command: 'explain', words: 'pod redis-0', says: /bank\/redis-0, pod shop\/redis-0/ },
      { command: 'explain', words: 'ledger-0 where', says: /eth0 of bank\/ledger-0 is on eni-/ },
      { command: 'explain', words: 'why has ledger-0 no address?', says: /has the address/ },
      {
        command: 'explain',
        words: 'pod ledger',
        says: /no pod is named ledger; these names contain it: pod bank\/ledger-0/,
      },
      { command: 'lookup', words: 'redis-0', says: /shop\/redis-0/ },
    ],
  };
}

/** Pods that end: Succeeded ones hold nothing, one that is deleted holds its address until it is gone. */
function rollingOver(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 4);
  const ending = cluster.pod('shop/old', node, node.primary, { deleting: true });
  cluster.pod('batch/done', node, node.primary, { phase: 'Succeeded' });
  node.primary.free(3);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1127, #294 (a rollout, all right)',
    cluster,
    checks: [...quiet, is('nodes[name=n1].pools.0.assigned', 5)],
    sayings: [{ command: 'lookup', words: ending.ip, says: /shop\/old/ }],
  };
}

/** Windows beside Linux, at rest: the controller gives addresses there, and aws-node does not run. */
function windowsAtRest(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const linux = cluster.node('n1', subnet);
  fill(cluster, linux, linux.primary, 3);
  linux.primary.free(6);
  linux.eni({ dev: 1, by: 'ipamd' }).free(9);
  const node = cluster.node('w1', subnet, {
    os: 'Windows Server 2022 Datacenter',
    ipamd: false,
    maxPods: 110,
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '9' },
  });
  node.primary.free(3);
  const held = node.primary.add();
  cluster.write('shop/iis', node, [held.ip], {
    resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
    annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${held.ip}/20` },
  });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#86 (mended)',
    cluster,
    checks: [
      ...quiet,
      is('interfaces[id=if:shop/iis/eth0].eni', node.primary.id),
      // Nine addresses, one of them held.
      is('nodes[name=w1].headroom.pods', 8),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /shop\/iis/ }],
  };
}

/** kubectl alone, of a node group that was scaled up: nothing of EC2 and of ipamd is known, and none is invented. */
function kubectlAlone(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false, createdAt: ago(9_000) });
  for (let at = 0; at < 5; at += 1) cluster.write(`shop/p${String(at)}`, node, [`10.40.1.${String(at + 7)}`]);
  const unknown: Json = null;
  return {
    source: 'posted: kubectl get nodes,pods,daemonsets -A -o json',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].headroom.pods', unknown),
      is('nodes[name=n1].headroom.limitedBy', 'unknown'),
      is('interfaces[id=if:shop/p1/eth0].eni', unknown),
      says('sources[id=ec2/network-interfaces].state', 'absent'),
    ],
    sayings: [{ command: 'lookup', words: '10.40.1.8', says: /shop\/p1/ }],
  };
}

export const quietOnes: Readonly<Record<string, () => Situation>> = {
  'type without trunks since v1.20.4': noTrunkType,
  'healthy prefixes': prefixesAtWork,
  'custom networking and prefixes': customWithPrefixes,
  'IPv6 with egress to IPv4': ipv6WithEgress,
  'IPv4 with egress to IPv6': v6Egress,
  'idle multi-NIC': multiNicAtRest,
  'resource-based names': resourceBasedNames,
  'one name twice': oneNameTwice,
  'pods that roll over': rollingOver,
  'idle Windows node': windowsAtRest,
  'only kubectl': kubectlAlone,
};
