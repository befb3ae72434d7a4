/** Reports of clusters on EKS: Windows' own messages, Karpenter's, aws-node that does not get Ready, answers filtered by instance. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json } from '../kit/types';
import {
  count,
  CUSTOM_NETWORKING,
  eniConfig,
  fill,
  found,
  is,
  none,
  OLD,
  refused,
  says,
  silentOn,
  warning,
  type Situation,
} from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const WINDOWS_ADDRESS = 'vpc.amazonaws.com/PrivateIPv4Address';
const CALM = [none('findings[severity=error]'), none('findings[severity=warning]')];

/** Windows' Host Networking Service keeps what an earlier attempt left. */
function hostNetworkingService(text: string): Situation {
  const cluster = new Cluster();
  const node = cluster.node('w1', cluster.subnet('10.40.0.0/20'), {
    os: 'Windows Server 2022 Datacenter',
    ipamd: false,
    maxPods: 110,
    capacity: { [WINDOWS_ADDRESS]: '9' },
  });
  const held = node.primary.add();
  node.primary.free(8);
  cluster.write('shop/late', node, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { [WINDOWS_ADDRESS]: '1' },
    annotations: { [WINDOWS_ADDRESS]: `${held.ip}/20` },
  });
  refused(cluster, 'shop/late', text);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2065, aws/amazon-vpc-resource-controller-k8s#125',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'Host Networking Service'),
      silentOn('findings[subjects~pod:shop/late]', 'does not know this message|out of addresses'),
      silentOn('findings[subjects~pod:shop/late]', 'aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /Host Networking Service/ }],
  };
}

/** aws-node runs, does not become Ready, and no pod of the node waits yet. */
function agentNeverReady(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    version: 'v1.22.1-eksbuild.2',
    ipamd: 'not-ready',
    metrics: false,
    agentContainers: {
      main: [
        {
          name: 'aws-node',
          image: 'amazon-k8s-cni:v1.22.1-eksbuild.2',
          ready: false,
          restartCount: 4,
          state: { running: { startedAt: ago(40) } },
          lastState: { terminated: { exitCode: 137, reason: 'Error', startedAt: ago(140), finishedAt: ago(45) } },
        },
        {
          name: 'aws-eks-nodeagent',
          image: 'aws-network-policy-agent:v1.2.1',
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: ago(4_000) } },
        },
      ],
    },
  });
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3705',
    cluster,
    checks: [
      found('findings[subjects~node:n1]'),
      says('findings[subjects~node:n1]', 'aws-node'),
      says('findings[subjects~node:n1]', '137|restart|Ready'),
    ],
  };
}

/** The answer of `--filters Name=attachment.instance-id`: no branch ENI is in it. */
function filteredByInstance(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const other = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  for (const [at, name] of ['db', 'cache', 'api'].entries()) {
    const id = `eni-0b0000000000000${String(at)}1`;
    const branch = other.loose({ id, type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' }, subnet);
    const entry = { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: 3 };
    cluster.write(`prod/${name}`, node, [branch.ip ?? ''], {
      resources: { [POD_ENI]: '1' },
      annotations: { [POD_ENI]: JSON.stringify([{ ...entry, subnetCidr: '10.40.0.0/20' }]) },
    });
  }
  return {
    source: 'posted: aws ec2 describe-network-interfaces --filters Name=attachment.instance-id,Values=i-…',
    cluster,
    checks: [
      none('findings[severity=error]'),
      is('nodes[name=n1].branch.used', null),
      silentOn('findings[rule=pod-address-not-on-node]', 'nothing outside the node can reach'),
    ],
  };
}

/** The finalizer of the resource controller keeps the CNINode of a node that is gone. */
function cniNodeThatStays(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  node.eni({ dev: 2, by: 'ipamd' }).free(9);
  for (const name of ['n1', 'gone-1', 'gone-2'])
    cluster.object({
      apiVersion: 'vpcresources.k8s.aws/v1alpha1',
      kind: 'CNINode',
      metadata: {
        name,
        uid: `cn-${name}`,
        creationTimestamp: '2026-08-31T12:00:00Z',
        finalizers: ['networking.k8s.aws/resource-cleanup'],
        ...(name === 'n1' ? {} : { deletionTimestamp: '2026-09-01T08:00:00Z' }),
      },
      spec: { features: [{ name: 'SecurityGroupsForPods' }], tags: { 'cluster.k8s.amazonaws.com/name': 'prod' } },
    });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s (CNINode left with its finalizer)',
    cluster,
    checks: [count('nodes', 1), is('nodes[name=n1].cniNode.found', true), ...CALM],
    sayings: [{ command: 'lookup', words: 'gone-1', silentOn: /is a node/i }],
  };
}

/** Targets that somebody wrote with quotes, blanks or a unit. */
function targetMiswritten(value: string): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: value } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go getWarmIPTarget (strconv.Atoi)',
    cluster,
    checks: [
      // The default in effect is that of WARM_ENI_TARGET=1.
      is('nodes[name=n1].pools.0.target', 9),
      is('nodes[name=n1].pools.0.low', false),
      says('nodes[name=n1].cni.ignored', 'WARM_IP_TARGET.*not a whole number'),
    ],
    sayings: [{ command: 'explain', words: 'node n1 settings', says: /WARM_IP_TARGET=.* no effect/ }],
  };
}

