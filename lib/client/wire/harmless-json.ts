/**
 * The server's responses contain text from the cluster, which must not reorder, hide or fake text on the page. It is
 * escaped here once, so that everything the page shows, links to, reads out or exports is safe.
 *
 * Ids change with the names in them, the same way everywhere, so a record keeps its id across set, delta and look-up.
 * (Two names that differ only in `U+202E` and the six characters `\u202e` would become one; no API accepts either.)
 */
import { harmless } from '../../model/harmless';

/** White space of multi-line texts is kept. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const NOT_KEPT = /[^\t\n\r]+/g;
/** Percent-encoded bytes: inside an id they encode a `/` of a name (`model/ids`). */
const ENCODED = /(?:%[0-9a-fA-F]{2})+/g;

/**
 * JSON without any of these cannot be harmful, however columns split, share and nest its texts: an escaped or raw
 * invisible character, or a part of a percent-encoded one.
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

/**
 * Parses JSON text and returns the result of `read`, with harmful text escaped. After `read`, because packed columns
 * split and nest texts.
 */
export function harmlessFrom<T>(text: string, read: (parsed: unknown) => T): T {
  const value = read(JSON.parse(text));
  return SUSPECT.test(text) ? harmlessValue(value) : value;
}

/** Parses JSON text and escapes harmful text in it. */
export const parseHarmless = (text: string): unknown => harmlessFrom(text, (parsed) => parsed);
