/** The button in a cell that filters by its value: shown on hover and on keyboard focus. */
import { useClient } from '../../lib/client/hooks';
import type { Kind } from '../../lib/view/query/facts/keys';
import { cx } from '../ui/classes';
import { narrowed } from '../../lib/view/query/narrow';

interface Props {
  readonly kind: Kind;
  /** Null: there is no filter for the value. */
  readonly part: string | null;
  /** The value is at the end of the cell: the button is at its beginning, so that it covers no figure. */
  readonly atStart: boolean;
}

/** Adds the value of a cell to the filter, or removes it. */
export function CellFilter({ kind, part, atStart }: Props) {
  const { location } = useClient();
  if (part === null) return null;
  return (
    <button
      type="button"
      data-part={part}
      tabIndex={-1}
      aria-label={`Filter by ${part}`}
      title={`Filter by ${part}`}
      onClick={(event) => {
        event.stopPropagation();
        location.go({ filter: narrowed(location.getState().filter, kind, part) });
      }}
      className={cx(
        'absolute inset-y-0 my-auto h-5 rounded-sm bg-surface px-1.5 text-12 text-text2 opacity-0 shadow-sm group-hover/cell:opacity-100 hover:text-ink focus-visible:opacity-100',
        atStart ? 'left-0' : 'right-0',
      )}
    >
      <svg aria-hidden viewBox="0 0 12 12" className="h-3 w-3 fill-none stroke-current" strokeWidth="1.4">
        <path d="M1.5 2.5h9M3.5 6h5M5 9.5h2" strokeLinecap="round" />
      </svg>
    </button>
  );
}

/** Moves the focus to the next value of a row with a filter button, or back to the row; returns false without one. */
export function moveAlongRow(target: EventTarget, step: 1 | -1): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const row = target.closest<HTMLElement>('[role=row]');
  if (row === null) return false;
  const stops = [row, ...row.querySelectorAll<HTMLElement>('[data-part]')];
  const next = stops[stops.indexOf(target) + step];
  next?.focus({ preventScroll: false });
  return next !== undefined;
}
