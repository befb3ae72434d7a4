/** Questions of threads, answered as one sentence: what holds a subnet, which nodes differ, what a change would do, whose groups differ. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import type { Subnet } from '../kit/subnet';
import { fill, is, none, type Saying, type Situation } from './situation';

const asks = (words: string, says: RegExp, silentOn?: RegExp): Saying => ({
  command: 'explain',
  words,
  says,
  ...(silentOn === undefined ? {} : { silentOn }),
});

const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true', WARM_IP_TARGET: '1', MINIMUM_IP_TARGET: '1' };

/** Small nodes in prefix mode, each with one block for one pod: no target makes them hold less. */
function blocksOfSmallNodes(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const subnet = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 5 });
  for (const name of ['n1', 'n2', 'n3']) {
    const node = cluster.node(name, subnet, { maxPods: 110 });
    node.primary.prefix();
    cluster.pod(`shop/${name}`, node, node.primary, { via: 'prefix' });
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s#2994 (small subnets and prefixes), #1409',
    cluster,
    checks: [none('findings[severity=error]'), is('nodes[name=n1].pools.0.over', 0)],
    sayings: [
      asks('subnet subnet-01 room', /5 of 59 addresses free.*45, is warm on ENIs/),
      asks('subnet subnet-01 room', /one \/28 block/, /Lower the warm targets of its nodes/),
    ],
  };
}

/** Whole ENIs kept warm: lower targets do help. */
function warmWholeEnis(): Situation {
  const cluster = new Cluster({ env: { WARM_ENI_TARGET: '2' } });
  const subnet = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 3 });
  for (const name of ['n1', 'n2']) {
    const node = cluster.node(name, subnet);
    fill(cluster, node, node.primary, 1);
    node.primary.free(8);
    for (const dev of [1, 2]) node.eni({ dev, by: 'ipamd' }).free(8);
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s#2294, #177',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      asks('subnet subnet-01 room', /48, is warm on ENIs/),
      asks('subnet subnet-01 room', /Lower the warm targets/),
    ],
  };
}

function peers(cluster: Cluster, subnet: Subnet, names: readonly string[]): readonly Node[] {
  return names.map((name) => {
    const node = cluster.node(name, subnet, { labels: { 'eks.amazonaws.com/nodegroup': 'blue' } });
    fill(cluster, node, node.primary, 2);
    node.primary.free(7);
    return node;
  });
}

/** One node of a group started with another AMI: fewer pods, an older CNI. */
function oneNodeDiffers(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  peers(cluster, subnet, ['n1', 'n2', 'n3']);
  const odd = cluster.node('n4', subnet, {
    labels: { 'eks.amazonaws.com/nodegroup': 'blue' },
    maxPods: 17,
    version: 'v1.18.2-eksbuild.1',
    env: { WARM_IP_TARGET: '3' },
  });
  fill(cluster, odd, odd.primary, 2);
  odd.primary.free(7);
  return {
    source: 'awslabs/amazon-eks-ami#1263 (max pods differ in a group), aws/amazon-vpc-cni-k8s#2892',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      asks('differs', /n4/, /n2 differs|n3 differs/),
      asks('node n4 differs', /17/),
      asks('node n4 differs', /1\.18\.2/),
      asks('node n4 differs', /WARM_IP_TARGET/),
    ],
  };
}

/** What WARM_IP_TARGET=2 would give back. */
function whatIf(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1077, #853 (what would the target do)',
    cluster,
    checks: [none('findings[severity=error]'), is('nodes[name=n1].pools.0.available', 14)],
    sayings: [asks('node n1 if WARM_IP_TARGET=2', /12/)],
  };
}

/** The second ENI was made before the node's security groups changed. */
function groupsDiffer(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  const second = node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const other = second.toEc2();
  cluster.extraFiles.push({
    path: 'ec2/third.json',
    text: JSON.stringify({
      NetworkInterfaces: [
        {
          ...other,
          NetworkInterfaceId: 'eni-0d1ff000000000001',
          Groups: [{ GroupId: 'sg-0old', GroupName: 'old' }],
          MacAddress: '06:1f:5c:99:99:0a',
          PrivateIpAddress: '10.40.8.8',
          PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: '10.40.8.8' }],
          Attachment: { ...(other['Attachment'] as object), DeviceIndex: 2 },
        },
      ],
    }),
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2470, #1286 (groups of secondary ENIs)',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [asks('eni eni-0d1ff000000000001 groups', /sg-0old/), asks('node n1 groups', /sg-0old/)],
  };
}

/** Every question about a cluster at rest has an answer that says so. */
function nothingToSay(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  peers(cluster, subnet, ['n1', 'n2']);
  return {
    source: 'posted: the questions of a healthy cluster',
    cluster,
    checks: [none('findings[severity=error]'), none('findings[severity=warning]')],
    sayings: [
      asks('leaked', /[Nn]o .*leaked|[Nn]one/),
      asks('differs', /[Nn]o node|none|alike|same/i),
      asks('trunk', /[Nn]o /),
      asks('clashes', /[Nn]o |[Nn]one/),
      asks('ipamd', /[Nn]othing|agree|[Nn]o /),
      asks(`subnet ${subnet.id} room`, /there is no problem/),
    ],
  };
}

export const questions: Readonly<Record<string, () => Situation>> = {
  'blocks of small nodes': blocksOfSmallNodes,
  'whole ENIs kept warm': warmWholeEnis,
  'one node differs': oneNodeDiffers,
  'what a target would do': whatIf,
  'groups that differ': groupsDiffer,
  'questions of a healthy cluster': nothingToSay,
};
