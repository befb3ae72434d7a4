/** Pools and limits that people computed by hand, or saw in a log: the same numbers must come out. */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import type { Node } from '../kit/node';
import {
  CUSTOM_NETWORKING,
  eniConfig,
  fill,
  is,
  none,
  OLD,
  says,
  silentOn,
  warning,
  type Situation,
} from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };

function prefixes(eni: Eni, count: number): void {
  for (let at = 0; at < count; at += 1) eni.prefix();
}

function pool(name: string, values: Readonly<Record<string, unknown>>) {
  return Object.entries(values).map(([field, value]) => is(`nodes[name=${name}].pools.0.${field}`, value));
}

/** A target of 240 in blocks of 16: what ipamd logged of three nodes. */
function largeTarget(held: number, blocks: number, expected: Readonly<Record<string, unknown>>): Situation {
  const cluster = new Cluster({ env: { ...PREFIX, WARM_IP_TARGET: '240', MINIMUM_IP_TARGET: '10' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/16'), { type: 'm5.xlarge', maxPods: 500 });
  prefixes(node.primary, 14);
  prefixes(node.eni({ dev: 1, by: 'ipamd' }), blocks - 14);
  for (let at = 0; at < held; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1512',
    cluster,
    checks: [...quiet, none('findings[rule=warm-pool-waste]'), ...pool('n1', { assigned: held, ...expected })],
  };
}

/** Somebody took one free address from the primary ENI: 55 of 56 are there, all held. */
function addressTakenByHand(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.xlarge' });
  fill(cluster, node, node.primary, 13);
  for (const dev of [1, 2, 3]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 14);
  return {
    source: 'aws/amazon-vpc-cni-k8s#377',
    cluster,
    checks: [
      ...pool('n1', { total: 55, assigned: 55, available: 0, low: true }),
      is('nodes[name=n1].pools.0.next.action', 'add-addresses'),
      is('nodes[name=n1].pools.0.next.count', 1),
      is('nodes[name=n1].headroom.pods', 1),
      none('findings[rule=node-addresses-full]'),
    ],
  };
}

/** 29 of 56 are free. An ENI goes back only when no pod is on it. */
function notReleased(on: readonly number[], action: string): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.xlarge' });
  const enis = [node.primary, ...[1, 2, 3].map((dev) => node.eni({ dev, by: 'ipamd' }))];
  for (const [at, eni] of enis.entries()) {
    fill(cluster, node, eni, on[at] ?? 0);
    eni.free(14 - (on[at] ?? 0));
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s#123',
    cluster,
    checks: [
      ...quiet,
      ...pool('n1', { total: 56, assigned: 27, available: 29, low: false }),
      is('nodes[name=n1].pools.0.next.action', action),
    ],
  };
}

/** The best-practices guide counts three nodes of one subnet: 5 primary addresses, 2 pods, 43 warm. */
function warmOfThreeNodes(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 201 });
  for (const name of ['n1', 'n2']) {
    const node = cluster.node(name, subnet);
    fill(cluster, node, node.primary, 1);
    node.primary.free(8);
    node.eni({ dev: 1, by: 'ipamd' }).free(9);
  }
  cluster.node('n3', subnet).primary.free(9);
  return {
    source: 'aws/aws-eks-best-practices#660',
    cluster,
    checks: [...quiet, ...pool('n1', { available: 17 }), ...pool('n3', { available: 9, low: false })],
    sayings: [
      { command: 'explain', words: 'subnet subnet-01 room', says: /201 of 251/ },
      { command: 'explain', words: 'subnet subnet-01 room', says: /43\D+warm/ },
      { command: 'explain', words: 'subnet subnet-01 room', says: /\b5\b\D*primary|primary\D*\b5\b/ },
    ],
  };
}

