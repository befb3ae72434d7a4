/** Nodes that do not say which instance they are; files of two clusters; and EC2 asked in the wrong place. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { filesOf } from '../kit/files';
import type { NodeSpec } from '../kit/types';
import type { Check } from '../../case-checks';
import { count, found, is, none, says, silentOn, type Situation } from './situation';

interface Unnamed {
  readonly source: string;
  readonly name?: (instance: string) => string;
  readonly spec: NodeSpec;
  /** Whether its address alone tells. */
  readonly guessed: boolean;
}

/** One pod and free addresses on the primary ENI, a second ENI beside it. */
function filled(cluster: Cluster, node: Node): void {
  cluster.pod('shop/a', node, node.primary);
  node.primary.free(8);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
}

const identified = (node: Node): readonly Check[] => [
  is(`nodes[name=${node.name}].instanceId`, node.instance),
  is(`nodes[name=${node.name}].computeType`, 'ec2'),
  is(`nodes[name=${node.name}].pools.0.total`, 18),
  count(`enis[node=node:${node.name}]`, 2),
  is('interfaces[id=if:shop/a/eth0].eni', node.primary.id),
  none('findings[rule=pod-address-not-on-node]'),
  none('findings[rule=eni-leaked]'),
  none('findings[severity=error]'),
];

function unnamed({ source, name = () => 'n1', spec, guessed }: Unnamed): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node(name('i-00000000000000001'), subnet, { providerId: null, ...spec });
  filled(cluster, node);
  return {
    source,
    cluster,
    checks: [
      ...identified(node),
      guessed
        ? says(`nodes[name=${node.name}].problems`, 'spec.providerID names no instance: i-00000000000000001')
        : is(`nodes[name=${node.name}].problems`, []),
    ],
    sayings: [
      { command: 'lookup', words: node.instance ?? '', says: new RegExp(node.name.replaceAll('.', '\\.')) },
      { command: 'lookup', words: node.enis[1]?.id ?? '', says: new RegExp(node.name.replaceAll('.', '\\.')) },
    ],
  };
}

/** RKE2 on EC2: pods sit in an overlay, and the node is an instance all the same. */
function rke2(): Situation {
  const cluster = new Cluster({ daemon: false, multus: 'v4.1.4' });
  const subnet = cluster.subnet('172.31.0.0/20');
  const data = cluster.subnet('172.31.64.0/20');
  const node = cluster.node('ip-172-31-0-5.us-east-2.compute.internal', subnet, {
    providerId: 'rke2://ip-172-31-0-5.us-east-2.compute.internal-0213ded2',
    ipamd: false,
  });
  const second = node.eni({ dev: 1 }, data);
  cluster.write('shop/a', node, ['10.42.1.7']);
  return {
    source: 'rancher/rke2#2589',
    cluster,
    checks: [
      is(`nodes[name=${node.name}].instanceId`, node.instance),
      is(`enis[id=${second.id}].node`, node.id),
      none('findings[rule=address-not-on-eni]'),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[rule=eni-leaked]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: second.ip ?? '', says: /ip-172-31-0-5/ }],
  };
}

/** A machine of another cloud has the same address as an instance of the VPC: they are two machines. */
function sameAddressElsewhere(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { providerId: 'openstack:///9f0c2a7e', ipamd: false });
  return {
    source: 'kubernetes/cloud-provider-aws#14 (other providers)',
    cluster,
    checks: [is('nodes[name=n1].instanceId', null), is(`enis[id=${node.primary.id}].node`, null)],
  };
}

/** Two Node objects claim one address: the machine was joined again under another name. */
function joinedTwice(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { providerId: null });
  node.primary.free(9);
  const old = node.toKubernetes();
  cluster.object({
    ...(old as object),
    metadata: { ...(old as { metadata: object }).metadata, name: 'n1-old', uid: 'node-old' },
  });
  return {
    source: 'kubernetes/cloud-provider-aws#72',
    cluster,
    checks: [is('nodes[name=n1].instanceId', null), is('nodes[name=n1-old].instanceId', null)],
  };
}

