/** How many more pods fit, and what is free: numbers in the modes and on the machines in which people count wrong. */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import type { Node } from '../kit/node';
import {
  CUSTOM_NETWORKING,
  eniConfig,
  fill,
  is,
  NO_ADDRESS,
  none,
  OLD,
  refused,
  says,
  type Situation,
} from './situation';

const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

const headroom = (pods: number | null, limitedBy?: string, name = 'n1') => [
  is(`nodes[name=${name}].headroom.pods`, pods),
  ...(limitedBy === undefined ? [] : [is(`nodes[name=${name}].headroom.limitedBy`, limitedBy)]),
];

const pool = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).map(([field, value]) => is(`nodes[name=n1].pools.0.${field}`, value));

function prefixPods(c: Cluster, node: Node, eni: Eni, count: number): void {
  for (let at = 0; at < count; at += 1) c.pod(`shop/${node.name}-${String(at)}`, node, eni, { via: 'prefix' });
}

/** Windows in prefix mode: sixteen for each of the slots of the one ENI, as the controller tells the kubelet. */
function windowsPrefix(type: string, slots: number, fits: number, limitedBy: string): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    ipamd: false,
    type,
    maxPods: 110,
    os: 'Windows Server 2022 Datacenter',
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': String(slots * 16) },
  });
  node.primary.prefix();
  node.primary.prefix();
  for (let at = 0; at < 10; at += 1) {
    const { ip } = node.primary.fromPrefix();
    cluster.write(`shop/iis-${String(at)}`, node, [ip], {
      annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${ip}/20` },
      resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
    });
  }
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#259, #73, aws/karpenter-provider-aws#5478',
    cluster,
    checks: [
      ...quiet,
      ...headroom(fits, limitedBy),
      is('interfaces[id=if:shop/iis-0/eth0].eni', node.primary.id),
      none('findings[rule=max-pods-too-high]'),
    ],
  };
}

/** A Windows node that takes 110 pods by the kubelet and nine by its addresses: the scheduler counts the addresses. */
function windowsOneByOne(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    ipamd: false,
    maxPods: 110,
    os: 'Windows Server 2022 Datacenter',
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '9' },
  });
  for (let at = 0; at < 4; at += 1) {
    const { ip } = node.primary.add();
    cluster.write(`shop/iis-${String(at)}`, node, [ip], {
      annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${ip}/20` },
      resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
    });
  }
  return {
    source: 'aws/karpenter-provider-aws#5478 (Windows nodes of Karpenter have max pods 110)',
    cluster,
    checks: [...headroom(5, 'slots'), ...quiet],
  };
}

