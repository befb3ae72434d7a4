/** aws-node itself is in trouble, or knows of fewer addresses than EC2: what ipamd, its counters, its Events and the node's conditions tell. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json } from '../kit/types';
import { counters, ipamdHas } from './ipamd-list';
import { fill, found, is, NO_ADDRESS, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

/** EC2 attached two ENIs from another subnet; ipamd never took them in and goes on attaching. */
function attachedButNeverTakenIn(): Situation {
  const cluster = new Cluster();
  const own = cluster.subnet('10.40.0.0/24');
  const wide = cluster.subnet('100.64.0.0/18', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '1' } });
  const node = cluster.node('n1', own, { metrics: false, version: 'v1.22.1' });
  fill(cluster, node, node.primary, 9);
  const lost = [1, 2].map((dev) => node.eni({ dev, by: 'ipamd' }, wide).free(9));
  ipamdHas(cluster, node, [{ eni: node.primary, addresses: node.primary.addresses }]);
  counters(cluster, node, [
    'awscni_eni_allocated 1',
    `awscni_assigned_ip_per_eni{eni="${node.primary.id}"} 9`,
    'awscni_aws_api_error_count{api="AttachNetworkInterface",error="AttachmentLimitExceeded"} 14',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  const ids = lost.map(({ id }) => id);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3833, #66',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 9),
      is('nodes[name=n1].pools.0.available', 0),
      is('nodes[name=n1].headroom.pods', 0),
      found('findings[rule=ipamd-view-differs]'),
      ...ids.map((id) => says('findings[rule=ipamd-view-differs]', id)),
      found('findings[subjects~pod:shop/late]'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)subnet (is|has) (out|no)|out of addresses'),
      none('findings[rule=warm-pool-waste]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: /ipamd/i },
      { command: 'explain', words: 'node n1 ipamd', says: new RegExp(ids[0] ?? '') },
      { command: 'lookup', words: lost[0]?.addresses[0]?.ip ?? '', says: /ipamd/i, silentOn: /warm slot/i },
    ],
  };
}

/** IMDS was out of step when aws-node restarted: ipamd has the second ENI, without the addresses that EC2 assigned long ago. */
function addressesThatIpamdLost(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false, version: 'v1.12.0' });
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd' }).free(9);
  ipamdHas(cluster, node, [{ eni: node.primary, addresses: node.primary.addresses }, { eni: second }]);
  counters(cluster, node, [
    'awscni_eni_allocated 2',
    'awscni_aws_api_error_count{api="AssignPrivateIpAddresses",error="PrivateIpAddressLimitExceeded"} 212',
  ]);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2210, #2253, #989',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 9),
      is('nodes[name=n1].pools.0.available', 0),
      says('findings[rule=ipamd-view-differs]', second.id),
      found('findings[subjects~pod:shop/late]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: /ipamd/i },
      { command: 'explain', words: `eni ${second.id} ipamd`, says: /9/ },
      { command: 'lookup', words: second.addresses[0]?.ip ?? '', silentOn: /warm slot/i },
    ],
  };
}

const NO_IPAMD =
  'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused"';

/** aws-node crash-loops: nobody answers the plugin, whatever the pool holds. */
function crashLooping(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    ipamd: 'not-ready',
    agentRestarts: 14,
    metrics: false,
    version: 'v1.19.3',
  });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_IPAMD);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3224, #1339',
    cluster,
    checks: [
      is('nodes[name=n1].ipamd.ready', false),
      says('findings[subjects~pod:shop/late]', '(?i)aws-node.*(not ready|restart|does not answer|crash)'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)larger instance|out of addresses|prefix'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: /aws-node/, silentOn: /larger|out of addresses/i },
    ],
  };
}

/** The role of aws-node lacks the CNI policy. */
function noPermission(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  fill(cluster, node, node.primary, 9);
  counters(cluster, node, [
    'awscni_eni_allocated 1',
    'awscni_aws_api_error_count{api="CreateNetworkInterface",error="UnauthorizedOperation"} 31',
  ]);
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
    source: 'aws/amazon-vpc-cni-k8s#1536, #1520',
    cluster,
    checks: [
      says('findings[rule=ec2-permission-missing]', 'CreateNetworkInterface'),
      says('findings[subjects~pod:shop/late]', '(?i)permission|UnauthorizedOperation'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)larger instance|free addresses in'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /permission|UnauthorizedOperation/i }],
  };
}

