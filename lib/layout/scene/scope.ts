/** The context of all drawing functions: the data, the mark writer, and what is highlighted, dimmed or stale. */
import type { FilterResult } from '../../view/filter';
import type { Level } from '../rack/level';
import type { Rack } from '../rack/rack';
import { DIMMED_SLOT, STALE_SLOT } from '../picture/tokens';
import type { SceneFacts } from './facts';
import type { MarkWriter } from '../picture/mark-writer';
import type { SlotItem } from '../places/slots';

/** Text about outdated EC2 data. */
export interface StaleWords {
  /** `as of 06:04`, on each ENI. */
  readonly asOf: string;
  /** `EC2 7 min old`, on each node. */
  readonly badge: string;
}

/** The context of drawing functions. */
export interface Scope {
  readonly rack: Rack;
  readonly facts: SceneFacts;
  readonly draw: MarkWriter;
  readonly level: Level;
  /** Interfaces of the selected pod, network or interface; null: nothing is highlighted. */
  readonly lit: ReadonlySet<string> | null;
  /** The nodes of these interfaces. */
  readonly litNodes: () => ReadonlySet<string>;
  readonly filter: FilterResult | null;
  readonly stale: StaleWords | null;
  /** The time of the picture in milliseconds; null: none, as in an export. */
  readonly now: number | null;
}

/** Whether the mark of a record's findings is bright: one of them passes the filter, or there is none. */
export const isTroubleLeft = ({ filter }: Pick<Scope, 'filter'>, record: string): boolean =>
  filter === null || filter.troubled.has(record);

/** Whether the filter matches all slots of an ENI that no known interface holds. */
const matchesFree = ({ freeStates, freeOn }: FilterResult, eni: string | null): boolean =>
  freeStates === 'all' || (eni !== null && freeOn?.has(eni) === true);

/** Opacity of a slot (`eni`: its ENI). Stale and dimmed are not multiplied; dimming wins. */
export function slotOpacity(scope: Scope, eni: string | null, item: SlotItem): number {
  const { lit, filter, stale } = scope;
  if (lit !== null && (item.interface === null || !lit.has(item.interface))) return DIMMED_SLOT;
  if (filter !== null) {
    const meant =
      item.interface !== null
        ? filter.shown.has(item.interface)
        : matchesFree(filter, eni) ||
          (filter.freeStates !== 'all' &&
            filter.freeStates?.has(item.style === 'requested' ? 'unknown' : item.style) === true);
    if (!meant) return DIMMED_SLOT;
  }
  return stale === null ? 1 : STALE_SLOT;
}

/** Opacity of free capacity. */
export const freeOpacity = (scope: Scope, eni: string | null): number =>
  scope.lit !== null || (scope.filter !== null && !matchesFree(scope.filter, eni))
    ? DIMMED_SLOT
    : scope.stale === null
      ? 1
      : STALE_SLOT;
