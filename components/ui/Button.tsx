import type { ButtonHTMLAttributes } from 'react';
import { cx } from './classes';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'framed' | 'plain' | 'link';
  readonly pressed?: boolean | undefined;
}

const LOOKS = {
  framed: 'h-8 rounded-md border border-line bg-surface px-3 hover:border-edge',
  plain: 'h-8 rounded-md px-2 hover:bg-sunk',
  link: 'rounded-sm text-left text-ink underline decoration-line underline-offset-3 hover:decoration-ink',
} as const;

/** A button, named by its text, or by `aria-label` if it shows only an icon. */
export function Button({ look = 'framed', pressed, className, ...rest }: Props) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      data-pressed={pressed}
      className={cx('text-13 whitespace-nowrap disabled:text-text3', LOOKS[look], className)}
      {...rest}
    />
  );
}
