import { useCell, useClient } from './hooks';
import type { Opened } from './opened';

/** The state of the file that is open on the page; null when none is. */
export const useOpened = (): Opened | null => useCell(useClient().opened);
