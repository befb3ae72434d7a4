/** What ipamd remembers, what EC2 has and what pods hold are three things: prefixes and addresses that one of them lost. */
import { Cluster } from '../kit/cluster';
import { ipamdHas } from './ipamd-list';
import { found, is, none, OLD, refused, NO_ADDRESS, says, silentOn, type Situation } from './situation';

const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };

/** ipamd gave back a prefix from which two pods still have their addresses. */
function prefixInUseReleased(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 110, metrics: false, version: 'v1.22.4-eksbuild.3' });
  node.primary.prefix('10.40.15.240/28');
  for (let at = 0; at < 5; at += 1) cluster.pod(`shop/ok-${String(at)}`, node, node.primary, { via: 'prefix' });
  cluster.write('shop/cut-1', node, ['10.40.15.224']);
  cluster.write('kube-system/coredns-1', node, ['10.40.15.225']);
  ipamdHas(cluster, node, [{ eni: node.primary, prefixes: node.primary.prefixes }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3824',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 16),
      is('nodes[name=n1].pools.0.assigned', 5),
      found('findings[rule=pod-address-not-on-node][subjects~pod:shop/cut-1]'),
      found('findings[rule=pod-address-not-on-node][subjects~pod:kube-system/coredns-1]'),
      none('findings[rule=pod-address-not-on-node][subjects~pod:shop/ok-1]'),
      says('findings[rule=pod-address-not-on-node].advice', '(?i)(recreate|delete|restart) (the|these|this) pod'),
      is('interfaces[id=if:shop/cut-1/eth0].addresses.0.backed', 'none'),
    ],
    sayings: [
      { command: 'lookup', words: '10.40.15.224', says: /shop\/cut-1/ },
      { command: 'explain', words: 'pod shop/cut-1 where', says: /no ENI|not on (an|any) ENI|on none/i },
      { command: 'explain', words: 'address 10.40.15.225 who', says: /coredns-1/ },
    ],
  };
}

/** aws-node was restarted and IMDS left out a prefix: EC2 has it, pods use it, ipamd forgot it and its pods. */
function prefixForgottenAtStart(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 110, metrics: false, version: 'v1.22.4-eksbuild.3' });
  const lost = node.primary.prefix('10.40.15.224/28');
  for (let at = 0; at < 16; at += 1) cluster.pod(`shop/lost-${String(at)}`, node, node.primary, { via: 'prefix' });
  const kept = node.primary.prefix('10.40.15.240/28');
  for (let at = 0; at < 3; at += 1) cluster.pod(`shop/ok-${String(at)}`, node, node.primary, { via: 'prefix' });
  ipamdHas(cluster, node, [{ eni: node.primary, prefixes: [kept] }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3876, #3877',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 16),
      is('nodes[name=n1].pools.0.assigned', 3),
      says('findings[rule=ipamd-view-differs]', lost.cidr.replaceAll('.', '\\.')),
      says('findings[rule=ipamd-view-differs]', 'shop/lost-'),
      none('findings[rule=pod-address-not-on-node]'),
    ],
    sayings: [
      { command: 'explain', words: 'node n1 ipamd', says: /10\.40\.15\.224/ },
      { command: 'lookup', words: '10.40.15.224', says: /shop\/lost-0/ },
    ],
  };
}

/** IMDS was stale at a restart: ipamd hands out an address that EC2 took back. */
function addressThatEc2TookBack(held: boolean): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '3', WARM_ENI_TARGET: '0' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false, version: 'v1.22.4' });
  for (let at = 0; at < 2; at += 1) cluster.pod(`shop/ok-${String(at)}`, node, node.primary);
  node.primary.free(2);
  const stale = {
    ip: '10.40.2.9',
    holder: held ? 'if:kube-system/coredns-5f/eth0' : null,
    freedSecondsAgo: null,
    hidden: false,
  };
  if (held) cluster.write('kube-system/coredns-5f', node, [stale.ip]);
  ipamdHas(cluster, node, [{ eni: node.primary, addresses: [...node.primary.addresses, stale] }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3887',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 5),
      is('nodes[name=n1].pools.0.assigned', held ? 3 : 2),
      says('findings[rule=ipamd-view-differs]', '10\\.40\\.2\\.9'),
      (held ? found : none)('findings[rule=pod-address-not-on-node]'),
    ],
    sayings: [
      { command: 'lookup', words: stale.ip, says: held ? /coredns-5f/ : /ipamd/ },
      { command: 'explain', words: 'ipamd', says: /10\.40\.2\.9/ },
    ],
  };
}

