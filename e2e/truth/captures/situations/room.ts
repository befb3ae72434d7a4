/** Whether ipamd gets what it asks EC2 for: a new ENI comes with all its addresses or not at all. */
import { Cluster } from '../kit/cluster';
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

const headroom = (pods: number, limitedBy: string) => [
  is('nodes[name=n1].headroom.pods', pods),
  is('nodes[name=n1].headroom.limitedBy', limitedBy),
];

function prefixPods(c: Cluster, node: Node, count: number): void {
  for (let at = 0; at < count; at += 1) c.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
}

/** A full ENI, and six addresses in the subnet: the next ENI is asked for with nine and its own. */
function restOfASubnet(
  env: Readonly<Record<string, string>>,
  pods: number,
  available = 6,
  version = 'v1.23.1-eksbuild.1',
): Situation {
  const cluster = new Cluster({ env });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available }), { version });
  fill(cluster, node, node.primary, 9);
  return {
    source:
      'aws/amazon-vpc-cni-k8s#2923, #2846 (createENI asks for all addresses in one call; GetENIResourcesToAllocate)',
    cluster,
    checks: headroom(pods, 'subnet'),
  };
}

/** The same under custom networking, and a pod waits. */
function restOfAPodSubnet(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/26', 'eu-west-1a', { available: 8 });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { maxPods: 20 });
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }, pods), 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#59 (2020-11), #3238; awsutils.go createENI',
    cluster,
    checks: [
      ...headroom(0, 'subnet'),
      says('findings[subjects~pod:shop/late]', pods.id),
      says('findings[rule=subnet-low].subjects', pods.id),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: new RegExp(pods.id) }],
  };
}

/** Nine addresses are left: one too few, which a count of the missing ones does not show. */
function nineLeft(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 9 });
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2923 (addresses are free, and the ENI is not created)',
    cluster,
    checks: [
      ...headroom(0, 'subnet'),
      says('findings[subjects~pod:shop/late]', '10 free addresses'),
      says('findings[subjects~pod:shop/late].advice', 'WARM_IP_TARGET'),
      says('findings[rule=subnet-low].title', '9 addresses left, 10 needed'),
    ],
  };
}

/** An ENI with room takes addresses one by one where a whole batch is refused. */
function roomOnTheEni(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 3 }));
  fill(cluster, node, node.primary, 9);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 2);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2846 (tryAssignIPs: “Try to just get one more IP”)',
    cluster,
    checks: headroom(3, 'subnet'),
  };
}

/** A target of 40 addresses is three blocks in one call for a new ENI; the subnet has two. */
function blocksForANewEni(target: string, pods: number): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_IP_TARGET: target } });
  const subnet = cluster.subnet('10.40.0.0/25', 'eu-west-1a', { available: 60 });
  const node = cluster.node('n1', subnet, { type: 'r7g.medium', maxPods: 98 });
  for (let at = 0; at < 3; at += 1) node.primary.prefix();
  prefixPods(cluster, node, 48);
  cluster.loose({ ip: '10.40.0.20', description: 'RDSNetworkInterface' }, subnet);
  cluster.loose({ ip: '10.40.0.36', description: 'RDSNetworkInterface' }, subnet);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3264, #2749 (createENIInput: Ipv4PrefixCount)',
    cluster,
    checks: headroom(pods, 'subnet'),
  };
}

/** The node's subnet is full; a tagged one has room for less than an ENI of nine. */
function tooLittleElsewhere(): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 });
  cluster.subnet('100.64.0.0/28', 'eu-west-1a', { available: 7, tags: { 'kubernetes.io/role/cni': '1' } });
  const node = cluster.node('n1', own);
  fill(cluster, node, node.primary, 8);
  node.primary.free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2714, #2959 (subnet discovery tries each subnet with the whole count)',
    cluster,
    checks: [...headroom(1, 'subnet'), none('findings[severity=error]')],
  };
}

/** Pods without the annotation fall to a further card where card 0 has no address left. */
function furtherCardForAll(): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true', MAX_ENI: '1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c6in.32xlarge', maxPods: 250 });
  fill(cluster, node, node.primary, 49);
  node.eni({ card: 1, dev: 0, by: 'ipamd' }).free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s PR #3347 (AddNetwork: the next datastore where one is empty)',
    cluster,
    checks: [is('nodes[name=n1].headroom.pods', 49), is('nodes[name=n1].pools[card=0].available', 0)],
  };
}

/** Custom networking and IP targets: the ENI comes with what is missing, then grows. */
function growsUnderATarget(): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '4' } });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/26', 'eu-west-1a', { available: 5 });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { maxPods: 20 });
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }, pods), 9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2846, #3238 (GetENIResourcesToAllocate: the lesser of short and the ENI)',
    cluster,
    checks: headroom(4, 'subnet'),
  };
}

/** Five ENIs of prefixes would fit into the type; the kubelet stops at 110, and 20 Jobs of it are finished. */
function jobsInPrefixMode(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/18'), { type: 'm5.xlarge', maxPods: 110 });
  for (let at = 0; at < 7; at += 1) node.primary.prefix();
  prefixPods(cluster, node, 80);
  for (let at = 0; at < 20; at += 1)
    cluster.pod(`batch/done-${String(at)}`, node, node.primary, { via: 'prefix', phase: 'Succeeded' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#294, awslabs/amazon-eks-ami#1271 (filterOutInactivePods)',
    cluster,
    // kube-proxy and aws-node count, too.
    checks: [...headroom(28, 'max-pods'), is('nodes[name=n1].podCount', 82)],
  };
}

export const room: Readonly<Record<string, () => Situation>> = {
  'six addresses left for an ENI of nine': () => restOfASubnet({}, 0),
  'ten addresses left for an ENI of nine': () => restOfASubnet({}, 9, 10),
  'six addresses left, one kept warm': () => restOfASubnet({ WARM_IP_TARGET: '1' }, 5),
  'six addresses left, six kept warm': () => restOfASubnet({ WARM_IP_TARGET: '6' }, 0),
  'nine addresses left for an ENI of nine': nineLeft,
  'six addresses left, and ipamd of before v1.16.0': () => restOfASubnet({}, 5, 6, 'v1.15.5-eksbuild.1'),
  'rest of a pod subnet': restOfAPodSubnet,
  'room on the ENI, three addresses left': roomOnTheEni,
  'three blocks at once, two left': () => blocksForANewEni('40', 0),
  'one block at once, two left': () => blocksForANewEni('5', 32),
  'too little in the tagged subnet': tooLittleElsewhere,
  'further card for pods without annotation': furtherCardForAll,
  'new ENI under a target': growsUnderATarget,
  'finished Jobs in prefix mode': jobsInPrefixMode,
};
