/** What people ask in their own words, and addresses that no pod has: of AWS, of Services, of the VPC. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { counters } from './ipamd-list';
import {
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
  type Saying,
  type Situation,
} from './situation';

const asks = (words: string, answer: RegExp, silentOn?: RegExp): Saying => ({
  command: 'explain',
  words,
  says: answer,
  ...(silentOn === undefined ? {} : { silentOn }),
});
const finds = (words: string, answer: RegExp): Saying => ({ command: 'lookup', words, says: answer });

function full(): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 });
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 9);
  cluster.waiting('shop/late-7d9f', node, { createdAt: OLD });
  refused(cluster, 'shop/late-7d9f', NO_ADDRESS);
  return { cluster, node };
}

/** The question as it stands in a chat. */
function inOwnWords(): Situation {
  const { cluster, node } = full();
  const because = /Why does pod shop\/late-7d9f have no address\?[\s\S]*subnet-01 has no free address/;
  return {
    source: 'posted: questions in a chat',
    cluster,
    checks: [found('findings[rule=pod-ip-failed]')],
    sayings: [
      asks('shop/late-7d9f', because),
      asks('why does pod shop/late-7d9f not get an IP address?', because),
      asks('pod shop/late-7d9f why has it no address', because),
      asks('shop/late-7d9f stuck in ContainerCreating', because),
      asks(`who has ${node.primary.ip ?? ''}?`, new RegExp(`Who has ${node.primary.ip ?? ''}`)),
      asks('what uses up subnet-01 ?', /What holds the addresses of subnet-01/),
      asks(`is ${node.primary.id} leaked?`, new RegExp(`Is ${node.primary.id} leaked`)),
    ],
  };
}

/** Addresses that have nothing to do with pods, where DescribeVpcs and the ServiceCIDR are there. */
function notOfPods(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('ip-10-40-0-5.eu-west-1.compute.internal', subnet);
  node.primary.free(9);
  cluster.object({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes', uid: 'sc-1' },
    spec: { cidrs: ['172.20.0.0/16'] },
  });
  cluster.extraFiles.push({
    path: 'ec2/vpcs.json',
    text: JSON.stringify({
      Vpcs: [
        {
          VpcId: 'vpc-0main',
          CidrBlock: '10.40.0.0/16',
          CidrBlockAssociationSet: ['10.40.0.0/16', '100.64.0.0/16'].map((CidrBlock) => ({
            CidrBlock,
            CidrBlockState: { State: 'associated' },
          })),
        },
      ],
    }),
  });
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'bridge',
    ipam: { type: 'host-local', subnet: '100.64.8.0/24' },
  });
  return {
    source: 'posted: addresses of flow logs',
    cluster,
    checks: [none('findings[rule=eni-leaked]'), none('findings[severity=error]')],
    sayings: [
      finds('172.20.0.10', /Service CIDR 172\.20\.0\.0\/16/),
      finds('10.40.0.2', /reserved by AWS for DNS/),
      finds('10.40.77.1', /block 10\.40\.0\.0\/16 of this VPC, in no known subnet/),
      finds('192.168.4.4', /not in this VPC/),
      finds('169.254.169.253', /DNS resolver/),
      finds('ip-10-40-0-5', /node/),
      asks('network shop/lan clashes', /overlaps the block 100\.64\.0\.0\/16 of the VPC/),
    ],
  };
}

/** Nodes were rolled together: the counters of a single capture say that EC2 throttled. */
function throttledOnce(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  fill(cluster, node, node.primary, 9);
  counters(cluster, node, [
    'awscni_aws_api_error_count{api="CreateNetworkInterface",error="RequestLimitExceeded"} 212',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2730',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'throttles'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)does not see|larger instance|permission'),
    ],
    sayings: [asks('pod shop/late address', /throttles/)],
  };
}

/** The plugin could not take the network down: the pod stays Terminating with its address. */
function stuckTerminating(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  const held = node.primary.add();
  cluster.write('shop/a', node, [held.ip], { deleting: true });
  held.holder = 'if:shop/a/eth0';
  node.primary.free(8);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2487',
    cluster,
    checks: [is('nodes[name=n1].pools.0.assigned', 1), none('findings[severity=error]')],
    sayings: [
      asks(
        'pod shop/a address',
        /being deleted[\s\S]*10\.40\.0\.6|10\.40\.0\.6[\s\S]*being deleted/,
        /nothing is missing/,
      ),
      finds(held.ip, /shop\/a/),
    ],
  };
}

/** Prefixes for 160 pods, and a kubelet that takes 29: it is max pods that limits. */
function densityOfKarpenter(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 29, labels: { 'karpenter.sh/nodepool': 'default' } });
  node.primary.prefix();
  node.primary.prefix();
  for (let at = 0; at < 20; at += 1) cluster.pod(`shop/p${String(at)}`, node, node.primary, { via: 'prefix' });
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    'default-scheduler',
  );
  return {
    source: 'aws/karpenter-provider-aws#8210, #7505',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      is('nodes[name=n1].headroom.pods', 7),
      none('findings[rule=max-pods-too-high]'),
      none('findings[rule=node-addresses-full]'),
    ],
    sayings: [asks('pod shop/late address', /Too many pods/)],
  };
}

/** Cilium's operator made ENIs that it could not attach, again and again. */
function leftByCilium(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 't3.medium', ipamd: false });
  node.primary.free(3);
  const left = [1, 2, 3].map(() =>
    cluster.loose(
      {
        description: `Cilium-CNI (${node.instance ?? ''})`,
        tagged: 'none',
        tags: { 'io.cilium/cilium-managed': 'true', 'io.cilium/instance-id': node.instance ?? '' },
        status: 'available',
      },
      subnet,
    ),
  );
  return {
    source: 'cilium/cilium#15877, #8830',
    cluster,
    checks: [...left.map(({ id }) => found(`enis[id=${id}]`)), silentOn('findings', 'aws-node|ipamd')],
    sayings: [asks('leaked', /Cilium/), finds(left[0]?.ip ?? '', /Cilium/)],
  };
}

export const ownWords: Readonly<Record<string, () => Situation>> = {
  'question in natural language': inOwnWords,
  'addresses that are no pod’s': notOfPods,
  'throttled, in one capture': throttledOnce,
  'pod stuck in Terminating': stuckTerminating,
  'max pods of Karpenter with prefixes': densityOfKarpenter,
  'ENIs left by Cilium': leftByCilium,
};