/** v1.22.2 put the node's own address into the pool where DescribeSubnets did not know the subnet. */
function primaryAddressInThePool(held: boolean): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false, version: 'v1.22.2-eksbuild.1' });
  for (let at = 0; at < 4; at += 1) cluster.pod(`shop/ok-${String(at)}`, node, node.primary);
  node.primary.free(5);
  const own = {
    ip: node.primary.ip ?? '',
    holder: held ? 'if:ai/train/eth0' : null,
    freedSecondsAgo: null,
    hidden: false,
  };
  if (held) cluster.write('ai/train', node, [own.ip]);
  ipamdHas(cluster, node, [{ eni: node.primary, addresses: [...node.primary.addresses, own] }]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3753, #3756',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 10),
      is('nodes[name=n1].pools.0.assigned', held ? 5 : 4),
      held
        ? found('findings[rule=pod-on-primary-address][subjects~pod:ai/train]')
        : none('findings[rule=pod-on-primary-address]'),
      // Whether a pod has it yet or not: the next draw may.
      says('findings[subjects~node:n1]', `(?i)primary`),
      silentOn('findings[rule=pod-address-not-on-node]', 'ai/train'),
    ],
    sayings: [
      { command: 'explain', words: 'node n1 ipamd', says: new RegExp(own.ip.replaceAll('.', '\\.')) },
      { command: 'lookup', words: own.ip, says: held ? /ai\/train/ : /primary/ },
    ],
  };
}

/** The same on a node whose list agrees with EC2 and the pods: nothing to say. */
function allThreeAgree(prefix: boolean): Situation {
  const cluster = new Cluster({ env: prefix ? PREFIX : {} });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: prefix ? 110 : 29, metrics: false, enisJson: 'per-card' });
  if (prefix) for (let at = 0; at < 2; at += 1) node.primary.prefix();
  for (let at = 0; at < 5; at += 1)
    cluster.pod(`shop/ok-${String(at)}`, node, node.primary, prefix ? { via: 'prefix' } : {});
  if (!prefix) {
    node.primary.free(4);
    node.eni({ dev: 1, by: 'ipamd' }).free(9);
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s#3824 (after the node was replaced)',
    cluster,
    checks: [
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      none('findings[rule=ipamd-view-differs]'),
    ],
    sayings: [{ command: 'explain', words: 'node n1 ipamd', says: /agree|nothing|same|no difference/i }],
  };
}

/** Sandboxes of finished pods are still assigned: the pod waits though EC2 shows free addresses, in prefix mode. */
function ghostsInPrefixes(): Situation {
  const cluster = new Cluster({ env: { ...PREFIX, WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '16' } });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { available: 3 });
  const node = cluster.node('n1', subnet, { maxPods: 110, metrics: false });
  const prefix = node.primary.prefix();
  for (let at = 0; at < 6; at += 1) cluster.pod(`shop/ok-${String(at)}`, node, node.primary, { via: 'prefix' });
  for (let at = 0; at < 10; at += 1) node.primary.fromPrefix().holder = `if:batch/done-${String(at)}/eth0`;
  ipamdHas(cluster, node, [{ eni: node.primary, prefixes: [prefix] }]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3109, #1204',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 16),
      is('nodes[name=n1].pools.0.assigned', 16),
      is('nodes[name=n1].pools.0.available', 0),
      is('nodes[name=n1].headroom.pods', 0),
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', '10'),
      says('findings[rule=ipamd-view-differs]', 'batch/done-'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /gone|no longer|not live|sandbox/i }],
  };
}

export const memory: Readonly<Record<string, () => Situation>> = {
  'prefix in use that ipamd released': prefixInUseReleased,
  'prefix that ipamd lost at its start': prefixForgottenAtStart,
  'address that EC2 removed, held': () => addressThatEc2TookBack(true),
  'address that EC2 removed, free': () => addressThatEc2TookBack(false),
  'primary address in the pool, held': () => primaryAddressInThePool(true),
  'primary address in the pool, free': () => primaryAddressInThePool(false),
  'ipamd, EC2 and pods agree': () => allThreeAgree(false),
  'ipamd, EC2 and pods agree on prefixes': () => allThreeAgree(true),
  'prefix full of deleted sandboxes': ghostsInPrefixes,
};
