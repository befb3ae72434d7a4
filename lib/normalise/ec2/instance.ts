/** DescribeInstances → InstanceFacts, and its ENIs, which have no tags and are used only if DescribeNetworkInterfaces is missing (vpc-cni §5.1). */
import type { EniFact, InstanceFact } from '../../model/facts';
import { fields, items, objectOrNull, readEach, text, timestamp, type Fields } from '../read/guards';
import { internOrNull } from '../read/intern';
import { normaliseEni } from './network-interface';

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

/** The ENIs in an element of `Reservations`: those attached to its instances, without their branches, and without tags. */
export const normaliseOwnEnis = (reservation: unknown): readonly EniFact[] =>
  items(fields(reservation)['Instances']).flatMap((raw) => {
    const instance = fields(raw);
    const InstanceId = text(instance['InstanceId']);
    // An ENI is in the zone of its instance.
    const { AvailabilityZone } = fields(instance['Placement']);
    return InstanceId === null
      ? []
      : readEach(instance['NetworkInterfaces'], (own) => normaliseOwnEni(fields(own), InstanceId, AvailabilityZone));
  });

function normaliseOwnEni(own: Fields, InstanceId: string, AvailabilityZone: unknown): EniFact | null {
  const eni = normaliseEni({ ...own, AvailabilityZone, Attachment: { ...fields(own['Attachment']), InstanceId } });
  if (eni === null) return null;
  // Older clients do not return the type.
  return { ...eni, interfaceType: text(own['InterfaceType']) ?? 'unknown', tagsUnknown: true };
}
