/** Names and counts in answers. */
import { nameOf } from '../../model/ids';
import type { EniRecord } from '../../model/records';

export { counted } from '../../model/counted';
export { nameOf };

/** For example `a, b and 3 more`. */
export const enumerated = (names: readonly string[], most = 4): string =>
  names.length <= most
    ? names.length < 2
      ? names.join('')
      : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** For example `eni-0… (card 0, device 2 of n1)`. */
export function placeOf(eni: EniRecord): string {
  const role = eni.role === 'secondary' ? '' : `${eni.role}, `;
  if (eni.node === null)
    return `${eni.id} (${role}${eni.status === 'available' ? 'not attached' : 'not on a node of this cluster'})`;
  const device = eni.card === null ? '' : `card ${eni.card}, device ${eni.deviceIndex ?? 'not known'}, `;
  return `${eni.id} (${role}${device}node ${nameOf(eni.node)})`;
}
