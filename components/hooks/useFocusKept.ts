import { useEffect } from 'react';
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
  useEffect(() => {
    const act = (): void => void (userInput.hasOccurred = true);
    const events = ['keydown', 'pointerdown'] as const;
    for (const event of events) window.addEventListener(event, act, { capture: true, once: true });
    return () => {
      for (const event of events) window.removeEventListener(event, act, { capture: true });
    };
  }, []);
  const view = usePageState((page) => page.view);
  const focus = usePageState((page) => page.focus);
  const open = usePageState((page) => page.selection.length > 0);
  const filter = usePageState((page) => page.filter);
  useEffect(() => {
    const take = (): void => {
      const { activeElement, body } = document;
      const nowhere = activeElement === null || activeElement === body || activeElement.id === 'view';
      if (!nowhere || open || !userInput.hasOccurred) return;
      for (const place of PLACES) {
        const found = document.querySelector<HTMLElement>(place);
        if (found === null) continue;
        found.focus({ preventScroll: true });
        return;
      }
    };
    const timers = TRIES.map((ms) => setTimeout(take, ms));
    return () => timers.forEach(clearTimeout);
  }, [view, focus, open, filter]);
}
