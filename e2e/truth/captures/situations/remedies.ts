/** Nodes on which the usual remedy cannot be carried out, and pods that wait without a word. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json, NodeSpec } from '../kit/types';
import { fill, found, is, NO_ADDRESS, none, OLD, refused, says, silentOn, type Situation } from './situation';

const PREFIX_ADVICE = 'ENABLE_PREFIX_DELEGATION=true|[Tt]urn on prefix mode';

/** Every slot of every ENI is taken, and a pod waits. */
function full(env: Readonly<Record<string, string>>, spec: NodeSpec, slots: number, enis: number): Cluster {
  const cluster = new Cluster({ env });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), spec);
  fill(cluster, node, node.primary, slots);
  for (let dev = 1; dev < enis; dev += 1) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), slots);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return cluster;
}

/** Xen has no prefixes. */
const fullOnXen = (): Situation => ({
  source: 'aws/amazon-vpc-cni-k8s#2099, README (prefix mode on Nitro alone)',
  cluster: full({}, { type: 'm4.large', maxPods: 20 }, 9, 2),
  checks: [
    found('findings[rule=node-addresses-full]'),
    // Of another type, it may be.
    silentOn('findings', `${PREFIX_ADVICE}(?! for new nodes of a Nitro type)`),
  ],
});

/** Somebody else provides the ENIs: no setting of ipamd brings an address. */
const fullWithoutProvisioning = (): Situation => ({
  source: 'aws/amazon-vpc-cni-k8s README (DISABLE_NETWORK_RESOURCE_PROVISIONING)',
  cluster: full({ DISABLE_NETWORK_RESOURCE_PROVISIONING: 'true' }, {}, 9, 1),
  checks: [
    is('nodes[name=n1].headroom.pods', 0),
    silentOn('findings', `${PREFIX_ADVICE}|WARM_IP_TARGET|MINIMUM_IP_TARGET`),
    says('findings[subjects~pod:shop/late]', 'DISABLE_NETWORK_RESOURCE_PROVISIONING'),
  ],
});

/** Prefix mode already, and every block of every ENI is full. */
function fullOfPrefixes(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.micro', maxPods: 50 });
  const second = node.eni({ dev: 1, by: 'ipamd' });
  for (const eni of [node.primary, second]) {
    eni.prefix();
    for (let at = 0; at < 16; at += 1)
      cluster.pod(`shop/${eni.id.slice(-4)}-${String(at)}`, node, eni, { via: 'prefix' });
  }
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2842, aws/karpenter-provider-aws#5317',
    cluster,
    checks: [
      found('findings[rule=node-addresses-full]'),
      found('findings[rule=max-pods-too-high]'),
      silentOn('findings', PREFIX_ADVICE),
    ],
  };
}

/** No whole block is free in the subnet: a reservation there reserves what others hold. */
function reservationOfNothing(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/26', 'eu-west-1a', { available: 30 });
  const node = cluster.node('n1', subnet, { maxPods: 110, metrics: true });
  node.primary.prefix('10.40.0.48/28');
  for (let at = 0; at < 16; at += 1) cluster.pod(`shop/p-${String(at)}`, node, node.primary, { via: 'prefix' });
  cluster.loose({ ip: '10.40.0.20', description: 'RDSNetworkInterface' }, subnet);
  cluster.loose({ ip: '10.40.0.40', description: 'RDSNetworkInterface' }, subnet);
  cluster.metricLines.set('n1', [
    'awscni_aws_api_error_count{api="AssignPrivateIpAddresses",error="InsufficientCidrBlocks"} 14',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2749, #3264; EC2 user guide (a reservation moves nothing)',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      found('findings[rule=prefix-fragmented]'),
      silentOn(`findings[rule=prefix-fragmented].command`, `create-subnet-cidr-reservation.*${subnet.id}`),
      says(
        'findings[rule=prefix-fragmented].advice',
        '(?i)new subnet|another subnet|subnet of its own|further subnet|tag',
      ),
    ],
  };
}

/** Addresses of a large warm ENI under WARM_IP_TARGET: what is over goes by itself, nothing is to be set. */
function targetIsSet(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '5', MINIMUM_IP_TARGET: '10' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c5.4xlarge', maxPods: 234 });
  fill(cluster, node, node.primary, 10);
  node.primary.free(19);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2203, #1409',
    cluster,
    checks: [silentOn('findings', '[Ss]et WARM_IP_TARGET|WARM_IP_TARGET=')],
  };
}

