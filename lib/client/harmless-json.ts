/**
 * What the server sends is full of the cluster's own text, and nothing of it may reorder, hide or fake a word of the page.
 * It is made harmless here, once, before it is read: whatever the page shows, links to, speaks or exports is made of it.
 *
 * Ids change with the names in them, the same everywhere: a record keeps its id from set to delta to lookup answer. (Two
 * names that differ in `U+202E` and the six characters `\u202e` only would be one; no API accepts either.)
 */
import { harmless } from '../model/harmless';

/**
 * In JSON text: an escape, an invisible character as it is, or percent-encoded bytes, in which an id holds a name that has
 * a `/` (`model/ids`).
 */
const SUSPECT = /\\(?:u[0-9a-fA-F]{4}|.)|[\u007f-\u009f\u2028\u2029\p{Cf}]|(?:%[0-9a-fA-F]{2})+/gu;

/** White space that a text of several lines has a right to. */
const KEPT = new Set(['\t', '\n', '\r']);

function replaced(found: string): string {
  if (found.startsWith('%')) {
    const shown = decoded(found);
    return shown === null || harmless(shown) === shown ? found : encodeURIComponent(harmless(shown));
  }
  const character = JSON.parse(`"${found}"`) as string;
  return KEPT.has(character) ? found : JSON.stringify(harmless(character)).slice(1, -1);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** JSON text of our server with every control and format character of its strings as its `\uXXXX`; lines stay lines. */
export const harmlessJson = (text: string): string => text.replace(SUSPECT, replaced);
