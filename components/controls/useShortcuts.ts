import { useEffect } from 'react';
import { useClient, useSelect } from '../../lib/client/hooks';
import { readEntry } from '../../lib/view/selection';
import { NO_FILTER } from '../../lib/view/filter';
import { viewOfKey } from '../../lib/view/views';
import type { CanvasHandle } from '../canvas/props';
import { takesText, userInput } from '../hooks/user-input';
import type { Sheet } from './sheet';

/** Whether a menu or dialog above the page takes the keys. */
const isCovered = (): boolean => document.querySelector('dialog[open], :popover-open') !== null;

interface Targets {
  readonly open: (sheet: Sheet) => void;
  /** A sheet is open or opening, and handles the keys. */
  readonly busy: boolean;
  readonly canvas: CanvasHandle | null;
}

/** Listens for keys on the page, except while the user types or a dialog is open. */
export function useShortcuts({ open, busy, canvas }: Targets): void {
  const client = useClient();
  const { back, close } = useSelect();
  useEffect(() => {
    const nodeOfSelection = (): string | null => {
      const entry = readEntry(client.location.getState().selection.at(-1) ?? '');
      if (entry === null) return null;
      if (entry.kind === 'node') return entry.id;
      const { records } = client.store.getState().replica;
      return (
        records.pods.get(entry.id)?.node ??
        records.interfaces.get(entry.id)?.node ??
        records.enis.get(entry.id)?.node ??
        records.networkCards.get(entry.id)?.node ??
        null
      );
    };
    const escape = (): void => {
      const { focus, selection } = client.location.getState();
      if (selection.length > 0) close();
      else if (focus !== null) client.location.go({ focus: null });
    };
    const togglePause = (): void => (client.store.getState().paused ? client.resume() : client.store.pause());
    const plain: Readonly<Record<string, () => void>> = {
      '/': () => open('find'),
      '?': () => open('keys'),
      Escape: escape,
      Backspace: back,
      g: () => {
        const { focus } = client.location.getState();
        const node = nodeOfSelection();
        client.location.go({ view: 'topology', focus: focus !== null && focus === node ? null : (node ?? null) });
      },
      f: () => canvas?.fit(),
      '0': () => canvas?.fit(),
      '+': () => canvas?.zoomBy(1.4),
      '=': () => canvas?.zoomBy(1.4),
      '-': () => canvas?.zoomBy(1 / 1.4),
      p: togglePause,
      x: () => client.location.go({ filter: NO_FILTER }),
    };
    const onKey = (event: KeyboardEvent): void => {
      userInput.hasOccurred = true;
      if (event.defaultPrevented) return;
      const find = event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey) && !event.altKey;
      if (find) {
        event.preventDefault();
        open('find');
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || busy || takesText(event.target) || isCovered()) return;
      const view = viewOfKey(event.key);
      if (view !== null) {
        client.location.go({ view, focus: null });
        return;
      }
      const run = plain[event.key];
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [client, canvas, open, busy, back, close]);
}
