import { agentVersion } from '../../model/agent-version';
import type { EniRecord, NodeRecord } from '../../model/records';
import { countsOtherCards } from '../../topology/context/settings';
import { counted, listed } from './words';

/** Whether ipamd leaves a slot of card 0 to a trunk that is not there (vpc-cni §6): pods miss it until the trunk comes. */
export const keepsSlotForTrunk = ({ eniSlots }: NodeRecord): boolean => (eniSlots.reserved ?? 0) > 0;

/** That MAX_ENI keeps the node below the ENIs of its type: in parentheses with a leading space; empty if it does not. */
export function cappedBy({ cni, limits }: NodeRecord): string {
  const maxEni = cni?.maxEni ?? null;
  return maxEni === null || limits === null || maxEni >= limits.enisPerCard
    ? ''
    : ` (MAX_ENI=${maxEni}; ${limits.enisPerCard} by the type)`;
}

/**
 * That ipamd counts the ENIs of the other cards, of which it manages none, against the limit of card 0, as it did before v1.16.4: in
 * parentheses with a leading space; empty if it does not.
 */
export function countedWithOthers(node: NodeRecord, enis: readonly EniRecord[]): string {
  const others = onOtherCards(node, enis);
  return others === 0
    ? ''
    : ` (before v1.16.4 the VPC CNI also counts ${counted(others, 'ENI')} of other cards, and ${agentVersion(node) ?? 'an earlier version'} runs)`;
}

/** How many ENIs of other cards ipamd counts against the limit of card 0. */
export const onOtherCards = (node: NodeRecord, enis: readonly EniRecord[]): number =>
  countsOtherCards(agentVersion(node)) ? enis.filter(({ card }) => card !== null && card > 0).length : 0;

/** Why no ENI of card 0 provides pod addresses: in parentheses with a leading space; empty if nothing explains it. */
export function whyNone(node: NodeRecord, enis: readonly EniRecord[]): string {
  const here = enis.filter(({ card }) => card === 0);
  const reasons = [
    ...(node.cni?.customNetworking === true ? ['custom networking takes none from the primary ENI'] : []),
    ...(here.some(({ role }) => role === 'trunk') ? ['a trunk takes a slot and gives none'] : []),
    ...(keepsSlotForTrunk(node) ? ['a slot is kept for a trunk (ENABLE_POD_ENI)'] : []),
    ...(here.some(({ management }) => management.state === 'unmanaged') ? ['unmanaged ENIs take slots'] : []),
    ...(here.some(({ role }) => role === 'efa-only') ? ['EFA-only interfaces take slots'] : []),
  ];
  return reasons.length === 0 ? '' : ` (${listed(reasons)})`;
}
