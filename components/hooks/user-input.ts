/** Whether a person has pressed a key or a button on this page; `navigator.userActivation` says so for a page just opened. */
export const userInput = { hasOccurred: false };

if (typeof window !== 'undefined')
  for (const event of ['keydown', 'pointerdown'])
    window.addEventListener(event, () => (userInput.hasOccurred = true), { capture: true, once: true });
