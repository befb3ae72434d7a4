import { useSyncExternalStore } from 'react';

/** Makes a hook: whether the media query matches; false on the server. */
export function mediaHook(query: string): () => boolean {
  const matches = (): boolean => window.matchMedia(query).matches;
  const subscribe = (listener: () => void): (() => void) => {
    const list = window.matchMedia(query);
    list.addEventListener('change', listener);
    return () => list.removeEventListener('change', listener);
  };
  return function useMatches() {
    return useSyncExternalStore(subscribe, matches, () => false);
  };
}
