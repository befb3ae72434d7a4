/** What is free, cooling and still to come, while ENIs come and go, on nodes of every make. */
import { Cluster } from '../kit/cluster';
import type { NodeSpec } from '../kit/types';
import { CUSTOM_NETWORKING, eniConfig, fill, found, is, none, type Situation } from './situation';

const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

const headroom = (pods: number | null, limitedBy?: string, name = 'n1') => [
  is(`nodes[name=${name}].headroom.pods`, pods),
  ...(limitedBy === undefined ? [] : [is(`nodes[name=${name}].headroom.limitedBy`, limitedBy)]),
];

const pool = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).map(([field, value]) => is(`nodes[name=n1].pools.0.${field}`, value));

/** An ENI that is being detached: ipamd no longer has its addresses, and it still takes an attachment. */
function beingDetached(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 7);
  node.primary.free(2);
  node.eni({ dev: 1, by: 'ipamd', attachment: 'detaching', status: 'detaching' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#732, #1204 (RemoveUnusedENIFromStore comes before the detach)',
    cluster,
    checks: [...pool({ total: 9, assigned: 7, available: 2 }), is('nodes[name=n1].eniSlots.used', 2), ...quiet],
  };
}

/** A cooldown of five minutes, or none: what was given back a hundred seconds ago. */
function cooldown(period: string, cooling: number): Situation {
  const cluster = new Cluster({ env: { IP_COOLDOWN_PERIOD: period, WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '4' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { enisJson: 'per-card' });
  fill(cluster, node, node.primary, 3);
  for (let at = 0; at < 3; at += 1) node.primary.add().freedSecondsAgo = 100;
  return {
    source: 'aws/amazon-vpc-cni-k8s#1700, #2896, v1.15.0 (IP_COOLDOWN_PERIOD)',
    cluster,
    checks: [
      ...pool({ total: 6, assigned: 3, available: 3, cooling, warm: 3 - cooling, over: 1, low: false, high: true }),
      is('nodes[name=n1].pools.0.next.action', 'release-addresses'),
      is('nodes[name=n1].pools.0.next.count', 1),
      ...quiet,
    ],
  };
}

/** Karpenter drains a node by a taint of its own: ipamd knows only the one of kubectl cordon. */
function taintedByKarpenter(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    taints: [{ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }],
  });
  fill(cluster, node, node.primary, 9);
  return {
    source: 'aws/karpenter-provider-aws (karpenter.sh/disrupted), aws/amazon-vpc-cni-k8s#2265 (isNodeNonSchedulable)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
      is('nodes[name=n1].pools.0.next.blockedBy', null),
      none('findings[rule=cordoned-no-growth]'),
    ],
  };
}

/** Max pods were lowered below what runs: no pod fits, and none less than none. */
function fewerThanRun(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 8 });
  fill(cluster, node, node.primary, 9);
  return {
    source: 'aws/karpenter-provider-aws#6890 (other max pods after a restart of the kubelet)',
    cluster,
    checks: [...headroom(0, 'max-pods'), ...pool({ low: false }), none('findings[rule=max-pods-too-high]')],
  };
}

/** Bare metal has no hypervisor and takes prefixes. */
function metal(): Situation {
  const cluster = new Cluster({ env: PREFIX });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.metal', maxPods: 250 });
  node.primary.prefix();
  node.primary.prefix();
  for (let at = 0; at < 8; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1905 (bare metal and prefixes)',
    cluster,
    // Eight pods, and aws-node and kube-proxy.
    checks: [is('nodes[name=n1].cni.mode', 'prefix'), ...headroom(240, 'max-pods'), ...quiet],
  };
}

/** 24 ENIs of 64 addresses: the limits are EC2's. */
function sixtyFour(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/16'), { type: 'm8i.96xlarge', maxPods: 1514 });
  fill(cluster, node, node.primary, 10);
  node.primary.free(53);
  node.eni({ dev: 1, by: 'ipamd' }).free(63);
  return {
    source: 'aws/amazon-vpc-cni-k8s misc/eni-max-pods.txt (m8i.96xlarge)',
    cluster,
    checks: [
      is(`enis[id=${node.primary.id}].capacity`, 63),
      // All of it: 24 x 63, less what is held.
      ...headroom(1502),
      is('nodes[name=n1].limits.maxPodsByFormula', 1514),
      ...quiet,
    ],
  };
}

