/** OverlappingRangeIPReservation (whereabouts.cni.cncf.io/v1alpha1); its name is the address (multus §4.2). */
import { reservationIp } from '../../cni/ipam/whereabouts-pools';
import { objectKey } from '../../model/facts';
import { text } from '../read/guards';
import type { Keyed } from '../read/keyed';
import { openObject } from './object';

export function normaliseWhereaboutsReservation(value: unknown): Keyed<'whereaboutsReservation'> | null {
  const object = openObject(value);
  if (object === null) return null;
  return {
    key: objectKey(object.meta),
    fact: {
      ...object.meta,
      ip: reservationIp(object.meta.name),
      podRef: text(object.spec['podref']),
      ifname: text(object.spec['ifname']),
    },
  };
}
