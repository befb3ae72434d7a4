import { Fragment, type ReactNode } from 'react';
import { cx } from '../ui/classes';

/** A titled group of legend rows. */
export function LegendBlock({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-1 text-12 font-semibold">{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

interface RowProps {
  /** Null: none, without reserved space. */
  readonly swatch: ReactNode;
  /** Shown before the count, as in the navigation. */
  readonly icon?: ReactNode;
  readonly count?: number;
  readonly pressed?: boolean;
  readonly onPress?: () => void;
  /** Wraps to a second line, if possible after `.`, `/` or `_`. */
  readonly children: string;
  /** The full text, if `children` is shortened. */
  readonly whole?: string;
}

/** A row of a legend. With `onPress` it is also a filter. */
export function LegendRow({ swatch, icon, count, pressed, onPress, children, whole = children }: RowProps) {
  const inside = (
    <>
      {swatch !== null && <span className="flex w-7 shrink-0 items-center">{swatch}</span>}
      <span className="line-clamp-2 min-w-0 flex-1 text-left leading-4 wrap-anywhere">
        {children.split(/(?<=[./_])/).map((part, at) => (
          <Fragment key={at}>
            {at > 0 && <wbr />}
            {part}
          </Fragment>
        ))}
      </span>
      {icon}
      {count !== undefined && (
        <span className="min-w-6 pl-1.5 text-right text-text3 tabular-nums">{count.toLocaleString('en')}</span>
      )}
    </>
  );
  const box = 'flex min-h-6 items-center rounded-sm [@media(max-height:920px)]:min-h-5 pointer-coarse:min-h-8!';
  if (onPress === undefined) return <li className={`${box} text-text2`}>{inside}</li>;
  return (
    <li>
      <button
        type="button"
        aria-pressed={pressed}
        title={`Show only: ${whole}`}
        aria-label={whole === children ? undefined : `${whole} ${count?.toLocaleString('en') ?? ''}`}
        onClick={onPress}
        className={cx(
          box,
          '-mx-2 w-[calc(100%+16px)] px-2 hover:bg-sunk',
          pressed === true ? 'bg-sunk font-semibold text-ink' : 'text-text2',
        )}
      >
        {inside}
      </button>
    </li>
  );
}

/** What is not known. */
export const Hatched = () => <span aria-hidden className="hatched h-2.75 w-4 rounded-sm border border-edge" />;

interface ShadeProps {
  /** A colour; absent: empty. */
  readonly fill?: string | undefined;
  readonly opacity?: number;
  readonly dashed?: boolean;
}

/** A framed area of the picture. */
export function Shade({ fill = 'none', opacity = 0.62, dashed = false }: ShadeProps) {
  return (
    <svg width="16" height="11" viewBox="0 0 16 11" aria-hidden className="inline-block shrink-0">
      <rect
        x="0.5"
        y="0.5"
        width="15"
        height="10"
        rx="2"
        fill={fill}
        fillOpacity={opacity}
        stroke={dashed ? 'var(--c-err)' : 'var(--c-edge)'}
        {...(dashed ? { strokeDasharray: '3 2', strokeWidth: 1.4 } : {})}
      />
    </svg>
  );
}
