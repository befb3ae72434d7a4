/** Security groups for pods: branch ENIs that nobody gave back, limits of EC2, and groups that are not the policy's. */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import type { Node } from '../kit/node';
import { found, NO_ADDRESS, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

interface Start {
  readonly cluster: Cluster;
  readonly node: Node;
  readonly trunk: Eni;
}

function start(): Start {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'r7g.medium', maxPods: 8, capacity: { [POD_ENI]: '4' } });
  node.primary.free(3);
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  return { cluster, node, trunk };
}

function branchOf({ node, trunk }: Start): Eni {
  return node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
}

const annotation = (eni: Eni): Readonly<Record<string, string>> => ({
  [POD_ENI]: JSON.stringify([
    { eniId: eni.id, ifAddress: eni.mac, privateIp: eni.ip, vlanId: 1, subnetCidr: '10.40.0.0/20' },
  ]),
});

function holds(s: Start, key: string, phase = 'Running'): Eni {
  const eni = branchOf(s);
  s.cluster.write(key, s.node, [eni.ip ?? ''], { phase, resources: { [POD_ENI]: '1' }, annotations: annotation(eni) });
  return eni;
}

function waits(s: Start): void {
  s.cluster.waiting('shop/late', s.node, { createdAt: OLD, resources: { [POD_ENI]: '1' } });
}

/** Pods are gone, their branch ENIs are not: the scheduler sees room that EC2 does not have. */
function notGivenBack(): Situation {
  const s = start();
  holds(s, 'shop/a');
  const orphans = [branchOf(s), branchOf(s), branchOf(s)];
  waits(s);
  warning(
    s.cluster,
    'shop/late',
    'FailedCreatePodSandBox',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
    'kubelet',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3018',
    cluster: s.cluster,
    checks: [
      says('findings[rule=pod-eni-stuck]', '4 of (its )?4'),
      says('findings[rule=pod-eni-stuck]', '(?i)no pod'),
      says('findings[rule=pod-eni-stuck]', orphans[0]?.id ?? ''),
      // A branch ENI takes no address of the pool.
      silentOn('findings[subjects~pod:shop/late]', '(?i)WARM_|warm pool'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: /4 of (its )?4/ },
      { command: 'explain', words: 'node n1 trunk', says: /shop\/a/ },
    ],
  };
}

/** Jobs are done, and the branch ENIs of their pods are still there. */
function heldByFinishedPods(): Situation {
  const s = start();
  holds(s, 'shop/a');
  for (const at of [1, 2, 3]) holds(s, `batch/job-${String(at)}`, 'Succeeded');
  waits(s);
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#33',
    cluster: s.cluster,
    checks: [
      says('findings[rule=pod-eni-stuck]', '4 of (its )?4'),
      says('findings[rule=pod-eni-stuck]', '(?i)finished|succeeded|completed'),
      none('findings[rule=branch-eni-leaked]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /finished|succeeded|completed/i }],
  };
}

/** The controller could not make the branch ENI, and quotes EC2. */
function ec2Refuses(source: string, error: string, quoted: string, advises: string): Situation {
  const s = start();
  waits(s);
  warning(
    s.cluster,
    'shop/late',
    'BranchAllocationFailed',
    `failed to allocate branch ENI to pod: creating network interface, operation error EC2: CreateNetworkInterface, https response error StatusCode: 400, RequestID: 0a1b, api error ${error}`,
    'vpc-resource-controller',
  );
  const others = [
    'subnet .*out of addresses',
    'quota of an ENI',
    'not in the VPC',
    'AmazonEKSVPCResourceController',
    'Network interfaces per Region',
    'denies the call whatever the role allows',
  ];
  return {
    source,
    cluster: s.cluster,
    checks: [
      says('findings[rule=pod-eni-stuck]', quoted),
      says('findings[rule=pod-eni-stuck].advice', advises),
      silentOn(
        'findings[rule=pod-eni-stuck].advice',
        `(?i)larger|restart|${others.filter((one) => one !== advises).join('|')}`,
      ),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: new RegExp(quoted) }],
  };
}

/** The plugin was asked before the controller had written the annotation, and again after. */
function askedTooEarly(isOver: boolean): Situation {
  const s = start();
  if (isOver) holds(s, 'shop/late');
  else waits(s);
  refused(s.cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3066',
    cluster: s.cluster,
    checks: isOver
      ? [none('findings[subjects~pod:shop/late]')]
      : [
          found('findings[rule=pod-eni-stuck][subjects~pod:shop/late]'),
          none('findings[rule=pod-ip-failed]'),
          none('findings[rule=pod-start-failed]'),
        ],
    sayings: [
      {
        command: 'explain',
        words: 'pod shop/late address',
        says: isOver ? /has the address/ : /branch ENI/,
        silentOn: /WARM_|warm pool|free address/,
      },
    ],
  };
}

