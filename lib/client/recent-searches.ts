/** The recent searches in this browser; empty without storage. */

const KEY = 'ifscope-searches';
const MAX_SEARCHES = 6;

/** Newest first. */
export function recentSearches(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MAX_SEARCHES) : [];
  } catch {
    return [];
  }
}

/** Puts a search first in the list; blank text is ignored. */
export function rememberSearch(text: string): void {
  const said = text.trim();
  if (said === '') return;
  const kept = [said, ...recentSearches().filter((one) => one !== said)].slice(0, MAX_SEARCHES);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser may refuse to store anything.
  }
}