/** A type that neither the table nor EC2's answer has. */
function unknownType(): Situation {
  const cluster = new Cluster({ withoutEc2: false });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'm5.large',
    labels: { 'node.kubernetes.io/instance-type': 'x99.4xlarge' },
  });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  // EC2's own answers are without types, and with the new name.
  cluster.extraFiles.push({ path: 'ec2/types.json', text: JSON.stringify({ InstanceTypes: [] }) });
  cluster.extraFiles.push({
    path: 'ec2/instances.json',
    text: JSON.stringify({
      Reservations: [
        {
          Instances: [
            {
              InstanceId: node.instance,
              InstanceType: 'x99.4xlarge',
              State: { Name: 'running' },
              Placement: { AvailabilityZone: 'eu-west-1a' },
              VpcId: cluster.vpc,
            },
          ],
        },
      ],
    }),
  });
  return {
    source: 'awslabs/amazon-eks-ami#826 (types that the table does not have)',
    cluster,
    checks: [
      ...headroom(null, 'unknown'),
      ...pool({ total: 9, assigned: 4, available: 5 }),
      is('nodes[name=n1].eniSlots.limit', null),
      none('findings[rule=max-pods-too-high]'),
      none('findings[severity=error]'),
    ],
  };
}

/** Security groups for pods: branch pods count for the kubelet, and take no slot. */
function branchesBesidePods(branches: number, fits: number, limitedBy: string): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { capacity: { 'vpc.amazonaws.com/pod-eni': '9' } });
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  fill(cluster, node, second, 5);
  second.free(4);
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  cluster.object({
    apiVersion: 'vpcresources.k8s.aws/v1alpha1',
    kind: 'CNINode',
    metadata: { name: 'n1', uid: 'cnd-n1' },
    spec: { features: [{ name: 'SecurityGroupsForPods' }] },
  });
  for (let at = 0; at < branches; at += 1) {
    const branch = node.eni({
      type: 'branch',
      by: 'controller',
      trunk: trunk.id,
      tags: { 'vpcresources.k8s.aws/vlan-id': String(at + 1) },
    });
    cluster.write(`shop/db-${String(at)}`, node, [branch.ip ?? ''], {
      annotations: {
        'vpc.amazonaws.com/pod-eni': JSON.stringify([
          { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: at + 1, subnetCidr: '10.40.0.0/20' },
        ]),
      },
      resources: { 'vpc.amazonaws.com/pod-eni': '1' },
    });
  }
  return {
    source: 'aws/karpenter-provider-aws#7312, #6380, aws/amazon-vpc-cni-k8s#1083',
    cluster,
    checks: [
      ...headroom(fits, limitedBy),
      is('nodes[name=n1].podCount', 16 + branches),
      is('nodes[name=n1].branch.used', branches),
      none('findings[severity=error]'),
    ],
  };
}

/** IPv6 with security groups for pods: the trunk has no prefix, and needs none. */
function trunkOfIpv6(): Situation {
  const cluster = new Cluster({
    env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true', ENABLE_POD_ENI: 'true' },
  });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:1::/64' });
  const node = cluster.node('n1', subnet, { maxPods: 29, capacity: { 'vpc.amazonaws.com/pod-eni': '9' } });
  node.primary.prefix('2a05:d018:6:1:a::/80');
  for (let at = 0; at < 5; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  return {
    source: 'aws/amazon-vpc-cni-k8s v1.19 (security groups for pods in IPv6 clusters)',
    cluster,
    // Five pods, aws-node, kube-proxy.
    checks: [...headroom(22, 'max-pods'), none('findings[severity=error]'), none('findings[rule=max-pods-too-high]')],
  };
}

/** Not on EC2: what another CNI gives is not known; Fargate has one pod and no room. */
function elsewhere(spec: NodeSpec, pods: number | null, limitedBy: string, runs: boolean): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false, type: null, instance: false, ...spec });
  if (runs) cluster.write('shop/one', node, ['10.40.9.9']);
  return {
    source: 'EKS user guide: hybrid nodes, Fargate (one pod a node)',
    cluster,
    checks: [
      ...headroom(pods, limitedBy),
      none('findings[severity=error]'),
      none('findings[rule=max-pods-too-high]'),
      is('nodes[name=n1].pools', []),
    ],
  };
}

