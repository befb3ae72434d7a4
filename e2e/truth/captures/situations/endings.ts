/** Pods that ended or moved, nodes that are replaced, and warnings that have nothing to do with addresses. */
import { Cluster } from '../kit/cluster';
import { ago, type Node } from '../kit/node';
import { NETWORKS, STATUS } from '../kit/pod';
import type { PodSpec } from '../kit/types';
import { fill, found, is, none, OLD, says, silentOn, warning, type Situation } from './situation';

function start(): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  return { cluster, node };
}

/** Evicted pods keep their address in their status; somebody else has it now. */
function evicted(): Situation {
  const { cluster, node } = start();
  const held = cluster.pod('shop/live', node, node.primary);
  node.primary.free(8);
  cluster.write('shop/evicted-1', node, [held.ip], {
    phase: 'Failed',
    createdAt: OLD,
    statusReason: 'Evicted',
    statusMessage: 'The node was low on resource: ephemeral-storage.',
  });
  cluster.write('shop/evicted-2', node, [], {
    phase: 'Failed',
    createdAt: OLD,
    statusReason: 'Evicted',
    statusMessage: 'Pod The node had condition: [DiskPressure].',
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s#294',
    cluster,
    checks: [
      none('findings[rule=duplicate-address]'),
      none('findings[rule=pod-ip-failed]'),
      is('nodes[name=n1].pools.0.assigned', 1),
      none('findings[subjects~pod:shop/evicted-2]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/evicted-2 address', says: /Evicted/, silentOn: /aws-node|ipamd/ },
      { command: 'lookup', words: held.ip, says: /shop\/live/ },
    ],
  };
}

/** The kubelet refused the pod: the node is at its limit of pods. */
function outOfPods(): Situation {
  const { cluster, node } = start();
  fill(cluster, node, node.primary, 9);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 9);
  cluster.write('shop/refused', node, [], {
    phase: 'Failed',
    createdAt: OLD,
    statusReason: 'OutOfpods',
    statusMessage: "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 29, capacity: 29",
  });
  return {
    source: 'kubernetes/kubernetes#70116, ContainerSolutions/runbooks#19',
    cluster,
    checks: [is('nodes[name=n1].headroom.pods', 0), none('findings[rule=max-pods-too-high]')],
    sayings: [
      { command: 'explain', words: 'pod shop/refused address', says: /OutOfpods/ },
      { command: 'explain', words: 'pod shop/refused address', says: /29/, silentOn: /aws-node/ },
    ],
  };
}

/** Warnings of all kinds about pods that have their addresses: no finding. */
function otherTroubles(): Situation {
  const { cluster, node } = start();
  const spec: PodSpec = { createdAt: OLD };
  for (const name of ['ingress', 'pulls', 'crashes']) cluster.pod(`shop/${name}`, node, node.primary, spec);
  cluster.pod('shop/image', node, node.primary, { ...spec, phase: 'Pending' });
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  warning(
    cluster,
    'shop/ingress',
    'Unhealthy',
    'Readiness probe failed: HTTP probe failed with statuscode: 503',
    'kubelet',
  );
  warning(cluster, 'shop/crashes', 'BackOff', 'Back-off restarting failed container main in pod crashes', 'kubelet');
  warning(cluster, 'shop/image', 'Failed', 'Failed to pull image "x": not found', 'kubelet');
  return {
    source: 'kubernetes/kubernetes#80579, aws/eks-distro#330 (externalTrafficPolicy)',
    cluster,
    checks: [none('findings[severity=error]'), none('findings[severity=warning]')],
    sayings: [{ command: 'explain', words: 'pod shop/ingress address', says: /has (its|an|the) address|10\.40/ }],
  };
}

/** A volume comes before the sandbox: the pod has no address yet, and no network is to blame. */
function volumeNotMounted(): Situation {
  const { cluster, node } = start();
  node.primary.free(9);
  cluster.waiting('shop/db', node, { createdAt: OLD });
  warning(
    cluster,
    'shop/db',
    'FailedMount',
    'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data]: timed out waiting for the condition',
    'kubelet',
  );
  return {
    source: 'kubernetes-sigs/aws-ebs-csi-driver (FailedMount)',
    cluster,
    checks: [none('findings[rule=pod-ip-failed]'), silentOn('findings[subjects~pod:shop/db]', '(?i)aws-node|ipamd')],
    sayings: [
      { command: 'explain', words: 'pod shop/db address', says: /volume|FailedMount/i, silentOn: /aws-node|ipamd/i },
    ],
  };
}

/** A rollout of aws-node stopped half-way: two versions, two settings. */
function rolloutHalfDone(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '3' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const nodes = ['n1', 'n2', 'n3'].map((name) =>
    cluster.node(name, subnet, { labels: { 'eks.amazonaws.com/nodegroup': 'g' } }),
  );
  const old = cluster.node('n4', subnet, {
    version: 'v1.18.1-eksbuild.1',
    env: { WARM_IP_TARGET: '10' },
    labels: { 'eks.amazonaws.com/nodegroup': 'g' },
  });
  for (const node of [...nodes, old]) node.primary.free(node === old ? 9 : 3);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2892 (upgrade), terraform-aws-modules/terraform-aws-eks (OnDelete)',
    cluster,
    checks: [
      is('nodes[name=n4].cni.version', 'v1.18.1-eksbuild.1'),
      is('nodes[name=n4].cni.warmIpTarget', 10),
      is('nodes[name=n1].cni.warmIpTarget', 3),
      is('nodes[name=n4].pools.0.low', true),
      is('nodes[name=n1].pools.0.low', false),
    ],
    sayings: [
      { command: 'explain', words: 'node n4 differs', says: /v?1\.18\.1/ },
      { command: 'explain', words: 'node n4 differs', says: /WARM_IP_TARGET|warm/i },
      { command: 'explain', words: 'differs', says: /n4/ },
    ],
  };
}

