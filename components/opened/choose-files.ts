/**
 * Opens files with the browser's file dialog, for users who cannot drag them: by keyboard, by touch or with a screen
 * reader.
 */
import type { BrowserClient } from '../../lib/client/browser';
import { openItems } from './open-items';

/** The label of the command. */
export const OPEN_FILES = 'Open files: view a snapshot or a capture, or compare two';

/** Lets the user choose files and opens them as if they were dropped. */
export function chooseFiles({ opened }: BrowserClient): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.addEventListener('change', () => {
    const items = [...(input.files ?? [])].map((file) => ({ name: file.name, files: [{ path: file.name, file }] }));
    void openItems(opened, items);
  });
  // If the page was busy for too long, the browser would silently do nothing.
  if (!navigator.userActivation.isActive) {
    const line =
      'The browser opens its file dialog only within seconds of a key or a click. Choose the command again, or drop the files on this page.';
    opened.set({ phase: 'failed', names: 'Files', line });
    return;
  }
  input.click();
}
