/** Answers that people have in place of those that are asked for, and questions that these answer. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import type { Json } from '../kit/types';
import { asking, start } from './attaching';
import { found, is, none, OLD, says, silentOn, warning, type Situation } from './situation';

/** `aws ec2 describe-instances`, with the ENIs as an instance lists them: without tags. */
function instancesWithEnis(c: Cluster, node: Node): void {
  const NetworkInterfaces = node.enis.map((eni): Json => ({
    NetworkInterfaceId: eni.id,
    InterfaceType: eni.type,
    SubnetId: eni.subnet.id,
    VpcId: c.vpc,
    MacAddress: eni.mac,
    Status: 'in-use',
    Description: eni.description,
    PrivateIpAddress: eni.ip,
    PrivateIpAddresses: [
      { Primary: true, PrivateIpAddress: eni.ip },
      ...eni.addresses.map(({ ip }) => ({ Primary: false, PrivateIpAddress: ip })),
    ],
    Groups: [{ GroupId: 'sg-0node', GroupName: 'node' }],
    Attachment: { AttachmentId: `a-${eni.id}`, DeviceIndex: eni.dev, NetworkCardIndex: eni.card, Status: 'attached' },
  }));
  const instance: Json = {
    InstanceId: node.instance,
    InstanceType: node.type,
    State: { Name: 'running' },
    Placement: { AvailabilityZone: node.zone },
    VpcId: c.vpc,
    NetworkInterfaces,
  };
  c.extraFiles.push({ path: 'ec2/i.json', text: JSON.stringify({ Reservations: [{ Instances: [instance] }] }) });
}

/** What describe-instances alone tells, and what it cannot. */
function instancesAlone(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  const second = node.eni({ dev: 1, by: 'ipamd' });
  node.primary.free(9);
  const web = cluster.pod('shop/web', node, second);
  second.free(8);
  instancesWithEnis(cluster, node);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1967 and others (describe-instances is what is posted)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/web/eth0].eni', second.id),
      is(`enis[id=${second.id}].management.state`, 'unknown'),
      is('nodes[name=n1].headroom.limitedBy', 'unknown'),
      none('findings[rule=eni-will-be-adopted]'),
      none('findings[rule=eni-adopted]'),
      none('findings[rule=pod-address-not-on-node]'),
    ],
    sayings: [
      { command: 'lookup', words: web.ip, says: new RegExp(`shop/web.*${second.id}|${second.id}.*shop/web`, 's') },
      { command: 'explain', words: 'node n1 room', silentOn: /\b[1-9]\d* more pods/ },
    ],
  };
}

/** A range of a network in the Service CIDR, which only describe-cluster tells. */
function rangeInTheServiceCidr(): Situation {
  const { cluster } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br0',
    ipam: { type: 'whereabouts', range: '172.20.8.0/24' },
  });
  const answer = {
    cluster: {
      name: 'prod',
      version: '1.31',
      resourcesVpcConfig: { vpcId: cluster.vpc },
      kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16', ipFamily: 'ipv4' },
    },
  };
  cluster.extraFiles.push({ path: 'cluster.json', text: JSON.stringify(answer) });
  return {
    source: 'aws/containers-roadmap#1925, EKS user guide (the Service CIDR is in describe-cluster)',
    cluster,
    checks: [found('networks[id=net:shop/lan]')],
    sayings: [
      { command: 'explain', words: 'network shop/lan clashes', says: /172\.20\.0\.0\/16/ },
      { command: 'lookup', words: '172.20.0.10', says: /Service/ },
    ],
  };
}

/** Which ENIs have a security group that cannot be deleted. */
function groupInUse(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  node.primary.free(9);
  return {
    source: 'repost.aws (security group that has a dependent object)',
    cluster,
    checks: [none('findings[rule=eni-leaked]')],
    sayings: [{ command: 'lookup', words: 'sg-0node', says: /1 ENI|eni-/ }],
  };
}

/** The pod asks for a resource under one prefix, and the device plugin offers it under another. */
function otherPrefix(): Situation {
  const { cluster } = start({ capacity: { 'openshift.io/sriov_a': '8' } });
  cluster.nad(
    'shop/fast',
    { cniVersion: '0.3.1', type: 'sriov', ipam: { type: 'static' } },
    { 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/sriov_a' },
  );
  asking(cluster, 'shop/web', null, 'fast', { createdAt: OLD, resources: { 'intel.com/sriov_a': '1' } });
  warning(
    cluster,
    'shop/web',
    'FailedScheduling',
    '0/1 nodes are available: 1 Insufficient intel.com/sriov_a. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    'default-scheduler',
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#127, #189 (resourcePrefix)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/web]', 'intel\\.com/sriov_a'),
      says('findings[subjects~pod:shop/web]', 'openshift\\.io/sriov_a'),
      silentOn('findings[subjects~pod:shop/web]', '(?i)all .* are taken'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/web address', says: /sriov_a/ }],
  };
}

export const handedIn: Readonly<Record<string, () => Situation>> = {
  'instances in place of interfaces': instancesAlone,
  'range in the Service CIDR of describe-cluster': rangeInTheServiceCidr,
  'security group in use': groupInUse,
  'device under another prefix': otherPrefix,
};
