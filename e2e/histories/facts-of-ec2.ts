/** Random facts of EC2 and of aws-node's own endpoints. */
import fc from 'fast-check';
import type { FactByKind } from '../../lib/model/facts';
import {
  eni as eniFact,
  instance as instanceFact,
  ipamdAddress,
  ipamdEni,
  subnet as subnetFact,
} from '../testing/facts';
import { ENIS, INSTANCES, ip, IPS, IPV6, MACS, mostly, node, oneOf, PREFIX, PREFIX6, someOf, SUBNETS } from './names';

type Any<K extends keyof FactByKind> = fc.Arbitrary<FactByKind[K]>;

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';
const INSTANCE_TAG = 'node.k8s.amazonaws.com/instance_id';
const CREATED_AT = 'node.k8s.amazonaws.com/createdAt';
const TRUNK = 'vpcresources.k8s.aws/trunk-eni-id';

export const enis: Any<'eni'> = fc
  .record({
    id: oneOf(...ENIS),
    instanceId: oneOf<string | null>(...INSTANCES, 'i-1', 'i-9', null),
    deviceIndex: oneOf(0, 1, 2),
    networkCardIndex: mostly(0, 1),
    interfaceType: mostly('interface', 'trunk', 'branch', 'efa-only'),
    ips: someOf(4, ...IPS),
    prefix: oneOf(null, null, PREFIX),
    ipv6Addresses: oneOf<readonly string[]>([], [], [IPV6[0]]),
    ipv6Prefixes: oneOf<readonly string[]>([], [], [PREFIX6]),
    subnet: oneOf(...SUBNETS),
    mac: oneOf(null, ...MACS),
    vpc: mostly('vpc-1', 'vpc-2'),
    noManage: oneOf<string | undefined>(undefined, undefined, 'true', 'false', 'True'),
    tagged: oneOf<string | undefined>(undefined, ...INSTANCES),
    createdAt: oneOf('2026-09-01T10:00:00Z', '2026-09-01T11:50:00Z', '2026-09-01T10:56:00Z'),
    trunk: oneOf<string | undefined>(undefined, ...ENIS),
    description: oneOf('', 'aws-K8S-i-1', 'ELB app/a'),
  })
  .map(({ ips, prefix, noManage, tagged, createdAt, trunk, interfaceType, ...more }) => {
    const branch = interfaceType === 'branch';
    const instanceId = branch ? null : more.instanceId;
    return eniFact(more.id, {
      ...more,
      interfaceType,
      instanceId,
      attachmentId: instanceId === null ? null : `attach-${more.id}`,
      deviceIndex: instanceId === null ? null : more.deviceIndex,
      status: instanceId === null && !branch ? 'available' : 'in-use',
      primaryIp: ips[0] ?? null,
      secondaryIps: ips.slice(1),
      ipv4Prefixes: prefix === null ? [] : [prefix],
      tags: {
        ...(noManage === undefined ? {} : { [NO_MANAGE]: noManage }),
        ...(tagged === undefined ? {} : { [INSTANCE_TAG]: tagged, [CREATED_AT]: createdAt }),
        ...(trunk === undefined || !branch ? {} : { [TRUNK]: trunk }),
      },
    });
  });

export const instances: Any<'instance'> = fc
  .record({
    id: oneOf(...INSTANCES),
    instanceType: oneOf('m5.large', 'p4d.24xlarge', null),
    state: oneOf('running', 'terminated'),
    vpc: oneOf('vpc-1', 'vpc-2', null),
    subnet: oneOf(...SUBNETS),
  })
  .map((one) => instanceFact(one.id, one));

export const instanceTypes: Any<'instanceType'> = fc.record({
  type: oneOf('m5.large', 'x9.huge'),
  ipv4PerEni: oneOf(10, 2, null),
  maxEnis: oneOf(3, 1, null),
  defaultCard: fc.constant(0),
  cards: oneOf<FactByKind['instanceType']['cards']>(
    [{ index: 0, maxEnis: 3, performance: null }],
    [
      { index: 0, maxEnis: 2, performance: null },
      { index: 1, maxEnis: 2, performance: null },
    ],
  ),
  performance: fc.constant(null),
  hypervisor: oneOf('nitro', 'xen'),
  bareMetal: fc.constant(false),
  trunkCompatible: oneOf(true, false),
  maxBranchEnis: oneOf(9, 0, null),
  vcpus: oneOf(2, null),
});

