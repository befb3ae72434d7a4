/** What was posted is less than there is: ipamd's answers without EC2's, two DaemonSets without their pods, events of a pod before. */
import { Cluster } from '../kit/cluster';
import { ago, type Node } from '../kit/node';
import type { Json } from '../kit/types';
import { counters } from './ipamd-list';
import { fill, found, is, NO_ADDRESS, none, OLD, refused, says, type Situation } from './situation';

const entry = (ip: string, name: string | null): Json => ({
  Address: ip,
  IPAMKey: { networkName: name === null ? '' : 'aws-cni', containerID: '', ifName: '' },
  IPAMMetadata: name === null ? {} : { k8sPodNamespace: 'shop', k8sPodName: name },
  AssignedTime: ago(3600),
  UnassignedTime: name === null ? ago(3000) : '0001-01-01T00:00:00Z',
});

/** ipamd's list of two ENIs: 4 of the addresses are for pods that live, 3 for pods that are gone, the others free. */
function listOf(node: Node, names: readonly (readonly [string, string | null])[]): Json {
  const eni = (id: string, dev: number, own: typeof names): Json => ({
    ID: id,
    IsPrimary: dev === 0,
    IsTrunk: false,
    IsEFA: false,
    DeviceNumber: dev,
    AvailableIPv4Cidrs: Object.fromEntries(
      own.map(([ip, name]) => [
        `${ip}/32`,
        {
          Cidr: { IP: ip, Mask: '/////w==' },
          IPAddresses: { [ip]: entry(ip, name) },
          IsPrefix: false,
          AddressFamily: '',
        },
      ]),
    ),
    IPv6Cidrs: {},
  });
  return {
    '0': {
      TotalIPs: names.length,
      AssignedIPs: names.filter(([, name]) => name !== null).length,
      ENIs: {
        [node.primary.id]: eni(node.primary.id, 0, names.slice(0, 5)),
        'eni-0cccccccccccc0999': eni('eni-0cccccccccccc0999', 1, names.slice(5)),
      },
    },
  };
}

/** kubectl's pods and `curl localhost:61679/v1/enis`: that is what people have at hand. */
function withoutEc2(file: string): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.medium', metrics: false });
  const ips = Array.from({ length: 10 }, (_, at) => `10.40.0.${String(at + 20)}`);
  const names = ips.map((ip, at): readonly [string, string | null] => [
    ip,
    at < 4 ? `web-${String(at)}` : at < 7 ? `gone-${String(at)}` : null,
  ]);
  for (const [ip, name] of names.slice(0, 4)) cluster.write(`shop/${name ?? ''}`, node, [ip]);
  cluster.extraFiles.push({ path: file, text: JSON.stringify(listOf(node, names)) });
  return {
    source: 'aws/amazon-vpc-cni-k8s#3494, #3351, #1204 (a posted /v1/enis, and kubectl alone)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 10),
      is('nodes[name=n1].pools.0.assigned', 7),
      is('nodes[name=n1].pools.0.available', 3),
      is('interfaces[id=if:shop/web-0/eth0].eni', node.primary.id),
      says('findings[rule=ipamd-view-differs]', '10\\.40\\.0\\.24.*shop/gone-4'),
    ],
    sayings: [
      { command: 'lookup', words: '10.40.0.24', says: /ipamd/ },
      { command: 'lookup', words: '10.40.0.24', says: /gone-4/ },
      { command: 'lookup', words: '10.40.0.21', says: /web-1/ },
      { command: 'lookup', words: '10.40.0.28', says: /eni-0cccccccccccc0999|n1/ },
    ],
  };
}

/** ipamd counts fewer than pods hold: after a restart it gives their addresses to others. */
function fewerThanPodsHold(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false });
  fill(cluster, node, node.primary, 5);
  node.primary.free(4);
  counters(cluster, node, [
    'awscni_total_ip_addresses 9',
    'awscni_assigned_ip_addresses 2',
    'awscni_eni_allocated 1',
    `awscni_assigned_ip_per_eni{eni="${node.primary.id}"} 2`,
  ]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#711, #1091 (addresses given out twice after a restart of ipamd)',
    cluster,
    checks: [
      found('findings[subjects~node:n1]'),
      says('findings[subjects~node:n1]', '(?i)ipamd'),
      says('findings[subjects~node:n1]', '\\b2\\b.*\\b5\\b|\\b5\\b.*\\b2\\b|\\b3\\b'),
    ],
  };
}