/** What eks-node-monitoring-agent says of the node stands in the node itself. */
function monitoringAgent(ready: boolean): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    conditions: [
      ready
        ? {
            type: 'NetworkingReady',
            status: 'True',
            reason: 'NetworkingIsReady',
            message: 'Monitoring for the Networking system is active',
          }
        : {
            type: 'NetworkingReady',
            status: 'False',
            reason: 'IPAMDNotReady',
            message:
              'IPAM-D has failed to connect to API Server which could be an issue with IPTable rules or any other network configuration.',
          },
    ],
  });
  node.primary.free(9);
  if (!ready) {
    cluster.waiting('shop/late', node, { createdAt: OLD });
    refused(cluster, 'shop/late', NO_IPAMD);
  } else fill(cluster, node, node.primary, 0);
  return {
    source: 'docs.aws.amazon.com/eks: learn-status-conditions; aws/eks-node-monitoring-agent',
    cluster,
    checks: ready
      ? [none('findings[subjects~node:n1]')]
      : [
          says('findings[subjects~node:n1]', 'IPAMDNotReady'),
          says('findings[subjects~pod:shop/late]', 'IPAMDNotReady'),
        ],
    sayings: ready ? [] : [{ command: 'explain', words: 'pod shop/late address', says: /IPAMDNotReady/ }],
  };
}

/** The agent's passing troubles are Events about the node. */
function monitoringAgentEvent(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 });
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 3);
  const event: Json = {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    metadata: { namespace: 'default', name: 'n1.17', uid: 'ev-n1' },
    involvedObject: { kind: 'Node', name: 'n1' },
    reason: 'NetworkingReady',
    message: 'IPAMDNoIPs: There are no available IP addresses for IPAMD to assign to pods',
    count: 7,
    firstTimestamp: ago(1200),
    lastTimestamp: ago(40),
    source: { component: 'eks-node-monitoring-agent' },
    reportingComponent: 'eks-node-monitoring-agent',
  };
  cluster.extraFiles.push({ path: 'kubernetes/event-node.json', text: JSON.stringify(event) });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/eks-node-monitoring-agent (IPAMDNoIPs)',
    cluster,
    checks: [is('nodes[name=n1].headroom.pods', 0), says('findings[subjects~pod:shop/late]', 'subnet-01')],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /IPAMDNoIPs/ }],
  };
}

/** The node has no CNI configuration yet: the kubelet says so of each pod. */
function pluginNotInitialized(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    ipamd: 'not-ready',
    ready: false,
    metrics: false,
    taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }],
  });
  cluster.waiting('kube-system/ebs-csi-node-1', node, { createdAt: OLD, owner: { kind: 'DaemonSet', name: 'ebs' } });
  warning(
    cluster,
    'kube-system/ebs-csi-node-1',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    'kubelet',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3264, #2683',
    cluster,
    checks: [
      says('findings[subjects~pod:kube-system/ebs-csi-node-1]', 'cni plugin not initialized'),
      says('findings[subjects~pod:kube-system/ebs-csi-node-1]', 'aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod kube-system/ebs-csi-node-1 address', says: /aws-node/ }],
  };
}

export const agents: Readonly<Record<string, () => Situation>> = {
  'ENIs that ipamd never added': attachedButNeverTakenIn,
  'addresses that ipamd lost': addressesThatIpamdLost,
  'aws-node in a crash loop': crashLooping,
  'aws-node without the CNI policy': noPermission,
  'the monitoring agent reports not ready': () => monitoringAgent(false),
  'the monitoring agent reports ready': () => monitoringAgent(true),
  'the monitoring agent reports no addresses': monitoringAgentEvent,
  'CNI plugin not initialized': pluginNotInitialized,
};
