/** Addresses that go from hand to hand: rests between two pods, nodes whose instance is gone, pods that have ended, roles that were taken away. */
import { Cluster } from '../kit/cluster';
import { fill, found, is, NO_ADDRESS, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const SINCE = '2026-09-01T11:59:00Z';

/** MINIMUM_IP_TARGET is met by addresses that rest: ipamd asks for no more, and the pod waits. */
function minimumMetByResting(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '23', WARM_ENI_TARGET: '0' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.xlarge', enisJson: 'per-card' });
  fill(cluster, node, node.primary, 14);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  fill(cluster, node, second, 5);
  for (const seconds of [4, 8, 12, 20]) second.add().freedSecondsAgo = seconds;
  cluster.waiting('shop/late', node, { createdAt: SINCE });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2896',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 23),
      is('nodes[name=n1].pools.0.available', 4),
      is('nodes[name=n1].pools.0.cooling', 4),
      is('nodes[name=n1].pools.0.low', false),
      says('findings[rule=cooldown-starved].advice', 'WARM_IP_TARGET'),
      none('findings[rule=subnet-low]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /cool/i }],
  };
}

/** The same with blocks: sixteen of two blocks rest, so one block's worth counts as available. */
function blockMetByResting(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 110, enisJson: 'per-card' });
  const [one, two] = [node.primary.prefix(), node.primary.prefix()];
  for (let at = 0; at < 16; at += 1) cluster.pod(`ci/run-${String(at)}`, node, node.primary, { via: 'prefix' });
  for (let at = 0; at < 16; at += 1) node.primary.fromPrefix().freedSecondsAgo = 3 + at;
  cluster.waiting('ci/late', node, { createdAt: SINCE });
  refused(cluster, 'ci/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3752',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 32),
      is('nodes[name=n1].pools.0.cooling', 16),
      says('findings[rule=cooldown-starved].advice', 'WARM_PREFIX_TARGET'),
      silentOn('findings[subjects~pod:ci/late]', `${one.cidr}|${two.cidr}`),
    ],
    sayings: [{ command: 'explain', words: 'pod ci/late address', says: /cool/i }],
  };
}

/** Every ENI is full, and seven addresses rest: a higher target has nothing to take. */
function fullAndResting(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { enisJson: 'per-card', maxPods: 29 });
  fill(cluster, node, node.primary, 9);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 9);
  const third = node.eni({ dev: 2, by: 'ipamd' });
  fill(cluster, node, third, 2);
  for (let at = 0; at < 7; at += 1) third.add().freedSecondsAgo = 3 + at;
  cluster.waiting('jobs/every-minute', node, { createdAt: SINCE });
  refused(cluster, 'jobs/every-minute', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1446',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 27),
      // The pod that waits will take one of the seven.
      is('nodes[name=n1].headroom.pods', 6),
      found('findings[rule=cooldown-starved]'),
      silentOn('findings.advice', 'raise WARM_'),
    ],
    sayings: [{ command: 'explain', words: 'pod jobs/every-minute address', says: /cool/i }],
  };
}

/** The instance was taken back, the Node and its pods are still there, and EC2 gave the pod's address to another node. */
function ghost(deleting: boolean): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const gone = cluster.node('n1', subnet, {
    instance: false,
    ipamd: 'not-ready',
    providerId: 'aws:///eu-west-1a/i-0aaaaaaaaaaaaaaaa',
    internalIp: '10.40.9.9',
    ready: false,
    taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }],
  });
  const node = cluster.node('n2', subnet);
  const { ip } = cluster.pod('shop/new', node, node.primary);
  node.primary.free(8);
  cluster.write('shop/old', gone, [ip], { deleting });
  return {
    source: 'aws/karpenter-provider-aws#9226, #4784',
    cluster,
    checks: [
      none('findings[severity=error][rule=duplicate-address]'),
      none('findings[rule=pod-address-not-on-node][subjects~pod:shop/new]'),
      // What is wrong with the old pod is that its instance is gone, not that it sits on somebody's ENI.
      none('findings[severity=error][subjects~pod:shop/new]'),
      is('interfaces[id=if:shop/new/eth0].eni', node.primary.id),
    ],
    sayings: [
      { command: 'lookup', words: ip, says: /shop\/new/ },
      { command: 'explain', words: 'pod shop/new where', says: /n2/ },
    ],
  };
}

/** A failed pod keeps its address in its status; the next pod has it in truth. */
function endedPodKeepsItsAddress(reason: string): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  const { ip } = cluster.pod('shop/new', node, node.primary);
  node.primary.free(8);
  cluster.write('shop/old', node, [ip], { phase: 'Failed', statusReason: reason });
  return {
    source: 'kubernetes/kubernetes#109414',
    cluster,
    checks: [
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      is('nodes[name=n1].pools.0.assigned', 1),
    ],
    sayings: [{ command: 'lookup', words: ip, says: /shop\/new/ }],
  };
}

