/** Credentials by the EKS Pod Identity Agent of the node, and IPv6 egress: what needs something of the node that may be missing. */
import { Cluster } from '../kit/cluster';
import { ago, type Node } from '../kit/node';
import type { NodeSpec, PodSpec } from '../kit/types';
import { fill, is, NO_ADDRESS, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const RULE = 'pod-identity-agent-missing';

/** What the webhook of EKS adds to a pod whose service account has an association. */
const TOKEN: PodSpec = {
  more: {
    spec: {
      volumes: [
        {
          name: 'eks-pod-identity-token',
          projected: {
            sources: [
              {
                serviceAccountToken: {
                  audience: 'pods.eks.amazonaws.com',
                  expirationSeconds: 86400,
                  path: 'eks-pod-identity-token',
                },
              },
            ],
          },
        },
      ],
    },
  },
};

function agent(c: Cluster, node: Node, more: PodSpec = {}): void {
  c.write(`kube-system/eks-pod-identity-agent-${node.name}`, node, [], {
    hostNetwork: true,
    labels: { 'app.kubernetes.io/name': 'eks-pod-identity-agent' },
    owner: { kind: 'DaemonSet', name: 'eks-pod-identity-agent' },
    ...more,
  });
}

const started = (spec: NodeSpec = {}, podSpec: PodSpec = {}) => {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), spec);
  cluster.pod('shop/uploads', node, node.primary, { ...TOKEN, ...podSpec });
  node.primary.free(8);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return { cluster, node };
};

const silent = (source: string, cluster: Cluster): Situation => ({
  source,
  cluster,
  checks: [none(`findings[rule=${RULE}]`), none('findings[severity=error]')],
});

/** A taint that the agent does not tolerate: on this node alone it is missing. */
function onATaintedNode(): Situation {
  const { cluster, node } = started();
  agent(cluster, node);
  const other = cluster.node('gpu', cluster.subnets[0] ?? cluster.subnet('10.41.0.0/20'), {
    taints: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }],
  });
  cluster.pod('ai/train', other, other.primary, TOKEN);
  other.primary.free(8);
  return {
    source: 'aws/containers-roadmap#2261, #2195 (the add-on tolerates no taints of its own)',
    cluster,
    checks: [
      says(`findings[rule=${RULE}]`, 'ai/train'),
      silentOn(`findings[rule=${RULE}]`, 'shop/uploads'),
      says(`findings[rule=${RULE}].advice`, '(?i)tolerat'),
      says(`findings[rule=${RULE}]`, 'nvidia\\.com/gpu'),
    ],
  };
}

function nowhere(): Situation {
  const { cluster } = started();
  return {
    source: 'aws/eks-pod-identity-agent#153, EKS user guide (pod-id-agent-setup)',
    cluster,
    checks: [says(`findings[rule=${RULE}]`, 'shop/uploads'), says(`findings[rule=${RULE}].advice`, '(?i)add-on')],
  };
}

function notReady(): Situation {
  const { cluster, node } = started();
  agent(cluster, node, { ready: false });
  return {
    source: 'aws/eks-pod-identity-agent#26 (CrashLoopBackOff on some nodes)',
    cluster,
    checks: [says(`findings[rule=${RULE}]`, '(?i)not Ready'), silentOn(`findings[rule=${RULE}].advice`, '(?i)install')],
  };
}

/** Karpenter's new node: the agent is on its way. */
function youngNode(): Situation {
  const { cluster } = started({ createdAt: ago(60) });
  return silent('aws/eks-pod-identity-agent#159, terraform-aws-modules/terraform-aws-eks#3621', cluster);
}

/** aws-node itself has an association, and nobody gives it credentials. */
function agentOfTheCni(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ipamd: false, ready: true });
  fill(cluster, node, node.primary, 1);
  cluster.object({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'kube-system',
      name: 'aws-node-x',
      uid: 'uid-aws-node-x',
      creationTimestamp: '2026-09-01T09:00:00Z',
      labels: { 'k8s-app': 'aws-node' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'aws-node', uid: 'd', controller: true }],
    },
    spec: {
      nodeName: 'n1',
      hostNetwork: true,
      ...TOKEN.more?.spec,
      containers: [
        { name: 'aws-node', image: '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.20.4', env: [] },
      ],
    },
    status: {
      phase: 'Running',
      podIP: node.primary.ip,
      podIPs: [{ ip: node.primary.ip }],
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: ago(10_000) }],
      containerStatuses: [
        {
          name: 'aws-node',
          ready: false,
          restartCount: 12,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
          lastState: { terminated: { exitCode: 2, reason: 'Error' } },
        },
      ],
    },
  });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedCreatePodSandBox',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused"',
    'kubelet',
  );
  return {
    source: 'aws-ia/terraform-aws-eks-blueprints-addons#465, terraform-aws-modules/terraform-aws-eks-pod-identity#60',
    cluster,
    checks: [
      says(`findings[rule=${RULE}].severity`, 'error'),
      says(`findings[rule=${RULE}]`, 'aws-node-x'),
      says('findings[subjects~pod:shop/late]', 'Pod Identity'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /Pod Identity/ }],
  };
}