/** MAX_ENI=1 on a type of three, and the kubelet was not told. */
function oneEniAllowed(): Situation {
  const cluster = new Cluster({ env: { MAX_ENI: '1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#251, #1077',
    cluster,
    checks: [
      ...headroom(0, 'slots'),
      is('nodes[name=n1].eniSlots.limit', 1),
      says('findings[rule=max-pods-too-high].title', '(?s)29.*11|11.*29'),
      says('findings[subjects~pod:shop/late]', 'MAX_ENI'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /MAX_ENI/ }],
  };
}

/** MAX_ENI above what the type allows changes nothing. */
function moreEnisThanTheType(): Situation {
  const cluster = new Cluster({ env: { MAX_ENI: '10' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#251 (getMaxENI: the smaller of both)',
    cluster,
    checks: [...quiet, ...headroom(18), is('nodes[name=n1].eniSlots.limit', 3)],
    sayings: [{ command: 'explain', words: 'node n1 settings', says: /MAX_ENI/ }],
  };
}

/** More warm ENIs are asked for than the type carries: the pool is always low, and nobody misses anything. */
function moreWarmThanTheType(): Situation {
  const cluster = new Cluster({ env: { WARM_ENI_TARGET: '5' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 5);
  node.primary.free(4);
  for (const dev of [1, 2]) node.eni({ dev, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#925 (docs/eni-and-ip-target.md)',
    cluster,
    checks: [
      ...quiet,
      none('findings[rule=pool-low]'),
      ...headroom(22),
      ...pool({ total: 27, assigned: 5, available: 22, low: true }),
      is('nodes[name=n1].pools.0.next.action', 'none'),
    ],
  };
}

/** A minimum that the type cannot reach. */
function minimumOutOfReach(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '1', MINIMUM_IP_TARGET: '30' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.medium' });
  fill(cluster, node, node.primary, 3);
  node.primary.free(2);
  for (const dev of [1, 2]) node.eni({ dev, by: 'ipamd' }).free(5);
  return {
    source: 'aws/amazon-vpc-cni-k8s#612, #1077',
    cluster,
    checks: [
      ...quiet,
      none('findings[rule=pool-low]'),
      ...headroom(12),
      ...pool({ total: 15, available: 12, low: true }),
    ],
  };
}

/** The ENIConfig was moved to another subnet; the old ENI's subnet is full. With discovery switched off ipamd stops at its error. */
function movedEniConfig(discovery: string, fits: number, limitedBy: string): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ENABLE_SUBNET_DISCOVERY: discovery } });
  const nodes = cluster.subnet('10.40.0.0/20');
  const before = cluster.subnet('100.64.0.0/26', 'eu-west-1a', { available: 0 });
  const after = cluster.subnet('100.64.16.0/20');
  eniConfig(cluster, after.id);
  const node = cluster.node('n1', nodes, { type: 'm5.xlarge', maxPods: 44 });
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }, before), 5);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2714 (tryAssignIPs goes on to the next ENI only with subnet discovery)',
    cluster,
    checks: [...headroom(fits, limitedBy), ...pool({ total: 5, available: 0, low: true })],
  };
}

/** Before v1.22.0 the subnet's tag counted whatever its value: 0 was no exclusion. */
function roleZero(version: string, subnets: readonly string[], excluded: boolean): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/24', 'eu-west-1a', {
    available: 100,
    tags: excluded ? { 'kubernetes.io/role/cni': '0' } : {},
  });
  cluster.subnet('10.40.16.0/20', 'eu-west-1a', { available: 4000, tags: { 'kubernetes.io/role/cni': '0' } });
  const node = cluster.node('n1', own, { version });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2984, #3121, #3380',
    cluster,
    checks: [is('nodes[name=n1].newEniSubnets', subnets), none('findings[severity=error]')],
  };
}

/** The whole rest of the subnet is reserved for prefixes: no single address is free, and blocks are. */
function reservedForPrefixes(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 });
  subnet.reservations.push({ cidr: '10.40.0.128/25', type: 'prefix' });
  const node = cluster.node('n1', subnet, { type: 'm5.large', maxPods: 250 });
  node.primary.prefix();
  prefixPods(cluster, node, node.primary, 16);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2749, awslabs/eks-perf-tests#511, pytorch/ci-infra#558',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.next.action', 'add-prefixes'),
      is('nodes[name=n1].pools.0.next.blockedBy', null),
      // Seven more blocks of the reservation; an ENI of its own has no address to be made with.
      ...headroom(112, 'subnet'),
      none('findings[rule=subnet-low]'),
      none('findings[rule=prefix-fragmented]'),
    ],
  };
}

/** Half of the subnet is reserved for addresses that somebody names: prefixes come from the other half. */
function reservedExplicitly(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 106 });
  subnet.reservations.push({ cidr: '10.40.0.128/25', type: 'explicit' });
  const node = cluster.node('n1', subnet, { type: 'm5.large', maxPods: 250 });
  node.primary.prefix('10.40.0.112/28');
  prefixPods(cluster, node, node.primary, 16);
  return {
    source: 'EC2: subnet CIDR reservations (explicit), aws/amazon-vpc-cni-k8s#1836',
    cluster,
    // Blocks 1 to 6 of the lower half; the first has the node and the VPC's own addresses.
    checks: [...headroom(96, 'subnet')],
  };
}

