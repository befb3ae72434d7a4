/** Multi-NIC cards, Windows, leaked ENIs of other clusters, subnets at their end, and two troubles at once. */
import { Cluster } from '../kit/cluster';
import {
  CUSTOM_NETWORKING,
  eniConfig,
  count,
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

const MULTI = { ENABLE_MULTI_NIC: 'true' };
const WANTS_ALL = { annotations: { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' } };

/** EFA-only on every further card: these cards are not ipamd's, and the pod gets one interface. */
function onlyEfaOnTheCards(): Situation {
  const cluster = new Cluster({ env: MULTI });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'p4d.24xlarge', maxPods: 110 });
  node.primary.free(48);
  node.eni({ dev: 1, by: 'ipamd' }).free(49);
  for (const card of [1, 2, 3]) node.eni({ card, dev: 1, type: 'efa-only', ip: null });
  cluster.pod('ai/wide', node, node.primary, WANTS_ALL);
  return {
    source: 'terraform-aws-modules/terraform-aws-eks#3653, aws/amazon-vpc-cni-k8s#3350',
    cluster,
    checks: [
      ...[1, 2, 3].map((card) => is(`networkCards[id=card:n1/${String(card)}].managed`, false)),
      found('findings[rule=multi-nic-no-effect][subjects~pod:ai/wide]'),
      none('findings[rule=eni-adopted]'),
      none('findings[rule=eni-will-be-adopted]'),
      count('nodes[name=n1].pools', 1),
      silentOn('findings.advice', '(?i)no_manage=true'),
    ],
  };
}

/** The annotation where the feature is off: the pod never starts, and the pool has nothing to do with it. */
function annotatedWithoutTheFeature(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'c6in.32xlarge', maxPods: 110 });
  node.primary.free(49);
  cluster.waiting('ai/wide', node, { createdAt: OLD, ...WANTS_ALL });
  refused(cluster, 'ai/wide', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347 (rpc_handler.go)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/wide]', 'ENABLE_MULTI_NIC'),
      silentOn('findings[subjects~pod:ai/wide]', '(?i)subnet|larger instance'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/wide address', says: /multi-NIC|ENABLE_MULTI_NIC/i }],
  };
}

/** Card 1 has no address left: a pod that wants all cards gets none, others go on. */
function oneCardDry(): Situation {
  const cluster = new Cluster({ env: MULTI });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { available: 0 });
  const node = cluster.node('n1', subnet, { type: 'c6in.32xlarge', maxPods: 110 });
  node.primary.free(40);
  node.eni({ card: 1, dev: 0, by: 'ipamd' });
  cluster.waiting('ai/wide', node, { createdAt: OLD, ...WANTS_ALL });
  refused(cluster, 'ai/wide', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347 (all cards must yield an address)',
    cluster,
    checks: [
      says('findings[rule=pod-ip-failed][subjects~pod:ai/wide]', 'card 1'),
      is('nodes[name=n1].pools.1.available', 0),
      is('nodes[name=n1].pools.0.available', 40),
      is('nodes[name=n1].headroom.pods', 40),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/wide address', says: /card 1/ }],
  };
}

