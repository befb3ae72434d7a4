/** Odd things on EKS: groups of a trunk, prefixes that one pod each keeps, a pod subnet inside of the Service CIDR, ENIs that hang. */
import { Cluster } from '../kit/cluster';
import { CUSTOM_NETWORKING, eniConfig, fill, found, is, none, says, silentOn, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** The controller made the trunk before it knew of custom networking. */
function groupsOfATrunk(): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ENABLE_POD_ENI: 'true' } });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/16', 'eu-west-1a', { available: 60_000 });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, {
    version: 'v1.16.2-eksbuild.1',
    maxPods: 11,
    capacity: { [POD_ENI]: '9' },
  });
  const eni = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0pods'] }, pods);
  fill(cluster, node, eni, 3);
  eni.free(6);
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller', groups: ['sg-0node'] }, nodes);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2792 (comment of 2024-02-20)',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      { command: 'explain', words: `eni ${trunk.id} groups`, says: /sg-0pods/ },
      { command: 'explain', words: `eni ${trunk.id} groups`, says: /ENIConfig/ },
    ],
  };
}

/** Eight prefixes with one pod each: ipamd gives back whole free prefixes alone. */
function oneOfSixteen(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.large', maxPods: 110 });
  for (let at = 0; at < 8; at += 1) {
    const { held } = node.primary.prefix();
    const ip = node.primary.prefixes[at]?.cidr.replace(/\/28$/, '') ?? '';
    cluster.write(`shop/web-${String(at)}`, node, [ip]);
    held.push({ ip, holder: `if:shop/web-${String(at)}/eth0`, freedSecondsAgo: null, hidden: false });
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s (prefixes that are not released), aws-eks-best-practices prefix-mode',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 128),
      is('nodes[name=n1].pools.0.assigned', 8),
      is('nodes[name=n1].pools.0.high', false),
      silentOn('findings', 'Lower WARM_PREFIX_TARGET'),
    ],
    sayings: [{ command: 'explain', words: 'subnet subnet-01 room', says: /120|128/ }],
  };
}

/** A block that was added to the VPC later lies in the Service CIDR. */
function podSubnetInServiceCidr(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('10.100.64.0/18', 'eu-west-1a', { available: 16_000 });
  eniConfig(cluster, pods.id, 'eu-west-1a', 'sg-0node');
  const node = cluster.node('n1', nodes, { maxPods: 20 });
  const eni = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, eni, 4);
  eni.free(5);
  node.eni({ dev: 2, by: 'ipamd' }, pods).free(9);
  cluster.object({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes', uid: 'sc', creationTimestamp: '2026-08-01T00:00:00Z' },
    spec: { cidrs: ['10.100.0.0/16'] },
  });
  return {
    source: 'awsdocs/amazon-eks-user-guide (VPC CIDR blocks and the Service CIDR), aws/containers-roadmap#170',
    cluster,
    checks: [],
    sayings: [
      {
        command: 'explain',
        words: 'clashes',
        says: new RegExp(`${pods.id} .*overlaps the Service CIDR 10\\.100\\.0\\.0/16`),
      },
      { command: 'explain', words: 'clashes', silentOn: new RegExp(`${nodes.id} .*overlaps`) },
    ],
  };
}

/** EC2 does not finish an attachment. */
function hangsAttaching(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  const eni = node.eni({ dev: 1, by: 'ipamd', attachment: 'attaching', status: 'attaching' });
  eni.free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s (ENI that stays in attaching), #1094',
    cluster,
    checks: [none('findings[severity=error]'), is(`enis[id=${eni.id}].attachmentStatus`, 'attaching')],
    sayings: [{ command: 'lookup', words: eni.id, says: /attaching/ }],
  };
}

/** The call that makes an ENI go with its instance failed. */
function staysBehind(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  const eni = node.eni({ dev: 1, by: 'ipamd', deleteOnTermination: false });
  eni.free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#69 (comments), awsutils.go AllocENI: ModifyNetworkInterfaceAttribute',
    cluster,
    checks: [
      found(`findings[subjects~${eni.id}]`),
      says(`findings[subjects~${eni.id}]`, 'DeleteOnTermination'),
      none('findings[severity=error]'),
    ],
  };
}

/** Somebody asks by the id of a security group. */
function byGroup(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 2);
  const eni = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0node', 'sg-0deadbeef00000001'] });
  eni.free(9);
  return {
    source: 'posted: which interfaces have this security group?',
    cluster,
    checks: [],
    sayings: [{ command: 'lookup', words: 'sg-0deadbeef00000001', says: new RegExp(eni.id) }],
  };
}

/** Karpenter empties a node: the taint is all that shows. */
function emptiedByKarpenter(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    labels: { 'karpenter.sh/nodepool': 'default' },
    taints: [{ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }],
  });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'kubernetes-sigs/karpenter (karpenter.sh/disrupted)',
    cluster,
    checks: [none('findings[severity=error]'), none('findings[severity=warning]')],
  };
}

export const oddsOnEks: Readonly<Record<string, () => Situation>> = {
  'groups of a trunk under custom networking': groupsOfATrunk,
  'prefixes that one pod each keeps': oneOfSixteen,
  'pod subnet in the Service CIDR': podSubnetInServiceCidr,
  'ENI stuck in attaching': hangsAttaching,
  'ENI that does not go with its instance': staysBehind,
  'interfaces of a security group': byGroup,
  'node drained by Karpenter': emptiedByKarpenter,
};