/** The cluster's role may not make the trunk: its place stays empty, and ordinary pods miss it. */
function placeKeptForATrunk(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1203',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].eniSlots.free', 0),
      says('findings[rule=node-addresses-full]', '(?i)trunk'),
      says('findings[rule=node-addresses-full].advice', 'AmazonEKSVPCResourceController'),
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', '(?i)trunk'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /trunk/i }],
  };
}

const REFUSED_CONNECTION =
  'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused"';

/** aws-node gets its credentials from Pod Identity, and no agent runs on the node to give them. */
function noPodIdentityAgent(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    ipamd: 'not-ready',
    envEntries: [
      { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' },
      {
        name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
        value: '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
      },
    ],
    agentContainers: {
      main: [
        {
          name: 'aws-node',
          image: 'amazon-k8s-cni:v1.23.1',
          ready: false,
          restartCount: 31,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
          lastState: { terminated: { exitCode: 2, reason: 'Error' } },
        },
      ],
    },
  });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', REFUSED_CONNECTION);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3840',
    cluster,
    checks: [
      found('findings[severity=error][subjects~pod:shop/late]'),
      says('findings[subjects~pod:shop/late].advice', 'Pod Identity'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /CrashLoopBackOff/ }],
  };
}

/** The reservation for prefixes is used up, by a block and by an ENI's own address; the rest of the subnet is free. */
function reservationUsedUp(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 200 });
  subnet.reservations.push({ cidr: '10.40.0.32/27', type: 'prefix' });
  const node = cluster.node('n1', subnet, { maxPods: 110, primary: { ip: '10.40.0.5' } });
  node.primary.prefix('10.40.0.32/28');
  for (let at = 0; at < 16; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  cluster.loose({ ip: '10.40.0.52', description: 'RDSNetworkInterface' }, subnet);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1836, #3087, #2313',
    cluster,
    checks: [
      none('findings[rule=prefix-fragmented]'),
      none('findings[rule=subnet-low]'),
      is('nodes[name=n1].pools.0.next.action', 'add-prefixes'),
      // 29 fit by the kubelet's limit but for two of the host network: 110 - 2 - 16.
      is('nodes[name=n1].headroom.pods', 92),
    ],
  };
}

/** The role of aws-node's service account was changed, and its pods have still the old one. */
function roleTakenAway(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  warning(
    cluster,
    'kube-system/aws-node-1',
    'MissingIAMPermissions',
    'Unauthorized operation: failed to call ec2:CreateNetworkInterface due to missing permissions. Please refer https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md to attach relevant policy to IAM role',
    'aws-node',
  );
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1338, #831, #1454, terraform-aws-modules/terraform-aws-eks#2623',
    cluster,
    checks: [
      found('findings[rule=ec2-permission-missing]'),
      says('findings[rule=ec2-permission-missing]', 'CreateNetworkInterface'),
      // A role that was changed lately is not in effect before the pods are made anew.
      says('findings[rule=ec2-permission-missing].advice', '(?i)restart'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /CreateNetworkInterface|permission/i }],
  };
}

/** The key is wrong, and the node's pods are Cilium's: nobody reads the right key there either. */
function nicConfigElsewhere(): Situation {
  const cluster = new Cluster({ daemon: false });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ipamd: false });
  cluster.write('kube-system/cilium-1', node, [], {
    hostNetwork: true,
    labels: { 'k8s-app': 'cilium' },
    owner: { kind: 'DaemonSet', name: 'cilium' },
  });
  cluster.write('shop/a', node, ['10.0.1.7'], {
    annotations: { 'k8s.amazonaws.com/nic-config': 'multi-nic-attachment' },
  });
  // The right key, on the workload alone.
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      namespace: 'shop',
      name: 'db',
      uid: 'sts-db',
      annotations: { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' },
    },
    spec: { template: { metadata: { labels: { app: 'db' } }, spec: { containers: [] } } },
  });
  cluster.write('shop/db-0', node, ['10.0.1.8'], { owner: { kind: 'StatefulSet', name: 'db' } });
  return {
    source: 'aws/amazon-vpc-cni-k8s README (k8s.amazonaws.com/nicConfig), cilium/cilium ENI mode',
    cluster,
    checks: [none('findings[severity=error]'), silentOn('findings.advice', '(?i)rename|nicConfig')],
  };
}

export const churn: Readonly<Record<string, () => Situation>> = {
  'minimum met by cooling addresses': minimumMetByResting,
  'block met by cooling addresses': blockMetByResting,
  'full node with cooling addresses': fullAndResting,
  'ghost of an instance, pod terminating': () => ghost(true),
  'ghost of an instance, pod not yet deleted': () => ghost(false),
  'address of an OOM-killed pod': () => endedPodKeepsItsAddress('OutOfmemory'),
  'address of an evicted pod': () => endedPodKeepsItsAddress('Evicted'),
  'slot reserved for a trunk that never comes': placeKeptForATrunk,
  'no agent of Pod Identity': noPodIdentityAgent,
  'exhausted reservation': reservationUsedUp,
  'permission revoked': roleTakenAway,
  'nicConfig mistyped under Cilium': nicConfigElsewhere,
};
