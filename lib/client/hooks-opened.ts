/** The file that is open on the page, if one is. */
import { useSyncExternalStore } from 'react';
import { useClient } from './hooks';
import type { Opened } from './opened';

/** The state of the opened file; null when none is open. */
export function useOpened(): Opened | null {
  const { opened } = useClient();
  return useSyncExternalStore(opened.subscribe, opened.get, opened.get);
}
