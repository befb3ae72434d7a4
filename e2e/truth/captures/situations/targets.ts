/** What targets, subnets and limits come to: numbers that people computed otherwise, and pools that are as they were asked for. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import {
  CUSTOM_NETWORKING,
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
  warning,
  type Situation,
} from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const ROLE = 'kubernetes.io/role/cni';

/** WARM_IP_TARGET was set later, on a node that holds four full ENIs. */
function targetSetLater(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '10' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm5.xlarge' });
  fill(cluster, node, node.primary, 12);
  node.primary.free(2);
  for (const dev of [1, 2, 3]) node.eni({ dev, by: 'ipamd' }).free(14);
  return {
    source: 'aws/amazon-vpc-cni-k8s#933',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].pools.0.total', 56),
      is('nodes[name=n1].pools.0.available', 44),
      is('nodes[name=n1].pools.0.over', 34),
      is('nodes[name=n1].pools.0.high', true),
      says('nodes[name=n1].pools.0.next.action', 'release-addresses|detach-eni'),
    ],
  };
}

/** One pod on the first ENI brings a second ENI: as WARM_ENI_TARGET=1 asks. */
function onePodTwoEnis(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm5.xlarge' });
  fill(cluster, node, node.primary, 1);
  node.primary.free(13);
  node.eni({ dev: 1, by: 'ipamd' }).free(14);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1635',
    cluster,
    checks: [
      ...quiet,
      none('findings[rule=warm-pool-waste]'),
      is('nodes[name=n1].pools.0.available', 27),
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].pools.0.next.action', 'none'),
    ],
  };
}

/** MINIMUM_IP_TARGET keeps thirty from the start: many are free, and none too many. */
function minimumFromTheStart(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '5', MINIMUM_IP_TARGET: '30' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'c5.4xlarge', maxPods: 110 });
  fill(cluster, node, node.primary, 2);
  node.primary.free(27);
  node.eni({ dev: 1, by: 'ipamd' }).free(1);
  return {
    source: 'aws/amazon-vpc-cni-k8s#612, #853',
    cluster,
    checks: [
      ...quiet,
      none('findings[rule=warm-pool-waste]'),
      is('nodes[name=n1].pools.0.total', 30),
      is('nodes[name=n1].pools.0.over', 0),
      is('nodes[name=n1].pools.0.short', 0),
      is('nodes[name=n1].pools.0.next.action', 'none'),
    ],
  };
}

/** The tagged subnet with room is in another zone: no ENI of this node can be there. */
function taggedSubnetElsewhere(where: 'zone' | 'vpc'): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/28', 'eu-west-1a', { available: 4 });
  cluster.subnet('10.41.0.0/20', where === 'zone' ? 'eu-west-1b' : 'eu-west-1a', {
    tags: { [ROLE]: '1' },
    available: 4000,
    ...(where === 'vpc' ? { vpc: 'vpc-0peer' } : {}),
  });
  const node = cluster.node('n1', own);
  fill(cluster, node, node.primary, 9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2904 (enhanced subnet discovery)',
    cluster,
    checks: [
      // Four are too few for an ENI of nine, which is created with all of them or not at all.
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'subnet'),
    ],
    sayings: [{ command: 'explain', words: `subnet ${own.id} room`, says: /4 of 11 addresses free/ }],
  };
}

/** The second subnet of the zone is tagged, and pods live in it: as subnet discovery means it. */
function taggedSubnetAtWork(): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 });
  const more = cluster.subnet('100.64.0.0/18', 'eu-west-1a', { tags: { [ROLE]: '1' }, available: 16000 });
  const node = cluster.node('n1', own);
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd' }, more);
  fill(cluster, node, second, 5);
  second.free(4);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2904 (mended)',
    cluster,
    checks: [
      none('findings[severity=error]'),
      is('nodes[name=n1].pools.0.total', 18),
      // Four free, nine of a third ENI in the tagged subnet: the kubelet takes 29, and has 16.
      is('nodes[name=n1].headroom.pods', 13),
      none('findings[rule=subnet-excluded]'),
    ],
  };
}

/** 250 pods by the kubelet, on a type of two vCPUs in prefix mode: more than recommended, and all get an address. */
function manyPodsOfASmallType(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' } });
  const subnet = cluster.subnet('10.40.0.0/18', 'eu-west-1a', { available: 15000 });
  const node = cluster.node('n1', subnet, { maxPods: 250 });
  node.primary.prefix();
  node.primary.prefix();
  for (let at = 0; at < 12; at += 1) cluster.pod(`shop/p${String(at)}`, node, node.primary, { via: 'prefix' });
  return {
    source: 'awslabs/amazon-eks-ami#1780 (max pods above the recommendation)',
    cluster,
    checks: [
      ...quiet,
      none('findings[rule=max-pods-too-high]'),
      is('nodes[name=n1].headroom.pods', 236),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
    ],
  };
}

