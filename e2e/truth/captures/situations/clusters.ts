/** Clusters of other kinds: IPv6 with trunks, Cilium's ENIs, ENIs without IPv4, nodes whose primary ENI is not device 0. */
import { Cluster } from '../kit/cluster';
import { counters } from './ipamd-list';
import { found, is, NO_ADDRESS, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';
const IPV6 = { ENABLE_IPv6: 'true', ENABLE_IPv4: 'false', ENABLE_PREFIX_DELEGATION: 'true' };
const DUAL = { ipv6: '2001:db8:1234:1a00::/64' };

/** A pod with a branch ENI in an IPv6 cluster: its address is the branch's IPv6 one. */
function branchInIpv6(): Situation {
  const cluster = new Cluster({ env: { ...IPV6, ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', DUAL);
  const node = cluster.node('n1', subnet, {
    maxPods: 110,
    metrics: false,
    capacity: { 'vpc.amazonaws.com/pod-eni': '9' },
  });
  node.primary.prefix('2001:db8:1234:1a00:aaaa::/80');
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
  branch.ipv6.push('2001:db8:1234:1a00:5::7');
  cluster.write('shop/guarded', node, ['2001:db8:1234:1a00:5::7'], {
    resources: { 'vpc.amazonaws.com/pod-eni': '1' },
    annotations: {
      'vpc.amazonaws.com/pod-eni': JSON.stringify([
        {
          eniId: branch.id,
          ifAddress: branch.mac,
          privateIp: branch.ip,
          ipv6Addr: '2001:db8:1234:1a00:5::7',
          vlanId: 2,
          subnetCidr: '10.40.0.0/20',
          subnetV6Cidr: DUAL.ipv6,
        },
      ]),
    },
  });
  cluster.write('shop/plain', node, ['2001:db8:1234:1a00:aaaa::2']);
  return {
    source: 'kubernetes-sigs/aws-load-balancer-controller#4643, aws/amazon-vpc-cni-k8s#3572',
    cluster,
    checks: [
      is('interfaces[id=if:shop/guarded/eth0].eni', branch.id),
      is('interfaces[id=if:shop/guarded/eth0].link.rule', 'pod-eni'),
      is('interfaces[id=if:shop/guarded/eth0].addresses.0.eni', branch.id),
      is('interfaces[id=if:shop/plain/eth0].eni', node.primary.id),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [
      { command: 'lookup', words: '2001:db8:1234:1a00:5::7', says: new RegExp(branch.id) },
      { command: 'explain', words: 'node n1 trunk', says: /shop\/guarded/ },
    ],
  };
}

/** v1.22 asks DescribeSubnets: a role that never had it stops aws-node on an IPv6 cluster. */
function describeSubnetsForbidden(): Situation {
  const cluster = new Cluster({ env: IPV6 });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', DUAL);
  const old = cluster.node('n1', subnet, { maxPods: 110, metrics: false, version: 'v1.21.2-eksbuild.2' });
  old.primary.prefix('2001:db8:1234:1a00:aaaa::/80');
  const node = cluster.node('n2', subnet, {
    maxPods: 110,
    metrics: false,
    version: 'v1.22.1-eksbuild.2',
    ipamd: 'not-ready',
    agentRestarts: 11,
    ready: false,
  });
  node.primary.prefix('2001:db8:1234:1a00:bbbb::/80');
  warning(
    cluster,
    'kube-system/aws-node-2',
    'MissingIAMPermissions',
    'Unauthorized operation: failed to call ec2:DescribeSubnets due to missing permissions. Please refer https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md to attach relevant policy to IAM role',
    'aws-node',
  );
  cluster.waiting('shop/late', node, { createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    'kubelet',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3704, kubernetes/kops#18693',
    cluster,
    checks: [
      says('findings[rule=ec2-permission-missing]', 'DescribeSubnets'),
      says('findings[subjects~pod:shop/late]', '(?i)aws-node'),
      says('findings[subjects~pod:shop/late]', '(?i)DescribeSubnets|permission'),
      none('findings[subjects~node:n1]'),
    ],
    sayings: [
      { command: 'explain', words: 'differs', says: /1\.22\.1|1\.21\.2/ },
      { command: 'explain', words: 'pod shop/late address', says: /DescribeSubnets|permission/ },
    ],
  };
}

/** An IPv6-only ENI for Multus: before v1.23.1 ipamd stops on it, tagged or not. */
function ipv6OnlyEni(version: string, value: string, stops: boolean): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  const v6 = cluster.subnet('10.41.0.0/24', 'eu-west-1a', { ipv6: '2001:db8:1234:2b00::/64' });
  const node = cluster.node(
    'n1',
    subnet,
    stops ? { version, ipamd: 'not-ready', agentRestarts: 20, metrics: false, maxPods: 20 } : { version, maxPods: 20 },
  );
  node.primary.free(9);
  node.eni({ dev: 2, by: 'ipamd' }).free(9);
  const multus = node.eni({ dev: 1, ip: null, tags: { [NO_MANAGE]: value } }, v6);
  multus.ipv6.push('2001:db8:1234:2b00::9');
  return {
    source: 'aws/amazon-vpc-cni-k8s#2386, #3122, #3681',
    cluster,
    checks: [
      value === 'true' ? none('findings[rule=no-manage-bad-value]') : found('findings[rule=no-manage-bad-value]'),
      ...(stops
        ? [says('findings[subjects~node:n1]', multus.id), says('findings[subjects~node:n1]', '(?i)no IPv4')]
        : []),
      ...(!stops && value === 'true' ? [none('findings[severity=error]'), none('findings[severity=warning]')] : []),
    ],
    sayings: [{ command: 'lookup', words: '2001:db8:1234:2b00::9', says: new RegExp(multus.id) }],
  };
}

/** HyperPod: the node's own ENI is device 1, and the instance is in another account. */
function primaryOnDeviceOne(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { primary: { dev: 1 }, maxPods: 12 });
  for (let at = 0; at < 3; at += 1) cluster.pod(`ai/p-${String(at)}`, node, node.primary);
  node.primary.free(6);
  cluster.write('kube-system/agent', node, [], { hostNetwork: true });
  return {
    source: 'aws/amazon-vpc-cni-k8s#3753 (HyperPod)',
    cluster,
    checks: [
      is(`enis[id=${node.primary.id}].management.state`, 'managed'),
      none('findings[rule=eni-adopted]'),
      none('findings[rule=eni-will-be-adopted]'),
      is('nodes[name=n1].pools.0.assigned', 3),
    ],
    sayings: [{ command: 'lookup', words: node.primary.ip ?? '', says: /n1/ }],
  };
}

/** Cilium's ENI mode on a machine with EFA devices: addresses on an EFA ENI are Cilium's business. */
function ciliumOnEfa(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false, type: 'p4d.24xlarge', maxPods: 110 });
  const efas = [1, 2, 3].map((card) => node.eni({ card, dev: 1, type: 'efa', description: 'efa' }));
  for (const [at, eni] of efas.entries()) cluster.pod(`ai/w-${String(at)}`, node, eni);
  cluster.write('kube-system/cilium-1', node, [], { hostNetwork: true, labels: { 'k8s-app': 'cilium' } });
  return {
    source: 'cilium/cilium#42600',
    cluster,
    checks: [
      ...efas.map((eni, at) => is(`interfaces[id=if:ai/w-${String(at)}/eth0].eni`, eni.id)),
      is('interfaces[id=if:ai/w-1/eth0].card', 2),
      none('findings[rule=eni-adopted]'),
      none('findings[rule=eni-will-be-adopted]'),
      silentOn('findings', '(?i)ipamd|aws-node'),
      is('nodes[name=n1].headroom.pods', null),
    ],
  };
}

/** Cilium gave a pod an address that is on no ENI. */
function ciliumAddressOnNoEni(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false, maxPods: 29 });
  const eni = node.eni({
    dev: 1,
    description: `Cilium-CNI (${node.instance ?? ''})`,
    tags: { 'io.cilium/cilium-managed': 'true' },
  });
  for (let at = 0; at < 4; at += 1) cluster.pod(`shop/ok-${String(at)}`, node, eni);
  cluster.write('shop/rbac-manager', node, ['10.40.9.39']);
  cluster.write('kube-system/cilium-1', node, [], { hostNetwork: true, labels: { 'k8s-app': 'cilium' } });
  return {
    source: 'cilium/cilium#13412',
    cluster,
    checks: [
      found('findings[rule=pod-address-not-on-node][subjects~pod:shop/rbac-manager]'),
      silentOn('findings[rule=pod-address-not-on-node]', '(?i)aws-node|ipamd'),
      none('findings[rule=pod-address-not-on-node][subjects~pod:shop/ok-1]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/rbac-manager where', silentOn: /ipamd|aws-node/ }],
  };
}

