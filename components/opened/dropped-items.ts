/** The content of a drop or paste: files, and folders with all their files. */
import type { GivenItem } from '../../lib/client/opened';

/** Maximum number of files; a folder that is not a capture is not read to its end. */
const MOST_FILES = 20_000;
const DEEPEST = 6;

interface Found {
  readonly path: string;
  readonly file: Blob;
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A folder lists its entries in portions. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || all.length > MOST_FILES) return all;
    all.push(...some);
  }
}

async function visit(entry: FileSystemEntry, path: string, found: Found[], depth: number): Promise<void> {
  if (found.length > MOST_FILES || depth > DEEPEST) return;
  if (entry.isFile) found.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
  else if (entry.isDirectory)
    for (const one of await entriesOf(entry as FileSystemDirectoryEntry))
      await visit(one, `${path}/${one.name}`, found, depth + 1);
}

/** The files of a drop, including those in folders. */
export async function itemsOf(data: DataTransfer): Promise<readonly GivenItem[]> {
  // Entries are no longer available after the event: they are taken before the first await.
  const entries = [...data.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const files = [...data.files];
  const text = data.getData('text/plain');
  const items: GivenItem[] = [];
  for (const entry of entries) {
    if (entry === null) continue;
    const found: Found[] = [];
    await visit(entry, entry.name, found, 0);
    items.push({ name: entry.name, files: found });
  }
  if (items.length > 0) return items;
  if (files.length > 0) return files.map((file) => ({ name: file.name, files: [{ path: file.name, file }] }));
  return text.trim() === '' ? [] : [pasted(text)];
}

const pasted = (text: string): GivenItem => ({
  name: 'pasted text',
  files: [{ path: 'pasted', file: new Blob([text]) }],
});
