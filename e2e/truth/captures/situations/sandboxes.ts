/** What the kubelet, the scheduler and the plugins say of a pod that does not get on: old texts, new ones, and texts of others. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import type { NodeSpec } from '../kit/types';
import { fill, found, is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

function start(spec: NodeSpec = {}): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, spec);
  return { cluster, node };
}

/** Since v1.23.0 the plugin dials a socket file; before, a port. */
function socketRefused(text: string, version: string): Situation {
  const { cluster, node } = start({ ipamd: 'not-ready', agentRestarts: 9, metrics: false, version });
  node.primary.free(9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    `plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ${text}"`,
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3224, v1.23.0 (ipamd.sock)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', '(?i)aws-node.*(not ready|restart|does not answer|crash)'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)subnet|larger instance|not a text'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /aws-node/ }],
  };
}

/** As the kubelet with dockershim wrote it. */
function dockershimText(): Situation {
  const { cluster, node } = start({ type: 't3.medium' });
  for (const eni of [node.primary, node.eni({ dev: 1, by: 'ipamd' }), node.eni({ dev: 2, by: 'ipamd' })])
    fill(cluster, node, eni, 5);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedCreatePodSandBox',
    '(combined from similar events): Failed create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox container "93bd20a2" network for pod "late": NetworkPlugin cni failed to set up pod "late_shop" network: add cmd: failed to assign an IP address to container',
    'kubelet, n1',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#281, kubernetes-sigs/aws-load-balancer-controller#803',
    cluster,
    checks: [
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
      none('findings[rule=pod-start-failed]'),
      is('nodes[name=n1].headroom.pods', 0),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /every slot/ }],
  };
}

/** Not the network at all: the runtime. */
function runtimeTrouble(text: string): Situation {
  const { cluster, node } = start();
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedCreatePodSandBox',
    `Failed to create pod sandbox: rpc error: code = Unknown desc = ${text}`,
    'kubelet',
  );
  return {
    source: 'kubernetes/kubernetes#110704, awslabs/amazon-eks-ami#1597 (pause image)',
    cluster,
    checks: [
      found('findings[subjects~pod:shop/late]'),
      says('findings[subjects~pod:shop/late]', text.slice(0, 24).replaceAll(/[()[\]"./]/g, '.')),
      none('findings[rule=pod-ip-failed]'),
      // Fifteen addresses are free.
      silentOn('findings[subjects~pod:shop/late]', '(?i)out of addresses|no free address|WARM_'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', silentOn: /out of addresses|is full/i }],
  };
}

/** The network policy agent of strict mode does not answer. */
function policyAgent(): Situation {
  const { cluster, node } = start({ version: 'v1.19.2' });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to setup network policy in strict mode',
  );
  return {
    source: 'aws/aws-network-policy-agent#288, #271',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'network policy'),
      says('findings[subjects~pod:shop/late]', '(?i)policy agent|aws-eks-nodeagent'),
      none('findings[rule=pod-ip-failed]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /network policy/ }],
  };
}

/** Cilium chained behind aws-cni: the address was given, the chained plugin failed. */
function ciliumChained(): Situation {
  const { cluster, node } = start();
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.write('kube-system/cilium-1', node, [], { hostNetwork: true, labels: { 'k8s-app': 'cilium' } });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="cilium-cni" name="aws-cni" failed (add): unable to create endpoint: [PUT /endpoint/{id}][429] putEndpointIdTooManyRequests',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2391, cilium/cilium#21752 (chaining)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'putEndpointIdTooManyRequests'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)out of addresses|WARM_'),
      is('nodes[name=n1].pools.0.available', 14),
      // 29 pods, of which four, the waiting one and three of the host network are there.
      is('nodes[name=n1].headroom.pods', 21),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /cilium/i }],
  };
}

/** No node takes another pod: max pods, which the ENIs set. */
function tooManyPods(): Situation {
  const { cluster, node } = start({ type: 't3.medium' });
  for (const eni of [node.primary, node.eni({ dev: 1, by: 'ipamd' }), node.eni({ dev: 2, by: 'ipamd' })])
    fill(cluster, node, eni, 5);
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    'default-scheduler',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1077, aws/karpenter-provider-aws#3903',
    cluster,
    checks: [none('findings[rule=max-pods-too-high]'), is('nodes[name=n1].headroom.pods', 0)],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /Too many pods/ }],
  };
}

/** Short of CPU: no interface is to blame, and nothing is said of it. */
function shortOfCpu(): Situation {
  const { cluster, node } = start();
  node.primary.free(9);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.write('shop/big', null, [], { phase: 'Pending', createdAt: OLD, resources: { cpu: '64' } });
  warning(cluster, 'shop/big', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient cpu.', 'default-scheduler');
  return {
    source: 'kubernetes/kubernetes (Insufficient cpu)',
    cluster,
    checks: [none('findings[severity=error]'), none('findings[severity=warning]')],
    sayings: [
      { command: 'explain', words: 'pod shop/big address', says: /Insufficient cpu/, silentOn: /aws-node|ipamd/ },
    ],
  };
}

/** The pod got on meanwhile: the Events are old news. */
function gotOnMeanwhile(): Situation {
  const { cluster, node } = start();
  fill(cluster, node, node.primary, 3);
  cluster.pod('shop/late', node, node.primary, { createdAt: OLD });
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  refused(
    cluster,
    'shop/late',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
  );
  return {
    source: 'aws/karpenter-provider-aws#4202',
    cluster,
    checks: [none('findings[subjects~pod:shop/late]'), none('findings[severity=error]')],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /has (its|an|the) address|10\.40/ }],
  };
}

export const sandboxes: Readonly<Record<string, () => Situation>> = {
  'ipamd unresponsive on its port': () =>
    socketRefused('dial tcp 127.0.0.1:50051: connect: connection refused', 'v1.22.3'),
  'ipamd unresponsive on its socket': () =>
    socketRefused('dial unix /var/run/aws-node/ipamd.sock: connect: no such file or directory', 'v1.23.1'),
  'text of dockershim': dockershimText,
  'runtime that cannot start a task': () =>
    runtimeTrouble(
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to apply cgroup configuration',
    ),
  'pause image that cannot be pulled': () =>
    runtimeTrouble('failed to get sandbox image "localhost/kubernetes/pause": failed to pull image: not found'),
  'sandbox name still reserved': () =>
    runtimeTrouble('failed to reserve sandbox name "late_shop_0a1b_0": name is reserved for "7c2d"'),
  'network policy agent in strict mode': policyAgent,
  'Cilium chained behind aws-cni': ciliumChained,
  'too many pods': tooManyPods,
  'short of CPU': shortOfCpu,
  'pod that has recovered': gotOnMeanwhile,
};
