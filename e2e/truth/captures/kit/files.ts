/** The files of a capture folder, as kubectl, the AWS CLI and aws-node would have printed them. */
import type { CaptureFile, Cluster } from './cluster';
import { enisJsonOf, metricsOf } from './ipamd';
import { ago, TAKEN, type Node } from './node';
import { daemonPod } from './pod';
import { LIMITS } from './types-of-instance';
import type { Json } from './types';

const file = (path: string, value: Json): CaptureFile => ({ path, text: JSON.stringify(value) });
const list = (items: readonly Json[]): Json => ({ apiVersion: 'v1', kind: 'List', items });

const awsNodeImage = (version: string): string =>
  `602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:${version}`;
const multusImage = (version: string): string => `eks/multus-cni:${version}`;

export function filesOf(cluster: Cluster): CaptureFile[] {
  const { daemon = true, multus, withoutEc2 = false, only } = cluster.options;
  const daemonPods = cluster.nodes.flatMap((node) => daemonPodsOf(node, multus));
  const files = [
    file('capture.json', { takenAt: new Date(TAKEN).toISOString() }),
    file('kubernetes/nodes.json', list(cluster.nodes.map((node) => node.toKubernetes()))),
    file('kubernetes/rest.json', list([...cluster.objects, ...daemonPods])),
    file('kubernetes/events.json', { apiVersion: 'v1', kind: 'EventList', items: [] }),
    ...(daemon ? [daemonSetsOf(cluster)] : []),
    ...(withoutEc2 ? [] : filesOfEc2(cluster)),
    ...cluster.nodes.flatMap((node) => filesOfAwsNode(cluster, node)),
    ...cluster.extraFiles,
  ];
  return only === undefined ? files : files.filter(({ path }) => path === 'capture.json' || only.includes(path));
}

function daemonPodsOf(node: Node, multus: string | undefined): readonly Json[] {
  const daemon = (
    app: string,
    image: string,
    more: Partial<
      Pick<
        Parameters<typeof daemonPod>[0],
        'env' | 'envFrom' | 'initContainers' | 'annotations' | 'ready' | 'restarts' | 'containers'
      >
    > = {},
  ): Json =>
    daemonPod({
      name: `${app}-${String(node.number)}`,
      app,
      image,
      node: node.name,
      hostIp: node.enis[0]?.ip ?? '192.0.2.9',
      env: more.env ?? [],
      ...(more.envFrom === undefined ? {} : { envFrom: more.envFrom }),
      ...(more.initContainers === undefined ? {} : { initContainers: more.initContainers }),
      annotations: more.annotations ?? {},
      ready: more.ready ?? true,
      restarts: more.restarts ?? null,
      ...(more.containers === undefined ? {} : { containers: more.containers }),
    });
  return [
    ...(node.settings === null ? [] : [daemon('aws-node', awsNodeImage(node.version), agentOf(node))]),
    ...(node.spec.instance === false || node.spec.daemonPods === false
      ? []
      : [daemon('kube-proxy', 'kube-proxy:v1.34.2')]),
    ...(multus === undefined ? [] : [daemon('kube-multus', multusImage(multus))]),
  ];
}

/** aws-node's container: literal values, and entries that refer to something else. */
function agentOf(node: Node) {
  const { envEntries = [], envFrom, initEnv, agentAnnotations = {}, ipamd } = node.spec;
  const referred = new Set(envEntries.map(({ name }) => name));
  const literal = Object.entries(node.env).filter(([name]) => !referred.has(name));
  return {
    env: [...literal.map(([name, value]) => ({ name, value })), ...envEntries],
    ...(envFrom === undefined ? {} : { envFrom }),
    ...(initEnv === undefined
      ? {}
      : {
          initContainers: [
            {
              name: 'aws-vpc-cni-init',
              image: awsNodeImage(node.version).replace('amazon-k8s-cni', 'amazon-k8s-cni-init'),
              env: Object.entries(initEnv).map(([name, value]) => ({ name, value })),
            },
          ],
        }),
    annotations: agentAnnotations,
    ready: ipamd !== 'not-ready',
    restarts: node.spec.agentRestarts ?? null,
    ...(node.spec.agentContainers === undefined ? {} : { containers: node.spec.agentContainers }),
  };
}

