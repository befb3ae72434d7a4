/** Whether two interfaces can reach each other, so that one address or MAC on both is a conflict. */
import type { InterfaceRecord, PodRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** A network that is separate on every node. */
export const isPerNode = (network: Steady<'networks'> | null): boolean => network?.semantics?.perNode === true;

/** Whether the two interfaces are on one link, so that their addresses can clash. */
export function shareLink(a: InterfaceRecord, b: InterfaceRecord, context: RuleContext): boolean {
  const { read } = context;
  const left = read.one('networks', a.network);
  const right = read.one('networks', b.network);
  if (a.node !== b.node && (isPerNode(left) || isPerNode(right))) return false;
  if (a.network === b.network) return true;
  if (left !== null && right !== null) {
    const { kind, value } = left.parent;
    if (value !== null && kind === right.parent.kind && value === right.parent.value && left.vlan === right.vlan)
      return true;
  }
  const subnet = read.one('enis', a.eni)?.subnet ?? null;
  return subnet !== null && subnet === read.one('enis', b.eni)?.subnet;
}

const VIRTUAL_MACHINE = 'VirtualMachineInstance';

/**
 * Whether two pods belong to one KubeVirt machine: during a live migration, source and target have its addresses and MACs,
 * and only one of them responds.
 */
export const isOneMachine = (a: PodRecord | null, b: PodRecord | null): boolean =>
  a?.owner?.kind === VIRTUAL_MACHINE &&
  b?.owner?.kind === VIRTUAL_MACHINE &&
  a.owner.name === b.owner.name &&
  a.namespace === b.namespace;
