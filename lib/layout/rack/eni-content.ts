/**
 * What an ENI's box holds, and how high that makes it. The height follows the instance type's limits and the CNI's mode;
 * addresses and pods never change it, so that a change of state moves nothing. Only in prefix mode, where a full ENI would
 * be six times as high as a usual one, does it grow with what is attached: by whole steps, as a node grows with its ENIs.
 */
import type { NodeRecord } from '../../model/records';
import { addressTotal, leftoversOf, type EniLook } from '../../view/eni-outline';
import { ENI, eniHeight, PREFIX, SLOT, slotRows } from './geometry';

/** `none`: the ENI carries no addresses at all (EFA-only). */
export type EniContent = 'slots' | 'prefixes' | 'ipv6' | 'trunk' | 'none';

/** Prefixes that have a row of cells: room for so many, then for so many; further ones are one cell each. */
const PREFIX_ROWS = [3, 6] as const;
/** Dots a row that stand for prefix slots. */
export const PREFIX_DOTS = 25;
/** Branch ENIs that are written out as lines at least. */
export const BRANCH_LINES = 4;

export function contentOf(eni: EniLook, node: NodeRecord | undefined): EniContent {
  if (eni.role === 'efa-only' || eni.interfaceType === 'efa-only') return 'none';
  if (eni.role === 'trunk') return 'trunk';
  if (eni.management.state !== 'managed') return 'slots';
  const mode = node?.cni?.mode ?? null;
  return mode === 'ipv6' ? 'ipv6' : mode === 'prefix' ? 'prefixes' : 'slots';
}

/** Slots of an ENI; where no limit is known, as many as it has addresses now, in whole rows. */
export function slotsOf(eni: EniLook): number {
  if (eni.capacity !== null) return eni.capacity;
  return Math.max(1, Math.ceil(addressTotal(eni) / SLOT.perRow)) * SLOT.perRow - 1;
}

const prefixCount = (eni: EniLook): number => eni.prefixes.filter(({ cidr }) => !cidr.includes(':')).length;

/** Rows of cells that an ENI has room for, whether they are filled or not. */
export function prefixRows(eni: EniLook): number {
  const held = prefixCount(eni);
  return Math.min(slotsOf(eni), PREFIX_ROWS.find((rows) => held <= rows) ?? PREFIX_ROWS[1]);
}

/** Rows beside and below the primary address for leftovers of the other mode, and prefixes that have no row of their own. */
export function overflowRows(eni: EniLook): number {
  const slots = slotsOf(eni) - prefixRows(eni);
  // As long as all prefixes have their rows, one row is enough for what else there usually is.
  const rest = Math.max(0, prefixCount(eni) - prefixRows(eni)) + leftoversOf(eni);
  return rest < SLOT.perRow ? 1 : Math.ceil((1 + Math.max(slots, rest)) / SLOT.perRow);
}

export const prefixDotRows = (capacity: number): number => Math.max(1, Math.ceil(capacity / PREFIX_DOTS));

/** Height of the part of a trunk that shows its branches. */
export function branchAreaHeight(limit: number | null): number {
  const cells = limit === null ? 0 : Math.ceil(limit / SLOT.perRow) * SLOT.pitchY;
  return Math.max(BRANCH_LINES * ENI.lines, cells);
}

export function contentHeight(content: EniContent, eni: EniLook, node: NodeRecord | undefined): number {
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
      const rows = overflowRows(eni) + prefixDotRows(capacity);
      return ENI.title + rows * SLOT.pitchY + prefixRows(eni) * PREFIX.row + 17 + 6;
    }
  }
}
