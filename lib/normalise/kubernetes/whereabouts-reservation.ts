/** OverlappingRangeIPReservation (whereabouts.cni.cncf.io/v1alpha1); its name is the address (multus §4.2). */
import { reservationIp } from '../../cni/ipam/whereabouts-pools';
import { text } from '../read/guards';
import { normaliser } from './object';

/** `ip` is null if the name is not an address in whereabouts' spelling. */
export const normaliseWhereaboutsReservation = normaliser<'whereaboutsReservation'>((object) => ({
  ip: reservationIp(object.meta.name),
  podRef: text(object.spec['podref']),
  ifname: text(object.spec['ifname']),
}));
