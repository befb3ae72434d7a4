import { useEffect, useRef, type ReactNode } from 'react';
import { cx } from './classes';

interface Props {
  readonly label: string;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/**
 * A modal dialog while it is mounted: the browser traps the focus and returns it. `onClose` is called exactly once,
 * immediately: the browser's own `close` event is fired a task after the dialog is gone, and would close the next one.
 */
export function Dialog({ label, onClose, className, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const ended = useRef(false);
  useEffect(() => {
    ended.current = false;
    box.current?.showModal();
  }, []);
  const end = (): void => {
    if (ended.current) return;
    ended.current = true;
    box.current?.close();
    onClose();
  };
  return (
    <dialog
      ref={box}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        end();
      }}
      onClose={end}
      onClick={(event) => {
        if (event.target === box.current) end();
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
