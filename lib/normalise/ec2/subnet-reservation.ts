/** An element of GetSubnetCidrReservations → SubnetReservationFact; IPv4 and IPv6 reservations are separate lists of the same shape. */
import type { SubnetReservationFact } from '../../model/facts';
import { parseCidr } from '../../model/ip';
import { objectOrNull, text } from '../read/guards';

/** Null without id, subnet or a readable CIDR. A missing type reads as `explicit`. */
export function normaliseSubnetReservation(raw: unknown): SubnetReservationFact | null {
  const reservation = objectOrNull(raw);
  if (reservation === null) return null;
  const id = text(reservation['SubnetCidrReservationId']);
  const subnet = text(reservation['SubnetId']);
  const cidr = parseCidr(text(reservation['Cidr']) ?? '')?.text ?? null;
  if (id === null || subnet === null || cidr === null) return null;
  return { id, subnet, cidr, type: text(reservation['ReservationType']) ?? 'explicit' };
}
