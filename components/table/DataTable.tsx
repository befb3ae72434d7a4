/**
 * A table of any length: only visible rows are in the DOM; all are reachable by keyboard (arrows, Enter) and counted
 * for screen readers.
 */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Kind } from '../../lib/view/query/facts/keys';
import { useClient, useFilterResult, useGo, usePageState } from '../../lib/client/hooks';
import type { Filter } from '../../lib/view/filter';
import { toCsv } from '../../lib/view/csv';
import { saveFile, stampedName } from '../../lib/client/download';
import { earlyFirst, shownColumns } from '../../lib/view/column-choice';
import { nextSort, parseSort, sortRows } from '../../lib/view/table-sort';
import { Button } from '../ui/Button';
import { cx } from '../ui/classes';
import { useNarrow } from '../hooks/useNarrow';
import { moveAlongRow } from './CellFilter';
import type { Column } from './column';
import { followsNumbers, GridRow } from './GridRow';
import { NotPrinted, usePrintedRows } from './printed-rows';
import { ColumnMenu, useChosenColumns, type ColumnIds } from './ColumnMenu';
import { useActiveRow, useScrollAnchor } from './row-by-id';

/** The props of a table. */
export interface TableProps<T> {
  /** The noun of the rows: `interfaces`. */
  readonly noun: string;
  /** The kind of record for the filter of a value. */
  readonly kind: Kind;
  /** In the table's own order. */
  readonly rows: readonly T[];
  /** All available columns, in the table's default order. */
  readonly columns: readonly Column<T>[];
  /** Further columns to choose from, in the column menu. */
  readonly moreColumns?: (shown: ColumnIds) => ReactNode;
  readonly idOf: (row: T) => string;
  readonly onOpen: (row: T) => void;
  /** Replaces the count of rows, if a row stands for several. */
  readonly counted?: ReactNode;
  /** Shown beside the count: what the filter hides. */
  readonly note?: ReactNode;
  /** Shown between the count and the rows. */
  readonly above?: ReactNode;
  readonly empty: ReactNode;
}

/** Least height of a row in a table of one line and of two, and gap between columns, in pixels. */
const ROW = 30;
const TALL_ROW = 46;
const GAP = 12;

/** A table of any number of rows: only the visible ones are in the document. */
export function DataTable<T>(props: TableProps<T>) {
  const { noun, kind, rows, columns: own, moreColumns, idOf, onOpen, counted, note, above, empty } = props;
  const { store } = useClient();
  const go = useGo();
  const sortText = usePageState((page) => page.sort);
  const selected = usePageState((page) => page.selection[0] ?? null);
  const chosen = useChosenColumns();
  const narrow = useNarrow();
  const offered = useMemo(() => (narrow ? earlyFirst(own) : own), [own, narrow]);
  const columns = useMemo(() => shownColumns(offered, chosen), [offered, chosen]);
  const rowHeight = columns.some(({ wraps }) => wraps === 'always' || (narrow && wraps === 'on phone'))
    ? TALL_ROW
    : ROW;
  const { sort, sorted } = useMemo(() => {
    const ids = columns.map(({ id }) => id);
    const wanted = parseSort(sortText, ids);
    const column = columns.find(({ id }) => id === wanted?.column);
    if (wanted === null || column === undefined) return { sort: null, sorted: rows };
    return { sort: wanted, sorted: sortRows(rows, column.sort ?? column.text, wanted.descending) };
  }, [rows, columns, sortText]);
  const save = (): void =>
    saveFile(
      new Blob(
        [
          toCsv(
            columns.map(({ title }) => title),
            sorted.map((row) => columns.map(({ text }) => text(row))),
          ),
        ],
        { type: 'text/csv' },
      ),
      stampedName(store.getState().replica.cluster, noun, 'csv', new Date()),
    );
  return (
    <>
      <div className="flex min-h-10 shrink-0 flex-wrap items-center justify-between gap-x-4 px-4 py-1 text-12 text-text2">
        <RowCountStatus count={rows.length} noun={noun} />
        <p>
          {counted ?? (
            <>
              <b className="font-semibold text-ink">{rows.length.toLocaleString('en')}</b> {nounFor(rows.length, noun)}
            </>
          )}
          {note}
        </p>
        <span className="ml-auto flex">
          <ColumnMenu columns={offered} more={moreColumns} />
          <Button look="plain" className="h-7! text-12!" disabled={rows.length === 0} onClick={save}>
            Download CSV
          </Button>
        </span>
      </div>
      {above}
      {rows.length === 0 ? (
        empty
      ) : (
        <Grid
          // The virtualizer reads the height once.
          key={rowHeight}
          rowHeight={rowHeight}
          noun={noun}
          kind={kind}
          rows={sorted}
          columns={columns}
          idOf={idOf}
          onOpen={onOpen}
          selected={selected}
          order={sortText}
          heading={(column) => (
            <button
              type="button"
              onClick={() => go({ sort: nextSort(sort, column.id) })}
              className={cx(
                'flex w-full items-center gap-1 truncate rounded-sm font-semibold hover:text-ink',
                // The arrow precedes the heading of a number column, so that heading and numbers are aligned.
                column.align === 'end' && 'flex-row-reverse',
              )}
            >
              <span className={column.titleIsSpoken === true ? 'sr-only' : 'truncate'}>{column.title}</span>
              <span aria-hidden className="w-2">
                {sort?.column === column.id ? (sort.descending ? '↓' : '↑') : ''}
              </span>
            </button>
          )}
          sortOf={(column) => (sort?.column === column.id ? (sort.descending ? 'descending' : 'ascending') : 'none')}
        />
      )}
    </>
  );
}