/** ENIConfigs named after the ids of zones. */
function zoneIds(): Situation {
  const cluster = new Cluster({
    env: { ...CUSTOM_NETWORKING, ENI_CONFIG_LABEL_DEF: 'topology.k8s.aws/zone-id' },
  });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/16', 'eu-west-1a', { available: 60_000 });
  eniConfig(cluster, pods.id, 'euw1-az2', 'sg-0node');
  const node = cluster.node('n1', nodes, { maxPods: 20, labels: { 'topology.k8s.aws/zone-id': 'euw1-az2' } });
  const eni = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, eni, 4);
  eni.free(5);
  node.eni({ dev: 2, by: 'ipamd' }, pods).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s (ENI_CONFIG_LABEL_DEF=topology.k8s.aws/zone-id)',
    cluster,
    checks: [is('nodes[name=n1].eniConfig.found', true), is('nodes[name=n1].eniConfig.name', 'euw1-az2'), ...CALM],
  };
}

/** Karpenter cannot launch: the subnet has no address for the instance itself. */
function karpenterWithoutAddresses(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 0 });
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 9);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 9);
  fill(cluster, node, node.eni({ dev: 2, by: 'ipamd' }), 9);
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    'default-scheduler',
  );
  const event: Json = {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    metadata: { namespace: 'default', name: 'default-x7k2p.1', uid: 'ev-claim' },
    involvedObject: { kind: 'NodeClaim', apiVersion: 'karpenter.sh/v1', name: 'default-x7k2p', namespace: '' },
    reason: 'InsufficientCapacityError',
    message: `NodeClaim default-x7k2p event: creating instance, insufficient capacity, with fleet error(s), InsufficientFreeAddressesInSubnet: There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`,
    count: 8,
    firstTimestamp: ago(1200),
    lastTimestamp: ago(30),
    source: { component: 'karpenter' },
  };
  cluster.extraFiles.push({ path: 'kubernetes/event-claim.json', text: JSON.stringify(event) });
  return {
    source: 'aws/karpenter-provider-aws#3380',
    cluster,
    checks: [
      found(`findings[subjects~${subnet.id}]`),
      says(`findings[subjects~${subnet.id}]`, 'Karpenter|InsufficientFreeAddressesInSubnet'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /Too many pods/ }],
  };
}

export const reports: Readonly<Record<string, () => Situation>> = {
  'endpoint that already exists on Windows': () =>
    hostNetworkingService(
      'plugin type="vpc-shared-eni" name="vpc" failed (add): hnsCall failed in Win32: The object already exists. (0x1392)',
    ),
  'endpoint that Windows rejects': () =>
    hostNetworkingService(
      'plugin type="vpc-bridge" name="vpc" failed (add): failed to create HNS endpoint: hcnCreateEndpoint failed in Win32: IP address is either invalid or not part of any configured subnet(s). (0x803b001e) {"Success":false,"Error":"IP address is either invalid or not part of any configured subnet(s). ","ErrorCode":2151350302}',
    ),
  'network missing on Windows': () =>
    hostNetworkingService(
      'plugin type="vpc-bridge" name="vpc" failed (add): HNS failed with error : Element not found. ',
    ),
  'aws-node that never becomes Ready': agentNeverReady,
  'ENIs filtered by instance, and branch pods': filteredByInstance,
  'CNINodes of deleted nodes': cniNodeThatStays,
  'target in quotes': () => targetMiswritten('"5"'),
  'target with a trailing space': () => targetMiswritten('5 '),
  'target with a decimal point': () => targetMiswritten('5.0'),
  'ENIConfigs by the id of the zone': zoneIds,
  'Karpenter in a full subnet': karpenterWithoutAddresses,
};
