/** Clusters that share their VPC, and answers with more in them than the cluster: nothing of others is taken for its own. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import { fill, found, is, none, OLD, refused, says, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** Two clusters in one VPC; EC2 was asked for all of it. */
function twoClusters(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true', CLUSTER_NAME: 'mine' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  const theirs = { 'cluster.k8s.amazonaws.com/name': 'theirs', 'kubernetes.io/cluster/theirs': 'owned' };
  const primary = cluster
    .loose({ status: 'in-use', tags: theirs, tagged: 'self' }, subnet, 'i-0bbbbbbbbbbbbbbbb')
    .free(9);
  cluster.loose({ status: 'in-use', dev: 1, by: 'ipamd', tags: theirs }, subnet, 'i-0bbbbbbbbbbbbbbbb').free(9);
  const trunk = cluster.loose(
    { status: 'in-use', dev: 2, type: 'trunk', by: 'controller', tags: theirs },
    subnet,
    'i-0bbbbbbbbbbbbbbbb',
  );
  const branch = cluster.loose(
    { status: 'in-use', type: 'branch', by: 'controller', trunk: trunk.id, tags: theirs },
    subnet,
  );
  return {
    source:
      'aws/amazon-vpc-cni-k8s#2214 (two clusters in one VPC), amazon-vpc-resource-controller-k8s#374 (its counterpart)',
    cluster,
    checks: [
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      is('nodes[name=n1].pools.0.total', 9),
      is('nodes[name=n1].branch.used', 0),
      none('findings[rule=branch-eni-leaked]'),
      none('findings[rule=eni-leaked]'),
    ],
    sayings: [
      { command: 'lookup', words: branch.ip ?? '', says: new RegExp(branch.id) },
      { command: 'lookup', words: primary.ip ?? '', says: /not on a node of this cluster/ },
      { command: 'explain', words: 'leaked', silentOn: /eni-0/ },
    ],
  };
}

/** aws-node installed by Helm under another name: the label tells what it is. */
function anotherNameOfTheDaemonSet(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  const container = {
    name: 'aws-node',
    image: '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.20.4',
    env: [
      { name: 'WARM_IP_TARGET', value: '5' },
      { name: 'ENABLE_IPv4', value: 'true' },
    ],
  };
  const labels = { 'app.kubernetes.io/name': 'aws-node', 'k8s-app': 'aws-node', 'app.kubernetes.io/instance': 'cni' };
  cluster.object({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'kube-system',
      name: 'cni-aws-vpc-cni-x7k2p',
      uid: 'agent-1',
      creationTimestamp: ago(90_000),
      labels,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'cni-aws-vpc-cni', uid: 'ds', controller: true },
      ],
    },
    spec: { nodeName: 'n1', hostNetwork: true, containers: [container] },
    status: {
      phase: 'Running',
      podIP: node.primary.ip,
      podIPs: [{ ip: node.primary.ip }],
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        { name: 'aws-node', image: container.image, ready: true, restartCount: 0, state: { running: {} } },
      ],
    },
  });
  return {
    source: 'aws/eks-charts#1005 (aws-vpc-cni under another release name)',
    cluster,
    checks: [
      none('findings[severity=error]'),
      is('nodes[name=n1].ipamd.version', 'v1.20.4'),
      is('nodes[name=n1].cni.warmIpTarget', 5),
      is('nodes[name=n1].pools.0.total', 9),
      is('nodes[name=n1].pools.0.assigned', 4),
      is('nodes[name=n1].pools.0.low', false),
    ],
  };
}

/** The controller deleted the branch ENI of a pod that still runs. */
function branchDeletedUnderItsPod(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  node.primary.free(9);
  node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  cluster.write('shop/guarded', node, ['10.40.3.3'], {
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        {
          eniId: 'eni-0dead0dead0dead01',
          ifAddress: '06:00:00:00:00:01',
          privateIp: '10.40.3.3',
          vlanId: 4,
          subnetCidr: '10.40.0.0/20',
        },
      ]),
    },
  });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#412 (branch ENI of a running pod deleted)',
    cluster,
    checks: [
      found('findings[rule=pod-address-not-on-node][subjects~pod:shop/guarded]'),
      says('findings[rule=pod-address-not-on-node]', '10.40.3.3'),
    ],
    sayings: [
      { command: 'lookup', words: '10.40.3.3', says: /shop\/guarded/ },
      { command: 'explain', words: 'guarded where', says: /no ENI|eni-0dead/ },
    ],
  };
}

/** OpenShift on AWS: OVN's pods, and egress addresses that its controller put on the node's ENI. */
function openShift(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('ip-10-40-0-5.eu-west-1.compute.internal', subnet, { ipamd: false, maxPods: 250 });
  const egress = node.primary.add('10.40.0.77');
  for (let at = 0; at < 9; at += 1) cluster.write(`shop/p${String(at)}`, node, [`10.128.2.${String(at + 4)}`]);
  return {
    source: 'openshift/cloud-network-config-controller#58 (egress addresses on the primary ENI), ovn-kubernetes',
    cluster,
    checks: [
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      is('nodes[name=ip-10-40-0-5.eu-west-1.compute.internal].pools', []),
    ],
    sayings: [
      { command: 'lookup', words: egress.ip, says: new RegExp(node.primary.id) },
      { command: 'lookup', words: '10.128.2.5', says: /shop\/p1/ },
    ],
  };
}

/** A node whose ENI is being attached just now: it counts, and gives nothing yet. */
function attachingNow(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 9);
  node.eni({ dev: 1, by: 'ipamd', attachment: 'attaching' });
  cluster.waiting('shop/late', node, { createdAt: ago(20) });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1791 (ENI attaching)',
    cluster,
    checks: [
      none('findings[severity=error]'),
      is('nodes[name=n1].eniSlots.used', 2),
      is('nodes[name=n1].eniSlots.free', 1),
      is('nodes[name=n1].pools.0.available', 0),
    ],
  };
}

/** Prefix mode beside eleven pods on single addresses of before: three prefixes fill the first ENI, and the next one must come. */
function leftoversAndPrefixes(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm5.xlarge', maxPods: 110 });
  fill(cluster, node, node.primary, 11);
  for (let at = 0; at < 3; at += 1) node.primary.prefix();
  for (let at = 0; at < 48; at += 1) cluster.pod(`shop/p${String(at)}`, node, node.primary, { via: 'prefix' });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2842',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 48),
      is('nodes[name=n1].pools.0.available', 0),
      is('nodes[name=n1].pools.0.next.action', 'attach-eni'),
      // 59 pods, one that waits, two of the host network: 48 more by the kubelet; three ENIs of 14 prefixes have room for them.
      is('nodes[name=n1].headroom.pods', 48),
      found('findings[rule=mixed-address-modes]'),
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
    ],
  };
}

export const foreign: Readonly<Record<string, () => Situation>> = {
  'two clusters in one VPC': twoClusters,
  'DaemonSet under another name': anotherNameOfTheDaemonSet,
  'branch ENI deleted under its pod': branchDeletedUnderItsPod,
  'OpenShift with egress addresses': openShift,
  'ENI being attached': attachingNow,
  'leftovers beside prefixes': leftoversAndPrefixes,
};
