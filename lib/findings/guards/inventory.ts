/** Inventories of a node's links. */
import type { HostNicRecord } from '../../model/records';
import type { SourceId } from '../../model/source-id';
import { NODE_NETWORK_STATES, RESOURCE_SLICES, SRIOV_NODE_STATES } from '../../model/source-ids';
import type { RuleContext } from '../rule/rule';
import { isSourceLive } from '../rule/trust';

const SOURCES: Readonly<Record<string, SourceId>> = {
  NodeNetworkState: NODE_NETWORK_STATES,
  SriovNetworkNodeState: SRIOV_NODE_STATES,
  ResourceSlice: RESOURCE_SLICES,
};

/** The sources of all inventories. */
export const INVENTORIES: readonly SourceId[] = Object.values(SOURCES);

/** Whether an inventory lists the link and can be read now; otherwise its state and MTU may be outdated. */
export function isInventoried({ source }: HostNicRecord, { read }: RuleContext): boolean {
  const id = SOURCES[source];
  return id !== undefined && isSourceLive(read, id);
}
