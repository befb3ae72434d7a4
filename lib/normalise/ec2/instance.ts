/** DescribeInstances → InstanceFacts. Its network interfaces have no tags, so DescribeNetworkInterfaces is used for them (vpc-cni §5.1). */
import type { InstanceFact } from '../../model/facts';
import { fields, objectOrNull, readEach, text, timestamp } from '../read/guards';
import { internOrNull } from '../read/intern';

/** An element of `Reservations[].Instances[]`; null without an `InstanceId`. */
export function normaliseInstance(raw: unknown): InstanceFact | null {
  const instance = objectOrNull(raw);
  const id = instance === null ? null : text(instance['InstanceId']);
  if (instance === null || id === null) return null;
  return {
    id,
    instanceType: internOrNull(text(instance['InstanceType'])),
    state: internOrNull(text(fields(instance['State'])['Name'])),
    zone: internOrNull(text(fields(instance['Placement'])['AvailabilityZone'])),
    vpc: internOrNull(text(instance['VpcId'])),
    subnet: internOrNull(text(instance['SubnetId'])),
    launchedAt: timestamp(instance['LaunchTime']),
  };
}

/** The instances in an element of `Reservations`. */
export const normaliseReservation = (raw: unknown): readonly InstanceFact[] =>
  readEach(fields(raw)['Instances'], normaliseInstance);