/** The same folder twice, of two clusters. */
function twoClusters(same: 'name' | 'region'): Situation {
  const make = (name: string, range: string, zone: string, node: string): Cluster => {
    const one = new Cluster({ env: same === 'name' ? { CLUSTER_NAME: name } : {} });
    const subnet = one.subnet(range, zone);
    const on = one.node(node, subnet);
    one.pod(`shop/on-${node}`, on, on.primary);
    on.primary.free(8);
    return one;
  };
  const cluster = make('prod', '10.40.0.0/20', 'eu-west-1a', 'p1');
  const other = make('stage', '10.41.0.0/20', same === 'name' ? 'eu-west-1a' : 'us-east-1a', 's1');
  for (const { path, text } of filesOf(other))
    if (/nodes|rest/.test(path))
      cluster.extraFiles.push({ path: `stage/${path}`, text: text.replaceAll('aws-node-1', 'aws-node-7x2lq') });
  return {
    source: 'posted: kubectl get of two contexts in one folder',
    cluster,
    checks: [
      is('sources[id=kubernetes/nodes].state', 'failing'),
      says(
        'sources[id=kubernetes/nodes].reason',
        same === 'name' ? 'prod \\(p1\\), stage \\(s1\\)' : 'eu-west-1 \\(p1\\), us-east-1 \\(s1\\)',
      ),
      none('findings[severity=error]'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'pod shop/on-p1 address',
        says: /10\.40\.0\.\d+[\s\S]*not certain: .*(clusters|regions)/,
      },
    ],
  };
}

/** `aws` was asked in its default region: other machines answer, or none. */
function wrongRegion(answers: 'others' | 'nobody'): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  cluster.pod('shop/a', node, node.primary);
  const empty = answers === 'nobody';
  const elsewhere = {
    InstanceId: 'i-0bbbbbbbbbbbbbbbb',
    InstanceType: 't3.micro',
    SubnetId: 'subnet-0x',
    Placement: { AvailabilityZone: 'us-east-1b' },
    State: { Name: 'running' },
  };
  cluster.extraFiles.push(
    {
      path: 'ec2/instances.json',
      text: JSON.stringify({ Reservations: empty ? [] : [{ ReservationId: 'r-1', Instances: [elsewhere] }] }),
    },
    { path: 'ec2/enis.json', text: JSON.stringify({ NetworkInterfaces: [] }) },
  );
  return {
    source: 'posted: aws ec2 describe-… without --region',
    cluster,
    checks: [
      is('sources[id=ec2/network-interfaces].state', 'failing'),
      says('sources[id=ec2/network-interfaces].reason', '(?i)region'),
      silentOn('findings', '(?i)no eni|not on'),
      none('findings[severity=error]'),
      found('interfaces[id=if:shop/a/eth0]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a where', says: /region/i }],
  };
}

export const unnamedNodes: Readonly<Record<string, () => Situation>> = {
  'node not initialised by a cloud controller': () =>
    unnamed({ source: 'kubernetes/cloud-provider-aws#14', spec: {}, guessed: true }),
  'node named after its instance': () =>
    unnamed({
      source: 'kubernetes/cloud-provider-aws#285',
      name: (instance) => `${instance}.eu-west-1.compute.internal`,
      spec: {},
      guessed: false,
    }),
  'node that the EBS driver has registered': () =>
    unnamed({
      source: 'aws/containers-roadmap#1395',
      spec: { annotations: { 'csi.volume.kubernetes.io/nodeid': '{"ebs.csi.aws.com":"i-00000000000000001"}' } },
      guessed: false,
    }),
  'node of k3s': () => unnamed({ source: 'rancher/rke2#2589 (k3s)', spec: { providerId: 'k3s://n1' }, guessed: true }),
  'node of RKE2 with an overlay': rke2,
  'same address in another cloud': sameAddressElsewhere,
  'machine that joined twice': joinedTwice,
  'two clusters in one folder': () => twoClusters('name'),
  'two regions in one folder': () => twoClusters('region'),
  'EC2 read in another region': () => wrongRegion('others'),
  'EC2 read in an empty region': () => wrongRegion('nobody'),
};
