import { useState } from 'react';
import { EXPORT_FORMATS } from '../../lib/export/index';
import { exportHref, exportOfFile, isOfferedForFile } from '../../lib/client/export-files';
import { useClient, useClientState, usePageState } from '../../lib/client/hooks';
import { filterText } from '../../lib/view/query/filter-query';
import { saveFile, stampedName } from '../../lib/client/download';
import type { CanvasHandle } from '../canvas/props';
import { chooseFiles } from '../opened/choose-files';
import { closePopover } from '../ui/Popover';
import { ExportPicture } from './ExportPicture';

const ITEM = 'block w-full rounded-sm px-2 py-1.5 text-left text-13 hover:bg-sunk';

/** Exports all records as data, or the picture, which is drawn from the scene instead of captured from the screen. */
export default function ExportList({ canvas }: { readonly canvas: CanvasHandle | null }) {
  const client = useClient();
  const { store } = client;
  const asked = usePageState(({ filter }) => filterText(filter));
  const isFile = useClientState((state) => state.isFile);
  const filterOf = (format: string): string => (format === 'csv' ? asked : '');
  const [failed, setFailed] = useState<string | null>(null);
  const name = (what: string, extension: string): string =>
    stampedName(store.getState().replica.cluster, what, extension, new Date());
  const save = async (make: () => Promise<Blob>, file: string): Promise<void> => {
    try {
      saveFile(await make(), file);
      setFailed(null);
    } catch (error) {
      setFailed(`Export failed: ${error instanceof Error ? error.message : 'unknown reason'}`);
    }
  };
  // With a canvas, the SVG is drawn in the browser, with its options.
  const offered = EXPORT_FORMATS.filter(
    ({ id }) => (canvas === null || id !== 'svg') && (!isFile || isOfferedForFile(id)),
  );
  return (
    <>
      {offered.map(({ id, title, about, holds }) => (
        <a
          key={id}
          className={ITEM}
          href={exportHref(id, filterOf(id))}
          download={name(holds, id)}
          onClick={(event) => {
            closePopover(event);
            if (!isFile) return;
            // The server does not have a file opened in the browser.
            event.preventDefault();
            void save(() => exportOfFile(id, filterOf(id)), name(holds, id));
          }}
        >
          <b className="font-semibold">{title}</b>{' '}
          <span className="text-text2">
            {id === 'csv' && asked !== '' ? `what matches the filter: ${asked}` : about}
          </span>
        </a>
      ))}
      {canvas !== null && (
        <ExportPicture canvas={canvas} onSave={(make, holds, extension) => void save(make, name(holds, extension))} />
      )}
      <button
        type="button"
        className={`${ITEM} mt-1 border-t border-line`}
        onClick={(event) => {
          closePopover(event);
          chooseFiles(client);
        }}
      >
        <b className="font-semibold">Open files…</b>{' '}
        <span className="text-text2">snapshot or capture, two to compare; or drop them on the page</span>
      </button>
      {failed !== null && (
        <p role="alert" className="px-2 py-1.5 text-12 text-err">
          {failed}
        </p>
      )}
    </>
  );
}
