/** Whether a person has pressed a key or a button on this page; `navigator.userActivation` says so for a page just opened. */
export const acted = { yes: false };

if (typeof window !== 'undefined')
  for (const event of ['keydown', 'pointerdown'])
    window.addEventListener(event, () => (acted.yes = true), { capture: true, once: true });
