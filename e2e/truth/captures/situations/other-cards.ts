/** Limits that a version counts in its own way, targets of 0, branch ENIs without a pod, and addresses of two CNIs. */
import { Cluster } from '../kit/cluster';
import { found, is, none, says, silentOn, fill, refused, NO_ADDRESS, OLD, warning, type Situation } from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** Both address targets are 0, which counts as not set: WARM_ENI_TARGET fills the whole ENI. */
function zeroTargets(): Situation {
  const cluster = new Cluster({ env: { WARM_ENI_TARGET: '0', WARM_IP_TARGET: '0', MINIMUM_IP_TARGET: '0' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c5.4xlarge' });
  fill(cluster, node, node.primary, 4);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3585',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].pools.0.low', true),
      is('nodes[name=n1].pools.0.next.action', 'add-addresses'),
      is('nodes[name=n1].pools.0.next.count', 25),
      is('nodes[name=n1].headroom.pods', 228),
      none('findings[rule=pod-ip-failed]'),
      none('findings[rule=warm-pool-waste]'),
    ],
    sayings: [{ command: 'explain', words: 'node n1 settings', says: /WARM_IP_TARGET/ }],
  };
}

/** Nobody asks for another address once the minimum is reached. */
function zeroWarm(): Situation {
  const cluster = new Cluster({ env: { WARM_ENI_TARGET: 'null', WARM_IP_TARGET: '0', MINIMUM_IP_TARGET: '11' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.xlarge' });
  fill(cluster, node, node.primary, 11);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2650',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].pools.0.next.action', 'none'),
      says('findings[subjects~pod:shop/late]', 'MINIMUM_IP_TARGET'),
      says('findings[subjects~pod:shop/late].advice', 'WARM_IP_TARGET'),
      none('findings[rule=node-addresses-full]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /MINIMUM_IP_TARGET/ }],
  };
}

/** Before v1.16.4 the EFA interfaces of 31 other cards count against the two ENIs of card 0. */
function efaOnOtherCards(version: string, room: boolean): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'p5.48xlarge', maxPods: 100, version });
  for (let card = 1; card < 32; card += 1) node.eni({ card, dev: 1, type: 'efa' });
  fill(cluster, node, node.primary, 49);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: `aws/amazon-vpc-cni-k8s#2784 (${version})`,
    cluster,
    checks: room
      ? [
          is('nodes[name=n1].eniSlots.free', 1),
          is('nodes[name=n1].headroom.pods', 48),
          is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
          none('findings[rule=max-pods-too-high]'),
        ]
      : [
          is('nodes[name=n1].eniSlots.free', 0),
          is('nodes[name=n1].headroom.pods', 0),
          is('nodes[name=n1].pools.0.next.action', 'none'),
          found('findings[rule=max-pods-too-high]'),
          says('findings[subjects~pod:shop/late]', '1\\.16\\.4'),
        ],
  };
}

/** The same with three of fifteen. */
function p4dOld(version: string, free: number): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'p4d.24xlarge', maxPods: 737, version });
  for (let card = 1; card < 4; card += 1) node.eni({ card, dev: 1, type: 'efa' });
  fill(cluster, node, node.primary, 10);
  node.primary.free(39);
  return {
    source: `aws/amazon-vpc-cni-k8s#2784 (${version})`,
    cluster,
    checks: [is('nodes[name=n1].eniSlots.free', free), is('nodes[name=n1].headroom.pods', 39 + free * 49)],
  };
}

/** Since v1.16.4 a trunk gives pods no addresses, and the AMI’s max pods still count them. */
function trunkAddresses(version: string): Situation {
  const old = version.startsWith('v1.16.2');
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'm5.large',
    maxPods: 29,
    version,
    capacity: { [POD_ENI]: '9' },
  });
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  fill(cluster, node, second, 9);
  if (old) trunk.free(9);
  else {
    cluster.waiting('shop/late', node, { createdAt: OLD });
    refused(cluster, 'shop/late', NO_ADDRESS);
  }
  return {
    source: `awslabs/amazon-eks-ami#2051 (${version})`,
    cluster,
    checks: old
      ? [...quiet, is('nodes[name=n1].headroom.pods', 9), is('nodes[name=n1].pools.0.total', 27)]
      : [
          is('nodes[name=n1].headroom.pods', 0),
          is('nodes[name=n1].pools.0.total', 18),
          found('findings[rule=node-addresses-full]'),
          says('findings[subjects~pod:shop/late]', '(?i)trunk|full|every'),
          silentOn('findings[subjects~pod:shop/late]', 'what ifscope does not see'),
        ],
  };
}

