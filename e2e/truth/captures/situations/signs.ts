/** Signs that outlive their cause, tags that look right, links that are down, and addresses of another kind. */
import { Cluster } from '../kit/cluster';
import type { Condition, EniSpec } from '../kit/types';
import { entry, running } from './attaching';
import { fill, is, none, says, silentOn, type Situation } from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

const condition = (reason: string, message: string): Condition => ({
  type: 'NetworkingReady',
  status: 'False',
  reason,
  message,
});

/** The monitoring agent saw one line at boot and never took it back: aws-node is ready, and pods have addresses. */
function conditionOutlivesItsCause(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    conditions: [
      condition(
        'IPAMDNotReady',
        'IPAM-D has failed to connect to API Server which could be an issue with IPTable rules or any other network configuration.',
      ),
    ],
  });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  return {
    source: 'aws/eks-node-monitoring-agent#215, #216',
    cluster,
    checks: [
      none('findings[severity=error]'),
      says('findings[subjects~node:n1]', 'IPAMDNotReady'),
      // The two facts contradict each other, and both are said.
      says('findings[subjects~node:n1]', '(?i)aws-node[^.]* is ready|aws-node[^.]* ready'),
      is('nodes[name=n1].headroom.pods', 23),
    ],
  };
}

/** A link of the node is down, the agent says which. */
function linkIsDown(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    conditions: [condition('InterfaceNotUp', 'Interface Name: "ens6", MAC: "06:1f:5c:00:02:0a" is not up')],
  });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/eks-node-monitoring-agent#250',
    cluster,
    checks: [says('findings[subjects~node:n1]', 'InterfaceNotUp'), says('findings[subjects~node:n1]', 'ens6')],
  };
}

/** Calico has replaced the VPC CNI, of which only files are left: the agent looks for an ipamd that nobody runs. */
function agentWithoutIpamd(): Situation {
  const cluster = new Cluster({ daemon: false });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    ipamd: false,
    conditions: [
      condition('IPAMDNotRunning', 'The AWS VPC CNI was detected on this node but IPAMD was not found running'),
    ],
  });
  cluster.write('calico-system/calico-node-1', node, [], {
    hostNetwork: true,
    labels: { 'k8s-app': 'calico-node' },
    owner: { kind: 'DaemonSet', name: 'calico-node' },
  });
  cluster.write('shop/a', node, ['172.16.8.4']);
  return {
    source: 'aws/eks-node-monitoring-agent#28',
    cluster,
    checks: [
      none('findings[severity=error]'),
      says('findings[subjects~node:n1]', 'IPAMDNotRunning'),
      says('findings[subjects~node:n1].advice', '(?i)another CNI'),
      silentOn('findings[subjects~node:n1].advice', 'log of aws-node'),
    ],
  };
}

/** A link that no pod's network uses: the agent is wrong about it. */
function linkThatNobodyUses(link: string, source: string): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    conditions: [condition('InterfaceNotUp', `Interface "${link}" is not up`)],
  });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  return {
    source,
    cluster,
    checks: [
      none('findings[severity=error]'),
      says('findings[subjects~node:n1]', link),
      says('findings[subjects~node:n1].advice', '(?i)nothing uses that link'),
      is('nodes[name=n1].headroom.pods', 23),
    ],
  };
}

/** A tag that looks as if it kept the VPC CNI away, and does not. */
function tagWithoutEffect(tags: Readonly<Record<string, string>>): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 3);
  const spec: EniSpec = { dev: 1, tags };
  const eni = node.eni(spec);
  const [key = ''] = Object.keys(tags);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1606, #726, giantswarm/aws-operator#2334',
    cluster,
    checks: [
      is(`enis[id=${eni.id}].management.rule`, 'untagged-adopted'),
      says(`findings[rule=no-manage-bad-value][subjects~${eni.id}]`, `“${key}”`),
      says(`findings[subjects~${eni.id}]`, 'node\\.k8s\\.amazonaws\\.com/no_manage'),
    ],
  };
}

