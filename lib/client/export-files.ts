/** Exports of all records: by the server, or of the file that is open on this page, of which the server knows nothing. */
import { ask } from './ask';
import { basePath } from './base-path';
import type { BrowserClient } from './browser';
import { saveFile, stampedName } from './download';
import { emptyPageAddress } from './start-desk';

const pathOf = (format: string, filter: string): string =>
  `/api/export?format=${format}${filter === '' ? '' : `&filter=${encodeURIComponent(filter)}`}`;

/** Where the server has it. `filter`: empty for everything. */
export const exportHref = (format: string, filter: string): string => `${basePath()}${pathOf(format, filter)}`;

/** Whether an opened file can be exported so: the page in one file is made from an empty one. */
export const isOfferedForFile = (format: string): boolean => format !== 'html' || emptyPageAddress() !== null;

/** Rejects with the reason in one line. */
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