/** Four of the nine branch ENIs belong to no pod. */
function orphans(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'm5.large',
    maxPods: 29,
    capacity: { [POD_ENI]: '9' },
  });
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  node.primary.free(9);
  const ids: string[] = [];
  for (let at = 0; at < 9; at += 1) {
    const branch = node.eni({
      type: 'branch',
      by: 'controller',
      trunk: trunk.id,
      status: 'in-use',
      tags: { 'vpcresources.k8s.aws/vlan-id': String(at + 1) },
    });
    if (at >= 5) {
      ids.push(branch.id);
      continue;
    }
    cluster.write(`prod/p-${String(at)}`, node, [branch.ip ?? ''], {
      resources: { [POD_ENI]: '1' },
      annotations: {
        [POD_ENI]: JSON.stringify([
          { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: at + 1, subnetCidr: '10.40.0.0/20' },
        ]),
      },
    });
  }
  cluster.waiting('prod/late', node, { createdAt: OLD, resources: { [POD_ENI]: '1' } });
  warning(
    cluster,
    'prod/late',
    'BranchAllocationFailed',
    'failed to allocate branch ENI to pod: cannot create more than 9 branch interfaces per node',
    'vpc-resource-controller',
  );
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#694, #679',
    cluster,
    checks: [
      found('findings[rule=pod-eni-stuck][subjects~pod:prod/late]'),
      says('findings[rule=pod-eni-stuck]', 'cannot create more than 9'),
      says('findings[rule=pod-eni-stuck]', '(?i)\\b(4|four)\\b'),
      silentOn('findings[subjects~pod:prod/late].advice', '(?i)larger type|subnet'),
    ],
    sayings: [{ command: 'explain', words: 'pod prod/late address', says: /9/ }],
  };
}

/** A VLAN id that the plugin refuses. */
function vlanZero(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'm5.large',
    maxPods: 29,
    capacity: { [POD_ENI]: '9' },
  });
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  node.primary.free(9);
  const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
  cluster.waiting('prod/late', node, {
    createdAt: OLD,
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: 0, subnetCidr: '10.40.0.0/20' },
      ]),
    },
  });
  refused(
    cluster,
    'prod/late',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to setup network: invalid VLAN ID 0 for branch ENI',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3854',
    cluster,
    checks: [
      says('findings[subjects~pod:prod/late]', 'invalid VLAN ID 0'),
      is('interfaces[id=if:prod/late/eth0].eni', branch.id),
      silentOn('findings[subjects~pod:prod/late].advice', '(?i)WARM_|subnet'),
    ],
  };
}

/** A pod that started before Calico’s config was there has an address of the VPC. */
function calicoMixed(): Situation {
  const cluster = new Cluster({ daemon: false });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ipamd: false, maxPods: 110 });
  cluster.write('calico-system/calico-node-1', node, [], {
    hostNetwork: true,
    labels: { 'k8s-app': 'calico-node' },
    owner: { kind: 'DaemonSet', name: 'calico-node' },
  });
  cluster.write('shop/a', node, ['172.16.8.4']);
  cluster.write('shop/b', node, ['172.16.8.5']);
  const left = node.primary.add();
  cluster.write('shop/odd', node, [left.ip]);
  node.primary.free(4);
  return {
    source: 'projectcalico/calico#4323',
    cluster,
    checks: [
      none('findings[severity=error]'),
      is('interfaces[id=if:shop/odd/eth0].eni', node.primary.id),
      is('interfaces[id=if:shop/a/eth0].eni', null),
      is('nodes[name=n1].headroom.pods', null),
    ],
    sayings: [{ command: 'lookup', words: left.ip, says: /shop\/odd/ }],
  };
}

export const otherCards: Readonly<Record<string, () => Situation>> = {
  'targets of 0': zeroTargets,
  'minimum reached, and a warm target of 0': zeroWarm,
  'EFA on 31 other cards, v1.15.4': () => efaOnOtherCards('v1.15.4-eksbuild.1', false),
  'EFA on 31 other cards, v1.16.3': () => efaOnOtherCards('v1.16.3-eksbuild.2', false),
  'EFA on 31 other cards, v1.16.4': () => efaOnOtherCards('v1.16.4-eksbuild.2', true),
  'EFA on 31 other cards, v1.23.1': () => efaOnOtherCards('v1.23.1-eksbuild.1', true),
  'EFA on three other cards, v1.15.4': () => p4dOld('v1.15.4-eksbuild.1', 11),
  'EFA on three other cards, v1.17.1': () => p4dOld('v1.17.1-eksbuild.1', 14),
  'max pods with a trunk, v1.16.2': () => trunkAddresses('v1.16.2-eksbuild.1'),
  'max pods with a trunk, v1.18.6': () => trunkAddresses('v1.18.6-eksbuild.1'),
  'branch ENIs without a pod at the limit': orphans,
  'VLAN id 0': vlanZero,
  'VPC address among Calico’s': calicoMixed,
};
