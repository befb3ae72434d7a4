/** Which columns a table shows, and in which order. */
import { useMemo, type ReactNode } from 'react';
import { useGo, usePageState } from '../../lib/client/hooks';
import { chosenColumns, columnsText, movedColumn, shownColumns } from '../../lib/view/column-choice';
import { Button } from '../ui/Button';
import { Popover } from '../ui/Popover';

interface Offered {
  readonly id: string;
  readonly title: string;
  readonly optional?: boolean;
}

/** The column ids that the URL chooses for the current view's table; null: the defaults. */
export function useChosenColumns(): readonly string[] | null {
  const text = usePageState((page) => page.columns);
  const view = usePageState((page) => page.view);
  return useMemo(() => chosenColumns(text, view), [text, view]);
}

/** The shown columns, and a function that changes them. */
export interface ColumnIds {
  readonly ids: readonly string[];
  readonly choose: (ids: readonly string[]) => void;
}

interface Props {
  readonly columns: readonly Offered[];
  /** Further columns to choose from, rendered while the menu is open. */
  readonly more?: ((shown: ColumnIds) => ReactNode) | undefined;
}

/** A menu of the columns: each can be shown, hidden and moved. */
export function ColumnMenu({ columns, more }: Props) {
  return (
    <Popover
      label="Columns of the table"
      align="end"
      buttonClass="h-7! text-12! px-2! border-transparent hover:bg-sunk"
      button={
        <>
          Columns <span aria-hidden>▾</span>
        </>
      }
    >
      <Shown columns={columns} more={more} />
    </Popover>
  );
}

/**
 * A row that is moved in the list loses the focus. If the button that moved it is now disabled, the row's checkbox gets
 * the focus.
 */
function keepFocus(target: HTMLElement): void {
  requestAnimationFrame(() => {
    const kept = target.matches(':disabled') ? target.closest('li')?.querySelector('input') : target;
    kept?.focus();
  });
}

function Shown({ columns, more }: Props) {
  const chosen = useChosenColumns();
  const view = usePageState((page) => page.view);
  const go = useGo();
  const shown = shownColumns(columns, chosen);
  const ids = shown.map(({ id }) => id);
  const choose = (next: readonly string[]): void => go({ columns: columnsText(columns, view, next) });
  return (
    <>
      <ul className="min-w-56">
        {[...shown, ...columns.filter((column) => !shown.includes(column))].map((column) => {
          const place = ids.indexOf(column.id);
          const isShown = place >= 0;
          return (
            <li key={column.id} className="group flex items-center rounded-sm hover:bg-sunk">
              <label className="flex flex-1 items-center gap-2 px-1 py-1">
                <input
                  type="checkbox"
                  checked={isShown}
                  // A table needs at least one column.
                  disabled={isShown && ids.length === 1}
                  onChange={({ currentTarget }) => {
                    choose(isShown ? ids.filter((id) => id !== column.id) : [...ids, column.id]);
                    keepFocus(currentTarget);
                  }}
                  className="accent-(--c-sel)"
                />
                {column.title}
              </label>
              {isShown &&
                ([-1, 1] as const).map((step) => (
                  <button
                    key={step}
                    type="button"
                    disabled={step < 0 ? place === 0 : place === ids.length - 1}
                    aria-label={`Move ${column.title} ${step < 0 ? 'left' : 'right'}`}
                    onClick={({ currentTarget }) => {
                      choose(movedColumn(ids, column.id, step));
                      keepFocus(currentTarget);
                    }}
                    className="h-6 w-6 rounded-sm text-text3 hover:text-ink disabled:invisible"
                  >
                    <span aria-hidden>{step < 0 ? '↑' : '↓'}</span>
                  </button>
                ))}
            </li>
          );
        })}
      </ul>
      {more?.({ ids, choose })}
      {chosen !== null && (
        <Button className="mt-2" onClick={() => go({ columns: '' })}>
          Usual columns
        </Button>
      )}
    </>
  );
}
