/** Settings and tags of the VPC CNI whose rule people guess wrong, and EC2's errors that stop it. */
import { Cluster } from '../kit/cluster';
import type { EniSpec, NodeSpec } from '../kit/types';
import {
  eniConfig,
  fill,
  found,
  is,
  NO_ADDRESS,
  none,
  OLD,
  refused,
  says,
  silentOn,
  type Situation,
} from './situation';

const TAG = 'node.k8s.amazonaws.com/no_manage';

/** A full node of two ENIs of three, a pod that waits, and what EC2 refused. */
function refusedByEc2(api: string, error: string, expected: string): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: true });
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  fill(cluster, node, second, 9);
  cluster.metricLines.set('n1', [`awscni_aws_api_error_count{api="${api}",error="${error}"} 14`]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1243, #989 (awscni_aws_api_error_count)',
    cluster,
    checks: [found('findings[subjects~pod:shop/late]')],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: new RegExp(expected) }],
  };
}

/** An ENI that somebody made, under another rule than people think. */
function judged(env: Readonly<Record<string, string>>, spec: EniSpec, rule: string, state: string): Situation {
  const cluster = new Cluster({ env });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  node.primary.free(9);
  const eni = node.eni({ dev: 2, ...spec });
  return {
    source: 'aws/amazon-vpc-cni-k8s pkg/ipamd (setUnmanagedENIs)',
    cluster,
    checks: [
      is(`enis[id=${eni.id}].management.rule`, rule),
      is(`enis[id=${eni.id}].management.state`, state),
      ...(state === 'unmanaged' ? [none('findings[rule=eni-will-be-adopted]')] : []),
      none('findings[rule=no-manage-bad-value]'),
    ],
  };
}

/** Leaked, and the cleaner of the VPC CNI is off: nobody will clean it up. */
function leakedForGood(off: boolean): Situation {
  const cluster = new Cluster({ env: off ? { DISABLE_LEAKED_ENI_CLEANUP: 'true' } : {} });
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.node('n1', subnet).primary.free(9);
  const eni = cluster.loose(
    { by: 'ipamd', status: 'available', attachment: null, tagged: 'i-0gone0000000000', dev: 1 },
    subnet,
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#608, #1447 (getLeakedENIs)',
    cluster,
    checks: [is(`findings[rule=eni-leaked][subjects~${eni.id}].severity`, off ? 'error' : 'warning')],
  };
}

