import { describe, expect, it } from 'vitest';
import type { FactByKind, FactKind } from '../../model/facts';
import { EC2_CALLS } from './calls';
import { normaliseEni } from './network-interface';

const read = (id: string, list: unknown): readonly FactByKind[FactKind][] => {
  const row = EC2_CALLS.find((one) => one.id === id);
  return row === undefined ? [] : row.normalise(list).map(({ fact }) => fact);
};

const eni = {
  NetworkInterfaceId: 'eni-1',
  InterfaceType: 'efa',
  Status: 'in-use',
  MacAddress: '06:AA:00:00:00:01',
  OwnerId: '111122223333',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  AvailabilityZone: 'eu-west-1a',
  Description: 'aws-K8S-i-1',
  SourceDestCheck: false,
  Groups: [{ GroupId: 'sg-1', GroupName: 'x' }, {}],
  TagSet: [{ Key: 'node.k8s.amazonaws.com/no_manage', Value: 'true' }, { Key: 'empty' }, { Value: 'x' }],
  PrivateIpAddress: '10.0.0.5',
  PrivateIpAddresses: [
    { Primary: false, PrivateIpAddress: '10.0.0.9' },
    { Primary: true, PrivateIpAddress: '10.0.0.5' },
    { Primary: false, PrivateIpAddress: '10.0.0.7' },
    { Primary: false, PrivateIpAddress: '10.0.0.7' },
    { Primary: false },
  ],
  Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.16/28' }, { Ipv4Prefix: 'x' }],
  Ipv6Addresses: [{ Ipv6Address: 'FD00::5' }],
  Ipv6Prefixes: [{ Ipv6Prefix: 'fd00:0:0:0:1::/80' }],
  Attachment: {
    AttachmentId: 'eni-attach-1',
    InstanceId: 'i-1',
    DeviceIndex: 0,
    NetworkCardIndex: 1,
    Status: 'attached',
    AttachTime: '2026-08-31T11:00:00+00:00',
    DeleteOnTermination: true,
  },
};

// vpc-cni §5.1
describe('network interfaces', () => {
  it('projects one', () => {
    expect(normaliseEni(eni)).toEqual({
      id: 'eni-1',
      instanceId: 'i-1',
      ownerId: '111122223333',
      deviceIndex: 0,
      networkCardIndex: 1,
      attachmentId: 'eni-attach-1',
      attachmentStatus: 'attached',
      attachedAt: '2026-08-31T11:00:00Z',
      deleteOnTermination: true,
      interfaceType: 'efa',
      status: 'in-use',
      mac: '06:aa:00:00:00:01',
      vpc: 'vpc-1',
      zone: 'eu-west-1a',
      subnet: 'subnet-1',
      sourceDestCheck: false,
      securityGroups: ['sg-1'],
      requester: null,
      description: 'aws-K8S-i-1',
      tags: { 'node.k8s.amazonaws.com/no_manage': 'true', empty: '' },
      tagsUnknown: false,
      primaryIp: '10.0.0.5',
      secondaryIps: ['10.0.0.9', '10.0.0.7'],
      publicIps: [],
      ipv4Prefixes: ['10.0.0.16/28'],
      ipv6Addresses: ['fd00::5'],
      ipv6Prefixes: ['fd00::1:0:0:0/80'],
    });
  });

  it.each([
    ['amazon-elb', 'amazon-elb'],
    ['111122223333', null],
    // A role's session may be named after a person.
    ['AROAEXAMPLE:jane@example.com', null],
    [undefined, null],
  ])('attributes the requester %s to the service %s', (RequesterId, wanted) => {
    expect(normaliseEni({ ...eni, RequesterId })?.requester).toBe(wanted);
  });

  it('reads the public addresses mapped to an interface', () => {
    const mapped = (PublicIp: string) => ({ Association: { PublicIp, IpOwnerId: 'amazon' } });
    const fact = normaliseEni({
      ...eni,
      ...mapped('18.1.2.3'),
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.0.5', Primary: true, ...mapped('18.1.2.3') },
        { PrivateIpAddress: '10.0.0.6', ...mapped('18.1.2.4') },
      ],
    });
    expect(fact?.publicIps).toEqual(['18.1.2.3', '18.1.2.4']);
  });

  it("reads the SDK's objects as well", () => {
    const attachment = { ...eni.Attachment, AttachTime: new Date('2026-08-31T11:00:00Z') };
    expect(normaliseEni({ ...eni, Attachment: attachment })).toEqual(normaliseEni(eni));
  });

  it.each([
    [undefined, [null, null, null, null]],
    [null, [null, null, null, null]],
    [{ InstanceId: 'i-1', DeviceIndex: 2 }, ['i-1', 2, 0, null]],
    [{ InstanceOwnerId: 'amazon-elb', Status: 'attached' }, [null, null, null, 'attached']],
  ])('attachment %j', (Attachment, wanted) => {
    const fact = normaliseEni({ ...eni, Attachment });
    expect([fact?.instanceId, fact?.deviceIndex, fact?.networkCardIndex, fact?.attachmentStatus]).toEqual(wanted);
  });

  it('takes the primary address from the ENI if only the ENI names it', () => {
    const fact = normaliseEni({
      ...eni,
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.5' }, { PrivateIpAddress: '10.0.0.6' }],
    });
    expect([fact?.primaryIp, fact?.secondaryIps]).toEqual(['10.0.0.5', ['10.0.0.6']]);
  });

  it.each([{}, { NetworkInterfaceId: 'x' }, { NetworkInterfaceId: 5 }, null])('rejects %j', (raw) => {
    expect(normaliseEni(raw)).toBeNull();
  });
});

