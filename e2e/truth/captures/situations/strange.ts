/** Facts that do not fit each other, and answers that are older, narrower or stranger than usual. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json } from '../kit/types';
import { fill, found, is, NO_ADDRESS, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const NODE = 'nodes[name=n1]';

const atRest = (): { readonly cluster: Cluster; readonly node: ReturnType<Cluster['node']> } => {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return { cluster, node };
};

/** A node registered with an address that is none of its instance's primary ENI (--node-ip of a second ENI). */
function nodeIpOfASecondEni(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20, internalIp: '10.40.9.9' });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const second = node.eni({ dev: 2, ip: '10.40.9.9', tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  return {
    source: 'awslabs/amazon-eks-ami#1271 (--node-ip), kubernetes/cloud-provider-aws#64',
    cluster,
    checks: [...quiet, is(`${NODE}.pools.0.total`, 18)],
    sayings: [
      { command: 'lookup', words: '10.40.9.9', says: new RegExp(second.id) },
      { command: 'lookup', words: node.primary.ip ?? '', says: new RegExp(node.primary.id) },
    ],
  };
}

/** A pod has the address of the node's own primary ENI, without hostNetwork. */
function podOnTheNodesAddress(): Situation {
  const { cluster, node } = atRest();
  cluster.write('shop/odd', node, [node.primary.ip ?? '']);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1966 (pod with the primary address)',
    cluster,
    checks: [found('findings[subjects~pod:shop/odd][severity=error]')],
    sayings: [
      { command: 'lookup', words: node.primary.ip ?? '', says: /shop\/odd/ },
      { command: 'explain', words: `${node.primary.ip ?? ''} who`, says: /shop\/odd/ },
    ],
  };
}

/** A type that neither ifscope nor EC2's answer knows: no number is made up. */
function typeOfTomorrow(): Situation {
  const cluster = new Cluster();
  const labels = { 'node.kubernetes.io/instance-type': 'm99i.large' };
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: null, labels, maxPods: 29 });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2890 (new instance type), posted',
    cluster,
    checks: [
      ...quiet,
      is(`${NODE}.pools.0.total`, 18),
      is(`${NODE}.pools.0.assigned`, 4),
      // How many ENIs it takes is not known.
      is(`${NODE}.eniSlots.limit`, null),
      is(`${NODE}.headroom.pods`, null),
      none('findings[rule=max-pods-too-high]'),
    ],
  };
}

/** The ENIs were described by three commands, page by page, with --query around them. */
function answersInPages(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  const second = node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const file = (path: string, value: Json): number => cluster.extraFiles.push({ path, text: JSON.stringify(value) });
  file('ec2/page-1.json', { NetworkInterfaces: [node.primary.toEc2()], NextToken: 'eyJ2IjoiMiJ9' });
  // --query 'NetworkInterfaces[]'
  file('ec2/page-2.json', [second.toEc2()]);
  file('ec2/subnets.json', [subnet.toEc2()]);
  // --query 'Reservations[].Instances[]'
  file('ec2/instances.json', [
    {
      InstanceId: node.instance,
      InstanceType: 'm5.large',
      State: { Name: 'running' },
      VpcId: subnet.vpc,
      SubnetId: subnet.id,
    },
  ]);
  return {
    source: 'posted: aws ec2 describe-… --query NetworkInterfaces[], page by page',
    cluster,
    checks: [...quiet, is(`${NODE}.pools.0.total`, 18), is(`${NODE}.headroom.pods`, 23)],
    sayings: [{ command: 'lookup', words: second.addresses[3]?.ip ?? '', says: /warm slot/ }],
  };
}

