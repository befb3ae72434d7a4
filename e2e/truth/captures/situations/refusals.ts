/** Settings with which aws-node does not start, or that leave it nothing to give; and what stands on trunks, in reservations and in tags. */
import { Cluster } from '../kit/cluster';
import type { NodeSpec } from '../kit/types';
import {
  CUSTOM_NETWORKING,
  eniConfig,
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

interface Refusal {
  readonly env: Readonly<Record<string, string>>;
  readonly node?: NodeSpec;
  /** What must be named as the reason. */
  readonly because: string;
  readonly source: string;
}

/** aws-node checks its variables, and exits. */
function refusesToStart({ env, node: spec = {}, because, source }: Refusal): Situation {
  const cluster = new Cluster({ env });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2001:db8:1234:1a00::/64' });
  const node = cluster.node('n1', subnet, {
    ipamd: 'not-ready',
    agentRestarts: 12,
    metrics: false,
    ready: false,
    maxPods: 20,
    ...spec,
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
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', because),
      says('findings[subjects~pod:shop/late]', '(?i)aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: new RegExp(because) }],
  };
}

/** MAX_ENI=1 under custom networking: the primary ENI gives none, and another may not come. */
function oneEniUnderCustomNetworking(): Situation {
  const cluster = new Cluster({
    env: {
      ...CUSTOM_NETWORKING,
      MAX_ENI: '1',
    },
  });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id, undefined, 'sg-0node');
  const node = cluster.node('n1', own, { maxPods: 20 });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1077 (MAX_ENI), #2683',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].eniSlots.limit', 1),
      is('nodes[name=n1].pools.0.total', 0),
      says('findings', 'MAX_ENI'),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
    ],
  };
}

/** Prefixes that ipamd once put on a trunk: pods sit on it, with its security groups. */
function podsOnATrunk(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true', ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    maxPods: 110,
    version: 'v1.16.2',
    capacity: { 'vpc.amazonaws.com/pod-eni': '9' },
  });
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  trunk.prefix();
  cluster.pod('shop/odd-1', node, trunk, { via: 'prefix' });
  cluster.pod('shop/odd-2', node, trunk, { via: 'prefix' });
  node.primary.prefix();
  node.primary.prefix();
  cluster.pod('shop/ok', node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2792, #2801',
    cluster,
    checks: [
      is('interfaces[id=if:shop/odd-1/eth0].eni', trunk.id),
      is('interfaces[id=if:shop/odd-1/eth0].link.certainty', 'observed'),
      is('nodes[name=n1].pools.0.assigned', 3),
      is('nodes[name=n1].pools.0.total', 48),
      none('findings[rule=pod-address-not-on-node]'),
    ],
    sayings: [
      { command: 'explain', words: 'node n1 trunk', says: /odd-1/ },
      { command: 'explain', words: 'pod shop/odd-1 where', says: /trunk/ },
    ],
  };
}

/** The annotation names the ENIConfig before the label does. */
function annotationBeforeLabel(): Situation {
  const cluster = new Cluster({
    env: CUSTOM_NETWORKING,
  });
  const own = cluster.subnet('10.40.0.0/20');
  const [byLabel, byAnnotation] = [cluster.subnet('100.64.0.0/18'), cluster.subnet('100.64.64.0/18')];
  eniConfig(cluster, byLabel.id, 'eu-west-1a', 'sg-0zone');
  eniConfig(cluster, byAnnotation.id, 'group1', 'sg-0group');
  const node = cluster.node('n1', own, { maxPods: 20, annotations: { 'k8s.amazonaws.com/eniConfig': 'group1' } });
  const eni = node.eni({ dev: 1, by: 'ipamd' }, byAnnotation);
  eni.free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#264, pkg/eniconfig',
    cluster,
    checks: [
      is('nodes[name=n1].eniConfig.name', 'group1'),
      none('findings[rule=eniconfig-missing]'),
      none('findings[rule=eniconfig-wrong-zone]'),
    ],
    // It was made with the node's groups.
    sayings: [{ command: 'explain', words: `eni ${eni.id} groups`, says: /sg-0group/, silentOn: /sg-0zone/ }],
  };
}

