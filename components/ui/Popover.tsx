import { Suspense, useId, useRef, useState, type ReactNode, type SyntheticEvent } from 'react';
import { cx } from './classes';

interface Props {
  /** The content of the button. */
  readonly button: ReactNode;
  readonly buttonClass?: string;
  /** The name of the panel. */
  readonly label: string;
  /** The name of the button, if it shows only an icon. */
  readonly buttonLabel?: string;
  readonly align?: 'start' | 'end';
  readonly panelClass?: string;
  /** Rendered, and loaded if it is lazy, only while the panel is open. */
  readonly children: ReactNode;
}

const MARGIN = 8;

/** Closes the popover that contains the event's target. */
export const closePopover = ({ currentTarget }: SyntheticEvent): void =>
  currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();

/**
 * A button that opens a panel below it, inside the window; above it if there is too little room below and more above. The
 * browser's popover handles light dismiss, Esc, top layer and focus.
 */
export function Popover({ button, buttonClass, label, buttonLabel, align = 'start', panelClass, children }: Props) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const place = (): void => {
    const from = trigger.current?.getBoundingClientRect();
    const box = panel.current;
    if (from === undefined || box === null) return;
    const below = window.innerHeight - from.bottom - 2 * MARGIN;
    const above = from.top - 2 * MARGIN;
    // Its own height, not that of a previous opening.
    box.style.maxHeight = '';
    const isAbove = box.offsetHeight > below && above > below;
    box.style.maxHeight = `${isAbove ? above : below}px`;
    box.style.top = `${isAbove ? from.top - 4 - box.offsetHeight : from.bottom + 4}px`;
    const width = box.offsetWidth;
    const wanted = align === 'start' ? from.left : from.right - width;
    box.style.left = `${Math.max(MARGIN, Math.min(wanted, window.innerWidth - width - MARGIN))}px`;
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-label={buttonLabel}
        className={cx(
          'h-8 rounded-md border px-2 text-13 whitespace-nowrap md:px-3',
          buttonClass ?? 'border-line bg-surface hover:border-edge',
        )}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        tabIndex={0}
        onBeforeToggle={({ newState }) => newState === 'open' && setOpen(true)}
        // The content goes after the panel: the browser gives the focus back only from an element that still exists.
        onToggle={({ newState }) => (newState === 'open' ? place() : setOpen(false))}
        className={cx(
          'scroll-thin fixed m-0 max-w-[calc(100vw-16px)] overflow-auto rounded-lg border border-line bg-surface p-3 text-13 text-ink shadow-lg',
          panelClass,
        )}
      >
        {open && <Suspense fallback="Loading…">{children}</Suspense>}
      </div>
    </>
  );
}