/** The kept ENI was attached after boot: nobody brings its link up, and the network hangs on it. */
function keptEniIsDown(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20, os: 'Amazon Linux 2023' });
  node.primary.free(8);
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  const held = kept.add();
  const link = (name: string, mac: string, state: string) => ({
    name,
    type: 'ethernet',
    state,
    'mac-address': mac.toUpperCase(),
  });
  cluster.object({
    apiVersion: 'nmstate.io/v1beta1',
    kind: 'NodeNetworkState',
    metadata: { name: 'n1', uid: 'nns-1' },
    status: {
      currentState: { interfaces: [link('ens5', node.primary.mac, 'up'), link('ens6', kept.mac, 'down')] },
    },
  });
  cluster.nad('telco/n6', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'ens6',
    ipam: { type: 'static', addresses: [{ address: `${held.ip}/20` }] },
  });
  running(cluster, 'telco/upf', node, 'n6', [entry('telco/n6', 'net1', held.ip, kept.mac)]);
  return {
    source: 'awslabs/amazon-eks-ami#2180, #2791',
    cluster,
    checks: [
      is('interfaces[id=if:telco/upf/net1].eni', kept.id),
      says('findings', 'ens6'),
      says('findings', '(?i)\\bdown\\b|not up'),
      none('findings[rule=eni-will-be-adopted]'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/upf where', says: /ens6/ }],
  };
}

/** Who has this public address? */
function elasticAddress(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20 });
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  const outside = cluster.subnet('10.40.16.0/24', 'eu-west-1a', { id: 'subnet-0public' });
  const eni = node.eni(
    { dev: 1, publicIp: '203.0.113.7', tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } },
    outside,
  );
  return {
    source: 'terraform-aws-modules/terraform-aws-eks#3472, aws/amazon-vpc-cni-k8s#1327',
    cluster,
    checks: quiet,
    sayings: [{ command: 'lookup', words: '203.0.113.7', says: new RegExp(eni.id) }],
  };
}

/** Windows has one ENI and no blocks: 9 addresses, whatever max pods say. The scheduler counts them, so no pod is caught. */
function windowsMaxPods(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('w1', cluster.subnet('10.40.0.0/20'), {
    ipamd: false,
    os: 'Windows Server 2022 Datacenter',
    maxPods: 110,
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '9' },
  });
  for (let at = 0; at < 4; at += 1) {
    const { ip } = node.primary.add();
    cluster.write(`win/p-${String(at)}`, node, [ip], {
      annotations: { 'vpc.amazonaws.com/PrivateIPv4Address': `${ip}/20` },
      resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
    });
  }
  node.primary.free(3);
  return {
    source: 'aws/karpenter-provider-aws#5478',
    cluster,
    checks: [none('findings[severity=error]'), is('nodes[name=w1].headroom.pods', 5)],
  };
}

export const signs: Readonly<Record<string, () => Situation>> = {
  'condition that outlives its cause': conditionOutlivesItsCause,
  'link that is down': linkIsDown,
  'agent that looks for a missing ipamd': agentWithoutIpamd,
  'link of node-local DNS': () => linkThatNobodyUses('nodelocaldns', 'aws/containers-roadmap#2536'),
  'InfiniBand port of P6': () => linkThatNobodyUses('ibp115s0f0', 'aws/eks-node-monitoring-agent#157'),
  'tag manage': () => tagWithoutEffect({ 'node.k8s.amazonaws.com/manage': 'false' }),
  'tag no-manage': () => tagWithoutEffect({ 'node.k8s.amazonaws.com/no-manage': 'true' }),
  'tag noManage': () => tagWithoutEffect({ 'node.k8s.amazonaws.com/noManage': 'true' }),
  'tag of another domain': () => tagWithoutEffect({ 'k8s.amazonaws.com/no_manage': 'true' }),
  'tag on the old domain of nodes': () => tagWithoutEffect({ 'node.kubernetes.io/no_manage': 'true' }),
  'unmanaged ENI whose link is down': keptEniIsDown,
  'elastic address': elasticAddress,
  'Windows and max pods': windowsMaxPods,
};
