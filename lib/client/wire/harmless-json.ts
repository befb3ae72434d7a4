/**
 * What the server sends contains text from the cluster, which must not reorder, hide or fake words on the page. It is made
 * harmless here once, before parsing, so that everything the page shows, links to, speaks or exports is safe.
 *
 * Ids change with the names in them, the same way everywhere, so a record keeps its id across set, delta and lookup. (Two
 * names that differ only in `U+202E` and the six characters `\u202e` would become one; no API accepts either.)
 */
import { harmless } from '../../model/harmless';

/**
 * In JSON text: an escape, a raw invisible character, or percent-encoded bytes, which encode a `/` of a name inside an id
 * (`model/ids`).
 */
const SUSPECT = /\\(?:u[0-9a-fA-F]{4}|.)|[\u007f-\u009f\u2028\u2029\p{Cf}]|(?:%[0-9a-fA-F]{2})+/gu;

/** White space that a text of several lines may contain. */
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

/** JSON text with every control and format character in its strings written as visible `\uXXXX`; line breaks stay. */
export const harmlessJson = (text: string): string => text.replace(SUSPECT, replaced);