/** A webhook of the cluster changes the pod: the controller may not annotate it. */
function annotationForbidden(): Situation {
  const s = start();
  waits(s);
  warning(
    s.cluster,
    'shop/late',
    'BranchENIAnnotationFailed',
    'failed to annotate pod with branch ENI details: Pod "late" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
    'vpc-resource-controller',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2814',
    cluster: s.cluster,
    checks: [
      says('findings[rule=pod-eni-stuck]', 'pod updates may not change fields'),
      silentOn('findings[rule=pod-eni-stuck].advice', '(?i)out of addresses|larger'),
      says('findings[rule=pod-eni-stuck].advice', '(?i)webhook|admission|policy'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /pod updates may not change/ }],
  };
}

/** The webhook timed out when the pod was made: a policy selects it, and it runs with the node's groups. */
function policyMissedThePod(): Situation {
  const s = start();
  s.cluster.object({
    apiVersion: 'vpcresources.k8s.aws/v1beta1',
    kind: 'SecurityGroupPolicy',
    metadata: { namespace: 'prod', name: 'db', uid: 'sgp-db', creationTimestamp: '2026-08-01T00:00:00Z' },
    spec: { podSelector: { matchLabels: { app: 'tolgee' } }, securityGroups: { groupIds: ['sg-0db'] } },
  });
  s.cluster.pod('prod/tolgee-1', s.node, s.node.primary, { labels: { app: 'tolgee' } });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2163, amazon-vpc-resource-controller-k8s#167',
    cluster: s.cluster,
    checks: [says('findings[subjects~pod:prod/tolgee-1]', '(?i)SecurityGroupPolicy|sg-0db')],
    sayings: [{ command: 'explain', words: 'pod prod/tolgee-1 where', says: /eth0/ }],
  };
}

export const branches: Readonly<Record<string, () => Situation>> = {
  'branch ENIs that were not released': notGivenBack,
  'branch ENIs of finished pods': heldByFinishedPods,
  'too many security groups': () =>
    ec2Refuses(
      'aws/amazon-vpc-resource-controller-k8s#583, #155',
      'InvalidParameterValue: user 111122223333 exceeded limit 5 on the number of interface security group memberships',
      'exceeded limit 5',
      'quota of an ENI',
    ),
  'security group of another VPC': () =>
    ec2Refuses(
      'aws/karpenter-provider-aws#3390 (the same error)',
      'InvalidParameter: Security group sg-0db and subnet subnet-01 belong to different networks.',
      'belong to different networks',
      'not in the VPC',
    ),
  'missing security group': () =>
    ec2Refuses(
      'aws/amazon-vpc-resource-controller-k8s (SecurityGroupPolicy)',
      "InvalidSecurityGroupID.NotFound: The securityGroup ID 'sg-0db' does not exist",
      'InvalidSecurityGroupID.NotFound',
      'not in the VPC',
    ),
  'quota of network interfaces': () =>
    ec2Refuses(
      'aws/amazon-vpc-cni-k8s#59 (limits of the account)',
      'NetworkInterfaceLimitExceeded: You have reached the limit of network interfaces',
      'NetworkInterfaceLimitExceeded',
      'Network interfaces per Region',
    ),
  'branch subnet without addresses': () =>
    ec2Refuses(
      'aws/amazon-vpc-cni-k8s#2045 (branch ENIs)',
      'InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.',
      'InsufficientFreeAddressesInSubnet',
      'subnet .*out of addresses',
    ),
  'controller without permissions': () =>
    ec2Refuses(
      'aws/amazon-vpc-resource-controller-k8s#15',
      'UnauthorizedOperation: You are not authorized to perform this operation.',
      'UnauthorizedOperation',
      'AmazonEKSVPCResourceController',
    ),
  'controller denied by an organisation policy': () =>
    ec2Refuses(
      'aws/karpenter-provider-aws#8190 (the same refusal)',
      'UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/cluster/1 is not authorized to perform: ec2:CreateNetworkInterface on resource: arn:aws:ec2:eu-west-1:111122223333:network-interface/* with an explicit deny in a service control policy',
      'service control policy',
      'denies the call whatever the role allows',
    ),
  'controller outside its permissions boundary': () =>
    ec2Refuses(
      'IAM user guide (texts of access-denied errors)',
      'UnauthorizedOperation: User: arn:aws:sts::111122223333:assumed-role/cluster/1 is not authorized to perform: ec2:CreateNetworkInterface on resource: arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-01 because no permissions boundary allows the ec2:CreateNetworkInterface action',
      'permissions boundary',
      'denies the call whatever the role allows',
    ),
  'controller whose role has no such policy': () =>
    ec2Refuses(
      'ministryofjustice/modernisation-platform#12326 (the same text)',
      'UnauthorizedOperation: User: arn:aws:sts::111122223333:assumed-role/cluster/1 is not authorized to perform: ec2:CreateNetworkInterface on resource: arn:aws:ec2:eu-west-1:111122223333:network-interface/* because no identity-based policy allows the ec2:CreateNetworkInterface action',
      'identity-based',
      'AmazonEKSVPCResourceController',
    ),
  'branch ENI requested too early': () => askedTooEarly(false),
  'branch ENI requested too early, created since': () => askedTooEarly(true),
  'branch annotation rejected': annotationForbidden,
  'pod missed by the policy': policyMissedThePod,
};
