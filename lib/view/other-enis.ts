/** ENIs without a record, in words: their owner, from EC2's data. */
import type { OtherEni, SubnetRecord } from '../model/records';
import { serviceOf } from '../topology/facts/services';

/** `an ENI of a NAT gateway`. */
export function otherEniWords(other: OtherEni): string {
  const service = serviceOf(other);
  if (service !== null) return `an ENI of ${service}`;
  return other.status === 'available' ? 'an unattached ENI' : 'an ENI outside this cluster';
}

/** An ENI without a record, and its subnet. */
export interface PlacedOther {
  readonly other: OtherEni;
  readonly subnet: SubnetRecord;
}

/** The ENIs without a record that match a predicate, by subnet. */
export function othersWhere(
  subnets: ReadonlyMap<string, SubnetRecord>,
  isWanted: (other: OtherEni) => boolean,
): readonly PlacedOther[] {
  const found: PlacedOther[] = [];
  for (const subnet of subnets.values())
    for (const other of subnet.others) if (isWanted(other)) found.push({ other, subnet });
  return found;
}
