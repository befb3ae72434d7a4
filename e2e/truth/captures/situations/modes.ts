/** Modes of the cluster that change what is right: custom networking, IPv6, Windows, Fargate, Auto Mode, another CNI, limits of a type. */
import { Cluster } from '../kit/cluster';
import { NETWORKS } from '../kit/pod';
import type { Eni } from '../kit/eni';
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

/** The ENIConfig of the node's zone names a subnet of another one: EC2 attaches no such ENI. */
function eniConfigOfAnotherZone(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const own = cluster.subnet('10.40.0.0/20', 'eu-west-1b');
  const pods = cluster.subnet('100.64.0.0/18', 'eu-west-1a');
  eniConfig(cluster, pods.id, 'eu-west-1b');
  const node = cluster.node('n1', own, { maxPods: 20, ipamd: 'not-ready', ready: false });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#884, #2416',
    cluster,
    checks: [
      says('findings[rule=eniconfig-wrong-zone]', '(?s)eu-west-1a.*eu-west-1b|eu-west-1b.*eu-west-1a'),
      is('nodes[name=n1].pools.0.total', 0),
      is('nodes[name=n1].headroom.pods', 0),
      says('findings[subjects~pod:shop/late]', 'ENIConfig'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /ENIConfig/ }],
  };
}

/** No ENIConfig of that zone: aws-node does not start, and the node stays NotReady. */
function eniConfigMissing(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const own = cluster.subnet('10.40.0.0/20', 'eu-west-1c');
  const pods = cluster.subnet('100.64.0.0/18', 'eu-west-1a');
  eniConfig(cluster, pods.id, 'eu-west-1a');
  const node = cluster.node('n1', own, { maxPods: 20, ipamd: 'not-ready', ready: false, metrics: false });
  cluster.waiting('kube-system/csi', node, { createdAt: OLD, owner: { kind: 'DaemonSet', name: 'csi' } });
  warning(
    cluster,
    'kube-system/csi',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    'kubelet',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2683',
    cluster,
    checks: [
      says('findings[rule=eniconfig-missing]', 'eu-west-1c'),
      says('findings[subjects~pod:kube-system/csi]', 'ENIConfig'),
    ],
    sayings: [{ command: 'explain', words: 'pod kube-system/csi address', says: /ENIConfig/ }],
  };
}

/** Karpenter was told of the reserved ENI, or not. */
function reservedEnis(told: boolean): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: told ? 20 : 29 });
  fill(cluster, node, node.primary, 9);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 2);
  node.enis[1]?.free(7);
  node.eni({ dev: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  return {
    source: 'aws/karpenter-provider-aws#2273, #3989, aws/amazon-vpc-cni-k8s#1077',
    cluster,
    checks: told
      ? [
          none('findings[rule=max-pods-too-high]'),
          is('nodes[name=n1].headroom.pods', 7),
          // No pod is waiting, and seven addresses are free.
          none('findings[severity=error]'),
        ]
      : [says('findings[rule=max-pods-too-high]', '(?s)29.*20|20.*29'), is('nodes[name=n1].headroom.pods', 7)],
  };
}

/** EC2 allows fewer ENIs than the CNI's table, or the user, believed. */
function fewerEnisThanBelieved(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 89, version: 'v1.12.1' });
  fill(cluster, node, node.primary, 9);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 9);
  cluster.metricLines.set('n1', [
    'awscni_aws_api_error_count{api="AttachNetworkInterface",error="AttachmentLimitExceeded"} 420',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2309, #547, aws/karpenter-provider-aws#7318',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
      is('nodes[name=n1].pools.0.next.action', 'none'),
      says('findings[rule=max-pods-too-high].title', '(?s)89.*29|29.*89'),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /full|3 of 3|27/i }],
  };
}

/** Cilium hands out a range of its own, smaller than max pods. */
function ciliumRangeFull(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false, type: 'm5.xlarge', maxPods: 234 });
  for (let at = 1; at < 6; at += 1) cluster.write(`shop/c-${String(at)}`, node, [`172.16.10.${String(at)}`]);
  cluster.write('kube-system/cilium-1', node, [], { hostNetwork: true, labels: { 'k8s-app': 'cilium' } });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="cilium-cni" name="cilium" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure range is full',
  );
  return {
    source: 'aws/karpenter-provider-aws#4557',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', null),
      says('findings[subjects~pod:shop/late]', 'range is full'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)aws-node|ipamd|WARM_'),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[rule=max-pods-too-high]'),
      none('findings[rule=address-not-on-eni]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: /range is full/, silentOn: /aws-node|ipamd/ },
    ],
  };
}

