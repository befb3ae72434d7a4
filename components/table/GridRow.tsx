/** One row of a table. */
import { useId, useState, type CSSProperties, type FocusEvent, type Ref } from 'react';
import type { Kind } from '../../lib/view/query/facts/keys';
import { cx } from '../ui/classes';
import { CellFilter } from './CellFilter';
import type { Column } from './column';

/** Whether a column follows right-aligned numbers: without extra space, the two would look like one. */
export const followsNumbers = <T,>(columns: readonly Column<T>[], place: number): boolean =>
  columns[place - 1]?.align === 'end' && columns[place]?.align !== 'end';

const WRAPPING = {
  never: 'truncate print:overflow-visible print:wrap-anywhere print:whitespace-normal',
  always: 'line-clamp-2 leading-4 wrap-anywhere print:line-clamp-none',
  'as needed': 'py-1.5 leading-4 wrap-anywhere',
  'on phone': 'py-1.5 leading-4 wrap-anywhere',
} as const;

interface GridRowProps<T> {
  readonly kind: Kind;
  readonly columns: readonly Column<T>[];
  readonly row: T;
  readonly index: number;
  readonly tabStop: boolean;
  readonly selected: boolean;
  readonly style: CSSProperties;
  /** Measures the row, if its height depends on its text. */
  readonly measure: Ref<HTMLDivElement> | undefined;
  readonly onFocus: () => void;
  readonly onBlur: (event: FocusEvent) => void;
  readonly onOpen: () => void;
}

/** A row of a table; `tabStop`: whether Tab reaches it. */
export function GridRow<T>(props: GridRowProps<T>) {
  const { row, kind, columns, index, tabStop, selected, style, measure, onFocus, onBlur, onOpen } = props;
  const cellId = useId();
  const [isPointed, setPointed] = useState(false);
  const isHot = tabStop || isPointed;
  return (
    <div
      ref={measure}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-index={index}
      tabIndex={tabStop ? 0 : -1}
      onFocus={onFocus}
      onBlur={onBlur}
      onClick={onOpen}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      className={cx(
        'absolute inset-x-0 top-0 grid cursor-pointer items-center gap-x-3 border-b border-line px-4 -outline-offset-2 print:static print:transform-none!',
        selected ? 'bg-sunk font-semibold' : 'hover:bg-sunk',
      )}
      style={style}
    >
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="gridcell"
          // The button is not part of the cell's text.
          aria-labelledby={isHot && column.part !== undefined ? `${cellId}-${column.id}` : undefined}
          title={column.text(row)}
          className={cx(
            'group/cell relative',
            WRAPPING[column.wraps ?? 'never'],
            column.align === 'end' && 'text-right tabular-nums',
            column.mono === true && 'font-mono',
            column.keepsEnd === true && 'text-left [direction:rtl]',
            followsNumbers(columns, place) && 'pl-4',
          )}
        >
          <span id={`${cellId}-${column.id}`} className="contents">
            <Content column={column} row={row} />
          </span>
          {isHot && column.part !== undefined && (
            <CellFilter kind={kind} part={column.part(row)} atStart={column.align === 'end'} />
          )}
        </div>
      ))}
    </div>
  );
}

function Content<T>({ column, row }: { readonly column: Column<T>; readonly row: T }) {
  const content = column.cell?.(row) ?? column.text(row);
  return column.keepsEnd === true ? <bdi dir="ltr">{content}</bdi> : content;
}