/** Two DaemonSets for two groups of nodes, and no pod of theirs: which one serves the node is not known. */
function twoDaemonSets(): Situation {
  const cluster = new Cluster({ daemon: false });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ipamd: false, metrics: false });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  const daemonSet = (name: string, env: Readonly<Record<string, string>>): void => {
    cluster.object({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { namespace: 'kube-system', name, uid: `ds-${name}`, creationTimestamp: ago(900_000) },
      spec: {
        template: {
          metadata: { labels: { 'k8s-app': 'aws-node' } },
          spec: {
            nodeSelector: { group: name },
            hostNetwork: true,
            containers: [
              {
                name: 'aws-node',
                image: 'eks/amazon-k8s-cni:v1.20.4-eksbuild.1',
                env: Object.entries({ ENABLE_IPv4: 'true', ...env }).map(([key, value]) => ({ name: key, value })),
              },
            ],
          },
        },
      },
    });
  };
  daemonSet('aws-node', { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '4' });
  daemonSet('aws-node-dense', { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#3630 (one DaemonSet for each group of nodes); pods of one namespace alone',
    cluster,
    checks: [
      none('findings[rule=pool-low]'),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      is('nodes[name=n1].headroom.limitedBy', 'unknown'),
    ],
  };
}

/** The Events are about the pod that had the name before. */
function eventsOfTheOneBefore(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.waiting('db/pg-0', node, { createdAt: ago(15), uid: 'pg-0-new', owner: { kind: 'StatefulSet', name: 'pg' } });
  const event: Json = {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    metadata: { namespace: 'db', name: 'pg-0.1', uid: 'ev-pg-0' },
    involvedObject: { kind: 'Pod', namespace: 'db', name: 'pg-0', uid: 'pg-0-old' },
    reason: 'FailedCreatePodSandBox',
    message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a": ${NO_ADDRESS}`,
    count: 40,
    firstTimestamp: ago(2400),
    lastTimestamp: ago(300),
    source: { component: 'kubelet' },
  };
  cluster.extraFiles.push({ path: 'kubernetes/event-pg.json', text: JSON.stringify(event) });
  return {
    source: 'Kubernetes: involvedObject.uid (a StatefulSet’s pod that was made anew)',
    cluster,
    checks: [none('findings[rule=pod-ip-failed]'), none('findings[rule=pod-start-failed]')],
  };
}

/** A pod that was refused an hour ago and runs now, and one that is refused since a minute. */
function oneOfTwoStill(): Situation {
  const cluster = new Cluster({ env: { MAX_ENI: '1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 11 });
  fill(cluster, node, node.primary, 8);
  cluster.pod('shop/once', node, node.primary);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/once', NO_ADDRESS);
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3066 (non fatal but persistent warning)',
    cluster,
    checks: [none('findings[subjects~pod:shop/once]'), found('findings[rule=pod-ip-failed][subjects~pod:shop/late]')],
  };
}

/** aws-node's metrics as a plain file, whose name tells no node: the addresses in it do. */
function metricsWithoutAName(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const nodes = ['n1', 'n2'].map((name) => cluster.node(name, subnet, { metrics: false, type: 't3.medium' }));
  const [one, two] = nodes;
  if (one === undefined || two === undefined) throw new Error('two nodes');
  cluster.write('shop/a', one, ['10.40.0.60']);
  cluster.write('shop/b', two, ['10.40.0.70']);
  cluster.extraFiles.push({
    path: 'metrics.txt',
    text: [
      'awscni_build_info{goversion="go1.25.0",version="v1.20.4"} 1',
      'awscni_total_ip_addresses 10',
      'awscni_assigned_ip_addresses 6',
      'awscni_eni_allocated 2',
      'awscni_assigned_ip_per_cidr{cidr="10.40.0.70/32"} 1',
      'awscni_assigned_ip_per_cidr{cidr="10.40.0.71/32"} 0',
      '',
    ].join('\n'),
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s (curl localhost:61678/metrics > metrics.txt)',
    cluster,
    checks: [
      is('nodes[name=n2].pools.0.assigned', 6),
      is('nodes[name=n2].pools.0.available', 4),
      is('nodes[name=n1].pools.0.assigned', null),
    ],
  };
}

export const posted: Readonly<Record<string, () => Situation>> = {
  'list of ipamd without EC2': () => withoutEc2('aws-node/n1.enis.json'),
  'list of ipamd without EC2, and without a name': () => withoutEc2('enis.json'),
  'ipamd counts fewer than pods hold': fewerThanPodsHold,
  'two DaemonSets without their pods': twoDaemonSets,
  'Events of the previous pod': eventsOfTheOneBefore,
  'one of two rejected networks': oneOfTwoStill,
  'metrics in a file without a name': metricsWithoutAName,
};
