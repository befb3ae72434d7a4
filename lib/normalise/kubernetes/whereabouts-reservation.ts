/** OverlappingRangeIPReservation (whereabouts.cni.cncf.io/v1alpha1); its name is the address (multus.md §4.2). */
import { objectKey } from '../../model/facts';
import { canonicalIp } from '../../model/ip';
import { text } from '../guards';
import type { Keyed } from '../keyed';
import { openObject } from './object';

export function normaliseWhereaboutsReservation(value: unknown): Keyed<'whereaboutsReservation'> | null {
  const object = openObject(value);
  if (object === null) return null;
  return {
    key: objectKey(object.meta),
    fact: {
      ...object.meta,
      ip: addressOfName(object.meta.name),
      podRef: text(object.spec['podref']),
      ifname: text(object.spec['ifname']),
    },
  };
}

/** `10.0.0.4`, `fd00--4`, or either behind a network's name: `blue-10.0.0.4`. Colons are written as dashes. */
export function addressOfName(name: string): string | null {
  let rest = name.slice(0, 253);
  for (;;) {
    const ip = canonicalIp(rest) ?? canonicalIp(rest.replaceAll('-', ':'));
    if (ip !== null) return ip;
    const dash = rest.indexOf('-');
    if (dash < 0) return null;
    rest = rest.slice(dash + 1);
  }
}
