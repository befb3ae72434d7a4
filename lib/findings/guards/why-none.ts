import type { EniRecord, NodeRecord } from '../../model/records';
import { listed } from './words';

/** Why no ENI of card 0 provides pod addresses: in parentheses with a leading space; empty if nothing explains it. */
export function whyNone({ cni, eniSlots }: NodeRecord, enis: readonly EniRecord[]): string {
  const here = enis.filter(({ card }) => card === 0);
  const reasons = [
    ...(cni?.customNetworking === true ? ['custom networking takes none from the primary ENI'] : []),
    ...(here.some(({ role }) => role === 'trunk') ? ['a trunk takes a slot and gives none'] : []),
    ...((eniSlots.reserved ?? 0) > 0 ? ['a slot is kept for a trunk (ENABLE_POD_ENI)'] : []),
    ...(here.some(({ management }) => management.state === 'unmanaged') ? ['unmanaged ENIs take slots'] : []),
    ...(here.some(({ role }) => role === 'efa-only') ? ['EFA-only interfaces take slots'] : []),
  ];
  return reasons.length === 0 ? '' : ` (${listed(reasons)})`;
}
