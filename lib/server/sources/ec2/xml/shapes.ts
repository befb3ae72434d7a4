/** The elements that the normalisers read, with the AWS SDK's names for them. A test compares them with the SDK. */
import type { Shape } from './shape';

const TAGS: Shape = { key: ['Key', 'text'], value: ['Value', 'text'] };

/** An item of `networkInterfaceSet` (vpc-cni §5.1). */
export const NETWORK_INTERFACE: Shape = {
  networkInterfaceId: ['NetworkInterfaceId', 'text'],
  interfaceType: ['InterfaceType', 'text'],
  status: ['Status', 'text'],
  macAddress: ['MacAddress', 'text'],
  ownerId: ['OwnerId', 'text'],
  vpcId: ['VpcId', 'text'],
  subnetId: ['SubnetId', 'text'],
  availabilityZone: ['AvailabilityZone', 'text'],
  description: ['Description', 'text'],
  requesterId: ['RequesterId', 'text'],
  sourceDestCheck: ['SourceDestCheck', 'flag'],
  groupSet: ['Groups', [{ groupId: ['GroupId', 'text'] }]],
  tagSet: ['TagSet', [TAGS]],
  association: ['Association', { publicIp: ['PublicIp', 'text'] }],
  privateIpAddress: ['PrivateIpAddress', 'text'],
  privateIpAddressesSet: [
    'PrivateIpAddresses',
    [
      {
        privateIpAddress: ['PrivateIpAddress', 'text'],
        primary: ['Primary', 'flag'],
        association: ['Association', { publicIp: ['PublicIp', 'text'] }],
      },
    ],
  ],
  ipv4PrefixSet: ['Ipv4Prefixes', [{ ipv4Prefix: ['Ipv4Prefix', 'text'] }]],
  ipv6AddressesSet: ['Ipv6Addresses', [{ ipv6Address: ['Ipv6Address', 'text'] }]],
  ipv6PrefixSet: ['Ipv6Prefixes', [{ ipv6Prefix: ['Ipv6Prefix', 'text'] }]],
  attachment: [
    'Attachment',
    {
      attachmentId: ['AttachmentId', 'text'],
      instanceId: ['InstanceId', 'text'],
      deviceIndex: ['DeviceIndex', 'number'],
      networkCardIndex: ['NetworkCardIndex', 'number'],
      status: ['Status', 'text'],
      attachTime: ['AttachTime', 'time'],
      deleteOnTermination: ['DeleteOnTermination', 'flag'],
    },
  ],
};

/**
 * An item of `reservationSet`. Of an instance's interfaces only the VPCs are read; the interfaces have a call of their
 * own.
 */
export const RESERVATION: Shape = {
  reservationId: ['ReservationId', 'text'],
  instancesSet: [
    'Instances',
    [
      {
        instanceId: ['InstanceId', 'text'],
        instanceType: ['InstanceType', 'text'],
        instanceState: ['State', { name: ['Name', 'text'] }],
        placement: ['Placement', { availabilityZone: ['AvailabilityZone', 'text'] }],
        vpcId: ['VpcId', 'text'],
        subnetId: ['SubnetId', 'text'],
        launchTime: ['LaunchTime', 'time'],
        networkInterfaceSet: ['NetworkInterfaces', [{ vpcId: ['VpcId', 'text'] }]],
      },
    ],
  ],
};
