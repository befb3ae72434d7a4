/** Accepts files that are dropped or pasted anywhere on the page. */
import { useEffect, useState } from 'react';
import { useClient } from '../../lib/client/hooks';
import { takesText } from '../hooks/user-input';
import { itemsOf } from './dropped-items';
import { openItems } from './open-items';

const holdsFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') === true;

/** Accepts files that are dropped anywhere on the page. */
export default function DropZone() {
  const { opened } = useClient();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const take = async (data: DataTransfer | null): Promise<void> => {
      if (data !== null) await openItems(opened, await itemsOf(data));
    };
    const enter = (event: DragEvent): void => {
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const stay = (event: DragEvent): void => {
      if (holdsFiles(event.dataTransfer)) event.preventDefault();
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      void take(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent): void => {
      if (takesText(event.target) || document.querySelector('dialog[open]') !== null) return;
      void take(event.clipboardData);
    };
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragover', stay, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('paste', paste, { signal });
    return () => listening.abort();
  }, [opened]);
  if (!over) return null;
  return (
    <div className="pointer-events-none absolute inset-0 z-30 grid place-items-center bg-bg/85">
      <p className="rounded-lg border-2 border-dashed border-ink bg-surface px-10 py-8 text-center text-14">
        <b className="block text-18 font-semibold">Drop to view</b>
        <span className="mt-2 block max-w-100 text-text2">
          Snapshots, captures (folder, zip, tar, tar.gz), answers of kubectl and aws. They are read in this browser and
          sent nowhere. Two are compared.
        </span>
      </p>
    </div>
  );
}