/** The add-on changed to prefixes after the group was made: max pods stay those of the type. */
function maxPodsOfTheType(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.small', maxPods: 11 });
  prefixes(node.primary, 2);
  for (let at = 0; at < 9; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    'default-scheduler',
  );
  return {
    source: 'eksctl-io/eksctl#4478, sassoftware/viya4-iac-aws#257, aws/karpenter-provider-aws#6102',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      none('findings[rule=node-addresses-full]'),
      none('findings[rule=max-pods-too-high]'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)ipamd|WARM_|subnet'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /Too many pods/, silentOn: /WARM_/ }],
  };
}

/** Karpenter's 110 under custom networking: in blocks they fit, one by one they do not. */
function karpenterUnderCustomNetworking(env: Readonly<Record<string, string>>, fits: boolean): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ...env } });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/16', 'eu-west-1a', { available: 60_000 });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { type: 'm5.xlarge', maxPods: 110, labels: { 'karpenter.sh/nodepool': 'a' } });
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods);
  if (fits) prefixes(second, 2);
  else second.free(14);
  return {
    source: 'aws/karpenter-provider-aws#2029, #6353, #6567 (RESERVED_ENIS)',
    cluster,
    checks: fits
      ? [...quiet, none('findings[rule=max-pods-too-high]')]
      : [
          says('findings[rule=max-pods-too-high][subjects~node:n1]', '\\b44\\b'),
          says('findings[rule=max-pods-too-high]', '110'),
        ],
  };
}

/** More addresses than max pods: nothing grows, and nothing is wrong. */
function moreThanMaxPods(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20 });
  const enis: readonly Eni[] = [node.primary, ...[1, 2].map((dev) => node.eni({ dev, by: 'ipamd' }))];
  for (const eni of enis) fill(cluster, node, eni, 6);
  for (const eni of enis) eni.free(3);
  return {
    source: 'aws/amazon-vpc-cni-k8s#148',
    cluster,
    checks: [
      ...quiet,
      ...pool('n1', { total: 27, available: 9, low: false, short: 0 }),
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      is('nodes[name=n1].pools.0.next.action', 'none'),
    ],
  };
}

/** WARM_ENI_TARGET=0: the next ENI comes when the last address is taken, not before. */
function noWarmEni(held: number, low: boolean): Situation {
  const cluster = new Cluster({ env: { WARM_ENI_TARGET: '0' } });
  const node: Node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, held);
  node.primary.free(9 - held);
  return {
    source: 'aws/amazon-vpc-cni-k8s#444, #587, pulumi/pulumi-eks#194',
    cluster,
    checks: [
      ...quiet,
      ...pool('n1', { available: 9 - held, low }),
      is('nodes[name=n1].pools.0.next.action', low ? 'attach-eni' : 'none'),
      is('nodes[name=n1].headroom.pods', 27 - held),
    ],
  };
}

export const arithmetic: Readonly<Record<string, () => Situation>> = {
  'target of 240 in blocks, one held': () =>
    largeTarget(1, 16, { total: 256, available: 255, short: 0, over: 0, low: false, high: false }),
  'target of 240 in blocks, none held': () =>
    largeTarget(0, 15, { total: 240, available: 240, short: 0, over: 0, low: false, high: false }),
  'target of 240 in blocks, one short': () =>
    largeTarget(17, 16, { total: 256, available: 239, short: 1, over: 0, low: true, high: false }),
  'address removed manually': addressTakenByHand,
  'ENIs that are not released': () => notReleased([8, 7, 6, 6], 'none'),
  'ENI that is released': () => notReleased([9, 9, 9, 0], 'detach-eni'),
  'warm addresses of three nodes': warmOfThreeNodes,
  'max pods of the type in prefix mode': maxPodsOfTheType,
  'Karpenter’s max pods under custom networking': () => karpenterUnderCustomNetworking({}, false),
  'Karpenter’s max pods under custom networking, with prefixes': () => karpenterUnderCustomNetworking(PREFIX, true),
  'more addresses than max pods': moreThanMaxPods,
  'no warm ENI, all held': () => noWarmEni(9, true),
  'no warm ENI, one free': () => noWarmEni(8, false),
};
