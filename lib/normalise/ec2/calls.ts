/**
 * Every EC2 call that ifscope makes, one row each: the keys of its response, by which captures are recognised, and how its
 * elements are normalised.
 */
import { ENIS, INSTANCES, INSTANCE_TYPES, SUBNETS, SUBNET_RESERVATIONS } from '../../model/source-ids';
import type { FactKind } from '../../model/facts';
import type { SourceId } from '../../model/source-id';
import type { Keyed } from '../read/keyed';
import { readEach } from '../read/guards';
import { normaliseReservation } from './instance';
import { normaliseInstanceType } from './instance-type';
import { normaliseEni } from './network-interface';
import { normaliseSubnet } from './subnet';
import { normaliseSubnetReservation } from './subnet-reservation';

/** An EC2 call and how its response is normalised. */
export interface Ec2Row<K extends FactKind> {
  /** ID of the source record and scope of its observations. */
  readonly id: SourceId;
  readonly factKind: K;
  /** IAM action, without `ec2:`. */
  readonly action: string;
  /** Top-level keys of the response that hold the elements. */
  readonly keys: readonly string[];
  /** The facts in the value of such a key. Never throws; unreadable elements are dropped. */
  readonly normalise: (list: unknown) => readonly Keyed<K>[];
}

type Ec2FactKind = 'eni' | 'instance' | 'instanceType' | 'subnet' | 'subnetReservation';
/** A row of any fact kind, discriminated by `factKind`. */
export type AnyEc2Row = { [K in Ec2FactKind]: Ec2Row<K> }[Ec2FactKind];

/** All EC2 calls of ifscope, all read-only. Also the source of the IAM policy. */
export const EC2_CALLS: readonly AnyEc2Row[] = [
  {
    id: ENIS,
    factKind: 'eni',
    action: 'DescribeNetworkInterfaces',
    keys: ['NetworkInterfaces'],
    normalise: (list) => readEach(list, normaliseEni).map((fact) => ({ key: fact.id, fact })),
  },
  {
    id: INSTANCES,
    factKind: 'instance',
    action: 'DescribeInstances',
    keys: ['Reservations'],
    normalise: (list) =>
      readEach(list, normaliseReservation)
        .flat()
        .map((fact) => ({ key: fact.id, fact })),
  },
  {
    id: INSTANCE_TYPES,
    factKind: 'instanceType',
    action: 'DescribeInstanceTypes',
    keys: ['InstanceTypes'],
    normalise: (list) => readEach(list, normaliseInstanceType).map((fact) => ({ key: fact.type, fact })),
  },
  {
    id: SUBNETS,
    factKind: 'subnet',
    action: 'DescribeSubnets',
    keys: ['Subnets'],
    normalise: (list) => readEach(list, normaliseSubnet).map((fact) => ({ key: fact.id, fact })),
  },
  {
    id: SUBNET_RESERVATIONS,
    factKind: 'subnetReservation',
    action: 'GetSubnetCidrReservations',
    keys: ['SubnetIpv4CidrReservations', 'SubnetIpv6CidrReservations', 'SubnetCidrReservations'],
    normalise: (list) => readEach(list, normaliseSubnetReservation).map((fact) => ({ key: fact.id, fact })),
  },
];
