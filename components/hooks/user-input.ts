/**
 * Whether the user has pressed a key or a button on this page. (`navigator.userActivation` may be set on a page that
 * was just opened.)
 */
export const userInput = { hasOccurred: false };

if (typeof window !== 'undefined')
  for (const event of ['keydown', 'pointerdown'])
    window.addEventListener(event, () => (userInput.hasOccurred = true), { capture: true, once: true });

/** Whether keys on the element are text. */
export const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