function daemonSetsOf({ env, options: { multus } }: Cluster): CaptureFile {
  const awsNode = {
    name: 'aws-node',
    image: awsNodeImage('v1.23.1-eksbuild.1'),
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
  };
  return file('kubernetes/daemonsets.json', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSetList',
    items: [
      daemonSet('aws-node', [awsNode]),
      ...(multus === undefined
        ? []
        : [daemonSet('kube-multus', [{ name: 'kube-multus', image: multusImage(multus) }])]),
    ],
  });
}

function filesOfEc2(cluster: Cluster): readonly CaptureFile[] {
  const enis = [...cluster.nodes.flatMap((node) => node.enis), ...cluster.foreign];
  const nodes = cluster.nodes.filter((node) => node.instance !== null);
  const types = [...new Set(nodes.flatMap((node) => (node.type === null ? [] : [node.type])))];
  const instances = [...nodes.map(instanceOf), ...cluster.instances];
  const reservations = [
    ...cluster.reservations,
    ...cluster.subnets.flatMap(({ id, reservations: own }) =>
      own.map(({ cidr, type }): Json => ({
        SubnetCidrReservationId: `scr-${cidr}`,
        SubnetId: id,
        Cidr: cidr,
        ReservationType: type,
        OwnerId: '111122223333',
      })),
    ),
  ];
  return [
    file('ec2/enis.json', { NetworkInterfaces: enis.map((eni) => eni.toEc2()) }),
    file('ec2/instances.json', { Reservations: [{ ReservationId: 'r-1', Instances: instances }] }),
    file('ec2/subnets.json', { Subnets: cluster.subnets.map((subnet) => subnet.toEc2()) }),
    file('ec2/types.json', { InstanceTypes: types.map(typeOf) }),
    ...(reservations.length === 0 ? [] : [file('ec2/reservations.json', { SubnetCidrReservations: reservations })]),
  ];
}

function filesOfAwsNode(cluster: Cluster, node: Node): readonly CaptureFile[] {
  if (node.settings === null) return [];
  const { metrics, enisJson = 'none' } = node.spec;
  return [
    ...(metrics === false
      ? []
      : [{ path: `aws-node/${node.name}.prom`, text: metricsOf(node, cluster.metricLines.get(node.name)) }]),
    ...(enisJson === 'none' ? [] : [file(`aws-node/${node.name}.enis.json`, enisJsonOf(node))]),
  ];
}

const daemonSet = (name: string, containers: readonly Json[]): Json => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: 'kube-system', uid: `ds-${name}`, creationTimestamp: ago(4_000_000) },
  spec: { template: { metadata: { labels: { 'k8s-app': name } }, spec: { hostNetwork: true, containers } } },
});

const instanceOf = (node: Node): Json => ({
  InstanceId: node.instance,
  InstanceType: node.type,
  State: { Code: 16, Name: 'running' },
  Placement: { AvailabilityZone: node.zone },
  VpcId: node.subnet.vpc,
  SubnetId: node.subnet.id,
  PrivateIpAddress: node.primary.ip,
});

function typeOf(type: string): Json {
  const limits = LIMITS[type] ?? { cards: [1], ipv4PerEni: 2 };
  return {
    InstanceType: type,
    BareMetal: limits.bareMetal ?? false,
    ...(limits.bareMetal === true ? {} : { Hypervisor: limits.hypervisor ?? 'nitro' }),
    NetworkInfo: {
      NetworkPerformance: 'Up to 10 Gigabit',
      MaximumNetworkInterfaces: limits.cards.reduce((sum, most) => sum + most, 0),
      MaximumNetworkCards: limits.cards.length,
      DefaultNetworkCardIndex: 0,
      NetworkCards: limits.cards.map((most, index) => ({
        NetworkCardIndex: index,
        NetworkPerformance: 'Up to 10 Gigabit',
        MaximumNetworkInterfaces: most,
      })),
      Ipv4AddressesPerInterface: limits.ipv4PerEni,
    },
  };
}
