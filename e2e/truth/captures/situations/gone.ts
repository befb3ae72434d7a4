/** Objects that are gone while others still name them, and subnets too small for a prefix. */
import { Cluster } from '../kit/cluster';
import { fill, found, is, none, says, silentOn, refused, NO_ADDRESS, OLD, warning, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** Somebody deleted the branch ENI of a running pod. */
function branchGone(): Situation {
  const BRANCH = 'eni-0deadbeef00000001';
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  node.primary.free(9);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  const entry = { eniId: BRANCH, ifAddress: '06:aa:bb:cc:dd:01', privateIp: '10.40.9.9', vlanId: 3 };
  cluster.write('prod/db', node, ['10.40.9.9'], {
    resources: { [POD_ENI]: '1' },
    annotations: { [POD_ENI]: JSON.stringify([{ ...entry, subnetCidr: '10.40.0.0/20' }]) },
  });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#154',
    cluster,
    checks: [
      found('findings[rule=pod-address-not-on-node][subjects~pod:prod/db]'),
      says('findings[subjects~pod:prod/db]', BRANCH),
      silentOn('findings[subjects~pod:prod/db]', '(?i)ipamd'),
    ],
    sayings: [
      { command: 'lookup', words: '10.40.9.9', says: /prod\/db/ },
      { command: 'lookup', words: BRANCH, says: /prod\/db/ },
    ],
  };
}

/** Somebody deleted the trunk. */
function trunkGone(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 29, capacity: { [POD_ENI]: '9' } });
  node.primary.free(9);
  cluster.object({
    apiVersion: 'vpcresources.k8s.aws/v1alpha1',
    kind: 'CNINode',
    metadata: { name: 'n1', uid: 'cn-1', creationTimestamp: '2026-08-31T12:00:00Z' },
    spec: { features: [{ name: 'SecurityGroupsForPods' }] },
  });
  cluster.waiting('prod/late', node, { createdAt: OLD, resources: { [POD_ENI]: '1' } });
  warning(
    cluster,
    'prod/late',
    'BranchAllocationFailed',
    'failed to allocate branch ENI to pod: associating branch to trunk, operation error EC2: AssociateTrunkInterface, api error InvalidNetworkInterfaceID.NotFound: The networkInterface ID eni-0trunk does not exist',
    'vpc-resource-controller',
  );
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#154 (the trunk)',
    cluster,
    checks: [
      says('findings[subjects~pod:prod/late]', 'does not exist'),
      says('findings[subjects~pod:prod/late]', '(?i)trunk'),
      silentOn('findings[subjects~pod:prod/late].advice', '(?i)out of addresses'),
    ],
    sayings: [{ command: 'explain', words: 'node n1 trunk', says: /trunk/i }],
  };
}

/** The kubelet registered again under another name, as the host's name is that of the instance's DNS name. */
function twoNodesOneInstance(name: string): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  cluster.object({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `uid-${name}`, creationTimestamp: '2026-08-31T11:00:00Z', labels: {}, annotations: {} },
    spec: { providerID: `aws:///eu-west-1a/${node.instance ?? ''}` },
    status: {
      addresses: [{ type: 'InternalIP', address: node.primary.ip ?? '' }],
      conditions: [{ type: 'Ready', status: 'Unknown' }],
      nodeInfo: { operatingSystem: 'linux' },
    },
  });
  return {
    source: 'aws/karpenter-provider-aws#2872',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 4),
      is('nodes[name=n1].headroom.pods', 23),
      none('findings[severity=error]'),
      says(`findings[rule=duplicate-address][subjects~node:n1].detail`, `n1 and ${name} are the same instance`),
      says('findings[rule=duplicate-address].command', `kubectl delete node ${name}`),
    ],
    sayings: [
      { command: 'lookup', words: node.primary.id, says: /node n1/ },
      { command: 'lookup', words: node.instance ?? '', says: /n1/ },
    ],
  };
}

/** EC2 keeps the first four addresses and the last one, so the blocks around them are no prefixes. */
function smallSubnet(cidr: string, available: number, blocks: number): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet(cidr, 'eu-west-1a', { available });
  const node = cluster.node('n1', subnet, { type: 'm5.large', maxPods: 110 });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: `EC2: "Subnet CIDR blocks", addresses that AWS reserves (${cidr})`,
    cluster,
    checks: [
      is(`subnets[id=${subnet.id}].freePrefixes`, blocks),
      is('nodes[name=n1].headroom.pods', blocks * 16),
      silentOn('findings[subjects~pod:shop/late]', 'subnet-\\w+ has no free address'),
      ...(blocks === 0 ? [says('findings[subjects~pod:shop/late]', '/28')] : []),
    ],
    sayings: [
      {
        command: 'explain',
        words: `subnet ${subnet.id} room`,
        says: blocks === 0 ? /no aligned \/28|a prefix needs 16/ : /2 free \/28 blocks/,
      },
    ],
  };
}

export const gone: Readonly<Record<string, () => Situation>> = {
  'deleted branch ENI of a running pod': branchGone,
  'trunk deleted': trunkGone,
  'two nodes of one instance': () => twoNodesOneInstance('ip-10-40-0-5.ec2.internal'),
  'two nodes of one instance, in the other order': () => twoNodesOneInstance('a-node'),
  'prefixes in a /28': () => smallSubnet('10.40.0.0/28', 10, 0),
  'prefixes in a /27': () => smallSubnet('10.40.0.0/27', 26, 0),
  'prefixes in a /26': () => smallSubnet('10.40.0.0/26', 58, 2),
};
