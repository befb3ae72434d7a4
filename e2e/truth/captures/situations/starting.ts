/** aws-node does not come up, and its pod says why: its image, its memory, a container beside it; and what is not its fault. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json, NodeSpec } from '../kit/types';
import { fill, found, is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const INIT = 'aws-vpc-cni-init';
const IMAGE = '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni-init:v1.20.5';

const container = (name: string, state: Json, more: Readonly<Record<string, Json>> = {}): Json => ({
  name,
  image: 'registry.example.com/x:1',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});
const waits = (reason: string, message = ''): Json => ({ waiting: { reason, message } });
const runs: Json = { running: { startedAt: ago(9000) } };
/** Its last run ended five minutes ago, after so many seconds. */
const lastEnded = (exitCode: number, reason: string, ran = 100): Readonly<Record<string, Json>> => ({
  lastState: { terminated: { exitCode, reason, startedAt: ago(300 + ran), finishedAt: ago(300) } },
});

interface Stop {
  readonly source: string;
  readonly containers: NonNullable<NodeSpec['agentContainers']>;
  readonly says: string;
  readonly advises: string;
  readonly silentOn?: string;
}

/** A DaemonSet's pod was bound to a node whose aws-node never came up. */
function neverUp({ source, containers, says: said, advises, silentOn: not = 'no answer' }: Stop): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    ipamd: 'not-ready',
    metrics: false,
    ready: false,
    agentContainers: containers,
  });
  cluster.waiting('shop/late', node, { createdAt: OLD, owner: { kind: 'DaemonSet', name: 'late' } });
  warning(
    cluster,
    'shop/late',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    'kubelet',
  );
  return {
    source,
    cluster,
    checks: [
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', said),
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late].advice', advises),
      silentOn('findings[subjects~pod:shop/late]', '(?i)larger instance|out of addresses|free address'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: new RegExp(said), silentOn: new RegExp(not) },
    ],
  };
}

const pulled = (source: string, reason: string, message: string, advises: string): Situation =>
  neverUp({
    source,
    containers: {
      init: [container(INIT, waits(reason, message))],
      main: [container('aws-node', waits('PodInitializing')), container('aws-eks-nodeagent', waits('PodInitializing'))],
    },
    says: `aws-node on the node is not Ready.*${INIT}.*${reason}`,
    advises,
    silentOn: 'aws-node waits: PodInitializing',
  });

/** It answers, and its probes time out now and then on a busy node: pods get their addresses. */
function readinessOnly(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    ipamd: 'not-ready',
    agentContainers: { main: [container('aws-node', runs, { restartCount: 3, ...lastEnded(137, 'Error', 5400) })] },
  });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1808',
    cluster,
    checks: [
      is(
        'nodes[name=n1].agentTrouble',
        'container aws-node runs and is not ready, restarted 3 times, last ended: Error, exit code 137',
      ),
      none('findings[rule=pod-ip-failed]'),
      none('findings[rule=pod-start-failed]'),
      none('findings[rule=networking-not-ready]'),
      found('interfaces[eni=' + node.primary.id + ']'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/0001-0 address', says: /has the address/, silentOn: /not Ready/ }],
  };
}

/** aws-node and its node agent are two containers of one pod: the second one keeps it from being Ready. */
function nodeAgentLoops(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    ipamd: 'not-ready',
    agentContainers: {
      main: [
        container('aws-node', runs, { ready: true }),
        container('aws-eks-nodeagent', waits('CrashLoopBackOff', 'back-off 5m0s restarting failed container'), {
          restartCount: 41,
          ...lastEnded(1, 'Error'),
        }),
      ],
    },
  });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to setup network policy',
  );
  return {
    source: 'aws/aws-network-policy-agent#455, aws/amazon-vpc-cni-k8s#2540',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'aws-eks-nodeagent'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)larger instance|out of addresses'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'pod shop/late address',
        says: /aws-eks-nodeagent[\s\S]*(restarted 41 times|CrashLoopBackOff)/,
        silentOn: /no free address/,
      },
    ],
  };
}

/** Nobody waits on the node: its pods still run, or it is new and takes none. */
function nobodyWaits(source: string, isNew: boolean, state: Json, more: Readonly<Record<string, Json>>): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    ipamd: 'not-ready',
    metrics: false,
    ready: !isNew,
    agentContainers: { main: [container('aws-node', state, more)] },
  });
  if (!isNew) fill(cluster, node, node.primary, 4);
  node.primary.free(3);
  return {
    source,
    cluster,
    checks: [
      is('nodes[name=n1].ipamd.ready', false),
      says('findings[rule=networking-not-ready][subjects~node:n1]', 'aws-node does not start'),
      says('findings[subjects~node:n1].advice', isNew ? 'ecr.api' : '(?i)log of its last run'),
      none('findings[severity=error]'),
    ],
  };
}

export const starting: Readonly<Record<string, () => Situation>> = {
  'aws-node’s init image is missing': () =>
    pulled(
      'aws/amazon-vpc-cni-k8s#3526',
      'ImagePullBackOff',
      `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = failed to resolve reference "${IMAGE}": not found`,
      '(?i)image exists',
    ),
  'aws-node’s image may not be pulled': () =>
    pulled(
      'aws/amazon-vpc-cni-k8s#2127',
      'ErrImagePull',
      `failed to pull and unpack image "${IMAGE}": unexpected status from HEAD request: 401 Unauthorized`,
      '(?i)ContainerRegistry',
    ),
  'aws-node without access to STS': () =>
    neverUp({
      source: 'aws/amazon-vpc-cni-k8s#1473',
      containers: { main: [container('aws-node', runs, { restartCount: 6, ...lastEnded(1, 'Error') })] },
      says: 'container aws-node runs and is not ready, restarted 6 times',
      advises: '(?i)log of its last run',
    }),
  'aws-node OOM-killed': () =>
    neverUp({
      source: 'aws/aws-network-policy-agent#213',
      containers: {
        main: [
          container('aws-node', waits('CrashLoopBackOff', 'back-off'), {
            restartCount: 9,
            ...lastEnded(137, 'OOMKilled'),
          }),
        ],
      },
      says: 'OOMKilled',
      advises: '(?i)memory limit',
    }),
  'init container that fails': () =>
    neverUp({
      source: 'aws/amazon-vpc-cni-k8s#1425',
      containers: {
        init: [container(INIT, waits('CrashLoopBackOff', 'back-off'), { restartCount: 7, ...lastEnded(1, 'Error') })],
        main: [container('aws-node', waits('PodInitializing'))],
      },
      says: `init container ${INIT} waits: CrashLoopBackOff, restarted 7 times`,
      advises: '(?i)log of its last run',
    }),
  'crash loop on a node with running pods': () =>
    nobodyWaits('aws/amazon-vpc-cni-k8s#1394, #1038', false, waits('CrashLoopBackOff', 'back-off'), {
      restartCount: 135,
      ...lastEnded(1, 'Error'),
    }),
  'image that a new node cannot pull': () =>
    nobodyWaits(
      'aws/amazon-vpc-cni-k8s#3235',
      true,
      waits('ImagePullBackOff', `Back-off pulling image "${IMAGE}"`),
      {},
    ),
  'readiness probe only': readinessOnly,
  'node agent in a crash loop': nodeAgentLoops,
};
