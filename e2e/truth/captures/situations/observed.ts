/** What agents report of a node, ENIs whose node is gone, Windows nodes, and numbers of metrics alone. */
import { Cluster } from '../kit/cluster';
import type { Condition } from '../kit/types';
import {
  found,
  is,
  nodeWarning,
  none,
  says,
  silentOn,
  fill,
  refused,
  NO_ADDRESS,
  OLD,
  warning,
  CUSTOM_NETWORKING,
  eniConfig,
  type Situation,
} from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const nr = (reason: string, message: string): Condition => ({
  type: 'NetworkingReady',
  status: 'False',
  reason,
  message,
});

/** What the monitoring agent of an Auto Mode node reports. */
function nmaAuto(reason: string, msg: string): Situation {
  const cluster = new Cluster({ daemon: false });
  const node = cluster.node('i-0a', cluster.subnet('10.40.0.0/20'), {
    ipamd: false,
    labels: { 'eks.amazonaws.com/compute-type': 'auto' },
    conditions: [nr(reason, msg)],
  });
  node.primary.prefix();
  cluster.pod('shop/a', node, node.primary, { via: 'prefix' });
  return {
    source: 'aws/eks-node-monitoring-agent#177',
    cluster,
    checks: [
      says('findings[subjects~node:i-0a]', reason),
      silentOn('findings[subjects~node:i-0a].advice', 'ip link|aws-node'),
      none('findings[severity=error]'),
    ],
  };
}

/** systemd-networkd removed the rules of pods on a secondary ENI. */
function nmaRules(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  nodeWarning(
    cluster,
    'n1',
    'NetworkingReady',
    'MissingIPRules: Missing rules for 10.40.0.30',
    'eks-node-monitoring-agent',
  );
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  for (let at = 0; at < 3; at += 1) cluster.pod(`shop/q-${String(at)}`, node, second, { ready: false });
  second.free(6);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3524, #3309, #1600',
    cluster,
    checks: [
      says('findings[subjects~node:n1]', 'MissingIPRules'),
      says('findings[subjects~node:n1].advice', 'ManageForeignRoutingPolicyRules'),
      none('findings[severity=error]'),
    ],
  };
}

/** An ENI of an instance that is terminated. */
function leakedNoCluster(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 40 });
  cluster.node('n1', subnet).primary.free(9);
  const gone = cluster.loose(
    { by: 'ipamd', description: 'aws-K8S-i-0gone', tagged: 'i-0gone', status: 'available', attachment: null },
    subnet,
  );
  gone.free(14);
  cluster.instances.push({
    InstanceId: 'i-0gone',
    InstanceType: 'm5.xlarge',
    State: { Code: 48, Name: 'terminated' },
    Placement: { AvailabilityZone: 'eu-west-1a' },
  });
  return {
    source: 'aws/karpenter-provider-aws#5582, eksctl-io/eksctl#7589',
    cluster,
    checks: [found(`findings[rule=eni-leaked][subjects~${gone.id}]`), says('findings[rule=eni-leaked]', '15|14')],
    sayings: [
      { command: 'explain', words: 'leaked', says: new RegExp(gone.id) },
      { command: 'lookup', words: gone.id, says: /not attached/ },
      { command: 'explain', words: `subnet ${subnet.id} room`, says: /40 of 251/ },
    ],
  };
}

/** A branch ENI of a node that is gone. */
function leakedBranch(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 40 });
  cluster.node('n1', subnet).primary.free(9);
  const b = cluster.loose(
    {
      type: 'branch',
      by: 'controller',
      tagged: 'i-0gone',
      trunk: 'eni-0gonetrunk',
      status: 'available',
      attachment: null,
      tags: { 'vpcresources.k8s.aws/vlan-id': '3' },
    },
    subnet,
  );
  cluster.instances.push({ InstanceId: 'i-0gone', InstanceType: 'm5.xlarge', State: { Code: 48, Name: 'terminated' } });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#574',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      { command: 'explain', words: 'leaked', says: new RegExp(b.id) },
      { command: 'lookup', words: b.id, says: /branch/i },
    ],
  };
}