/** Auto Mode nodes beside nodes with aws-node: nothing is wrong with them. */
function autoModeBeside(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const n1 = cluster.node('n1', subnet);
  n1.primary.free(9);
  const auto = cluster.node('i-0auto', subnet, {
    ipamd: false,
    maxPods: 27,
    os: 'Bottlerocket (EKS Auto, Standard) 2026.8.1 (aws-k8s-1.34-standard)',
    labels: { 'eks.amazonaws.com/compute-type': 'auto' },
  });
  auto.primary.prefix();
  cluster.pod('shop/a', auto, auto.primary, { via: 'prefix' });
  cluster.pod('shop/b', auto, auto.primary, { via: 'prefix' });
  return {
    source: 'aws/containers-roadmap#2488 (Auto Mode)',
    cluster,
    checks: [
      is('nodes[name=i-0auto].computeType', 'auto'),
      is('interfaces[id=if:shop/a/eth0].eni', auto.primary.id),
      is('interfaces[id=if:shop/a/eth0].link.rule', 'ipv4-prefix'),
      // Auto Mode's max pods counts what AWS gives the node: two pods and kube-proxy are there.
      is('nodes[name=i-0auto].headroom.pods', 24),
      none('findings[subjects~node:i-0auto]'),
      none(`findings[subjects~${auto.primary.id}]`),
      none('findings[subjects~pod:shop/a]'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'node i-0auto settings',
        says: /Auto Mode|no aws-node/i,
        silentOn: /WARM_ENI_TARGET.*(1|counts)/,
      },
    ],
  };
}

/** Fargate runs no DaemonSet: Multus never sees the pod's annotation. */
function fargateWithNetworks(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: {} });
  const fargate = cluster.node('fargate-ip-10-40-3-4', subnet, {
    ipamd: false,
    instance: false,
    type: null,
    maxPods: 1,
    providerId: 'aws:///eu-west-1a/0a1b2c3d4e-5f60718293a4/fargate-ip-10-40-3-4.eu-west-1.compute.internal',
    labels: { 'eks.amazonaws.com/compute-type': 'fargate' },
  });
  cluster.write('shop/task', fargate, ['10.40.3.4'], {
    createdAt: OLD,
    annotations: { [NETWORKS]: 'lan' },
    labels: { 'eks.amazonaws.com/fargate-profile': 'fp' },
  });
  return {
    source: 'aws/containers-roadmap (Fargate runs no DaemonSets), aws/amazon-vpc-cni-k8s#792',
    cluster,
    checks: [
      is('nodes[name=fargate-ip-10-40-3-4].computeType', 'fargate'),
      says('findings[subjects~pod:shop/task]', '(?i)fargate'),
      silentOn('findings[subjects~pod:shop/task]', '(?i)restart (the )?(multus|kube-multus)|attach the ENI'),
      none('findings[rule=multus-down]'),
      none('findings[rule=pod-address-not-on-node]'),
    ],
  };
}

/** The Fargate scheduler says why it does not take a pod of the host network. */
function fargateHostNetwork(): Situation {
  const cluster = new Cluster();
  cluster.subnet('10.40.0.0/20');
  cluster.write('kube-system/efs-csi', null, [], { phase: 'Pending', createdAt: OLD, hostNetwork: true });
  warning(
    cluster,
    'kube-system/efs-csi',
    'FailedScheduling',
    'Pod not supported on Fargate: fields not supported: HostNetwork, invalid SecurityContext fields: Privileged, port contains HostIP or HostPort',
    'fargate-scheduler',
  );
  return {
    source: 'aws/containers-roadmap#1517',
    cluster,
    checks: [],
    sayings: [{ command: 'explain', words: 'pod kube-system/efs-csi address', says: /HostNetwork/ }],
  };
}