export const subnets: Any<'subnet'> = fc
  .record({
    id: oneOf(...SUBNETS),
    availableAddresses: oneOf<number | null>(0, 1, 3, 20, 200, null),
    cidr: oneOf('10.0.0.0/24', '10.0.0.0/27', '10.9.0.0/24'),
    vpc: oneOf('vpc-1', 'vpc-1', 'vpc-2'),
    zone: oneOf('eu-west-1a', 'eu-west-1a', 'eu-west-1b'),
    role: oneOf<string | undefined>(undefined, '1', '0'),
  })
  .map(({ id, role, ...more }) =>
    subnetFact(id, { ...more, tags: role === undefined ? {} : { 'kubernetes.io/role/cni': role } }),
  );

export const subnetReservations: Any<'subnetReservation'> = fc.record({
  id: oneOf('scr-1', 'scr-2'),
  subnet: oneOf(...SUBNETS),
  cidr: oneOf('10.0.0.16/28', '10.0.0.128/25'),
  type: oneOf('explicit', 'prefix'),
});

/** A reading is as old as the step that draws it: `atLater` sets `readAt` accordingly. */
export const awsNodeMetrics: Any<'awsNodeMetrics'> = fc
  .record({
    node,
    version: oneOf(null, 'v1.23.1'),
    eniMax: oneOf<number | undefined>(undefined, 3, 2),
    noAddress: oneOf<number | undefined>(undefined, 0, 2, 5),
    assigned: oneOf<number | undefined>(undefined, 0, 1, 3),
    total: oneOf<number | undefined>(undefined, 3, 9),
    errors: oneOf<Readonly<Record<string, number>>>(
      {},
      { 'CreateNetworkInterface/InsufficientFreeAddressesInSubnet': 1 },
      { 'CreateNetworkInterface/InsufficientFreeAddressesInSubnet': 4 },
      { 'AttachNetworkInterface/UnauthorizedOperation': 2 },
    ),
    perEni: oneOf<Readonly<Record<string, number>>>({}, { 'eni-1': 1, 'eni-2': 2 }),
  })
  .map(({ node: of, version, eniMax, noAddress, assigned, total, errors, perEni }) => ({
    node: of,
    readAt: '2026-09-01T12:00:00.000Z',
    version,
    values: Object.fromEntries(
      Object.entries({
        awscni_eni_max: eniMax,
        awscni_no_available_ip_addresses: noAddress,
        awscni_assigned_ip_addresses: assigned,
        awscni_total_ip_addresses: total,
      }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    assignedPerEni: perEni,
    assignedPerCidr: {},
    apiErrors: errors,
  }));

const ipamdList = fc.record({
  id: oneOf(...ENIS),
  addresses: fc.uniqueArray(
    fc
      .record({
        ip,
        assigned: fc.boolean(),
        pod: oneOf('a', 'b', null),
        unassignedAt: oneOf(null, '2026-09-01T11:59:50Z', '2026-09-01T12:00:20Z'),
      })
      .map(({ ip: address, assigned, pod, unassignedAt }) =>
        ipamdAddress(address, {
          assigned,
          podNamespace: assigned && pod !== null ? 'default' : null,
          podName: assigned ? pod : null,
          unassignedAt: assigned ? null : unassignedAt,
        }),
      ),
    { maxLength: 3, selector: ({ ip: address }) => address },
  ),
});

export const ipamdEnis: Any<'ipamdEnis'> = fc
  .record({ node, lists: fc.uniqueArray(ipamdList, { maxLength: 2, selector: ({ id }) => id }) })
  .map(({ node: of, lists }) => ({
    node: of,
    readAt: '2026-09-01T12:00:00.000Z',
    enis: lists.map(({ id, addresses }) => ipamdEni(id, addresses)),
  }));

export const ipamdCheckpoint: Any<'ipamdCheckpoint'> = fc.record({
  node,
  readAt: fc.constant('2026-09-01T12:00:00.000Z'),
  cards: oneOf([0], [0, 1]),
  assigned: fc.uniqueArray(
    fc.record({
      ip,
      podNamespace: oneOf('default', null),
      podName: oneOf('a', 'b', null),
      assignedAt: oneOf(null, '2026-09-01T11:59:50.000Z', '2026-09-01T12:00:20.000Z'),
    }),
    { maxLength: 3, selector: ({ ip: address }) => address },
  ),
});
