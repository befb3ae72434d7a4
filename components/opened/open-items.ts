/** Opens the files that were dropped, pasted or chosen. */
import type { OpenedStore } from '../../lib/client/browser';
import { harmless } from '../../lib/model/harmless';
import type { GivenItem, OpenedFiles } from '../../lib/client/opened';

/** Opens files; if the code that reads them cannot be loaded, the page says so. */
export async function openItems(opened: OpenedStore, items: readonly GivenItem[]): Promise<void> {
  if (items.length === 0) return;
  let files: OpenedFiles;
  try {
    files = await opened.files();
  } catch {
    const line = 'The code that reads files could not be loaded: ifscope cannot be reached.';
    opened.set({ phase: 'failed', names: harmless(items.map(({ name }) => name).join(', ')), line });
    return;
  }
  await files.open(items);
}