/** The metrics were read after the ENIs: ipamd has one ENI more than EC2's answer, and nothing is wrong. */
function metricsYoungerThanEc2(): Situation {
  const { cluster } = atRest();
  cluster.metricLines.set('n1', [
    'awscni_assigned_ip_per_eni{eni="eni-0f00000000000000f"} 0',
    'awscni_eni_allocated 3',
    'awscni_total_ip_addresses 27',
    'awscni_assigned_ip_addresses 4',
  ]);
  return {
    source: 'posted: describe-network-interfaces and curl :61678/metrics some minutes apart',
    cluster,
    checks: [none('findings[severity=error]'), is(`${NODE}.pools.0.assigned`, 4)],
    sayings: [{ command: 'explain', words: 'node n1 settings', silentOn: /undefined/ }],
  };
}

/** aws-node restarts with a version that is no version (a branch's build): rules by version do not guess. */
function versionOfABranch(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 't3.medium', version: 'fix-leak-20260801', metrics: false });
  fill(cluster, node, node.primary, 5);
  node.eni({ dev: 1, by: 'ipamd' }).free(5);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3094 (image of a branch)',
    cluster,
    checks: [...quiet, is(`${NODE}.pools.0.total`, 10), none('findings[rule=trunk-missing]')],
  };
}

/** The ENIs' tags were left out by --query: what ipamd decides by tags is not known, and nobody is blamed. */
function answersWithoutTags(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  const second = node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const bare = [node.primary, second].map((eni) => ({ ...eni.toEc2(), TagSet: undefined }));
  cluster.extraFiles.push(
    { path: 'ec2/enis.json', text: JSON.stringify(bare) },
    { path: 'ec2/subnets.json', text: JSON.stringify({ Subnets: [subnet.toEc2()] }) },
  );
  return {
    source: 'posted: describe-network-interfaces --query with a list of fields',
    cluster,
    checks: [
      none('findings[rule=eni-adopted]'),
      none('findings[rule=eni-will-be-adopted]'),
      is(`enis[id=${second.id}].creator`, 'ipamd'),
      is(`${NODE}.pools.0.total`, 18),
    ],
  };
}

/** EC2's API is throttled for everybody: the pods wait for that, and not for the subnet. */
function throttledWhileScaling(): Situation {
  const { cluster } = ((): { readonly cluster: Cluster } => {
    const c = new Cluster();
    const node = c.node('n1', c.subnet('10.40.0.0/20'));
    fill(c, node, node.primary, 9);
    c.waiting('shop/late', node, { createdAt: OLD });
    refused(c, 'shop/late', NO_ADDRESS);
    c.metricLines.set('n1', [
      'awscni_aws_api_error_count{api="CreateNetworkInterface",error="RequestLimitExceeded"} 77',
    ]);
    return { cluster: c };
  })();
  return {
    source: 'aws/amazon-vpc-cni-k8s#730, #1425 (in other words)',
    cluster,
    checks: [
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', '(?i)throttl'),
      silentOn('findings[rule=pod-ip-failed].advice', '(?i)larger subnet|further subnet'),
    ],
    sayings: [{ command: 'explain', words: 'late address', says: /throttl/i }],
  };
}

/** The kubelet says the sandbox changed, and the pod has its new address: no trouble. */
function sandboxMadeAnew(): Situation {
  const { cluster, node } = atRest();
  cluster.pod('shop/again', node, node.primary, { createdAt: ago(9_000) });
  warning(
    cluster,
    'shop/again',
    'FailedPodSandBoxStatus',
    'Failed to get sandbox status: rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found',
    'kubelet',
  );
  return {
    source: 'kubernetes/kubernetes#107561 (sandbox made anew)',
    cluster,
    checks: quiet,
    sayings: [{ command: 'explain', words: 'again address', says: /has the address/ }],
  };
}

export const strange: Readonly<Record<string, () => Situation>> = {
  'node address of a second ENI': nodeIpOfASecondEni,
  'pod on the node’s own address': podOnTheNodesAddress,
  'future instance type': typeOfTomorrow,
  'paginated answers': answersInPages,
  'metrics younger than EC2’s answer': metricsYoungerThanEc2,
  'branch name as the version': versionOfABranch,
  'answers without tags': answersWithoutTags,
  'throttled during a scale-up': throttledWhileScaling,
  'recreated sandbox': sandboxMadeAnew,
};
