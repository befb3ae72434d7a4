/** The files of a capture folder, as kubectl, the AWS CLI and aws-node would have printed them. */
import type { CaptureFile, Cluster } from './cluster';
import { enisJsonOf, metricsOf } from './ipamd';
import { ago, TAKEN, type Node } from './node';
import { daemonPod } from './pod';
import { LIMITS } from './types-of-instance';
import type { Json } from './types';

export function filesOf(cluster: Cluster): CaptureFile[] {
  const file = (path: string, value: Json): CaptureFile => ({ path, text: JSON.stringify(value) });
  const { daemon = true, multus, withoutEc2 = false } = cluster.options;
  const image = (version: string): string => `602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:${version}`;
  const containers = [
    {
      name: 'aws-node',
      image: image('v1.23.1-eksbuild.1'),
      env: Object.entries(cluster.env).map(([name, value]) => ({ name, value })),
    },
  ];
  const daemonPods = cluster.nodes.flatMap((node) => {
    const hostIp = node.enis[0]?.ip ?? '192.0.2.9';
    const { name } = node;
    return [
      ...(node.settings === null
        ? []
        : [
            daemonPod({
              name: `aws-node-${String(node.number)}`,
              app: 'aws-node',
              image: image(node.version),
              node: name,
              hostIp,
              env: node.env,
              ready: node.spec.ipamd !== 'not-ready',
            }),
          ]),
      ...(node.spec.instance === false
        ? []
        : [
            daemonPod({
              name: `kube-proxy-${String(node.number)}`,
              app: 'kube-proxy',
              image: 'kube-proxy:v1.34.2',
              node: name,
              hostIp,
              env: {},
              ready: true,
            }),
          ]),
      ...(multus === undefined
        ? []
        : [
            daemonPod({
              name: `kube-multus-${String(node.number)}`,
              app: 'kube-multus',
              image: `eks/multus-cni:${multus}`,
              node: name,
              hostIp,
              env: {},
              ready: true,
            }),
          ]),
    ];
  });
  const list = (items: readonly Json[]): Json => ({ apiVersion: 'v1', kind: 'List', items });
  const all = [...cluster.nodes.flatMap((node) => node.enis), ...cluster.foreign];
  const aws = cluster.nodes.filter((node) => node.instance !== null);
  const types = [...new Set(aws.flatMap((node) => (node.type === null ? [] : [node.type])))];
  return [
    file('capture.json', { takenAt: new Date(TAKEN).toISOString() }),
    file('kubernetes/nodes.json', list(cluster.nodes.map((node) => node.toKubernetes()))),
    file('kubernetes/rest.json', list([...cluster.objects, ...daemonPods])),
    file('kubernetes/events.json', { apiVersion: 'v1', kind: 'EventList', items: [] }),
    ...(daemon
      ? [
          file('kubernetes/daemonsets.json', {
            apiVersion: 'apps/v1',
            kind: 'DaemonSetList',
            items: [
              daemonSet('aws-node', containers),
              ...(multus === undefined
                ? []
                : [daemonSet('kube-multus', [{ name: 'kube-multus', image: `eks/multus-cni:${multus}` }])]),
            ],
          }),
        ]
      : []),
    ...(withoutEc2
      ? []
      : [
          file('ec2/enis.json', { NetworkInterfaces: all.map((eni) => eni.toEc2()) }),
          file('ec2/instances.json', {
            Reservations: [
              { ReservationId: 'r-1', Instances: [...aws.map((node) => instanceOf(node)), ...cluster.instances] },
            ],
          }),
          file('ec2/subnets.json', { Subnets: cluster.subnets.map((subnet) => subnet.toEc2()) }),
          file('ec2/types.json', { InstanceTypes: types.map((type) => typeOf(type)) }),
          ...(cluster.reservations.length === 0
            ? []
            : [file('ec2/reservations.json', { SubnetCidrReservations: cluster.reservations })]),
        ]),
    ...cluster.nodes.flatMap((node) => [
      ...(node.settings === null || node.spec.metrics === false
        ? []
        : [{ path: `aws-node/${node.name}.prom`, text: metricsOf(node, cluster.metricLines.get(node.name)) }]),
      ...(node.settings === null || node.spec.enisJson === undefined || node.spec.enisJson === 'none'
        ? []
        : [file(`aws-node/${node.name}.enis.json`, enisJsonOf(node))]),
    ]),
    ...cluster.extraFiles,
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
