/**
 * What an ENI's box holds, and how high that makes it. The height follows the instance type's limits and the CNI's mode;
 * addresses, prefixes and pods never change it, so that a change of state moves nothing.
 */
import type { NodeRecord } from '../../model/records';
import { addressTotal, type EniLook } from '../../view/eni-outline';
import { ENI, eniHeight, PREFIX, SLOT, slotRows } from './geometry';

/** `device`: pods get it whole, by claims, and it has no slots. `none`: the ENI carries no addresses at all (EFA-only). */
export type EniContent = 'slots' | 'prefixes' | 'ipv6' | 'trunk' | 'device' | 'none';

/** Prefixes that have a row of cells; further ones are one cell each. */
const PREFIX_ROWS = 6;
/** Dots a row that stand for prefix slots. */
export const PREFIX_DOTS = 25;
/** Branch ENIs that are written out as lines at least. */
export const BRANCH_LINES = 4;

const isEfaOnly = (eni: EniLook): boolean => eni.role === 'efa-only' || eni.interfaceType === 'efa-only';

/**
 * Claimed whole, or offered whole: both look alike, so that a pod that comes or goes moves nothing. What ipamd manages keeps its slots, and
 * so does what holds addresses of another network.
 */
function isDevice(eni: EniLook): boolean {
  if (eni.management.state === 'managed') return false;
  if (eni.claimedBy.length > 0) return eni.capacity === null || isEfaOnly(eni);
  return eni.offeredBy.length > 0 && addressTotal(eni) <= 1;
}

/** What an ENI's box shows; `node` is undefined for an ENI on no node. */
export function contentOf(eni: EniLook, node: NodeRecord | undefined): EniContent {
  if (isDevice(eni)) return 'device';
  if (isEfaOnly(eni)) return 'none';
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

/** Prefixes of an ENI that have a row of cells, whether they are there or not. */
export const prefixRows = (eni: EniLook): number => Math.min(slotsOf(eni), PREFIX_ROWS);

/** Rows for the primary address, leftovers of the other mode, and prefixes that have no row of their own. */
export const overflowRows = (eni: EniLook): number => slotRows(slotsOf(eni));

/** Rows of dots for this many prefix slots. */
export const prefixDotRows = (capacity: number): number => Math.max(1, Math.ceil(capacity / PREFIX_DOTS));

/** Height of the part of a trunk that shows its branches. */
export function branchAreaHeight(limit: number | null): number {
  const cells = limit === null ? 0 : Math.ceil(limit / SLOT.perRow) * SLOT.pitchY;
  return Math.max(BRANCH_LINES * ENI.lines, cells);
}

/** Height of an ENI in IPv6 mode. */
export const IPV6_HEIGHT = 72;

/** Height of a trunk ENI, by the branches that its node may have. */
export const trunkHeight = (node: NodeRecord | undefined): number =>
  ENI.title + branchAreaHeight(node?.branch?.limit ?? null) + 6;

/**
 * The height of an ENI of so many prefixes: rows of cells, the rows above them and the dots below them. What is a prefix
 * is no dot, so together these need one row more than all slots would.
 */
export const fullPrefixHeight = (capacity: number): number =>
  ENI.title + (slotRows(capacity) + 1) * SLOT.pitchY + Math.min(capacity, PREFIX_ROWS) * PREFIX.row + 17 + 6;

/** Height of an ENI's box in layout units. */
export function contentHeight(content: EniContent, eni: EniLook, node: NodeRecord | undefined): number {
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
