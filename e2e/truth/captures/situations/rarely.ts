/** Rarely posted situations: missing labels, lowered limits, instances that never joined, agents of former pods. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import {
  CUSTOM_NETWORKING,
  eniConfig,
  fill,
  found,
  is,
  NO_ADDRESS,
  none,
  OLD,
  refused,
  says,
  silentOn,
  type Situation,
} from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

/** Custom networking by a label that these nodes lack: ipamd uses the ENIConfig `default`. */
function labelThatNobodyWrites(): Situation {
  const cluster = new Cluster({
    env: { ...CUSTOM_NETWORKING, ENI_CONFIG_LABEL_DEF: 'failure-domain.beta.kubernetes.io/zone' },
  });
  const nodes = cluster.subnet('10.40.0.0/20');
  eniConfig(cluster, cluster.subnet('100.64.0.0/16', 'eu-west-1a', { available: 60_000 }).id);
  const node = cluster.node('n1', nodes);
  cluster.waiting('shop/web', node, { createdAt: OLD });
  refused(cluster, 'shop/web', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#611, #514',
    cluster,
    checks: [
      found('findings[rule=eniconfig-missing][subjects~node:n1]'),
      says('findings[rule=eniconfig-missing]', 'failure-domain\\.beta\\.kubernetes\\.io/zone'),
      says('findings[rule=eniconfig-missing]', 'default'),
      silentOn('findings.advice', 'WARM_|larger'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/web address', says: /failure-domain|ENIConfig/ }],
  };
}

/** The zone label decides, whatever label the node has under the default key; an annotation takes precedence. */
const whichEniConfig = (annotated: boolean) => (): Situation => {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const ofZone = cluster.subnet('100.64.0.0/17', 'eu-west-1a', { available: 30_000 });
  const special = cluster.subnet('100.64.128.0/17', 'eu-west-1a', { available: 30_000 });
  eniConfig(cluster, ofZone.id);
  eniConfig(cluster, special.id, 'special');
  const key = { 'k8s.amazonaws.com/eniConfig': 'special' };
  const node = cluster.node('n1', nodes, { maxPods: 20, ...(annotated ? { annotations: key } : { labels: key }) });
  const second = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0pods'] }, annotated ? special : ofZone);
  fill(cluster, node, second, 2);
  second.free(7);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1593, #280',
    cluster,
    checks: [
      is('nodes[name=n1].eniConfig.name', annotated ? 'special' : 'eu-west-1a'),
      is('nodes[name=n1].eniConfig.subnet', annotated ? special.id : ofZone.id),
      ...quiet,
    ],
  };
};

/** MAX_ENI was lowered while two ENIs were attached: both stay in use, and no further one is attached. */
function maxEniLowered(): Situation {
  const cluster = new Cluster({ env: { MAX_ENI: '1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 17 });
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s README (MAX_ENI), #1193',
    cluster,
    checks: [
      is('nodes[name=n1].eniSlots.limit', 1),
      is('nodes[name=n1].eniSlots.used', 2),
      is('nodes[name=n1].eniSlots.free', 0),
      is('nodes[name=n1].pools.0.total', 18),
      is('nodes[name=n1].pools.0.available', 15),
      // 17 pods: two on the host network, and three others.
      is('nodes[name=n1].headroom.pods', 12),
      none('findings[severity=error]'),
      none('findings[rule=node-addresses-full]'),
    ],
  };
}

/** A target that no instance of this type can reach. */
function targetBeyondTheType(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '100' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  node.eni({ dev: 2, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1240 (WARM_IP_TARGET above what the instance has)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 27),
      is('nodes[name=n1].pools.0.low', true),
      is('nodes[name=n1].headroom.pods', 23),
      none('findings[severity=error]'),
      none('findings[rule=node-addresses-full]'),
      none('findings[rule=warm-pool-waste]'),
    ],
  };
}

/** A running instance with the cluster's tags and no Node: its addresses are neither free nor leaked. */
function neverJoined(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 4 });
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  const other = 'i-0fffffffffffffff1';
  const tags = { 'cluster.k8s.amazonaws.com/name': 'prod', 'node.k8s.amazonaws.com/instance_id': other };
  const eni = cluster.loose({ dev: 0, tags: { 'kubernetes.io/cluster/prod': 'owned' }, tagged: 'none' }, subnet, other);
  eni.free(9);
  cluster.loose({ dev: 1, by: 'ipamd', tags }, subnet, other).free(9);
  return {
    source: 'aws/karpenter-provider-aws#4366 (instances that never register)',
    cluster,
    checks: [none('findings[rule=eni-leaked]'), none('findings[severity=error]')],
    sayings: [{ command: 'explain', words: `subnet ${subnet.id} room`, says: new RegExp(other) }],
  };
}

