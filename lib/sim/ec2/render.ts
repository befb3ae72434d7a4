/** EC2 objects as XML, with the API reference's element names (vpc-cni §5.1, §8). */
import { ACCOUNT, type Ec2Eni, type Ec2Instance } from '../model/ec2';
import type { InstanceType } from '../model/instance-types';
import type { SimSubnet } from '../model/subnet';
import { el, list, tagSet, time, wrap, type Xml } from './xml';

const groupSet = (groups: readonly string[]): Xml =>
  list('groupSet', groups, (id) => el('groupId', id) + el('groupName', `group-${id.slice(-6)}`));

const addressSet = (eni: Ec2Eni): Xml =>
  list(
    'privateIpAddressesSet',
    [...(eni.primaryIp === null ? [] : [eni.primaryIp]), ...eni.secondaryIps],
    (ip) => el('privateIpAddress', ip) + el('primary', ip === eni.primaryIp),
  );

const familySets = (eni: Ec2Eni): Xml =>
  list('ipv4PrefixSet', eni.prefixes, (cidr) => el('ipv4Prefix', cidr)) +
  list('ipv6AddressesSet', eni.ipv6, (ip) => el('ipv6Address', ip)) +
  list('ipv6PrefixSet', eni.ipv6Prefixes, (cidr) => el('ipv6Prefix', cidr));

const common = (eni: Ec2Eni): Xml =>
  el('networkInterfaceId', eni.id) +
  el('subnetId', eni.subnetId) +
  el('vpcId', eni.vpcId) +
  el('description', eni.description) +
  el('ownerId', ACCOUNT) +
  el('status', eni.status) +
  el('macAddress', eni.mac) +
  el('privateIpAddress', eni.primaryIp) +
  el('sourceDestCheck', eni.sourceDestCheck) +
  el('interfaceType', eni.type) +
  groupSet(eni.groups) +
  addressSet(eni) +
  familySets(eni);

/** An ENI as in DescribeNetworkInterfaces. */
export const renderEni = (eni: Ec2Eni): Xml =>
  common(eni) +
  el('availabilityZone', eni.zone) +
  el('requesterManaged', eni.requesterManaged) +
  tagSet(eni.tags) +
  attachment(eni, el('instanceId', eni.instanceId), el('instanceOwnerId', eni.attachment?.instanceOwnerId ?? null));

/** `whose`: the instance, if the response is not about one. */
const attachment = ({ attachment: at }: Ec2Eni, ...whose: readonly Xml[]): Xml =>
  at === null
    ? ''
    : wrap(
        'attachment',
        el('attachmentId', at.id),
        ...whose,
        el('deviceIndex', at.device),
        el('networkCardIndex', at.card),
        el('status', at.status),
        el('attachTime', time(at.at)),
        el('deleteOnTermination', at.deleteOnTermination),
      );

const STATE_CODES = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48 } as const;

/** As in EC2, without tags on the interfaces and without branch ENIs (vpc-cni §5.1). */
export const renderInstance = (instance: Ec2Instance, enis: readonly Ec2Eni[]): Xml =>
  el('instanceId', instance.id) +
  el('imageId', 'ami-0c1a2b3c4d5e6f708') +
  wrap('instanceState', el('code', STATE_CODES[instance.state]), el('name', instance.state)) +
  el('privateIpAddress', instance.privateIp) +
  el('instanceType', instance.type) +
  el('launchTime', time(instance.launchedAt)) +
  wrap('placement', el('availabilityZone', instance.zone), el('tenancy', 'default')) +
  el('subnetId', instance.subnetId) +
  el('vpcId', instance.vpcId) +
  el('architecture', 'x86_64') +
  tagSet(instance.tags) +
  list(
    'networkInterfaceSet',
    enis.filter((eni) => eni.type !== 'branch'),
    (eni) => common(eni) + attachment(eni),
  );

/** An instance type as in DescribeInstanceTypes. */
export const renderInstanceType = (type: InstanceType): Xml =>
  el('instanceType', type.name) +
  el('currentGeneration', true) +
  el('bareMetal', type.bareMetal) +
  el('hypervisor', type.hypervisor === '' ? null : type.hypervisor) +
  wrap('vCpuInfo', el('defaultVCpus', type.vcpus)) +
  wrap('memoryInfo', el('sizeInMiB', type.memoryGiB * 1024)) +
  wrap(
    'networkInfo',
    el('networkPerformance', type.performance),
    el('maximumNetworkInterfaces', type.cards * type.enisPerCard),
    el('maximumNetworkCards', type.cards),
    el('defaultNetworkCardIndex', 0),
    list(
      'networkCards',
      Array.from({ length: type.cards }, (_, index) => index),
      (index) =>
        el('networkCardIndex', index) +
        el('networkPerformance', type.cards === 1 ? type.performance : '100 Gigabit') +
        el('maximumNetworkInterfaces', type.enisPerCard),
    ),
    el('ipv4AddressesPerInterface', type.ipv4PerEni),
    el('ipv6AddressesPerInterface', type.ipv4PerEni),
    el('ipv6Supported', true),
    el('enaSupport', type.hypervisor === 'xen' ? 'unsupported' : 'required'),
    el('efaSupported', type.efa),
  );

/** A subnet as in DescribeSubnets. */
export const renderSubnet = (subnet: SimSubnet): Xml =>
  el('subnetId', subnet.id) +
  el('state', 'available') +
  el('vpcId', subnet.vpc) +
  el('cidrBlock', subnet.cidr) +
  (subnet.ipv6Cidr === null
    ? wrap('ipv6CidrBlockAssociationSet')
    : list(
        'ipv6CidrBlockAssociationSet',
        [subnet.ipv6Cidr],
        (cidr) =>
          el('ipv6CidrBlock', cidr) +
          el('associationId', `subnet-cidr-assoc-${subnet.id.slice('subnet-'.length)}`) +
          wrap('ipv6CidrBlockState', el('state', 'associated')),
      )) +
  el('availableIpAddressCount', subnet.available) +
  el('availabilityZone', subnet.zone) +
  el('defaultForAz', false) +
  el('mapPublicIpOnLaunch', false) +
  el('ownerId', ACCOUNT) +
  tagSet(subnet.tags);
