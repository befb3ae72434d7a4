/**
 * The server's responses contain text from the cluster, which must not reorder, hide or fake words on the page. It is
 * made harmless here once, so that everything the page shows, links to, reads out or exports is safe.
 *
 * Ids change with the names in them, the same way everywhere, so a record keeps its id across set, delta and lookup.
 * (Two names that differ only in `U+202E` and the six characters `\u202e` would become one; no API accepts either.)
 */
import { harmless } from '../../model/harmless';

/** White space that a text of several lines may contain stays. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const NOT_KEPT = /[^\t\n\r]+/g;
/** Percent-encoded bytes, which encode a `/` of a name inside an id (`model/ids`). */
const ENCODED = /(?:%[0-9a-fA-F]{2})+/g;

/**
 * JSON without any of these cannot be harmful, however columns split, share and nest its texts: an escaped or raw
 * invisible character, or what may be part of a percent-encoded one.
 */
const SUSPECT = /\\[bfu]|%|[\u007f-\u009f\u2028\u2029\p{Cf}]/u;

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function unescaped(found: string): string {
  const shown = decoded(found);
  return shown === null || harmless(shown) === shown ? found : encodeURIComponent(harmless(shown));
}

function harmlessText(text: string): string {
  const raw = CONTROL.test(text) ? text.replace(NOT_KEPT, harmless) : text;
  return raw.includes('%') ? raw.replace(ENCODED, unescaped) : raw;
}

/** Replaces every control and format character in the strings and keys of a value with a visible `\uXXXX`; keeps line breaks. */
function harmlessValue<T>(value: T): T {
  if (typeof value === 'string') return harmlessText(value) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => harmlessValue(one)) as T;
  if (value instanceof Map) return new Map([...value].map(harmlessValue)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [harmlessText(key), harmlessValue(one)])) as T;
}

/** Parses JSON text and returns what `read` makes of it, then cleaned of harmful text: packed columns cut and nest texts. */
export function harmlessFrom<T>(text: string, read: (parsed: unknown) => T): T {
  const value = read(JSON.parse(text));
  return SUSPECT.test(text) ? harmlessValue(value) : value;
}

/** JSON text as a value without harmful text. */
export const parseHarmless = (text: string): unknown => harmlessFrom(text, (parsed) => parsed);