/** Karpenter starts Windows nodes with 110 pods; their one ENI has nine addresses. */
function windows110(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('w1', subnet, {
    ipamd: false,
    os: 'Windows Server 2022 Datacenter',
    maxPods: 110,
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '9' },
    labels: { 'karpenter.sh/nodepool': 'win' },
  });
  for (let at = 0; at < 9; at += 1) {
    const h = node.primary.add();
    cluster.write(`shop/iis-${String(at)}`, node, [h.ip], {
      resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
      annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${h.ip}/20` },
    });
  }
  cluster.write('shop/late', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
  });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/PrivateIPv4Address.',
    'default-scheduler',
  );
  return {
    source: 'aws/karpenter-provider-aws#5478, spack/spack-infrastructure#1245',
    cluster,
    checks: [
      is('nodes[name=w1].headroom.pods', 0),
      says('findings[subjects~pod:shop/late]', 'PrivateIPv4Address'),
      says('findings[subjects~pod:shop/late].advice', 'enable-windows-prefix-delegation'),
      silentOn('findings', 'ENABLE_PREFIX_DELEGATION'),
      silentOn('findings[subjects~pod:shop/late].advice', 'WARM_'),
      none('findings[rule=node-addresses-full]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /PrivateIPv4Address/ }],
  };
}

/** With prefixes it has 144. */
function windowsPrefix(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('w1', subnet, {
    ipamd: false,
    os: 'Windows Server 2022 Datacenter',
    maxPods: 110,
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '144' },
  });
  node.primary.prefix();
  const held: string[] = [];
  for (let at = 0; at < 12; at += 1) {
    const h = node.primary.fromPrefix();
    held.push(h.ip);
    cluster.write(`shop/iis-${String(at)}`, node, [h.ip], {
      resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
      annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${h.ip}/20` },
    });
  }
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#259 (numbers)',
    cluster,
    checks: [...quiet, is('nodes[name=w1].headroom.pods', 97), is('nodes[name=w1].headroom.limitedBy', 'max-pods')],
    sayings: [{ command: 'lookup', words: held[3] ?? '', says: /shop\/iis-3/ }],
  };
}

/** The subnet of the ENIConfig is full; another one with the tag is of no use under custom networking. */
function eniConfigSubnetFull(): Situation {
  const cluster = new Cluster({ env: { ...CUSTOM_NETWORKING } });
  const nodes = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '1' } });
  const pods = cluster.subnet('100.64.0.0/25', 'eu-west-1a', { available: 0 });
  const spare = cluster.subnet('100.64.1.0/24', 'eu-west-1a', {
    tags: { 'kubernetes.io/role/cni': '1' },
    available: 251,
  });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { type: 'm5.xlarge', maxPods: 44 });
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, second, 14);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/containers-roadmap#1709, aws/amazon-vpc-cni-k8s#1207',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'subnet'),
      found(`findings[rule=subnet-low][subjects~${pods.id}]`),
      says('findings[rule=subnet-low].advice', 'ENIConfig'),
      silentOn('findings[rule=subnet-low].advice', 'role/cni'),
      silentOn('findings', spare.id),
    ],
    sayings: [{ command: 'explain', words: `subnet ${pods.id} room`, says: /0 of 123/ }],
  };
}

/** Total, assigned and the most that can be are three numbers. */
function metricsOnly(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.xlarge' });
  for (let at = 0; at < 12; at += 1) cluster.write(`shop/p-${String(at)}`, node, [`10.40.1.${String(at + 10)}`]);
  cluster.metricLines.set('n1', [
    'awscni_total_ip_addresses 28',
    'awscni_assigned_ip_addresses 12',
    'awscni_eni_max 4',
    'awscni_ip_max 56',
  ]);
  for (let at = 0; at < 12; at += 1) {
    const h = node.primary.add(`10.40.1.${String(at + 10)}`);
    h.hidden = true;
  }
  node.primary.free(2);
  node.eni({ dev: 1, by: 'ipamd' }).free(14);
  return {
    source: 'aws/amazon-vpc-cni-k8s#696, #704',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 28),
      is('nodes[name=n1].pools.0.assigned', 12),
      is('nodes[name=n1].pools.0.available', 16),
      none('findings[severity=error]'),
    ],
  };
}

export const observed: Readonly<Record<string, () => Situation>> = {
  'network policy agent of an Auto Mode node': () =>
    nmaAuto('NPANotRunning', 'Network Policy Agent has not been running for 15m0s'),
  'ipamd of an Auto Mode node': () => nmaAuto('IPAMDNotRunning', 'ipamd is not running'),
  'rules of removed pods': nmaRules,
  'ENI of a terminated instance': leakedNoCluster,
  'branch ENI of a terminated instance': leakedBranch,
  'Windows node that takes 110 pods': windows110,
  'Windows node with prefixes': windowsPrefix,
  'full subnet of an ENIConfig': eniConfigSubnetFull,
  'three numbers of the metrics': metricsOnly,
};
