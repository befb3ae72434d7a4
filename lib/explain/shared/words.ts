/** How answers name records and count. */
import { idParts } from '../../model/ids';
import type { EniRecord } from '../../model/records';

export { counted } from '../../view/labels';

/** `core/p1` of a pod, network or interface id; the name of a node; the id of an ENI or a subnet. */
export const nameOf = (id: string): string => idParts(id).join('/');

/** `a, b and 3 more`. */
export const listed = (names: readonly string[], most = 4): string =>
  names.length <= most
    ? names.length < 2
      ? names.join('')
      : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** `1200` as `1,200`. */
export const figure = (of: number): string => of.toLocaleString('en-US');

/** `eni-0… (card 0, device 2 of n1)`. */
export function placeOf(eni: EniRecord): string {
  const role = eni.role === 'secondary' ? '' : `${eni.role}, `;
  if (eni.node === null)
    return `${eni.id} (${role}${eni.status === 'available' ? 'not attached' : 'not on a node of this cluster'})`;
  const device = eni.card === null ? '' : `card ${eni.card}, device ${eni.deviceIndex ?? 'not known'}, `;
  return `${eni.id} (${role}${device}node ${nameOf(eni.node)})`;
}