/** Card 0 of a p5 with its second interface EFA-only: one ENI for pods, however many cards there are. */
function p5(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'p5.48xlarge', maxPods: 100 });
  fill(cluster, node, node.primary, 10);
  node.primary.free(39);
  node.eni({ dev: 1, type: 'efa-only', ip: null });
  for (let card = 1; card < 32; card += 1) node.eni({ card, dev: 0, type: 'efa-only', ip: null });
  cluster.metricLines.set('n1', ['awscni_eni_max -30', 'awscni_ip_max -1470']);
  return {
    source: 'awslabs/amazon-eks-ami#1392, aws/amazon-vpc-cni-k8s#3189',
    cluster,
    checks: [
      ...headroom(39, 'slots'),
      says('findings[rule=max-pods-too-high].title', '(?s)100.*51|51.*100'),
      none('findings[rule=unmanaged-miscount]'),
      none('findings[rule=subnet-low]'),
      none('findings[severity=error]'),
    ],
  };
}

/** hpc7a with an EFA on either card, and multi-NIC off: only card 0 counts. */
function hpc(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'hpc7a.96xlarge', maxPods: 100 });
  fill(cluster, node, node.primary, 10);
  node.primary.free(39);
  node.eni({ card: 1, dev: 1, type: 'efa' });
  return {
    source: 'aws-samples/awsome-distributed-training (hpc7a on EKS)',
    cluster,
    checks: [...headroom(88), none('findings[rule=max-pods-too-high]'), none('findings[severity=error]')],
  };
}

/** An EFA interface with addresses serves pods like any other, and is never given back. */
function efaServesPods(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'trn1.32xlarge', maxPods: 247 });
  fill(cluster, node, node.primary, 5);
  node.primary.free(44);
  node.eni({ dev: 1, type: 'efa' }).free(49);
  for (let card = 1; card < 8; card += 1) node.eni({ card, dev: 1, type: 'efa' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1223 and docs (EFA interfaces in ipamd), aws-neuron (trn1 on EKS)',
    cluster,
    checks: [
      ...pool({ total: 98, assigned: 5, available: 93 }),
      ...headroom(240),
      none('findings[severity=error]'),
      none('findings[rule=max-pods-too-high]'),
    ],
  };
}

export const numbers: Readonly<Record<string, () => Situation>> = {
  'Windows prefixes up to max pods': () => windowsPrefix('m5.large', 9, 99, 'max-pods'),
  'Windows prefixes up to the slots': () => windowsPrefix('t3.medium', 5, 70, 'slots'),
  'Windows one by one, max pods of 110': windowsOneByOne,
  'one ENI allowed': oneEniAllowed,
  'more ENIs allowed than the type has': moreEnisThanTheType,
  'more warm ENIs than the type has': moreWarmThanTheType,
  'unreachable minimum': minimumOutOfReach,
  'ENIConfig moved from an exhausted subnet': () => movedEniConfig('true', 28, 'subnet'),
  'ENIConfig moved from an exhausted subnet, discovery off': () => movedEniConfig('false', 0, 'subnet'),
  'role/cni=0 before v1.22': () => roleZero('v1.21.1-eksbuild.1', ['subnet-01', 'subnet-02'], false),
  'role/cni=0 on the node’s subnet before v1.22': () =>
    roleZero('v1.21.1-eksbuild.1', ['subnet-01', 'subnet-02'], true),
  'role/cni=0 since v1.22': () => roleZero('v1.22.1-eksbuild.1', ['subnet-01'], false),
  'subnet reserved for prefixes': reservedForPrefixes,
  'subnet half reserved explicitly': reservedExplicitly,
  'p5 without multi-NIC': p5,
  'hpc7a without multi-NIC': hpc,
  'EFA that serves pods': efaServesPods,
};