/** A Local Zone: only its name, which is longer, differs from other zones. */
function localZone(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const zone = 'us-west-2-lax-1a';
  const nodes = cluster.subnet('10.40.0.0/24', zone);
  const pods = cluster.subnet('100.64.0.0/17', zone, { available: 30_000 });
  eniConfig(cluster, pods.id, zone);
  const node = cluster.node('n1', nodes, { maxPods: 20 });
  const second = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0pods'] }, pods);
  fill(cluster, node, second, 2);
  second.free(7);
  return {
    source: 'EKS user guide (Local Zones), aws/amazon-vpc-cni-k8s#1512',
    cluster,
    checks: [...quiet, is('nodes[name=n1].eniConfig.name', zone)],
  };
}

/** The annotation names a branch ENI; the pod reports the address of the previous one. */
function annotationOfAnotherLife(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  node.primary.free(9);
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  const former = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
  const now = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
  cluster.write('shop/db-0', node, [former.ip ?? ''], {
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        { eniId: now.id, ifAddress: now.mac, privateIp: now.ip, vlanId: 2, subnetCidr: '10.40.0.0/20' },
      ]),
    },
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1374 (same name, same node: the network of the former pod)',
    cluster,
    checks: [
      // Two facts about one pod that cannot both be true.
      found('findings[subjects~pod:shop/db-0]'),
      says('findings', former.ip?.replaceAll('.', '\\.') ?? ''),
    ],
    sayings: [{ command: 'lookup', words: former.ip ?? '', says: new RegExp(`${now.id}|pod-eni|other|contradict`) }],
  };
}

/** An evicted aws-node pod of an earlier version is still listed; the running one counts. */
function evictedAgent(): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '4' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 5);
  node.primary.free(4);
  cluster.object({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'kube-system',
      name: 'aws-node-0evicted',
      uid: 'evicted',
      creationTimestamp: OLD,
      labels: { 'k8s-app': 'aws-node' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'aws-node', controller: true }],
    },
    spec: {
      nodeName: 'n1',
      hostNetwork: true,
      containers: [
        { name: 'aws-node', image: 'x/amazon-k8s-cni:v1.10.1', env: [{ name: 'WARM_ENI_TARGET', value: '3' }] },
      ],
    },
    status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage.' },
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1930 (evicted pods of the DaemonSet)',
    cluster,
    checks: [
      is('nodes[name=n1].ipamd.version', 'v1.23.1-eksbuild.1'),
      is('nodes[name=n1].cni.warmIpTarget', 4),
      is('nodes[name=n1].pools.0.target', 4),
      ...quiet,
    ],
  };
}

/** Nodes with resource names (`i-0….region.compute.internal`, hostnameType resource-name). */
function resourceNames(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('i-00000000000000001.eu-west-1.compute.internal', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 5);
  node.primary.free(4);
  return {
    source: 'awslabs/amazon-eks-ami#1263 (resource-name)',
    cluster,
    checks: [...quiet, is('nodes[instanceId=i-00000000000000001].pools.0.assigned', 5)],
    sayings: [{ command: 'lookup', words: 'i-00000000000000001', says: /node/ }],
  };
}

/** v1.22.1 assigns tagged security groups to ENIs in subnets discovered by tag; v1.22.2 reverted that. */
const groupsFoundByTag = (version: string, isSure: boolean) => (): Situation => {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { version });
  const tagged = cluster.subnet('10.41.0.0/20', 'eu-west-1a', { tags: { 'kubernetes.io/role/cni': '1' } });
  fill(cluster, node, node.primary, 9);
  const second = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0pods'] }, tagged);
  fill(cluster, node, second, 1);
  second.free(8);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3067, release notes of v1.22.1 and v1.22.2',
    cluster,
    checks: quiet,
    sayings: [
      {
        command: 'explain',
        words: `eni ${second.id} groups`,
        says: /sg-0pods/,
        ...(isSure ? { silentOn: /role\/cni/ } : {}),
      },
      ...(isSure
        ? []
        : [
            {
              command: 'explain' as const,
              words: `eni ${second.id} groups`,
              says: /kubernetes\.io\/role\/cni=1[^]*not read/,
            },
          ]),
    ],
  };
};

