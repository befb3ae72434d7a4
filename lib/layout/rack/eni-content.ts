/**
 * The content of an ENI's box, and its height. The height depends on the instance type's limits and the CNI's mode,
 * never on addresses, prefixes or pods, so that a change of state moves nothing.
 */
import type { NodeRecord } from '../../model/records';
import { addressTotal, type EniOrOutline } from '../../view/eni-outline';
import { ENI, eniHeight, PREFIX, SLOT, slotRows } from './geometry';

/** `device`: pods claim the whole ENI, so it has no slots. `none`: the ENI carries no addresses (EFA-only). */
export type EniContent = 'slots' | 'prefixes' | 'ipv6' | 'trunk' | 'device' | 'none';

/** Number of prefixes with a row of cells; further prefixes are one cell each. */
const PREFIX_ROWS = 6;
/** Dots per row of free prefix slots. */
export const PREFIX_DOTS = 25;
/** Minimum number of branch ENIs that are listed as lines. */
export const BRANCH_LINES = 4;

const isEfaOnly = (eni: EniOrOutline): boolean => eni.role === 'efa-only' || eni.interfaceType === 'efa-only';

/**
 * Claimed or offered as a whole device: both look alike, so that a pod that comes or goes moves nothing. ENIs that
 * ipamd manages keep their slots, and so do ENIs with addresses of another network.
 */
function isDevice(eni: EniOrOutline): boolean {
  if (eni.management.state === 'managed') return false;
  if (eni.claimedBy.length > 0) return eni.capacity === null || isEfaOnly(eni);
  return eni.offeredBy.length > 0 && addressTotal(eni) <= 1;
}

/** The content of an ENI's box; `node` is undefined for an ENI without a node. */
export function contentOf(eni: EniOrOutline, node: NodeRecord | undefined): EniContent {
  if (isDevice(eni)) return 'device';
  if (isEfaOnly(eni)) return 'none';
  if (eni.role === 'trunk') return 'trunk';
  if (eni.management.state !== 'managed') return 'slots';
  const mode = node?.cni?.mode ?? null;
  return mode === 'ipv6' ? 'ipv6' : mode === 'prefix' ? 'prefixes' : 'slots';
}

/** Slots of an ENI; without a known limit, its current addresses rounded up to whole rows. */
export function slotsOf(eni: EniOrOutline): number {
  if (eni.capacity !== null) return eni.capacity;
  return Math.max(1, Math.ceil(addressTotal(eni) / SLOT.perRow)) * SLOT.perRow - 1;
}

/** Number of an ENI's prefixes with a row of cells, attached or not. */
export const prefixRows = (eni: EniOrOutline): number => Math.min(slotsOf(eni), PREFIX_ROWS);

/** Rows for the primary address, leftovers of the other mode, and prefixes without a row of their own. */
export const overflowRows = (eni: EniOrOutline): number => slotRows(slotsOf(eni));

/** Rows of dots for this many prefix slots. */
export const prefixDotRows = (capacity: number): number => Math.max(1, Math.ceil(capacity / PREFIX_DOTS));

/** Height of a trunk's branch area. */
export function branchAreaHeight(limit: number | null): number {
  const cells = limit === null ? 0 : Math.ceil(limit / SLOT.perRow) * SLOT.pitchY;
  return Math.max(BRANCH_LINES * ENI.lines, cells);
}

/** Height of an ENI in IPv6 mode. */
export const IPV6_HEIGHT = 72;

/** Height of a trunk ENI, by the number of branches its node may have. */
export const trunkHeight = (node: NodeRecord | undefined): number =>
  ENI.title + branchAreaHeight(node?.branch?.limit ?? null) + 6;

/**
 * Height of an ENI with this many prefix slots: overflow rows, prefix rows, and dots. A prefix is never a dot as well,
 * so this needs one row more than all slots would.
 */
export const fullPrefixHeight = (capacity: number): number =>
  ENI.title + (slotRows(capacity) + 1) * SLOT.pitchY + Math.min(capacity, PREFIX_ROWS) * PREFIX.row + 17 + 6;

/** Height of an ENI's box in layout units. */
export function contentHeight(content: EniContent, eni: EniOrOutline, node: NodeRecord | undefined): number {
  switch (content) {
    case 'none':
      return ENI.title;
    case 'slots':
      return eniHeight(slotRows(slotsOf(eni)));
    case 'device':
      return eniHeight(1);
    case 'ipv6':
      return IPV6_HEIGHT;
    case 'trunk':
      return trunkHeight(node);
    case 'prefixes':
      return fullPrefixHeight(slotsOf(eni));
  }
}
