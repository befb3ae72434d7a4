import { useEffect, useSyncExternalStore } from 'react';
import { usePageState } from '../../lib/client/hooks';
import type { Theme } from '../../lib/layout/tokens';

const DARK = '(prefers-color-scheme: dark)';
const subscribe = (listener: () => void): (() => void) => {
  const query = window.matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

/**
 * The theme that is seen. The choice stands on the root element, where the style sheet reads it, and in a cookie, so that
 * the server's first answer is already in it.
 */
export function useTheme(): Theme {
  const choice = usePageState((page) => page.theme);
  const dark = useSyncExternalStore(subscribe, () => window.matchMedia(DARK).matches);
  useEffect(() => {
    document.documentElement.dataset.theme = choice;
    document.cookie = `ifscope-theme=${choice}; path=/; max-age=31536000; samesite=strict`;
  }, [choice]);
  return choice === 'system' ? (dark ? 'dark' : 'light') : choice;
}