/** v1.19.6 introduced ENABLE_IMDS_ONLY_MODE: earlier versions of ipamd still create and tag ENIs. */
const imdsOnlyBefore = (version: string, isKnown: boolean) => (): Situation => {
  const cluster = new Cluster({ env: { ENABLE_IMDS_ONLY_MODE: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { version });
  fill(cluster, node, node.primary, 5);
  node.primary.free(4);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3287 (v1.19.6), release notes',
    cluster,
    checks: [
      is('nodes[name=n1].cni.imdsOnly', isKnown),
      is('nodes[name=n1].headroom.pods', isKnown ? 4 : 22),
      ...(isKnown ? [] : [is('nodes[name=n1].pools.0.next.blockedBy', null)]),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'node n1 settings',
        says: isKnown ? /ENABLE_IMDS_ONLY_MODE/ : /ENABLE_IMDS_ONLY_MODE[^]*v1\.19\.6/,
      },
    ],
  };
};

/** v1.23.0 with an earlier network policy agent: the agent cannot reach ipamd, and the pod is never Ready. */
function policyAgentTooOld(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    version: 'v1.23.0-eksbuild.1',
    ipamd: 'not-ready',
    agentContainers: {
      main: [
        { name: 'aws-node', image: 'x', ready: true, restartCount: 0, state: { running: { startedAt: ago(4_000) } } },
        {
          name: 'aws-eks-nodeagent',
          image: 'x/aws-network-policy-agent:v1.3.7',
          ready: false,
          restartCount: 14,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        },
      ],
    },
  });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  cluster.waiting('shop/web', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/web',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to setup network policy',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s release notes of v1.23.0 (network policy agent v1.4.1)',
    cluster,
    checks: [says('findings', 'aws-eks-nodeagent'), says('findings.advice', 'v1\\.4\\.1')],
    sayings: [{ command: 'explain', words: 'pod shop/web address', says: /aws-eks-nodeagent/ }],
  };
}

/** v1.23.0 listens on a socket; the probes of an older manifest use the port. */
function probesOfAnOlderManifest(): Situation {
  const cluster = new Cluster();
  cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    version: 'v1.23.0-eksbuild.1',
    ipamd: 'not-ready',
    agentContainers: {
      main: [
        {
          name: 'aws-node',
          image: 'x',
          ready: false,
          restartCount: 9,
          state: { running: { startedAt: ago(40) } },
          lastState: {
            terminated: { exitCode: 137, reason: 'Error', startedAt: ago(140), finishedAt: ago(45) },
          },
        },
      ],
    },
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s release notes of v1.23.0 (probes), #3705',
    cluster,
    checks: [
      found('findings[rule=networking-not-ready][subjects~node:n1]'),
      says('findings[rule=networking-not-ready].advice', '50051'),
      says('findings[rule=networking-not-ready].advice', 'ipamd\\.sock'),
    ],
  };
}

/** Half a minute old: neither aws-node nor addresses yet, and a startup taint. */
function justMade(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const old = cluster.node('n1', subnet);
  fill(cluster, old, old.primary, 5);
  old.primary.free(4);
  const node = cluster.node('n2', subnet, {
    ipamd: false,
    daemonPods: false,
    ready: false,
    createdAt: ago(30),
    taints: [
      { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
      { key: 'karpenter.sh/unregistered', effect: 'NoExecute' },
    ],
  });
  cluster.waiting('shop/new', node, { createdAt: ago(20) });
  return { source: 'aws/amazon-vpc-cni-k8s#2808 (a node in its first minute)', cluster, checks: quiet };
}

export const rarely: Readonly<Record<string, () => Situation>> = {
  'label for the ENIConfig that nothing sets': labelThatNobodyWrites,
  'label under the default key beside another one': whichEniConfig(false),
  'annotation beside the label for the ENIConfig': whichEniConfig(true),
  'MAX_ENI lowered below what is attached': maxEniLowered,
  'WARM_IP_TARGET that the instance type cannot meet': targetBeyondTheType,
  'instance that never joined': neverJoined,
  'node in a Local Zone': localZone,
  'annotation of a branch ENI beside another address': annotationOfAnotherLife,
  'evicted aws-node beside the running one': evictedAgent,
  'resource-based node name': resourceNames,
  'groups found by their tag': groupsFoundByTag('v1.22.1-eksbuild.1', false),
  'groups found by their tag, before that was reverted': groupsFoundByTag('v1.22.2-eksbuild.1', true),
  'IMDS only, before ipamd supported it': imdsOnlyBefore('v1.19.5-eksbuild.1', false),
  'IMDS only, supported by ipamd': imdsOnlyBefore('v1.19.6-eksbuild.1', true),
  'outdated network policy agent': policyAgentTooOld,
  'probes of an older manifest': probesOfAnOlderManifest,
  'node in its first minute': justMade,
};
