/** Nodes on which aws-node does not run, and why a pod waits there: hybrid nodes, Fargate, Auto Mode. */
import { Cluster } from '../kit/cluster';
import type { NodeSpec } from '../kit/types';
import { found, is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const NOT_INITIALIZED =
  'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

const HYBRID: NodeSpec = {
  ipamd: false,
  instance: false,
  type: null,
  providerId: 'eks-hybrid:///eu-west-1/prod/mi-0123456789abcdef0',
  labels: { 'eks.amazonaws.com/compute-type': 'hybrid' },
  os: 'Ubuntu 22.04.5 LTS',
};

/** A hybrid node joined, and nobody installed a CNI there: the VPC CNI does not run on it. */
function hybridWithoutCni(ready: boolean): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const cloud = cluster.node('n1', subnet);
  cluster.pod('shop/a', cloud, cloud.primary);
  cloud.primary.free(8);
  cluster.node('mi-0123456789abcdef0', subnet, { ...HYBRID, ready });
  const node = cluster.nodes[1] ?? cloud;
  cluster.waiting('shop/late', node, { createdAt: OLD });
  warning(cluster, 'shop/late', 'NetworkNotReady', NOT_INITIALIZED, 'kubelet');
  return {
    source: 'aws/eks-hybrid#672, awsdocs/amazon-eks-user-guide#906',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', '(?i)hybrid'),
      says('findings[subjects~pod:shop/late].advice', 'Cilium'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)DaemonSet aws-node|log of aws-node|log of the kubelet'),
      none('findings[subjects~pod:shop/a]'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'pod shop/late address',
        says: /hybrid[\s\S]*Cilium/,
        silentOn: /daemonset aws-node|-l k8s-app=aws-node/,
      },
    ],
  };
}

/** Cilium of a hybrid node refuses: the text is Cilium's, and so is the remedy. */
function hybridCiliumRefuses(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.node('mi-0123456789abcdef0', subnet, HYBRID);
  const [node] = cluster.nodes;
  if (node !== undefined) cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="cilium-cni" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure range is full',
  );
  return {
    source: 'aws/karpenter-provider-aws#4557 (hybrid), awsdocs/amazon-eks-user-guide#906',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'postIpamFailure range is full'),
      silentOn('findings[subjects~pod:shop/late]', 'aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /range is full/, silentOn: /aws-node/ }],
  };
}

/** Fargate makes one node for one pod, or says why it made none. */
function fargatePending(message: string, source: string, advises: string): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  node.primary.free(9);
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(cluster, 'shop/late', 'FailedScheduling', message, 'fargate-scheduler');
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'Fargate'),
      says('findings[subjects~pod:shop/late].advice', advises),
      silentOn('findings[subjects~pod:shop/late]', '(?i)counts the nodes|some node offers|aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /Fargate/, silentOn: /counts the nodes/ }],
  };
}

/** Auto Mode names a node after its instance; logs and flow logs have the private DNS name of its address. */
function autoModeNames(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('100.64.0.0/18');
  const node = cluster.node('i-00000000000000001', subnet, {
    ipamd: false,
    metrics: false,
    os: 'Bottlerocket (EKS Auto, Standard) 2026.1.28 (aws-k8s-1.34-standard)',
    labels: { 'eks.amazonaws.com/compute-type': 'auto' },
  });
  node.primary.prefix();
  const held = cluster.pod('shop/a', node, node.primary, { via: 'prefix' });
  const dashed = (node.primary.ip ?? '').replaceAll('.', '-');
  return {
    source: 'dotdc/grafana-dashboards-kubernetes#174',
    cluster,
    checks: [is('interfaces[id=if:shop/a/eth0].eni', node.primary.id), none('findings[severity=error]')],
    sayings: [
      { command: 'lookup', words: `ip-${dashed}.eu-west-1.compute.internal`, says: /i-00000000000000001/ },
      { command: 'lookup', words: `ip-${dashed}`, says: /i-00000000000000001/ },
      { command: 'lookup', words: 'i-00000000000000001', says: /node/ },
      { command: 'lookup', words: held.ip, says: /shop\/a/ },
      { command: 'explain', words: 'i-00000000000000001 settings', says: /Auto Mode/ },
    ],
  };
}

/** The instance is gone, and its Node and pods are still listed: nothing of them can be judged. */
function instanceGone(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const other = cluster.node('n1', subnet);
  cluster.pod('shop/ok', other, other.primary);
  other.primary.free(8);
  cluster.node('n2', subnet, {
    instance: false,
    providerId: 'aws:///eu-west-1a/i-0dddddddddddddddd',
    ready: false,
    metrics: false,
  });
  const node = cluster.nodes[1] ?? other;
  cluster.instances.push({
    InstanceId: 'i-0dddddddddddddddd',
    InstanceType: 'm5.large',
    State: { Code: 48, Name: 'terminated' },
    Placement: { AvailabilityZone: 'eu-west-1a' },
  });
  cluster.write('shop/a', node, ['10.40.0.77'], { deleting: true });
  cluster.write('shop/b', node, ['10.40.0.78'], {});
  return {
    source: 'kubernetes/kubernetes#70116 (instance terminated, node left)',
    cluster,
    checks: [
      is('nodes[name=n2].instanceState', 'terminated'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[severity=error]'),
      found('interfaces[id=if:shop/b/eth0]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/b address', says: /terminated|no longer/ }],
  };
}

export const elsewhere: Readonly<Record<string, () => Situation>> = {
  'hybrid node without a CNI': () => hybridWithoutCni(false),
  'hybrid node without a CNI, Ready': () => hybridWithoutCni(true),
  'hybrid node whose Cilium is full': hybridCiliumRefuses,
  'Fargate timeout': () =>
    fargatePending(
      'Pod provisioning timed out (will retry) for pod: shop/late',
      'aws/containers-roadmap#2654, #1890',
      'free addresses',
    ),
  'Fargate profile without its role': () =>
    fargatePending(
      'Misconfigured Fargate Profile: fargate profile fp-default blocked for new launches due to: Pod execution role is not found in auth config or does not have all required permissions for launching fargate pods.',
      'eksctl-io/eksctl#1774',
      'execution role',
    ),
  'pod not supported by Fargate': () =>
    fargatePending(
      'Pod not supported on Fargate: fields not supported: HostNetwork, HostPort',
      'aws/containers-roadmap#807',
      'does not support',
    ),
  'names of an Auto Mode node': autoModeNames,
  'terminated instance of a node': instanceGone,
};