/** `nodes with networks`; for one row `node with networks`. */
const nounFor = (count: number, noun: string): string => (count === 1 ? noun.replace(/s(?= |$)/, '') : noun);

/** Announces the number of rows when the filter has changed, and stays silent while the cluster changes. */
function RowCountStatus({ count, noun }: { readonly count: number; readonly noun: string }) {
  const filter = usePageState((page) => page.filter);
  const settled = useFilterResult()?.share ?? 1;
  const [told, setTold] = useState<{ readonly filter: Filter; readonly words: string }>({ filter, words: '' });
  if (told.filter !== filter && settled === 1)
    setTold({
      filter,
      words: `${count.toLocaleString('en')} ${nounFor(count, noun)} ${count === 1 ? 'matches' : 'match'} the filter`,
    });
  return (
    <p role="status" className="sr-only">
      {told.words}
    </p>
  );
}

interface GridProps<T> extends Pick<TableProps<T>, 'noun' | 'kind' | 'rows' | 'columns' | 'idOf' | 'onOpen'> {
  /** In CSS pixels. */
  readonly rowHeight: number;
  readonly selected: string | null;
  /** Identifies the order of the rows. */
  readonly order: string;
  readonly heading: (column: Column<T>) => ReactNode;
  readonly sortOf: (column: Column<T>) => 'ascending' | 'descending' | 'none';
}