/** A reservation for prefixes keeps blocks of sixteen free where single addresses lie everywhere else. */
function reservedForPrefixes(reserved: boolean): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 40 });
  if (reserved) subnet.reservations.push({ cidr: '10.40.0.32/28', type: 'prefix' });
  cluster.node('n1', subnet, { maxPods: 110, primary: { ip: '10.40.0.5' } });
  for (const at of reserved ? [20, 52] : [20, 36, 52])
    cluster.loose({ ip: `10.40.0.${String(at)}`, description: 'RDSNetworkInterface' }, subnet);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2749 (subnet CIDR reservations)',
    cluster,
    checks: [
      is(`subnets[id=${subnet.id}].freePrefixes`, reserved ? 1 : 0),
      is('nodes[name=n1].headroom.pods', reserved ? 16 : 0),
      reserved ? is('nodes[name=n1].pools.0.next.action', 'add-prefixes') : says('nodes[name=n1].pools', '/28'),
    ],
  };
}

/** Which tag names the cluster changed from v1.22.0 to v1.22.1. */
function clusterTag(version: string, key: string, used: boolean): Situation {
  const cluster = new Cluster({ env: { CLUSTER_NAME: 'shop' } });
  const own = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 0 });
  cluster.subnet('100.64.0.0/18', 'eu-west-1a', {
    tags: { 'kubernetes.io/role/cni': '1', [key]: 'shared' },
    available: 16_000,
  });
  const node = cluster.node('n1', own, { version });
  for (let at = 0; at < 9; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3647',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', used ? 18 : 0),
      ...(used
        ? [is('nodes[name=n1].pools.0.next.action', 'attach-eni')]
        : [is('nodes[name=n1].headroom.limitedBy', 'subnet')]),
      silentOn('findings[rule=subnet-low].advice', '(?i)larger instance'),
    ],
  };
}

const V6 = { ENABLE_IPv6: 'true', ENABLE_IPv4: 'false', ENABLE_PREFIX_DELEGATION: 'true' };

export const refusals: Readonly<Record<string, () => Situation>> = {
  'prefix mode without any target': () =>
    refusesToStart({
      env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '0', WARM_IP_TARGET: '0', MINIMUM_IP_TARGET: '0' },
      because: 'WARM_PREFIX_TARGET',
      source: 'aws/amazon-vpc-cni-k8s cmd/aws-vpc-cni/main.go (validateEnvVars), Azure/telescope#393',
    }),
  'IPv4 and IPv6 at once': () =>
    refusesToStart({
      env: { ...V6, ENABLE_IPv4: 'true' },
      because: 'ENABLE_IPv6',
      source: 'aws/amazon-vpc-cni-k8s pkg/ipamd (isConfigValid)',
    }),
  'IPv6 on Xen': () =>
    refusesToStart({
      env: V6,
      node: { type: 'm4.large' },
      because: 'm4\\.large',
      source: 'aws/amazon-vpc-cni-k8s#1935',
    }),
  'IPv6 and custom networking': () =>
    refusesToStart({
      env: { ...V6, AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
      because: 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
      source: 'aws/amazon-vpc-cni-k8s pkg/ipamd (isConfigValid)',
    }),
  'IPv6 without prefix mode': () =>
    refusesToStart({
      env: { ...V6, ENABLE_PREFIX_DELEGATION: 'false' },
      because: 'ENABLE_PREFIX_DELEGATION',
      source: 'aws/amazon-vpc-cni-k8s pkg/ipamd (isConfigValid: IPv6 needs prefixes)',
    }),
  'MAX_ENI=1 under custom networking': oneEniUnderCustomNetworking,
  'pods on a trunk': podsOnATrunk,
  'ENIConfig by annotation and by label': annotationBeforeLabel,
  'blocks kept for prefixes': () => reservedForPrefixes(true),
  'blocks not kept for prefixes': () => reservedForPrefixes(false),
  'tag of another cluster, v1.22.0': () => clusterTag('v1.22.0', 'kubernetes.io/cluster/billing', false),
  'old tag of another cluster, v1.22.1': () => clusterTag('v1.22.1', 'kubernetes.io/cluster/billing', true),
  'new tag of another cluster, v1.22.1': () => clusterTag('v1.22.1', 'cni.networking.k8s.aws/cluster/billing', false),
};
