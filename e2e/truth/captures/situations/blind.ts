/** Posted without `aws ec2 describe-…`: what aws-node says of itself is all that tells of the pool. */
import { Cluster } from '../kit/cluster';
import type { Prefix } from '../kit/eni';
import { counters, ipamdHas } from './ipamd-list';
import { found, is, NO_ADDRESS, none, OLD, refused, says, silentOn, type Situation } from './situation';

const MINIMUM = { MINIMUM_IP_TARGET: '16', WARM_IP_TARGET: '0' };

/** ipamd's list names more sandboxes than there are pods. */
function ghosts(prefix: boolean): Situation {
  const cluster = new Cluster({ withoutEc2: true, env: prefix ? { ENABLE_PREFIX_DELEGATION: 'true' } : {} });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 't3.medium', metrics: false, maxPods: prefix ? 110 : 17 });
  const prefixes: Prefix[] = prefix ? [node.primary.prefix()] : [];
  const size = prefix ? 16 : 5;
  for (let at = 0; at < size; at += 1) {
    const held = prefix ? node.primary.fromPrefix() : node.primary.add();
    const live = at < 3;
    held.holder = `if:shop/${live ? 'live' : 'gone'}-${String(at)}/eth0`;
    if (live) cluster.write(`shop/live-${String(at)}`, node, [held.ip]);
  }
  ipamdHas(cluster, node, [{ eni: node.primary, addresses: node.primary.addresses, prefixes }]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1204, #3494 (posted /v1/enis)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', size),
      is('nodes[name=n1].pools.0.assigned', size),
      is('nodes[name=n1].pools.0.available', 0),
      is('nodes[name=n1].pools.0.low', true),
      says(
        'findings[rule=pod-ip-failed][subjects~pod:shop/late]',
        `${String(size - 3)} addresses are held for pods that are gone`,
      ),
      none('findings[rule=pod-address-not-on-node]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: /gone/ },
      // EC2 was not asked: ipamd's list alone tells whose an address is.
      {
        command: 'lookup',
        words: node.primary.addresses[4]?.ip ?? node.primary.prefixes[0]?.held[4]?.ip ?? '',
        says: new RegExp(`held by ipamd for a pod that is gone \\(shop/gone-4\\), on ${node.primary.id}[^]*node n1`),
      },
      { command: 'lookup', words: node.primary.id, says: /ipamd’s own list alone[^]*node n1/ },
      { command: 'lookup', words: '10.40.9.9', silentOn: /ipamd/ },
    ],
  };
}

/** Addresses that ipamd has free, of an ENI that EC2 does not show: everybody asks whose they are. */
function freeInIpamd(withoutEc2: boolean): Situation {
  const cluster = new Cluster({ withoutEc2 });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 't3.medium', metrics: false, maxPods: 17 });
  const free = node.primary.add();
  const stray = cluster.stray(node, { dev: 1, by: 'ipamd' }, false);
  ipamdHas(cluster, node, [
    { eni: node.primary, addresses: [free] },
    { eni: stray, addresses: [{ ...free, ip: '10.40.7.7', holder: null }] },
  ]);
  const prefix = withoutEc2 ? 'free on' : '';
  return {
    source: 'aws/amazon-vpc-cni-k8s#3109 (whose is this address)',
    cluster,
    checks: [found('nodes[name=n1]')],
    sayings: [
      { command: 'lookup', words: free.ip, says: new RegExp(`${prefix}.*${node.primary.id}[^]*node n1`) },
      { command: 'lookup', words: '10.40.7.7', silentOn: /no known holder/ },
    ],
  };
}

/** The gauges say that all is given out, and the targets that no more comes. */
function minimumReached(): Situation {
  const cluster = new Cluster({ withoutEc2: true, env: MINIMUM });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  for (let at = 0; at < 16; at += 1) cluster.write(`shop/p-${String(at)}`, node, [`10.40.0.${String(20 + at)}`]);
  counters(cluster, node, [
    'awscni_eni_allocated 2',
    'awscni_total_ip_addresses 16',
    'awscni_assigned_ip_addresses 16',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3685 (metrics only)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].pools.0.available', 0),
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', 'MINIMUM_IP_TARGET'),
      silentOn('findings[rule=pod-ip-failed][subjects~pod:shop/late]', 'does not see'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /MINIMUM_IP_TARGET/ }],
  };
}

/** All is given out to live pods; whether the subnet or the type is why, nobody can say. */
function allGivenOut(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  for (let at = 0; at < 9; at += 1) cluster.write(`shop/p-${String(at)}`, node, [`10.40.0.${String(20 + at)}`]);
  counters(cluster, node, ['awscni_eni_allocated 1', 'awscni_total_ip_addresses 9', 'awscni_assigned_ip_addresses 9']);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#281 (kubectl and metrics only)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.low', true),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', 'all 9'),
      silentOn('findings[rule=pod-ip-failed][subjects~pod:shop/late]', '(?i)gone'),
      is('nodes[name=n1].headroom.pods', null),
    ],
  };
}

/** Rule 0 came with v1.16.3: before, a pool of as many addresses as pods that the node takes may be low. Both ways of reading it agree. */
function atMaxPods(version: string, withoutEc2: boolean, low: boolean): Situation {
  const cluster = new Cluster({ withoutEc2 });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false, maxPods: 8, version });
  for (let at = 0; at < 8; at += 1) {
    const held = node.primary.add();
    const name = `shop/p-${String(at)}`;
    held.holder = `if:${name}/eth0`;
    cluster.write(name, node, [held.ip]);
  }
  node.primary.add();
  counters(cluster, node, ['awscni_eni_allocated 1', 'awscni_total_ip_addresses 9', 'awscni_assigned_ip_addresses 8']);
  return {
    source: 'aws/amazon-vpc-cni-k8s v1.16.3, ipamd.go isDatastorePoolTooLow (both ways)',
    cluster,
    checks: [is('nodes[name=n1].pools.0.available', 1), is('nodes[name=n1].pools.0.low', low)],
  };
}

export const blind: Readonly<Record<string, () => Situation>> = {
  'ghosts, without EC2': () => ghosts(false),
  'ghosts in a prefix, without EC2': () => ghosts(true),
  'free in ipamd’s list, without EC2': () => freeInIpamd(true),
  'free in ipamd’s list': () => freeInIpamd(false),
  'minimum reached, without EC2': minimumReached,
  'all addresses assigned, without EC2': allGivenOut,
  'as many addresses as max pods, before v1.16.3': () => atMaxPods('v1.15.1', false, true),
  'as many addresses as max pods, before v1.16.3, without EC2': () => atMaxPods('v1.15.1', true, true),
  'as many addresses as max pods, v1.16.3': () => atMaxPods('v1.16.3', false, false),
  'as many addresses as max pods, v1.16.3, without EC2': () => atMaxPods('v1.16.3', true, false),
};
