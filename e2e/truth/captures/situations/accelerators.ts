/** Instances with EFA and several network cards: what EC2 has, what the device plugin offers, and what is left for pods. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { entry, running } from './attaching';
import {
  count,
  CUSTOM_NETWORKING,
  eniConfig,
  found,
  is,
  NO_ADDRESS,
  none,
  OLD,
  refused,
  says,
  silentOn,
  warning,
  type Situation,
} from './situation';

const EFA = 'vpc.amazonaws.com/efa';
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

/** A node with an EFA interface on each of eight cards, and so many offered. */
function offered(devices: string): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'p6-b200.48xlarge',
    maxPods: 110,
    capacity: { [EFA]: devices },
    primary: { type: 'efa' },
  });
  node.primary.free(49);
  for (let card = 1; card < 8; card += 1) node.eni({ card, dev: 1, type: 'efa-only', ip: null });
  return { cluster, node };
}

/** Old device plugins take the two NVLink controllers for EFA. */
function moreThanThereAre(): Situation {
  const { cluster } = offered('10');
  return {
    source: 'aws/sagemaker-hyperpod-cli#282, aws-ia/terraform-aws-eks-data-addons#53',
    cluster,
    checks: [
      says('findings[subjects~node:n1]', '\\b10\\b'),
      says('findings[subjects~node:n1]', '\\b8\\b'),
      says('findings[subjects~node:n1]', EFA),
      says('findings[subjects~node:n1].advice', '(?i)device plugin'),
    ],
  };
}

function asManyAsThereAre(): Situation {
  const { cluster, node } = offered('8');
  cluster.pod('ai/rank-0', node, node.primary, { resources: { [EFA]: '8' } });
  return { source: 'aws/sagemaker-hyperpod-cli#282 (mended)', cluster, checks: quiet };
}

/** An interface was attached after the plugin had looked. */
function fewerThanThereAre(): Situation {
  const { cluster } = offered('6');
  return {
    source: 'aws/sagemaker-hyperpod-cli#282 (its counterpart)',
    cluster,
    checks: [says('findings[subjects~node:n1]', '\\b6\\b'), says('findings[subjects~node:n1]', '\\b8\\b')],
  };
}

/** Auto Mode: the chart keeps the plugin off these nodes, so nobody offers the EFA that is attached. */
function autoModeWithoutPlugin(): Situation {
  const cluster = new Cluster({ daemon: false });
  const node = cluster.node('i-0auto', cluster.subnet('10.40.0.0/20'), {
    type: 'g5.8xlarge',
    maxPods: 110,
    ipamd: false,
    labels: { 'eks.amazonaws.com/compute-type': 'auto' },
  });
  const only = node.eni({ dev: 1, type: 'efa-only', ip: null });
  node.primary.prefix();
  cluster.write('ai/nccl', null, [], { phase: 'Pending', createdAt: OLD, resources: { [EFA]: '1' } });
  warning(
    cluster,
    'ai/nccl',
    'FailedScheduling',
    `0/1 nodes are available: 1 Insufficient ${EFA}.`,
    'default-scheduler',
  );
  return {
    source: 'aws/eks-charts#1358',
    cluster,
    checks: [
      is(`enis[id=${only.id}].role`, 'efa-only'),
      is(`enis[id=${only.id}].management.state`, 'outside'),
      says('findings[subjects~pod:ai/nccl]', EFA),
      says('findings[subjects~pod:ai/nccl]', '(?i)device plugin'),
      silentOn('findings[subjects~pod:ai/nccl]', '(?i)aws-node|ipamd'),
      none('findings[rule=eni-will-be-adopted]'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/nccl address', says: /efa/ }],
  };
}

/** Seventeen cards, sixteen of them for EFA alone. */
function moreCardsThanEfa(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'p6-b300.48xlarge',
    maxPods: 110,
    capacity: { [EFA]: '16' },
  });
  node.primary.free(49);
  const only = Array.from({ length: 16 }, (_, at) => node.eni({ card: at + 1, dev: 0, type: 'efa-only', ip: null }));
  cluster.pod('ai/rank-0', node, node.primary, { resources: { [EFA]: '16' } });
  return {
    source: 'eksctl-io/eksctl#8692, #8685',
    cluster,
    checks: [
      ...quiet,
      count('networkCards[node=node:n1]', 17),
      ...only.slice(0, 2).map(({ id }) => is(`enis[id=${id}].management.state`, 'outside')),
      is('nodes[name=n1].eniSlots.used', 1),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
    ],
    sayings: [{ command: 'lookup', words: only[3]?.id ?? '', says: /card 4/ }],
  };
}

/** An EFA-only interface on card 0 takes one of its two places: half of the type's addresses are gone. */
function efaOnlyOnTheFirstCard(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'p5.48xlarge', maxPods: 100 });
  const only = node.eni({ dev: 1, type: 'efa-only', ip: null });
  for (let card = 1; card < 32; card += 1) node.eni({ card, dev: 0, type: 'efa-only', ip: null });
  node.primary.free(49);
  return {
    source: 'aws/karpenter-provider-aws#9027, #8898 (efa-only beside the primary interface)',
    cluster,
    checks: [
      is('nodes[name=n1].eniSlots.limit', 2),
      is('nodes[name=n1].eniSlots.used', 2),
      is('nodes[name=n1].eniSlots.unmanaged', 1),
      is('nodes[name=n1].eniSlots.free', 0),
      is('nodes[name=n1].headroom.pods', 49),
      says('findings[rule=max-pods-too-high][subjects~node:n1]', '\\b51\\b'),
      silentOn('findings.advice', `(?i)detach|${only.id}`),
      none('findings[rule=no-manage-late]'),
    ],
  };
}

