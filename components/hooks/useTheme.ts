import { useEffect } from 'react';
import { basePath } from '../../lib/client/base-path';
import { usePageState } from '../../lib/client/hooks';
import type { Theme } from '../../lib/layout/picture/tokens';
import { mediaHook } from './media-hook';

const useDark = mediaHook('(prefers-color-scheme: dark)');

/** The effective theme: the user's choice, or the system's. */
export function useTheme(): Theme {
  const choice = usePageState((page) => page.theme);
  const dark = useDark();
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
