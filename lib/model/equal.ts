/** Structural equality of JSON-safe values, regardless of key order. Decides whether a fact or a record has changed. */

type Fields = Readonly<Record<string, unknown>>;

/** Whether two JSON-safe values have the same content. NaN equals NaN, and a key set to undefined counts as a key. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  let size = 0;
  for (const key in a) {
    size++;
    if (!Object.hasOwn(b, key) || !equal((a as Fields)[key], (b as Fields)[key])) return false;
  }
  return Object.keys(b).length === size;
}