/** Where several things name the ENIConfig of a node, one wins. */
function configured(
  spec: NodeSpec,
  env: Readonly<Record<string, string>>,
  names: readonly string[],
  wins: string | null,
): Situation {
  const cluster = new Cluster({ env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', ...env } });
  const nodes = cluster.subnet('10.40.0.0/20');
  for (const name of names)
    eniConfig(cluster, cluster.subnet(`100.64.${String(names.indexOf(name) * 16)}.0/20`).id, name);
  cluster.node('n1', nodes, spec);
  return {
    source: 'aws/amazon-vpc-cni-k8s pkg/eniconfig (the order of what names it)',
    cluster,
    checks: [
      is('nodes[name=n1].eniConfig.name', wins),
      none('findings[rule=eniconfig-missing]'),
      none('findings[rule=eniconfig-wrong-zone]'),
    ],
  };
}

/** A negative target is the default. */
function negativeTarget(): Situation {
  const cluster = new Cluster({ env: { WARM_ENI_TARGET: '-1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  return {
    source: 'aws/amazon-vpc-cni-k8s pkg/ipamd (getWarmENITarget)',
    cluster,
    checks: [is('nodes[name=n1].pools.0.low', true), is('nodes[name=n1].pools.0.target', 9)],
  };
}

/** The role lacks what IPv6 needs, which the policy for IPv4 does not have. */
function withoutTheIpv6Policy(): Situation {
  const cluster = new Cluster({
    env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' },
  });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018::/64' }), {
    metrics: true,
    ipamd: 'not-ready',
  });
  cluster.metricLines.set('n1', [
    'awscni_aws_api_error_count{api="AssignIpv6Addresses",error="UnauthorizedOperation"} 8',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1817, EKS user guide (AmazonEKS_CNI_IPv6_Policy)',
    cluster,
    checks: [
      says('findings[rule=ec2-permission-missing]', 'AssignIpv6Addresses'),
      says('findings[rule=ec2-permission-missing]', '(?i)ipv6'),
      silentOn('findings[rule=ec2-permission-missing].advice', 'AmazonEKS_CNI_Policy(?!.*IPv6)'),
    ],
  };
}

/** An ENI that EKS itself made for the control plane: nobody may delete it, and it is no leak. */
function controlPlane(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.node('n1', subnet).primary.free(9);
  const eni = cluster.loose(
    { description: 'Amazon EKS prod', status: 'in-use', attachment: 'eni-attach-0eks', tagged: 'none' },
    subnet,
  );
  return {
    source: 'repost.aws (what is the network interface “Amazon EKS …” that cannot be deleted)',
    cluster,
    checks: [none('findings[rule=eni-leaked]')],
    sayings: [
      { command: 'lookup', words: eni.id, says: /control plane|Amazon EKS prod/ },
      { command: 'lookup', words: eni.ip ?? '', says: /control plane|Amazon EKS prod/, silentOn: /no known holder/ },
    ],
  };
}

const ANNOTATION = 'k8s.amazonaws.com/eniConfig';

export const rulesOfIpamd: Readonly<Record<string, () => Situation>> = {
  'EC2 reports too many attached ENIs': () =>
    refusedByEc2('AttachNetworkInterface', 'AttachmentLimitExceeded', 'AttachmentLimitExceeded'),
  'EC2 reports too many addresses on the ENI': () =>
    refusedByEc2('AssignPrivateIpAddresses', 'PrivateIpAddressLimitExceeded', 'PrivateIpAddressLimitExceeded'),
  'untagged ENIs are not adopted, except for this one': () =>
    judged({ MANAGE_UNTAGGED_ENI: 'false' }, { tags: { [TAG]: 'false' } }, 'no-manage-tag-false', 'managed'),
  'untagged ENIs are not adopted': () => judged({ MANAGE_UNTAGGED_ENI: 'false' }, {}, 'untagged-ignored', 'unmanaged'),
  'name of another cluster on an ENI': () =>
    judged({}, { by: 'ipamd', tags: { 'cluster.k8s.amazonaws.com/name': 'other' } }, 'instance-id-tag', 'managed'),
  'tag of another instance on an ENI': () =>
    judged({ MANAGE_UNTAGGED_ENI: 'false' }, { tagged: 'i-0eeeeeeeeeeeeeeee' }, 'untagged-ignored', 'unmanaged'),
  'leaked ENI without cleanup': () => leakedForGood(true),
  'leaked ENI to be cleaned up within an hour': () => leakedForGood(false),
  'external label before the annotation': () =>
    configured(
      { labels: { 'vpc.amazonaws.com/externalEniConfig': 'ext' }, annotations: { [ANNOTATION]: 'ann' } },
      {},
      ['ext', 'ann'],
      'ext',
    ),
  'ENIConfig called default': () => configured({}, {}, ['default'], 'default'),
  'annotation under another name': () =>
    configured(
      { annotations: { 'example.com/eniConfig': 'mine', [ANNOTATION]: 'theirs' } },
      { ENI_CONFIG_ANNOTATION_DEF: 'example.com/eniConfig' },
      ['mine', 'theirs'],
      'mine',
    ),
  // Annotations of any other name are not kept, so the ENIConfig is not known; it is not the default one either.
  'annotation under a name that is not kept': () =>
    configured(
      { annotations: { 'example.com/pods': 'mine', [ANNOTATION]: 'theirs' } },
      { ENI_CONFIG_ANNOTATION_DEF: 'example.com/pods' },
      ['mine', 'theirs', 'default'],
      null,
    ),
  'negative warm target': negativeTarget,
  'IPv6 without its policy': withoutTheIpv6Policy,
  'ENI of the control plane': controlPlane,
};
