/**
 * What an ENI's box holds, and how high that makes it. The height follows the instance type's limits and the CNI's mode;
 * addresses, prefixes and pods never change it, so that a change of state moves nothing.
 */
import type { EniRecord, NodeRecord } from '../../model/records';
import { ENI, eniHeight, PREFIX, SLOT, slotRows } from '../geometry';

/** `none`: the ENI carries no addresses at all (EFA-only). */
export type EniContent = 'slots' | 'prefixes' | 'ipv6' | 'trunk' | 'none';

/** Prefixes that have a row of cells; further ones are one cell each, beside the primary address. */
export const PREFIX_ROWS = 6;
/** Dots a row that stand for prefix slots. */
export const PREFIX_DOTS = 25;
/** Branch ENIs that are written out as lines at least. */
export const BRANCH_LINES = 4;

export function contentOf(eni: EniRecord, node: NodeRecord | undefined): EniContent {
  if (eni.role === 'efa-only' || eni.interfaceType === 'efa-only') return 'none';
  if (eni.role === 'trunk') return 'trunk';
  if (eni.management.state !== 'managed') return 'slots';
  const mode = node?.cni?.mode ?? null;
  return mode === 'ipv6' ? 'ipv6' : mode === 'prefix' ? 'prefixes' : 'slots';
}

/** Slots of an ENI; where no limit is known, as many as it has addresses now, in whole rows. */
export function slotsOf(eni: EniRecord): number {
  if (eni.capacity !== null) return eni.capacity;
  return Math.max(1, Math.ceil(eni.addresses.length / SLOT.perRow)) * SLOT.perRow - 1;
}

export const prefixRows = (capacity: number): number => Math.min(capacity, PREFIX_ROWS);
/** Rows beside and below the primary address for the prefixes that have no row of their own. */
export const overflowRows = (capacity: number): number =>
  Math.ceil((1 + capacity - prefixRows(capacity)) / SLOT.perRow);
export const prefixDotRows = (capacity: number): number => Math.max(1, Math.ceil(capacity / PREFIX_DOTS));

/** Height of the part of a trunk that shows its branches. */
export function branchAreaHeight(limit: number | null): number {
  const cells = limit === null ? 0 : Math.ceil(limit / SLOT.perRow) * SLOT.pitchY;
  return Math.max(BRANCH_LINES * ENI.lines, cells);
}

export function contentHeight(content: EniContent, eni: EniRecord, node: NodeRecord | undefined): number {
  switch (content) {
    case 'none':
      return ENI.title;
    case 'slots':
      return eniHeight(slotRows(slotsOf(eni)));
    case 'ipv6':
      return 72;
    case 'trunk':
      return ENI.title + branchAreaHeight(node?.branch?.limit ?? null) + 6;
    case 'prefixes': {
      const capacity = slotsOf(eni);
      const rows = overflowRows(capacity) + prefixDotRows(capacity);
      return ENI.title + rows * SLOT.pitchY + prefixRows(capacity) * PREFIX.row + 17 + 6;
    }
  }
}
