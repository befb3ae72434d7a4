/** The recent searches in this browser; empty without storage. */
import { basePath } from './base-path';

/** Each instance below a path of a host has its own. */
const key = (): string => `ifscope-searches${basePath()}`;
const MAX_SEARCHES = 6;

/** Newest first. */
export function recentSearches(): readonly string[] {
  try {
    const searches: unknown = JSON.parse(localStorage.getItem(key()) ?? '[]');
    return Array.isArray(searches) ? searches.filter((entry) => typeof entry === 'string').slice(0, MAX_SEARCHES) : [];
  } catch {
    return [];
  }
}

/** Puts a search first in the list; blank text is ignored. */
export function rememberSearch(text: string): void {
  const search = text.trim();
  if (search === '') return;
  const searches = [search, ...recentSearches().filter((entry) => entry !== search)].slice(0, MAX_SEARCHES);
  try {
    localStorage.setItem(key(), JSON.stringify(searches));
  } catch {
    // A browser may refuse to store anything.
  }
}
