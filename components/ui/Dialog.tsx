'use client';
import { useEffect, useRef, type ReactNode } from 'react';
import { cx } from './classes';

interface Props {
  readonly label: string;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A modal dialog while it is mounted: the browser traps focus, closes on Esc and gives focus back. */
export function Dialog({ label, onClose, className, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog
      ref={box}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === box.current) onClose();
      }}
      className={cx(
        'mx-auto mt-[10vh] max-h-[80vh] w-[min(680px,calc(100vw-32px))] flex-col overflow-hidden rounded-lg border border-line bg-surface text-ink shadow-xl open:flex',
        className,
      )}
    >
      {children}
    </dialog>
  );
}