/** IPv6 egress in an IPv4 cluster needs an IPv6 address on the primary ENI. */
function egress(
  version: string,
  address: boolean,
  env: Readonly<Record<string, string>>,
  checks: (node: Node) => Situation['checks'],
  says_: Partial<NonNullable<Situation['sayings']>[number]> = {},
): Situation {
  const cluster = new Cluster({ env });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:1::/64' }), {
    version,
  });
  if (address) node.primary.ipv6.push('2a05:d018:6:1::aa');
  fill(cluster, node, node.primary, 1);
  node.primary.free(8);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2754, #2361, #2971',
    cluster,
    checks: checks(node),
    sayings: [{ command: 'explain', words: 'node n1 settings', ...says_ }],
  };
}

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const V6 = { ENABLE_V6_EGRESS: 'true' };

/** Before v1.16.3 aws-node does not start there, and no pod of the node gets an address. */
function egressKeepsFromStarting(): Situation {
  const cluster = new Cluster({ env: V6 });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    version: 'v1.15.5-eksbuild.1',
    ipamd: 'not-ready',
    metrics: false,
  });
  node.primary.free(9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2754 (generateJSON returns the error before v1.16.3)',
    cluster,
    checks: [
      says('findings[rule=cni-settings-refused]', 'ENABLE_V6_EGRESS'),
      says('findings[rule=cni-settings-refused]', 'no IPv6 address'),
      says('findings[subjects~pod:shop/late]', 'ENABLE_V6_EGRESS'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /ENABLE_V6_EGRESS/ }],
  };
}

/** A cooldown below 0 keeps aws-node from starting as a word does. */
function negativeCooldown(): Situation {
  const cluster = new Cluster({ env: { IP_COOLDOWN_PERIOD: '-5' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ipamd: 'not-ready', metrics: false });
  node.primary.free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s v1.15.0, cmd/aws-vpc-cni/main.go validateEnvVars',
    cluster,
    checks: [says('findings[rule=cni-settings-refused]', 'IP_COOLDOWN_PERIOD=-5')],
  };
}

/** Without EC2, nobody knows which addresses the ENI has. */
function egressWithoutEc2(): Situation {
  const cluster = new Cluster({ env: V6, withoutEc2: true });
  cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false });
  return {
    source: 'posted without aws ec2',
    cluster,
    checks: [silentOn('nodes[name=n1].cni.ignored', 'EGRESS'), is('nodes[name=n1].cni.refused', [])],
  };
}

const IPV6 = { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' };

export const credentials: Readonly<Record<string, () => Situation>> = {
  'Pod Identity Agent excluded by a taint': onATaintedNode,
  'Pod Identity Agent missing': nowhere,
  'Pod Identity Agent that is not Ready': notReady,
  'Pod Identity Agent starting': youngNode,
  'Pod Identity Agent running': () => {
    const { cluster, node } = started();
    agent(cluster, node);
    return silent('EKS user guide (Pod Identity)', cluster);
  },
  'Pod Identity on Auto Mode': () =>
    silent(
      'EKS user guide (Auto Mode has the agent built in)',
      started({ ipamd: false, labels: { 'eks.amazonaws.com/compute-type': 'auto' } }).cluster,
    ),
  'Pod Identity of a finished Job': () =>
    silent('aws/eks-pod-identity-agent#159', started({}, { phase: 'Succeeded' }).cluster),
  'Pod Identity, pods of one namespace only': () => {
    const cluster = new Cluster({ daemon: false });
    const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ipamd: false, daemonPods: false });
    cluster.pod('shop/uploads', node, node.primary, TOKEN);
    return silent('posted: kubectl get pods -n shop', cluster);
  },
  'Pod Identity Agent missing for aws-node': agentOfTheCni,
  'IPv6 egress without an IPv6 address': () =>
    egress('v1.23.1', false, V6, () => quiet, { says: /ENABLE_V6_EGRESS=true[^\n]*no IPv6 address/ }),
  'IPv6 egress with an IPv6 address': () =>
    egress('v1.23.1', true, V6, () => [...quiet, silentOn('nodes[name=n1].cni.ignored', 'EGRESS')]),
  'IPv6 egress with an IPv6 address, before v1.16.3': () =>
    egress('v1.15.5', true, V6, () => [
      none('findings[rule=cni-settings-refused]'),
      is('nodes[name=n1].cni.refused', []),
    ]),
  'IPv6 egress in an IPv6 cluster': () =>
    egress(
      'v1.23.1',
      true,
      { ...IPV6, ...V6 },
      (node) => {
        node.primary.prefix('2a05:d018:6:1:a::/80');
        return [none('findings[rule=cni-settings-refused]')];
      },
      { says: /ENABLE_V6_EGRESS/ },
    ),
  'no IPv4 egress in an IPv4 cluster': () =>
    egress('v1.23.1', false, { ENABLE_V4_EGRESS: 'false' }, () => quiet, { says: /ENABLE_V4_EGRESS=false/ }),
  'IPv6 egress that prevents aws-node from starting': egressKeepsFromStarting,
  'IPv6 egress, EC2 not read': egressWithoutEc2,
  'cooldown below 0': negativeCooldown,
};