/** aws-node is stuck in Terminating: it hands out nothing new, and asks EC2 for nothing. */
function agentTerminating(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { daemonPods: false, ipamd: false, metrics: false });
  fill(cluster, node, node.primary, 9);
  cluster.object({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'kube-system',
      name: 'aws-node-x7',
      uid: 'aws-node-x7',
      labels: { 'k8s-app': 'aws-node' },
      creationTimestamp: ago(900_000),
      deletionTimestamp: ago(90_000),
    },
    spec: {
      nodeName: 'n1',
      hostNetwork: true,
      containers: [
        {
          name: 'aws-node',
          image: 'eks/amazon-k8s-cni:v1.19.2-eksbuild.1',
          env: Object.entries(cluster.env).map(([name, value]) => ({ name, value })),
        },
      ],
    },
    status: {
      phase: 'Running',
      podIP: node.primary.ip,
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: ago(90_000) }],
    },
  });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused"',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3216 (aws-node stuck in Terminating, disk full)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.next.blockedBy', 'aws-node is terminating'),
      says('findings[subjects~pod:shop/late]', 'aws-node'),
      says('findings[subjects~pod:shop/late]', '(?i)terminat|being deleted'),
    ],
  };
}

/** The pod waits for half an hour; its Events are gone after an hour, or nobody asked for them. */
function noEventAtAll(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1083, #890 (kubectl get pods alone)',
    cluster,
    checks: [
      found('findings[subjects~pod:shop/late]'),
      says('findings[subjects~pod:shop/late]', '(?i)address|slot|ENI'),
    ],
  };
}

/** Events of the newer API: the text is a note, the count stands in a series. */
function newEvents(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 9);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  const event: Json = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    type: 'Warning',
    metadata: { namespace: 'shop', name: 'late.1', uid: 'ev-late' },
    regarding: { kind: 'Pod', namespace: 'shop', name: 'late' },
    reason: 'FailedCreatePodSandBox',
    note: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b": ${NO_ADDRESS}`,
    eventTime: ago(1200),
    series: { count: 31, lastObservedTime: ago(30) },
    reportingController: 'kubelet',
    reportingInstance: 'n1',
  };
  cluster.extraFiles.push({
    path: 'kubernetes/events-new.json',
    text: JSON.stringify({ apiVersion: 'events.k8s.io/v1', kind: 'EventList', items: [event] }),
  });
  return {
    source: 'kubectl get events.events.k8s.io -A -o json (posted)',
    cluster,
    checks: [found('findings[rule=pod-ip-failed][subjects~pod:shop/late]')],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /31 times/ }],
  };
}

/** A pod that is held back by gates, and one whose init container runs: neither waits for an address. */
function waitsForOthers(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 3);
  const { ip } = node.primary.add();
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.write('batch/gated', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    more: {
      spec: { schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }] },
      status: {
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', lastTransitionTime: ago(900) },
        ],
      },
    },
  });
  cluster.write('shop/init', node, [ip], {
    phase: 'Pending',
    createdAt: OLD,
    more: {
      status: {
        containerStatuses: [{ name: 'main', ready: false, state: { waiting: { reason: 'PodInitializing' } } }],
        initContainerStatuses: [{ name: 'first', ready: false, state: { running: { startedAt: ago(900) } } }],
      },
    },
  });
  return {
    source: 'Kubernetes: scheduling gates (Kueue), init containers',
    cluster,
    checks: [none('findings[subjects~pod:batch/gated]'), none('findings[subjects~pod:shop/init]')],
  };
}

export const remedies: Readonly<Record<string, () => Situation>> = {
  'full node on Xen': fullOnXen,
  'full node without provisioning': fullWithoutProvisioning,
  'full of prefixes': fullOfPrefixes,
  'reservation where no block is whole': reservationOfNothing,
  'target that is set': targetIsSet,
  'aws-node stuck in Terminating': agentTerminating,
  'pod waiting without an Event': noEventAtAll,
  'Events of the newer API': newEvents,
  'pods waiting for others': waitsForOthers,
};