/** Attachments fail for want of rights on one node group only. */
function rightsOfOneGroup(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const good = cluster.node('n1', subnet, { labels: { 'eks.amazonaws.com/nodegroup': 'a' } });
  good.primary.free(9);
  good.eni({ dev: 1, by: 'ipamd' }).free(9);
  const bad = cluster.node('n2', subnet, { labels: { 'eks.amazonaws.com/nodegroup': 'b' }, metrics: false });
  for (let at = 0; at < 9; at += 1) cluster.pod(`shop/b-${String(at)}`, bad, bad.primary);
  counters(cluster, bad, [
    'awscni_eni_allocated 1',
    'awscni_aws_api_error_count{api="AttachNetworkInterface",error="UnauthorizedOperation"} 51',
  ]);
  cluster.waiting('shop/late', bad, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1536 (node role), #59',
    cluster,
    checks: [
      says('findings[rule=ec2-permission-missing]', 'AttachNetworkInterface'),
      says('findings[rule=ec2-permission-missing]', 'node:n2'),
      none('findings[subjects~node:n1][severity=error]'),
      says('findings[rule=pod-ip-failed]', '(?i)AttachNetworkInterface|permission|UnauthorizedOperation'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /AttachNetworkInterface|permission/i }],
  };
}

export const clusters: Readonly<Record<string, () => Situation>> = {
  'branch ENI in an IPv6 cluster': branchInIpv6,
  'DescribeSubnets forbidden': describeSubnetsForbidden,
  'IPv6-only ENI, tag True': () => ipv6OnlyEni('v1.12.6', 'True', true),
  'IPv6-only ENI, tag true, before v1.23.1': () => ipv6OnlyEni('v1.22.4', 'true', true),
  'IPv6-only ENI since v1.23.1': () => ipv6OnlyEni('v1.23.1', 'true', false),
  'primary ENI on device 1': primaryOnDeviceOne,
  'Cilium on EFA': ciliumOnEfa,
  'Cilium address on no ENI': ciliumAddressOnNoEni,
  'permissions of one node group': rightsOfOneGroup,
};