/** IPv6: a /80 for each node, and none of the pool's settings counts. */
function ipv6AtWork(): Situation {
  const cluster = new Cluster({
    env: {
      ENABLE_IPv4: 'false',
      ENABLE_IPv6: 'true',
      ENABLE_PREFIX_DELEGATION: 'true',
      WARM_IP_TARGET: '5',
      MINIMUM_IP_TARGET: '20',
    },
  });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:1::/64', available: 3 });
  const node = cluster.node('n1', subnet, { maxPods: 110 });
  node.primary.prefix('2a05:d018:6:1:a::/80');
  const held = cluster.pod('shop/a', node, node.primary, { via: 'prefix' });
  return {
    source: 'eksctl-io/eksctl#4661, aws/amazon-vpc-cni-k8s#2099',
    cluster,
    checks: [
      is('nodes[name=n1].cni.mode', 'ipv6'),
      is('interfaces[id=if:shop/a/eth0].eni', node.primary.id),
      is('interfaces[id=if:shop/a/eth0].link.rule', 'ipv6-prefix'),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      // Three free IPv4 addresses are nobody's trouble here.
      none('findings[rule=subnet-low]'),
      count('findings[severity=error]', 0),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'node n1 settings',
        says: /WARM_IP_TARGET[\s\S]*ignored|ignored[\s\S]*WARM_IP_TARGET/i,
      },
      { command: 'lookup', words: held.ip, says: /shop\/a/ },
    ],
  };
}

/** A Windows node holds as many pods as its one ENI has addresses. */
function windowsFull(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('w1', subnet, {
    ipamd: false,
    os: 'Windows Server 2022 Datacenter',
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '9' },
  });
  for (let at = 0; at < 9; at += 1) {
    const held = node.primary.add();
    cluster.write(`shop/iis-${String(at)}`, node, [held.ip], {
      annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${held.ip}/20` },
      resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
    });
  }
  cluster.write('shop/iis-late', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
  });
  warning(
    cluster,
    'shop/iis-late',
    'FailedScheduling',
    '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/PrivateIPv4Address.',
    'default-scheduler',
  );
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#73, aws/containers-roadmap#463, #481',
    cluster,
    checks: [
      is('nodes[name=w1].headroom.pods', 0),
      is('interfaces[id=if:shop/iis-0/eth0].eni', node.primary.id),
      says('findings[subjects~pod:shop/iis-late]', '9'),
      // Windows IPAM is on there: nine were offered.
      silentOn('findings[subjects~pod:shop/iis-late].advice', '(?i)(turn|switch) on Windows IPAM|enable-windows-ipam'),
      silentOn('findings[subjects~pod:shop/iis-late]', '(?i)aws-node|MAX_ENI|attach'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/iis-late address', says: /PrivateIPv4Address/ }],
  };
}

/** Prefix mode is on, and the kubelet still takes 29. */
function prefixModeAndOldMaxPods(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 29 });
  node.primary.prefix();
  node.primary.prefix();
  const prefixPods: Eni = node.primary;
  for (let at = 0; at < 27; at += 1) cluster.pod(`shop/p-${String(at)}`, node, prefixPods, { via: 'prefix' });
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(cluster, 'shop/late', 'FailedScheduling', '0/1 nodes are available: 1 Too many pods.', 'default-scheduler');
  return {
    source: 'aws/amazon-vpc-cni-k8s#2099, clowdhaus/eks-reference-architecture#26, kubernetes/autoscaler#1576',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      is('nodes[name=n1].pools.0.low', false),
      none('findings[rule=max-pods-too-high]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /Too many pods/ }],
  };
}

export const modes: Readonly<Record<string, () => Situation>> = {
  'ENIConfig of another zone': eniConfigOfAnotherZone,
  'ENIConfig missing for a zone': eniConfigMissing,
  'reserved ENIs known to Karpenter': () => reservedEnis(true),
  'reserved ENIs unknown to Karpenter': () => reservedEnis(false),
  'fewer ENIs than assumed': fewerEnisThanBelieved,
  'Cilium range full': ciliumRangeFull,
  'Auto Mode beside aws-node': autoModeBeside,
  'Fargate pod with networks': fargateWithNetworks,
  'Fargate refuses the host network': fargateHostNetwork,
  'healthy IPv6': ipv6AtWork,
  'Windows node that is full': windowsFull,
  'prefix mode and an old max pods': prefixModeAndOldMaxPods,
};
