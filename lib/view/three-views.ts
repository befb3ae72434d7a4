/** An ENI's addresses according to EC2, ipamd and the pods, in words. */
import { counted } from '../model/counted';
import { isHiddenAddress } from '../model/hidden-address';
import type { EniAddress, EniRecord } from '../model/records';

/** The three views and their differences. */
export interface ThreeViews {
  readonly inEc2: string;
  readonly inIpamd: string;
  readonly heldByPods: string;
  /** Addresses in one view but not in another: name and addresses. */
  readonly differences: readonly (readonly [name: string, addresses: string])[];
}

/** Number of addresses that pods hold. Of hidden addresses, the state is known, but not the pod. */
export function heldByPods({ addresses, ipamd }: EniRecord): number {
  const isHeld = ({ ip, interface: holder }: EniAddress): boolean => holder !== null || isHiddenAddress(ip);
  const held = addresses.filter((one) => one.state === 'assigned' && isHeld(one)).length;
  return held - (ipamd?.unheld.filter(isHiddenAddress).length ?? 0);
}

/** Compares the views. `believed`: the ENI's `ipamd` field. */
export function threeViews(eni: EniRecord, believed: NonNullable<EniRecord['ipamd']>): ThreeViews {
  const inside = eni.prefixes.flatMap(({ size }) => size ?? []);
  const singles = eni.addresses.filter(({ state, ip }) => state !== 'primary' && !ip.includes(':')).length;
  const held = heldByPods(eni);
  const { known, addresses, assigned, unheld, taken, missing, extra } = believed;
  const inEc2 =
    inside.length === 0
      ? counted(singles, 'address', 'addresses')
      : `${counted(inside.length, 'prefix', 'prefixes')}, ${counted(
          inside.reduce((a, b) => a + b, 0),
          'address',
          'addresses',
        )}`;
  const differences: (readonly [string, readonly string[]])[] = [
    ['Held for pods that are gone', unheld],
    ['Held by pods, free according to ipamd', taken],
    ['Only in EC2', missing],
    ['Only in ipamd', extra],
  ];
  return {
    inEc2,
    inIpamd: !known
      ? 'ENI not listed'
      : `${addresses === null ? '' : `${counted(addresses, 'address', 'addresses')}, `}${assigned} assigned`,
    heldByPods: counted(held, 'address', 'addresses'),
    differences: differences.filter(([, ips]) => ips.length > 0).map(([name, ips]) => [name, ips.join(', ')] as const),
  };
}
