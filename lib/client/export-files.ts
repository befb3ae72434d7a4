/** Exports of all records: by the server, or for a file opened on this page, which the server does not have. */
import { ask } from './ask';
import { basePath } from './base-path';
import type { BrowserClient } from './browser';
import { saveFile, stampedName } from './download';
import { emptyPageAddress } from './start-desk';

const pathOf = (format: string, filter: string): string =>
  `/api/export?format=${format}${filter === '' ? '' : `&filter=${encodeURIComponent(filter)}`}`;

/** The server's URL for the export. `filter`: empty for everything. */
export const exportHref = (format: string, filter: string): string => `${basePath()}${pathOf(format, filter)}`;

/** Whether the format is available for an opened file. The HTML export needs an empty page from the server. */
export const isOfferedForFile = (format: string): boolean => format !== 'html' || emptyPageAddress() !== null;

/** Exports the opened file. Rejects with a one-line reason. */
export async function exportOfFile(format: string, filter: string): Promise<Blob> {
  const page = format === 'html' ? `&page=${encodeURIComponent(emptyPageAddress() ?? '')}` : '';
  const { status, text } = await ask(`${pathOf(format, filter)}${page}`, new AbortController().signal);
  if (status !== 200) throw new Error(text);
  return new Blob([text]);
}

/** Downloads everything in the format. `holds`: the part of the file name that describes the content. */
export async function downloadAll(
  { store }: BrowserClient,
  { id, holds }: { readonly id: string; readonly holds: string },
): Promise<void> {
  const { isFile, replica } = store.getState();
  if (isFile) {
    saveFile(await exportOfFile(id, ''), stampedName(replica.cluster, holds, id, new Date()));
    return;
  }
  const link = document.createElement('a');
  link.href = exportHref(id, '');
  link.download = '';
  link.click();
}