/** EFA interfaces with an address on further cards: nobody hands out theirs, and nobody takes them over. */
function efaWithAddresses(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'p4d.24xlarge',
    maxPods: 110,
    capacity: { [EFA]: '4' },
    primary: { type: 'efa' },
  });
  node.primary.free(49);
  const [second] = [1, 2, 3].map((card) => node.eni({ card, dev: 1, type: 'efa' }));
  return {
    source: 'dstackai/dstack#2271, aws/libfabric#6',
    cluster,
    checks: [
      ...quiet,
      is(`enis[id=${second?.id ?? ''}].management.rule`, 'card-not-managed'),
      is(`enis[id=${second?.id ?? ''}].role`, 'secondary'),
      is(`enis[id=${node.primary.id}].management.state`, 'managed'),
    ],
    sayings: [
      { command: 'lookup', words: second?.ip ?? '', says: /primary/i },
      { command: 'lookup', words: second?.ip ?? '', says: /card 1/, silentOn: /warm|no known holder/ },
    ],
  };
}

/** Both places of card 0 are taken, so custom networking has none for its ENI: the node has no address for any pod. */
function noPlaceForCustomNetworking(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/16', 'eu-west-1a', { available: 60_000 });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { type: 'p5.48xlarge', maxPods: 51, ready: false, ipamd: 'not-ready' });
  for (let card = 0; card < 32; card += 1) node.eni({ card, dev: card === 0 ? 1 : 0, type: 'efa-only', ip: null });
  cluster.waiting('ai/rank-0', node, { createdAt: OLD });
  refused(cluster, 'ai/rank-0', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3189',
    cluster,
    checks: [
      is('nodes[name=n1].eniSlots.free', 0),
      is('nodes[name=n1].pools.0.total', 0),
      is('nodes[name=n1].headroom.pods', 0),
      found('findings[subjects~pod:ai/rank-0]'),
      none('findings[rule=eniconfig-missing]'),
      says('findings[subjects~pod:ai/rank-0]', 'EFA-only'),
      silentOn('findings[subjects~pod:ai/rank-0].advice', '(?i)subnet-02|free addresses|log of aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/rank-0 address', says: /EFA-only|every ENI|ENI slot|no free ENI/i }],
  };
}

/** The device plugin fails on a node that has no EFA: no pod asked for it, and no address is concerned. */
function pluginWithoutDevices(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'g5.8xlarge', maxPods: 110 });
  node.primary.free(29);
  cluster.write('kube-system/aws-efa-k8s-device-plugin-9zlf7', node, [], {
    hostNetwork: true,
    labels: { name: 'aws-efa-k8s-device-plugin' },
    owner: { kind: 'DaemonSet', name: 'aws-efa-k8s-device-plugin' },
    more: {
      status: {
        containerStatuses: [
          {
            name: 'aws-efa-k8s-device-plugin',
            ready: false,
            restartCount: 41,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
          },
        ],
      },
    },
  });
  return { source: 'aws/sagemaker-hyperpod-cli#367', cluster, checks: quiet };
}

/** The ENI of another VPC, kept from the VPC CNI: the pod's second interface is on it, and nothing contradicts it. */
function eniOfAnotherVpc(kept: boolean): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const theirs = cluster.subnet('172.30.0.0/24', 'eu-west-1a', { vpc: 'vpc-0customer', id: 'subnet-0theirs' });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20 });
  node.primary.free(8);
  const eni = node.eni({ dev: 1, ...(kept ? { tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } } : {}) }, theirs);
  const held = eni.add();
  cluster.nad('telco/customer', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'l2',
    ipam: { type: 'static', addresses: [{ address: `${held.ip}/24` }] },
  });
  running(cluster, 'telco/gw', node, 'customer', [entry('telco/customer', 'net1', held.ip, eni.mac)]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3564 (multi-VPC ENIs)',
    cluster,
    checks: [
      is('interfaces[id=if:telco/gw/net1].eni', eni.id),
      is(`enis[id=${eni.id}].vpc`, 'vpc-0customer'),
      none('findings[rule=network-subnet-mismatch]'),
      none('findings[rule=address-not-on-eni]'),
      ...(kept ? quiet : [found(`findings[rule=eni-will-be-adopted][subjects~${eni.id}]`)]),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/gw where', says: new RegExp(eni.id) }],
  };
}

export const accelerators: Readonly<Record<string, () => Situation>> = {
  'more EFA devices offered than attached': moreThanThereAre,
  'as many EFA devices offered as attached': asManyAsThereAre,
  'fewer EFA devices offered than attached': fewerThanThereAre,
  'EFA on Auto Mode that no plugin offers': autoModeWithoutPlugin,
  'seventeen cards, sixteen for EFA': moreCardsThanEfa,
  'EFA-only beside the primary interface': efaOnlyOnTheFirstCard,
  'EFA interfaces with addresses on further cards': efaWithAddresses,
  'no slot for the ENI of custom networking': noPlaceForCustomNetworking,
  'EFA plugin on a node without EFA': pluginWithoutDevices,
  'ENI of another VPC': () => eniOfAnotherVpc(true),
  'ENI of another VPC, not tagged no_manage': () => eniOfAnotherVpc(false),
};
