'use client';
/** Accepts files that are dropped or pasted anywhere on the page. */
import { useEffect, useState } from 'react';
import { useClient } from '../../lib/client/hooks';
import { itemsOf } from './dropped-items';
import { openItems } from './open-items';

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const holdsFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') === true;

/** Accepts files that are dropped anywhere on the page. */
export function DropZone() {
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
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', stay);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', stay);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
    };
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