/** A stopped instance keeps its ENIs: nothing leaked, and no pod fits on a node that is not there. */
function stopped(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ready: false, ipamd: 'not-ready', metrics: false });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.extraFiles.push({
    path: 'ec2/instances.json',
    text: JSON.stringify({
      Reservations: [
        {
          Instances: [
            {
              InstanceId: node.instance,
              InstanceType: 'm5.large',
              State: { Code: 80, Name: 'stopped' },
              Placement: { AvailabilityZone: 'eu-west-1a' },
              VpcId: cluster.vpc,
            },
          ],
        },
      ],
    }),
  });
  return {
    source: 'kubernetes/cloud-provider-aws#14 (stopped instances), aws/karpenter-provider-aws#1252',
    cluster,
    checks: [
      is('nodes[name=n1].instanceState', 'stopped'),
      none('findings[rule=eni-leaked]'),
      none('findings[rule=warm-pool-waste]'),
      none('findings[rule=pod-address-not-on-node]'),
    ],
    sayings: [{ command: 'lookup', words: 'n1', says: /stopped/ }],
  };
}

/** Custom networking in prefix mode: single addresses on the primary are from before, and give nothing. */
function singlesOnThePrimary(): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING, ...PREFIX } });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { maxPods: 110 });
  node.primary.free(4);
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods);
  second.prefix();
  for (let at = 0; at < 3; at += 1) cluster.pod(`shop/p-${String(at)}`, node, second, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1466, #2045',
    cluster,
    checks: [...pool({ total: 16, assigned: 3, available: 13 }), ...headroom(105, 'max-pods')],
  };
}

/** MAX_ENI=2 with a kept ENI attached by hand: only the primary is left for pods. */
function maxEniAndKept(): Situation {
  const cluster = new Cluster({ env: { MAX_ENI: '2' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 29 });
  fill(cluster, node, node.primary, 6);
  node.primary.free(3);
  node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  return {
    source: 'aws/amazon-vpc-cni-k8s README (no_manage, MAX_ENI), #3544',
    cluster,
    checks: [...headroom(3, 'slots'), found('findings[rule=max-pods-too-high]'), is('nodes[name=n1].eniSlots.free', 0)],
  };
}

/** Two nodes on two versions: before v1.16.3 the pool grows beyond max pods, since then not. */
function twoVersions(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  for (const [name, version] of [
    ['n1', 'v1.15.5-eksbuild.1'],
    ['n2', 'v1.20.4-eksbuild.1'],
  ] as const) {
    const node = cluster.node(name, subnet, { maxPods: 8, version });
    fill(cluster, node, node.primary, 3);
    node.primary.free(6);
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s#2801 (v1.16.3)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.low', true),
      is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
      is('nodes[name=n2].pools.0.low', false),
      ...headroom(3, 'max-pods', 'n1'),
      ...headroom(3, 'max-pods', 'n2'),
    ],
    sayings: [{ command: 'explain', words: 'differs', says: /v1\.15\.5/ }],
  };
}

export const numbersMore: Readonly<Record<string, () => Situation>> = {
  'ENI being detached': beingDetached,
  'cooldown of five minutes': () => cooldown('300', 3),
  'cooldown of none': () => cooldown('0', 0),
  'Karpenter taint': taintedByKarpenter,
  'max pods below the number of running pods': fewerThanRun,
  'bare metal with prefixes': metal,
  'type of 64 addresses': sixtyFour,
  'unknown instance type': unknownType,
  'few branch pods': () => branchesBesidePods(3, 4, 'slots'),
  'many branch pods': () => branchesBesidePods(9, 4, 'max-pods'),
  'trunk of an IPv6 node': trunkOfIpv6,
  'room of a hybrid node': () =>
    elsewhere(
      {
        maxPods: 110,
        labels: { 'eks.amazonaws.com/compute-type': 'hybrid' },
        providerId: 'eks-hybrid:///eu-west-1/prod/mi-0a',
      },
      null,
      'unknown',
      false,
    ),
  'room of a Fargate node': () =>
    elsewhere(
      {
        maxPods: 1,
        labels: { 'eks.amazonaws.com/compute-type': 'fargate' },
        providerId: 'aws:///eu-west-1a/0a1b-2c3d/fargate-ip-10-40-9-9.eu-west-1.compute.internal',
        internalIp: '10.40.9.9',
      },
      0,
      'max-pods',
      true,
    ),
  'stopped instance': stopped,
  'leftover single addresses, custom networking and prefixes': singlesOnThePrimary,
  'MAX_ENI and a kept ENI': maxEniAndKept,
  'two versions around v1.16.3': twoVersions,
};