/** A trunk, custom networking and prefixes: the primary gives nothing, one ENI is left for pods. */
function trunkCustomPrefixes(): Situation {
  const cluster = new Cluster({
    env: { ...CUSTOM_NETWORKING, ENABLE_POD_ENI: 'true', ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' },
  });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18', 'eu-west-1a', { available: 16000 });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', own, { maxPods: 110, capacity: { 'vpc.amazonaws.com/pod-eni': '9' } });
  node.eni({ dev: 1, type: 'trunk', by: 'controller' }, pods);
  const eni = node.eni({ dev: 2, by: 'ipamd' }, pods);
  eni.prefix();
  eni.prefix();
  for (let at = 0; at < 10; at += 1) cluster.pod(`shop/p${String(at)}`, node, eni, { via: 'prefix' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#2792 (in another type, at work)',
    cluster,
    checks: [
      none('findings[severity=error]'),
      is('nodes[name=n1].eniSlots.free', 0),
      is('nodes[name=n1].pools.0.total', 32),
      // Nine prefixes on the one ENI: 144 addresses. 110 - 10 - 2 by the kubelet.
      is('nodes[name=n1].headroom.pods', 98),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      none('findings[rule=trunk-missing]'),
    ],
  };
}

/** A spot instance was taken back a minute ago: its node is still listed, NotReady, with its pods. */
function spotTakenBack(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const alive = cluster.node('n1', subnet);
  fill(cluster, alive, alive.primary, 2);
  alive.primary.free(7);
  alive.eni({ dev: 1, by: 'ipamd' }).free(9);
  const node = cluster.node('n2', subnet, {
    ready: false,
    ipamd: 'not-ready',
    instance: false,
    type: 'm5.large',
    providerId: 'aws:///eu-west-1a/i-0eeeeeeeeeeeeeeee',
  });
  cluster.instances.push({
    InstanceId: 'i-0eeeeeeeeeeeeeeee',
    InstanceType: 'm5.large',
    State: { Code: 48, Name: 'terminated' },
    Placement: { AvailabilityZone: 'eu-west-1a' },
    VpcId: 'vpc-0main',
  });
  for (let at = 0; at < 3; at += 1) cluster.write(`shop/lost-${String(at)}`, node, [`10.40.5.${String(at + 4)}`]);
  return {
    source: 'aws/karpenter-provider-aws#5200 (spot interruption), kubernetes/kubernetes#70116',
    cluster,
    checks: [
      // The node's going explains all of it.
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[severity=error]'),
      is('nodes[name=n2].instanceState', 'terminated'),
    ],
    sayings: [{ command: 'explain', words: 'lost-1 address', says: /terminated/ }],
  };
}

/** ipamd made this ENI two minutes ago and has not attached it yet. */
function madeJustNow(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 5);
  node.primary.free(4);
  const eni = cluster.loose(
    {
      by: 'ipamd',
      description: `aws-K8S-${node.instance ?? ''}`,
      tagged: node.instance ?? '',
      tags: { 'node.k8s.amazonaws.com/createdAt': ago(90) },
    },
    subnet,
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#69 (not every available ENI is leaked)',
    cluster,
    checks: [...quiet, none('findings[rule=eni-leaked]')],
    sayings: [{ command: 'explain', words: `${eni.id} leaked`, silentOn: /delete-network-interface/ }],
  };
}

/** A deleted pod stays, because ipamd does not answer the plugin. */
function staysBecauseOfIpamd(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: 'not-ready', metrics: false });
  const held = cluster.pod('shop/web', node, node.primary, { deleting: true });
  node.primary.free(8);
  warning(
    cluster,
    'shop/web',
    'FailedKillPod',
    'error killing pod: failed to "KillPodSandbox" for "0a1b" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox \\"0a1b\\": plugin type=\\"aws-cni\\" name=\\"aws-cni\\" failed (delete): del cmd: error received from DelNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused\\""',
    'kubelet',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3205, #2181 (DelNetwork, connection refused)',
    cluster,
    checks: [
      says('findings[rule=pod-stop-failed][subjects~pod:shop/web]', '(?i)ipamd does not answer'),
      says('findings[rule=pod-stop-failed].detail', held.ip.replaceAll('.', String.raw`\.`)),
      silentOn('findings[rule=pod-stop-failed].advice', '(?i)--force|grace-period=0'),
    ],
    sayings: [
      { command: 'lookup', words: held.ip, says: /shop\/web/ },
      { command: 'explain', words: 'web address', says: /ipamd does not answer on the node.*It keeps / },
      { command: 'explain', words: 'web address', says: /event FailedKillPod .*KillPodSandbox/ },
    ],
  };
}

/** The subnet gives two addresses: an ENI would take one for itself. */
function lastTwoAddresses(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 2 });
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1923, #757 (two addresses left)',
    cluster,
    checks: [
      // An ENI of nine is created with all of them or not at all.
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'subnet'),
      found('findings[rule=subnet-low]'),
    ],
  };
}

export const targets: Readonly<Record<string, () => Situation>> = {
  'target set later': targetSetLater,
  'one pod, two ENIs': onePodTwoEnis,
  'minimum from the start': minimumFromTheStart,
  'tagged subnet in another zone': () => taggedSubnetElsewhere('zone'),
  'tagged subnet in another VPC': () => taggedSubnetElsewhere('vpc'),
  'healthy tagged subnet': taggedSubnetAtWork,
  'many pods of a small type': manyPodsOfASmallType,
  'trunk, custom networking and prefixes': trunkCustomPrefixes,
  'spot instance that was reclaimed': spotTakenBack,
  'ENI created just now': madeJustNow,
  'pod kept by ipamd’s limit': staysBecauseOfIpamd,
  'last two addresses': lastTwoAddresses,
};