/** Windows hands out prefixes of its one ENI. */
function windowsWithPrefixes(full: boolean): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('w1', subnet, {
    ipamd: false,
    os: 'Windows Server 2022 Datacenter',
    maxPods: 110,
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': full ? '32' : '144' },
  });
  cluster.object({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'kube-system', name: 'amazon-vpc-cni', uid: 'cm-1' },
    data: { 'enable-windows-ipam': 'true', 'enable-windows-prefix-delegation': 'true', 'warm-prefix-target': '1' },
  });
  node.primary.prefix();
  if (full) node.primary.prefix();
  const live = full ? 32 : 3;
  for (let at = 0; at < live; at += 1) {
    const held = node.primary.fromPrefix();
    cluster.write(`win/p-${String(at)}`, node, [held.ip], {
      annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${held.ip}/20` },
      resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
    });
  }
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s docs/windows (prefix delegation), #86',
    cluster,
    checks: [
      is('interfaces[id=if:win/p-1/eth0].eni', node.primary.id),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[rule=eni-will-be-adopted]'),
      none('findings[severity=error]'),
      silentOn('findings', '(?i)aws-node|ipamd'),
    ],
    sayings: [{ command: 'explain', words: 'pod win/p-1 where', says: new RegExp(node.primary.id) }],
  };
}

/** ENIs that another cluster of the VPC left behind are not this cluster's to delete. */
function leakOfAnotherCluster(): Situation {
  const cluster = new Cluster({ env: { CLUSTER_NAME: 'shop' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  node.primary.free(9);
  node
    .eni({ dev: 1, by: 'ipamd', tags: { 'cluster.k8s.amazonaws.com/name': 'shop', 'eks:eni:owner': 'amazon-vpc-cni' } })
    .free(9);
  const tags = (name: string) => ({
    'node.k8s.amazonaws.com/instance_id': 'i-0dead0000000000000',
    'node.k8s.amazonaws.com/createdAt': '2026-08-30T10:00:00Z',
    'cluster.k8s.amazonaws.com/name': name,
  });
  const ours = cluster.loose({ description: 'aws-K8S-i-0dead0000000000000', tags: tags('shop') }, subnet);
  const theirs = cluster.loose({ description: 'aws-K8S-i-0dead0000000000000', tags: tags('billing') }, subnet);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1447, #608, amazon-vpc-resource-controller-k8s#374',
    cluster,
    checks: [
      found(`findings[rule=eni-leaked][subjects~${ours.id}]`),
      none(`findings[rule=eni-leaked][subjects~${theirs.id}][severity=error]`),
      silentOn(`findings[rule=eni-leaked][subjects~${theirs.id}].command`, 'delete-network-interface'),
    ],
    sayings: [{ command: 'explain', words: 'leaked', says: new RegExp(ours.id) }],
  };
}

/** Two troubles on one node: neither hides the other. */
function rightsAndGhosts(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 2 });
  const node = cluster.node('n1', subnet, { type: 't3.medium', maxPods: 17 });
  fill(cluster, node, node.primary, 5);
  node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'True' } });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '10.40.9.0/24' },
  });
  cluster.waiting('shop/other', node, { createdAt: OLD, annotations: { 'k8s.v1.cni.cncf.io/networks': 'lann' } });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2386, #547 (at once)',
    cluster,
    checks: [
      found('findings[rule=no-manage-bad-value]'),
      found('findings[rule=network-missing][subjects~pod:shop/other]'),
      found('findings[subjects~pod:shop/late]'),
      is('nodes[name=n1].pools.0.available', 0),
    ],
  };
}

/** Nobody could ask EC2: nothing is zero, and nothing is judged. */
function withoutEc2(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  for (let at = 0; at < 12; at += 1) cluster.write(`shop/p-${String(at)}`, node, [`10.40.0.${String(20 + at)}`]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'posted without EC2 (kubectl get only)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', null),
      is('nodes[name=n1].headroom.pods', null),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[rule=node-addresses-full]'),
      none('findings[rule=max-pods-too-high]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/p-1 where', says: /not known|absent|EC2/i }],
  };
}

/** Custom networking and prefixes: the primary's own prefix gives nothing, and that is as it should be. */
function customWithPrefixes(): Situation {
  const cluster = new Cluster({
    env: {
      ...CUSTOM_NETWORKING,
      ENABLE_PREFIX_DELEGATION: 'true',
    },
  });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id, undefined, 'sg-0node');
  const node = cluster.node('n1', own, { maxPods: 110, enisJson: 'per-card', metrics: false });
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods);
  second.prefix();
  second.prefix();
  for (let at = 0; at < 4; at += 1) cluster.pod(`shop/p-${String(at)}`, node, second, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1245 (custom networking at work)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 32),
      is('nodes[name=n1].pools.0.low', false),
      // 2 ENIs × 9 prefixes × 16 are more than the kubelet takes: 110 less four and two.
      is('nodes[name=n1].headroom.pods', 104),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [{ command: 'explain', words: `eni ${second.id} groups`, says: /same|no difference|as|match/i }],
  };
}

/** The pool is short in one node's zone only; the scheduler's own trouble is another. */
function insufficientBoth(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    type: 'r7g.medium',
    maxPods: 8,
    capacity: { 'vpc.amazonaws.com/pod-eni': '4' },
  });
  node.primary.free(3);
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  for (let at = 0; at < 4; at += 1) {
    const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
    cluster.write(`shop/b-${String(at)}`, node, [branch.ip ?? ''], {
      resources: { 'vpc.amazonaws.com/pod-eni': '1' },
      annotations: {
        'vpc.amazonaws.com/pod-eni': JSON.stringify([
          { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: at + 1, subnetCidr: '10.40.0.0/20' },
        ]),
      },
    });
  }
  cluster.write('shop/late', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/pod-eni': '1', cpu: '64' },
  });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient vpc.amazonaws.com/pod-eni.',
    'default-scheduler',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3112 (with a shortage of CPU)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', '4 of (its )?4|all 4|4 branch'),
      none('findings[rule=max-pods-too-high]'),
      is('nodes[name=n1].branch.used', 4),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /pod-eni/ }],
  };
}

export const cards: Readonly<Record<string, () => Situation>> = {
  'EFA-only devices on the further cards': onlyEfaOnTheCards,
  'multi-NIC annotation without the feature': annotatedWithoutTheFeature,
  'one card without addresses': oneCardDry,
  'Windows with prefixes': () => windowsWithPrefixes(false),
  'Windows with full prefixes': () => windowsWithPrefixes(true),
  'leaked ENI of another cluster': leakOfAnotherCluster,
  'two problems at once': rightsAndGhosts,
  'posted without EC2': withoutEc2,
  'custom networking with prefixes, healthy': customWithPrefixes,
  'short of branch ENIs and CPU': insufficientBoth,
};
