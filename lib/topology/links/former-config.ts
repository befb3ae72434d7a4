/** Interfaces whose network was edited, or made again, after their pod's sandbox (multus §0.8). */
import type { PodFact } from '../../model/facts';
import type { NodeContext } from '../context/context';
import type { InterfaceDraft } from './interface-drafts';

/** Clocks of the API server and the node may differ by this much. Milliseconds. */
const CLOCK_SKEW = 60_000;

/** Whether it is proven that the pod has an earlier config than the network's: Multus reads it when it makes the sandbox. */
export function hasFormerConfig(
  context: NodeContext,
  { sandboxBefore }: PodFact,
  { nad, state }: Pick<InterfaceDraft, 'nad' | 'state'>,
): boolean {
  if (nad === null || sandboxBefore === null || state === 'requested') return false;
  const configAt = context.facts.get('nad', nad)?.configAt ?? null;
  return configAt !== null && Date.parse(configAt) - Date.parse(sandboxBefore) > CLOCK_SKEW;
}