function Grid<T>(props: GridProps<T>) {
  const { noun, kind, rows, rowHeight, columns, idOf, onOpen, selected, order, heading, sortOf } = props;
  const box = useRef<HTMLDivElement>(null);
  const [current, setActive] = useActiveRow(rows, idOf);
  const isMeasured = columns.some(({ wraps }) => wraps !== undefined && wraps !== 'always');
  // The height of a row follows it to another place.
  const keyOf = useCallback((index: number) => keyAt(rows, idOf, index), [rows, idOf]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    ...(isMeasured ? { getItemKey: keyOf } : {}),
    overscan: 8,
    scrollPaddingStart: ROW,
    // The row with the tab stop is always in the DOM, so that it keeps the focus and Tab finds it.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(current, range.count - 1)])].sort((a, b) => a - b),
  });
  useScrollAnchor(rows, idOf, { virtual, order });
  const currentRow = rows[current];
  const currentId = currentRow === undefined ? null : idOf(currentRow);
  const focusedId = useRef<string | null>(null);
  useLayoutEffect(() => {
    // The focused row is gone: the row in its place gets the focus, so that it does not leave the table.
    if (focusedId.current === null || focusedId.current === currentId || document.activeElement !== document.body)
      return;
    box.current?.querySelector<HTMLElement>(`[data-index="${current}"]`)?.focus({ preventScroll: true });
  }, [current, currentId]);
  const printed = usePrintedRows(rows.length);
  const tracks = columns.map(({ width }) => width).join(' ');
  const focusRow = (index: number): void => {
    setActive(index);
    virtual.scrollToIndex(index);
    // The row may not be in the DOM until the scroll has been drawn.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus()),
    );
  };
  const onKey = (event: KeyboardEvent): void => {
    const to = rowAfterKey(event.key, current, rows.length, (box.current?.clientHeight ?? 0) / rowHeight);
    if (to !== null) {
      event.preventDefault();
      focusRow(to);
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      if (moveAlongRow(event.target, event.key === 'ArrowRight' ? 1 : -1)) event.preventDefault();
    } else if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.role === 'row') {
      const row = rows[current];
      if (row !== undefined) onOpen(row);
    }
  };
  return (
    <div ref={box} className="scroll-thin relative min-h-0 flex-1 overflow-auto border-t border-line bg-surface">
      <div
        role="grid"
        aria-label={noun}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        onKeyDown={onKey}
        className="text-12"
        style={{ minWidth: leastWidth(columns) }}
      >
        <HeaderRow columns={columns} tracks={tracks} heading={heading} sortOf={sortOf} />
        <div role="presentation" className="relative print:h-auto!" style={{ height: virtual.getTotalSize() }}>
          {(printed ?? virtual.getVirtualItems()).map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const id = idOf(row);
            return (
              <GridRow
                key={id}
                row={row}
                kind={kind}
                columns={columns}
                index={index}
                tabStop={index === current}
                selected={id === selected}
                style={{ gridTemplateColumns: tracks, minHeight: rowHeight, transform: `translateY(${start}px)` }}
                measure={isMeasured && printed === null ? virtual.measureElement : undefined}
                onFocus={() => {
                  focusedId.current = id;
                  setActive(index);
                }}
                onBlur={(event) => {
                  // A row that leaves the document causes a blur without a target, which does not mean that the focus
                  // has left.
                  if (event.relatedTarget !== null) focusedId.current = null;
                }}
                onOpen={() => onOpen(row)}
              />
            );
          })}
        </div>
        {printed !== null && <NotPrinted printed={printed.length} all={rows.length} noun={noun} />}
      </div>
    </div>
  );
}

function keyAt<T>(rows: readonly T[], idOf: (row: T) => string, index: number): string | number {
  const row = rows[index];
  return row === undefined ? index : idOf(row);
}

interface HeaderProps<T> extends Pick<GridProps<T>, 'columns' | 'heading' | 'sortOf'> {
  readonly tracks: string;
}

function HeaderRow<T>({ columns, tracks, heading, sortOf }: HeaderProps<T>) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-1 grid items-center gap-x-3 border-b border-line bg-surface px-4 text-text2"
      style={{ gridTemplateColumns: tracks, height: ROW }}
    >
      {columns.map((column, index) => (
        <div
          key={column.id}
          role="columnheader"
          aria-sort={sortOf(column)}
          className={cx('min-w-0', followsNumbers(columns, index) && 'pl-4')}
        >
          {heading(column)}
        </div>
      ))}
    </div>
  );
}

/**
 * The index of the row that a key moves to, or null. `visible`: number of rows that fit into the window of the table.
 */
function rowAfterKey(key: string, current: number, count: number, visible: number): number | null {
  const page = Math.max(1, Math.floor(visible) - 2);
  const to = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}

/** Width in pixels below which the table scrolls sideways: the minimum width of each column, plus gaps. */
const leastWidth = <T,>(columns: readonly Column<T>[]): number =>
  columns.reduce((sum, { width }) => sum + Number.parseInt(width.replace('minmax(', ''), 10) + GAP, 2 * GAP);
