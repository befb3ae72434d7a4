/** A small table of figures, before and after. */
import { useId, type ReactNode } from 'react';
import { cx } from '../../ui/classes';

/** A titled table. */
export function Table({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-1 text-13 font-semibold">
        {title}
      </h2>
      <div className="scroll-thin overflow-x-auto rounded-lg border border-line bg-surface px-2">
        <table aria-labelledby={id} className="w-full border-collapse text-12 [&_tr+tr]:border-t [&_tr]:border-line">
          {children}
        </table>
      </div>
    </section>
  );
}

interface HeadProps {
  readonly children: ReactNode;
  readonly start?: boolean;
  /** The heading of a row instead of a column. */
  readonly row?: boolean;
}

/** A heading cell. */
export function Head({ children, start = false, row = false }: HeadProps) {
  return (
    <th
      scope={row ? 'row' : 'col'}
      className={cx(
        'px-2 py-1.5 whitespace-nowrap',
        row ? 'text-left font-[inherit]' : 'font-semibold text-text2',
        !row && (start ? 'text-left' : 'text-right'),
      )}
    >
      {children}
    </th>
  );
}

interface CellProps {
  readonly children: ReactNode;
  readonly start?: boolean;
  /** Wide enough for some words. */
  readonly wide?: boolean;
  readonly title?: string | undefined;
}

/** A table cell. */
export function Cell({ children, start = false, wide = false, title }: CellProps) {
  return (
    <td
      title={title}
      className={cx(
        'px-2 py-1.5',
        wide && 'min-w-40',
        start ? 'text-left' : 'text-right whitespace-nowrap tabular-nums',
      )}
    >
      {children}
    </td>
  );
}

/** What limits a figure; what did before, if that differs, below. */
export function Limit({ before, after }: { readonly before: string; readonly after: string }) {
  if (before === after) return <>{after}</>;
  return (
    <>
      <b className="font-semibold">{after}</b>
      <span className="block text-text3">before: {before}</span>
    </>
  );
}

interface ArrowProps {
  readonly before: string;
  readonly after: string;
  readonly bad?: boolean;
}

/** `46 → 32`; a single number if nothing changes. */
export function Arrow({ before, after, bad = false }: ArrowProps) {
  if (before === after) return <>{after}</>;
  return (
    <>
      <span className="text-text3">
        {before}
        <span aria-hidden> → </span>
        <span className="sr-only"> before, after </span>
      </span>
      <b className={cx('font-semibold', bad && 'text-err')}>{after}</b>
    </>
  );
}