it('extracts instances from their reservations', () => {
  const instance = {
    InstanceId: 'i-1',
    InstanceType: 'm5.large',
    State: { Name: 'running' },
    Placement: { AvailabilityZone: 'eu-west-1a' },
    VpcId: 'vpc-1',
    SubnetId: 'subnet-1',
    LaunchTime: new Date('2026-08-31T11:00:00Z'),
  };
  expect(read('ec2/instances', [{ Instances: [instance, {}] }, { Instances: null }, 7])).toEqual([
    {
      id: 'i-1',
      instanceType: 'm5.large',
      state: 'running',
      zone: 'eu-west-1a',
      vpc: 'vpc-1',
      subnet: 'subnet-1',
      launchedAt: '2026-08-31T11:00:00Z',
    },
  ]);
});

// vpc-cni §8
it('reads the limits of instance types, with cards in order', () => {
  const type = {
    InstanceType: 'c6in.32xlarge',
    BareMetal: false,
    Hypervisor: 'nitro',
    VCpuInfo: { DefaultVCpus: 128 },
    NetworkInfo: {
      NetworkPerformance: '200 Gigabit',
      MaximumNetworkInterfaces: 16,
      Ipv4AddressesPerInterface: 50,
      NetworkCards: [
        { NetworkCardIndex: 1, MaximumNetworkInterfaces: 8, NetworkPerformance: '100 Gigabit' },
        { NetworkCardIndex: 0, MaximumNetworkInterfaces: 8, NetworkPerformance: '100 Gigabit' },
        {},
      ],
    },
  };
  expect(read('ec2/instance-types', [type, { InstanceType: 'm5.metal', BareMetal: true }])).toEqual([
    {
      type: 'c6in.32xlarge',
      ipv4PerEni: 50,
      maxEnis: 16,
      defaultCard: 0,
      cards: [
        { index: 0, maxEnis: 8, performance: '100 Gigabit' },
        { index: 1, maxEnis: 8, performance: '100 Gigabit' },
      ],
      performance: '200 Gigabit',
      hypervisor: 'nitro',
      bareMetal: false,
      trunkCompatible: null,
      maxBranchEnis: null,
      vcpus: 128,
    },
    expect.objectContaining({ type: 'm5.metal', hypervisor: null, bareMetal: true, cards: [], ipv4PerEni: null }),
  ]);
});

it('reads the associated IPv6 block of a subnet', () => {
  const subnet = {
    SubnetId: 'subnet-1',
    CidrBlock: '10.0.0.0/24',
    AvailableIpAddressCount: 0,
    VpcId: 'vpc-1',
    AvailabilityZone: 'eu-west-1a',
    Ipv6CidrBlockAssociationSet: [
      { Ipv6CidrBlock: 'fd01::/64', Ipv6CidrBlockState: { State: 'disassociated' } },
      { Ipv6CidrBlock: 'fd02::/64', Ipv6CidrBlockState: { State: 'associated' } },
    ],
    Tags: [{ Key: 'kubernetes.io/role/cni', Value: '1' }],
  };
  expect(read('ec2/subnets', [subnet])).toEqual([
    {
      id: 'subnet-1',
      cidr: '10.0.0.0/24',
      ipv6Cidr: 'fd02::/64',
      vpc: 'vpc-1',
      zone: 'eu-west-1a',
      availableAddresses: 0,
      tags: { 'kubernetes.io/role/cni': '1' },
    },
  ]);
});

it('reads subnet reservations', () => {
  const reservation = {
    SubnetCidrReservationId: 'scr-1',
    SubnetId: 'subnet-1',
    Cidr: '10.0.0.0/28',
    ReservationType: 'prefix',
  };
  expect(read('ec2/subnet-cidr-reservations', [reservation, { ...reservation, Cidr: 'x' }])).toEqual([
    { id: 'scr-1', subnet: 'subnet-1', cidr: '10.0.0.0/28', type: 'prefix' },
  ]);
});
