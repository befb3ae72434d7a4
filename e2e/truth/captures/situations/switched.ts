/** Nodes on which a setting was changed, or two limits meet: modes of before, targets that ask for much, features that are off again. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { ipamdHas } from './ipamd-list';
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
  silentOn,
  type Situation,
} from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };
const ROLE = 'kubernetes.io/role/cni';
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

const headroom = (pods: number | null, limitedBy?: string) => [
  is('nodes[name=n1].headroom.pods', pods),
  ...(limitedBy === undefined ? [] : [is('nodes[name=n1].headroom.limitedBy', limitedBy)]),
];
const pool = (field: string, value: unknown) => is(`nodes[name=n1].pools.0.${field}`, value);

function prefixPods(c: Cluster, node: Node, count: number): void {
  for (let at = 0; at < count; at += 1) c.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
}

/** Prefix mode was switched off: pods keep addresses of prefixes, which ipamd does not count and which take slots. */
function prefixesOfBefore(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 110 });
  node.primary.prefix();
  node.primary.prefix();
  prefixPods(cluster, node, 5);
  fill(cluster, node, node.primary, 3);
  node.primary.free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2203 (Total IPs/Prefixes = 87/0 after prefix delegation was disabled)',
    cluster,
    checks: [
      pool('total', 4),
      pool('assigned', 3),
      pool('available', 1),
      // Three slots on the primary ENI, and two ENIs of nine.
      ...headroom(1 + 3 + 18, 'slots'),
      is('interfaces[id=if:shop/p-0/eth0].link.rule', 'ipv4-prefix'),
    ],
    sayings: [{ command: 'lookup', words: 'shop/p-0', says: new RegExp(node.primary.id) }],
  };
}

/** ipamd holds ten addresses for nobody, and has as many as the kubelet takes pods: it asks for no more. */
function ghostsAndMaxPods(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 15, metrics: false });
  fill(cluster, node, node.primary, 5);
  for (let at = 0; at < 4; at += 1) node.primary.add().holder = `if:batch/gone-${String(at)}/eth0`;
  const second = node.eni({ dev: 1, by: 'ipamd' });
  for (let at = 4; at < 10; at += 1) second.add().holder = `if:batch/gone-${String(at)}/eth0`;
  second.free(3);
  ipamdHas(
    cluster,
    node,
    node.enis.map((eni) => ({ eni, addresses: eni.addresses })),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3109 (64 of max pods 64 held, 59 pods), isDatastorePoolTooLow rule 0',
    cluster,
    checks: [pool('assigned', 15), pool('available', 3), pool('low', false), ...headroom(3)],
  };
}

/** EC2 throttles, and a whole ENI is warm: the remedy for the one makes the other worse. */
function throttledAndWasteful(): Situation {
  const cluster = new Cluster({ env: { WARM_ENI_TARGET: '3' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c5.4xlarge', maxPods: 234, metrics: true });
  fill(cluster, node, node.primary, 3);
  node.primary.free(26);
  for (const dev of [1, 2, 3, 4]) node.eni({ dev, by: 'ipamd' }).free(29);
  cluster.metricLines.set('n1', [
    'awscni_aws_api_error_count{api="AssignPrivateIpAddresses",error="RequestLimitExceeded"} 140',
  ]);
  return {
    source: 'aws/amazon-vpc-cni-k8s README (WARM_IP_TARGET: avoid it in large clusters), #730, #810',
    cluster,
    checks: [silentOn('findings[rule=warm-pool-waste].advice', '[Ss]et WARM_IP_TARGET')],
  };
}

/** An IPv6 node with two /80: ipamd uses the first, and pods of an earlier start may be in the second. */
function twoBlocksOfIpv6(): Situation {
  const cluster = new Cluster({ env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ...PREFIX } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:1::/64' }));
  node.primary.prefix('2a05:d018:1::1:0/80');
  node.primary.prefix('2a05:d018:1:0:2::/80');
  cluster.write('shop/first', node, ['2a05:d018:1::1:2']);
  cluster.write('shop/second', node, ['2a05:d018:1:0:2::3']);
  return {
    source: 'aws/amazon-vpc-cni-k8s ipamd.go assignIPv6Prefix (more than one prefix: the first is used)',
    cluster,
    checks: [
      ...quiet,
      is('interfaces[id=if:shop/second/eth0].eni', node.primary.id),
      is('interfaces[id=if:shop/second/eth0].link.rule', 'ipv6-prefix'),
      ...headroom(25, 'max-pods'),
    ],
    sayings: [{ command: 'lookup', words: '2a05:d018:1:0:2::3', says: /shop\/second/ }],
  };
}

/** Security groups for pods are off on this node again, and the controller still makes branch ENIs for its pods. */
function branchWithoutTheFeature(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
  const held = cluster.pod('shop/guarded', node, node.primary, {
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: 1, subnetCidr: '10.40.0.0/20' },
      ]),
    },
  });
  node.primary.free(8);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1083, rpc_handler.go AddNetwork (if s.ipamContext.enablePodENI)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/guarded/eth0].eni', node.primary.id),
      says('findings[subjects~pod:shop/guarded]', 'ENABLE_POD_ENI'),
      silentOn('findings[subjects~pod:shop/guarded]', 'first container|sidecar'),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /shop\/guarded/ }],
  };
}