/** The instance was taken back; node and pods still stand in the API. */
function instanceGone(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const live = cluster.node('n2', subnet);
  live.primary.free(9);
  const gone = cluster.node('n1', subnet, {
    ready: false,
    ipamd: 'not-ready',
    metrics: false,
    instance: false,
    type: 'm5.large',
    providerId: 'aws:///eu-west-1a/i-0deaddeaddeaddead',
    taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }],
  });
  cluster.write('shop/lost', gone, ['10.40.0.77'], { deleting: true });
  cluster.write('shop/lost-2', gone, ['10.40.0.78']);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1223, #69 (spot interruptions)',
    cluster,
    checks: [
      silentOn('findings[rule=pod-address-not-on-node].advice', '(?i)restart aws-node'),
      silentOn('findings', '(?i)duplicate'),
    ],
    sayings: [{ command: 'lookup', words: '10.40.0.78', says: /shop\/lost-2/ }],
  };
}

/** A pod with a fixed address was replaced while its node does not answer: both stand in the API, one of them is going. */
function replacedOnALostNode(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  const lost = cluster.node('n1', subnet, {
    ready: false,
    taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }],
  });
  const live = cluster.node('n2', subnet);
  for (const node of [lost, live]) node.primary.free(5);
  cluster.nad('shop/fixed', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br1',
    ipam: { type: 'static', addresses: [{ address: '192.168.5.20/24' }] },
  });
  const write = (key: string, node: Node, spec: PodSpec): void => {
    const held = node.primary.add();
    const status = [
      { name: 'aws-cni', interface: 'eth0', ips: [held.ip], default: true, dns: {} },
      {
        name: 'shop/fixed',
        interface: 'net1',
        ips: ['192.168.5.20'],
        mac: `0a:58:00:00:00:0${String(node.number)}`,
        dns: {},
      },
    ];
    cluster.write(key, node, [held.ip], {
      ...spec,
      owner: { kind: 'ReplicaSet', name: 'gw-5c9' },
      annotations: { [NETWORKS]: 'fixed', [STATUS]: JSON.stringify(status) },
    });
  };
  write('shop/gw-old', lost, { deleting: true });
  write('shop/gw-new', live, { createdAt: ago(600) });
  return {
    source: 'k8snetworkplumbingwg/multus-cni (pods with static addresses after the loss of a node)',
    cluster,
    checks: [none('findings[rule=duplicate-address][severity=error]')],
    sayings: [
      { command: 'explain', words: 'address 192.168.5.20 who', says: /gw-new/ },
      {
        command: 'explain',
        words: 'address 192.168.5.20 who',
        says: /gw-old[\s\S]*(going|deleted|terminating)|(going|deleted|terminating)[\s\S]*gw-old/i,
      },
    ],
  };
}

/** Secondary subnets for pods: discovery attaches from the one with room, and the node's own being empty stops nothing. */
const ownSubnetEmpty = (version: string, isLeft: boolean) => (): Situation => {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 0 });
  cluster.subnet('100.64.0.0/18', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '1' }, available: 16000 });
  cluster.subnet('100.64.64.0/18', 'eu-west-1b', { tags: { 'kubernetes.io/role/cni': '1' }, available: 16000 });
  const node = cluster.node('n1', own, { version });
  fill(cluster, node, node.primary, 3);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2908, #2954, #2959 (mended in v1.18.3)',
    cluster,
    checks: [
      found('nodes[name=n1]'),
      is('nodes[name=n1].pools.0.next.action', isLeft ? 'attach-eni' : 'add-addresses'),
      is('nodes[name=n1].headroom.pods', isLeft ? 18 : 0),
      ...(isLeft ? [] : [says('findings[rule=subnet-low].advice', 'v1\\.18\\.3')]),
      none('findings[rule=pod-ip-failed]'),
      silentOn('findings[rule=subnet-low].advice', '(?i)tag .*role/cni'),
    ],
    sayings: [{ command: 'explain', words: 'subnet subnet-01 room', says: /0/ }],
  };
};

/** AWS's network is a shared VPC: ENIs of other accounts are not seen, and no /28 is left. */
function sharedVpcFragmented(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/23', 'eu-west-1a', { available: 210 });
  const node = cluster.node('n1', subnet, { maxPods: 110 });
  cluster.metricLines.set('n1', [
    'awscni_aws_api_error_count{api="AssignPrivateIpAddresses",error="InsufficientCidrBlocks"} 33',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedCreatePodSandBox',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
    'kubelet',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3264, #2749',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', '/28'),
      says('findings[subjects~pod:shop/late]', 'InsufficientCidrBlocks'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /InsufficientCidrBlocks|\/28/ }],
  };
}

export const endings: Readonly<Record<string, () => Situation>> = {
  'evicted pods': evicted,
  'out of pods': outOfPods,
  'unrelated warnings': otherTroubles,
  'volume not mounted': volumeNotMounted,
  'rollout in progress': rolloutHalfDone,
  'terminated instance, node still registered': instanceGone,
  'replaced on a lost node': replacedOnALostNode,
  'own subnet exhausted, another tagged': ownSubnetEmpty('v1.19.5', true),
  'own subnet exhausted, another tagged, as v1.18.3 leaves it': ownSubnetEmpty('v1.18.3', true),
  'own subnet exhausted, another tagged, as v1.18.2 does not': ownSubnetEmpty('v1.18.2-eksbuild.1', false),
  'shared VPC without a block': sharedVpcFragmented,
};
