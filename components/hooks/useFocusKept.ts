import { useEffect, useRef } from 'react';
import { usePageState } from '../../lib/client/hooks';
import { userInput } from './user-input';

/** Targets for the focus in the view; the first existing one is used. */
const PLACES = ['#view [role=application]', '#view [role=row][tabindex="0"]', '#view'] as const;

/** Attempts, in milliseconds: the target takes a moment to be drawn, and a view may still be loading. */
const TRIES = [0, 60, 250, 600] as const;

/**
 * Keeps the focus in the page: when the focused element disappears (a panel, a diagram, the overview, a button that
 * changes the filter), the view in its place gets the focus. Not before the first user input, and not while a dialog or another element has the focus.
 */
export function useFocusKept(): void {
  const last = useRef<EventTarget | null>(null);
  useEffect(() => {
    const act = (): void => void (userInput.hasOccurred = true);
    const remember = ({ target }: FocusEvent): void => void (last.current = target);
    const events = ['keydown', 'pointerdown'] as const;
    for (const event of events) window.addEventListener(event, act, { capture: true, once: true });
    window.addEventListener('focusin', remember);
    return () => {
      for (const event of events) window.removeEventListener(event, act, { capture: true });
      window.removeEventListener('focusin', remember);
    };
  }, []);
  const view = usePageState((page) => page.view);
  const focus = usePageState((page) => page.focus);
  const open = usePageState((page) => page.selection.length > 0);
  const filter = usePageState((page) => page.filter);
  useEffect(() => (open ? undefined : tryLater(takeFocus)), [view, focus, open]);
  // Not after a click in a browser that does not focus what is clicked.
  useEffect(() => {
    if (open) return undefined;
    return tryLater(() => last.current instanceof Element && !last.current.isConnected && takeFocus());
  }, [filter, open]);
}

/** Focuses the view if nothing has the focus. */
function takeFocus(): void {
  const { activeElement, body } = document;
  const isNowhere = activeElement === null || activeElement === body || activeElement.id === 'view';
  if (!isNowhere || !userInput.hasOccurred) return;
  const found = PLACES.map((place) => document.querySelector<HTMLElement>(place)).find((place) => place !== null);
  found?.focus({ preventScroll: true });
}

function tryLater(take: () => unknown): () => void {
  const timers = TRIES.map((ms) => setTimeout(take, ms));
  return () => timers.forEach(clearTimeout);
}