/** Three whole prefixes are to be free, and the subnet has two for a new ENI. */
function threePrefixesWanted(): Situation {
  const cluster = new Cluster({ env: { ...PREFIX, WARM_PREFIX_TARGET: '3' } });
  const subnet = cluster.subnet('10.40.0.0/25', 'eu-west-1a', { available: 60 });
  const node = cluster.node('n1', subnet, { type: 'r7g.medium', maxPods: 98 });
  for (let at = 0; at < 3; at += 1) node.primary.prefix();
  prefixPods(cluster, node, 48);
  cluster.loose({ ip: '10.40.0.20', description: 'RDSNetworkInterface' }, subnet);
  cluster.loose({ ip: '10.40.0.36', description: 'RDSNetworkInterface' }, subnet);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3264, #1515 (getPrefixesNeeded, createENIInput)',
    cluster,
    checks: [...headroom(0, 'subnet'), says('findings[subjects~pod:shop/late]', '3 free /28 blocks')],
  };
}

/** Prefix mode, and whole blocks only in the tagged subnet: a new ENI there has them. */
function blocksInTheTaggedSubnet(discovery: boolean, pods: number): Situation {
  const cluster = new Cluster({ env: { ...PREFIX, ...(discovery ? {} : { ENABLE_SUBNET_DISCOVERY: 'false' }) } });
  const own = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 20 });
  cluster.subnet('100.64.0.0/18', 'eu-west-1a', { available: 16000, tags: { [ROLE]: '1' } });
  const node = cluster.node('n1', own, { maxPods: 110 });
  node.primary.prefix('10.40.0.48/28');
  prefixPods(cluster, node, 10);
  cluster.loose({ ip: '10.40.0.20', description: 'RDSNetworkInterface' }, own);
  cluster.loose({ ip: '10.40.0.40', description: 'RDSNetworkInterface' }, own);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2959 (prefix delegation and subnet discovery)',
    cluster,
    checks: headroom(pods, discovery ? 'max-pods' : 'subnet'),
  };
}

/** Custom networking is on, but the node was there before: its pods have addresses of the primary ENI. */
function customNetworkingLater(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { maxPods: 29 });
  fill(cluster, node, node.primary, 7);
  node.primary.free(2);
  const old = node.eni({ dev: 1, by: 'ipamd' }, nodes);
  fill(cluster, node, old, 2);
  old.free(7);
  return {
    source: 'aws/amazon-vpc-cni-k8s#59 (2020-11), EKS Best Practices (custom networking: replace the nodes)',
    cluster,
    checks: [
      // What the primary ENI has stays in the pool (setupENI); a third ENI comes from the ENIConfig.
      pool('total', 18),
      pool('assigned', 9),
      ...headroom(18),
    ],
  };
}

export const switched: Readonly<Record<string, () => Situation>> = {
  'leftover prefixes': prefixesOfBefore,
  'ghosts, and as many addresses as max pods': ghostsAndMaxPods,
  'throttled, and whole ENIs warm': throttledAndWasteful,
  'two blocks of an IPv6 node': twoBlocksOfIpv6,
  'branch ENI, and the feature is off': branchWithoutTheFeature,
  'three prefixes at once, two left': threePrefixesWanted,
  'blocks in the tagged subnet alone': () => blocksInTheTaggedSubnet(true, 98),
  'blocks in the tagged subnet alone, discovery off': () => blocksInTheTaggedSubnet(false, 6),
  'custom networking on an older node': customNetworkingLater,
};
