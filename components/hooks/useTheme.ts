import { useEffect, useSyncExternalStore } from 'react';
import { basePath } from '../../lib/client/base-path';
import { usePageState } from '../../lib/client/hooks';
import type { Theme } from '../../lib/layout/picture/tokens';

const DARK = '(prefers-color-scheme: dark)';
const subscribe = (listener: () => void): (() => void) => {
  const query = window.matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

/** The effective theme: the user's choice, or the system's. */
export function useTheme(): Theme {
  const choice = usePageState((page) => page.theme);
  const dark = useSyncExternalStore(subscribe, () => window.matchMedia(DARK).matches);
  return choice === 'system' ? (dark ? 'dark' : 'light') : choice;
}

/**
 * Applies the choice to the root element, for the style sheet, and to a cookie, for the server's next page. Use once
 * per page.
 */
export function useThemeOnPage(): void {
  const choice = usePageState((page) => page.theme);
  useEffect(() => {
    document.documentElement.dataset.theme = choice;
    document.cookie = `ifscope-theme=${choice}; path=${basePath() || '/'}; max-age=31536000; samesite=strict`;
  }, [choice]);
}
