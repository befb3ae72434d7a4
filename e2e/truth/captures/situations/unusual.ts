/** Clusters of unusual make in which nothing is wrong: they must be told right, and left in peace. */
import { Cluster } from '../kit/cluster';
import { ago, type Node } from '../kit/node';
import type { Eni } from '../kit/eni';
import type { Json } from '../kit/types';
import { fill, is, none, warning, type Situation } from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

/** Pods of an overlay, which no ENI has. */
function overlayPods(cluster: Cluster, node: Node, range: string, count: number): void {
  for (let at = 0; at < count; at += 1)
    cluster.write(`shop/${node.name}-${String(at)}`, node, [`${range}.${String(at + 5)}`]);
}

/** Calico with VXLAN in place of the VPC CNI: aws-node's DaemonSet was deleted, its ENIs are gone with the old nodes. */
function calicoInPlace(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  for (const [name, range] of [
    ['n1', '192.168.7'],
    ['n2', '192.168.8'],
  ] as const) {
    const node = cluster.node(name, subnet, { ipamd: false, maxPods: 110 });
    overlayPods(cluster, node, range, 30);
  }
  return {
    source: 'docs.tigera.io: Calico networking on EKS; projectcalico/calico#4070',
    cluster,
    checks: [...quiet, is('nodes[name=n1].pools', []), is('nodes[name=n1].maxPods', 110)],
    sayings: [
      { command: 'lookup', words: '192.168.7.9', says: /shop\/n1-4/ },
      { command: 'explain', words: '192.168.7.9 where', says: /on no ENI: its traffic stays on the node|no ENI/ },
    ],
  };
}

/** Cilium in place: aws-node's DaemonSet stays, with a node selector that no node has. */
function awsNodeSelectedAway(): Situation {
  const cluster = new Cluster({ daemon: false });
  const selector = { 'io.cilium/aws-node-enabled': 'true' };
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'kube-system', name: 'aws-node', uid: 'ds-aws-node', creationTimestamp: ago(90_000) },
    spec: {
      template: {
        metadata: { labels: { 'k8s-app': 'aws-node' } },
        spec: { nodeSelector: selector, containers: [{ name: 'aws-node', image: 'amazon-k8s-cni:v1.20.4', env: [] }] },
      },
    },
  });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false, maxPods: 110 });
  overlayPods(cluster, node, '10.0.1', 12);
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'kube-system', name: 'cilium', uid: 'ds-cilium', creationTimestamp: ago(90_000) },
    spec: { template: { metadata: { labels: { 'k8s-app': 'cilium' } }, spec: { hostNetwork: true, containers: [] } } },
  });
  return {
    source: 'cilium/cilium docs (io.cilium/aws-node-enabled=true), cilium/cilium#20074 (overlay)',
    cluster,
    checks: [...quiet, is('nodes[name=n1].pools', [])],
    sayings: [{ command: 'lookup', words: '10.0.1.7', says: /shop\/n1-2/ }],
  };
}

/** A node that Karpenter launched half a minute ago: not Ready, and pods are bound to it already. */
function bornJustNow(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const old = cluster.node('n1', subnet);
  fill(cluster, old, old.primary, 3);
  old.primary.free(6);
  old.eni({ dev: 1, by: 'ipamd' }).free(9);
  const node = cluster.node('n2', subnet, {
    ipamd: 'not-ready',
    metrics: false,
    ready: false,
    createdAt: ago(30),
    labels: { 'karpenter.sh/nodepool': 'default', 'karpenter.sh/registered': 'true' },
    taints: [
      { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
      { key: 'node.cilium.io/agent-not-ready', value: 'true', effect: 'NoExecute' },
    ],
  });
  cluster.waiting('shop/late', node, { createdAt: ago(40) });
  warning(
    cluster,
    'shop/late',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    'kubelet',
  );
  return { source: 'aws/karpenter-provider-aws#1391 (normal start)', cluster, checks: quiet };
}

const branchNote = (eni: Eni): Readonly<Record<string, string>> => ({
  'vpc.amazonaws.com/pod-eni': JSON.stringify([
    { eniId: eni.id, ifAddress: eni.mac, privateIp: eni.ip, vlanId: 3, subnetCidr: '10.40.0.0/20' },
  ]),
});

/** Security groups for pods in the standard enforcing mode: kubelet probes reach the pods, and all is well. */
function standardEnforcing(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'standard' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 20, capacity: { 'vpc.amazonaws.com/pod-eni': '9' } });
  node.primary.free(9);
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
  cluster.write('shop/guarded', node, [branch.ip ?? ''], {
    resources: { 'vpc.amazonaws.com/pod-eni': '1' },
    annotations: branchNote(branch),
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1907 (POD_SECURITY_GROUP_ENFORCING_MODE=standard)',
    cluster,
    checks: [
      ...quiet,
      is('interfaces[id=if:shop/guarded/eth0].eni', branch.id),
      is('nodes[name=n1].branch.used', 1),
      is('nodes[name=n1].branch.limit', 9),
    ],
  };
}

/** DescribeNetworkInterfaces as it prints today, with fields that no normaliser reads; the node is Bottlerocket in a local zone. */
function answersOfToday(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1-lhr-1a');
  const node = cluster.node('n1', subnet, { os: 'Bottlerocket OS 1.52.0 (aws-k8s-1.34)', maxPods: 29 });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const more: Json = {
    NetworkInterfaces: [
      {
        ...node.primary.toEc2(),
        Association: {
          IpOwnerId: 'amazon',
          PublicDnsName: 'ec2-18-1-2-3.eu-west-1.compute.amazonaws.com',
          PublicIp: '18.1.2.3',
        },
        ConnectionTrackingConfiguration: { TcpEstablishedTimeout: 350 },
        Operator: { Managed: false },
        AssociatedSubnets: [],
        AvailabilityZoneId: 'euw1-az1',
        NetworkInterfaceArn: `arn:aws:ec2:eu-west-1:111122223333:network-interface/${node.primary.id}`,
        DenyAllIgwTraffic: false,
      },
    ],
  };
  cluster.extraFiles.push({ path: 'ec2/again.json', text: JSON.stringify(more) });
  return {
    source: 'posted describe-network-interfaces of 2026 (Operator, AvailabilityZoneId)',
    cluster,
    checks: [...quiet, is('nodes[name=n1].pools.0.total', 18), is('nodes[name=n1].pools.0.assigned', 2)],
  };
}

/** A warm pool is not low while the node has more free than it asks, and max pods is reached: nothing to say. */
function fullByChoice(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '1', MINIMUM_IP_TARGET: '3' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 8 });
  fill(cluster, node, node.primary, 6);
  node.primary.free(1);
  return {
    source: 'aws/karpenter-provider-aws#3903 (kubelet.maxPods below the type)',
    cluster,
    checks: [
      ...quiet,
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].pools.0.available', 1),
    ],
  };
}

export const unusual: Readonly<Record<string, () => Situation>> = {
  'Calico in place of the VPC CNI': calicoInPlace,
  'aws-node selected away': awsNodeSelectedAway,
  'newly created node': bornJustNow,
  'standard enforcing mode': standardEnforcing,
  'current answers': answersOfToday,
  'full on purpose': fullByChoice,
};
