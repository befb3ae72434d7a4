/**
 * Keeps one copy of repeated values. JSON.parse creates a new string for every value, so 150,000 pods would hold 150,000
 * copies of their namespaces, node names, labels and owners. Interning changes no value.
 *
 * The pools are bounded and cleared when full; values handed out stay valid.
 */
const LIMIT = 100_000;

const strings = new Map<string, string>();
const records = new Map<string, Readonly<Record<string, string>>>();

/** The shared copy of an equal string. */
export function intern(value: string): string {
  const known = strings.get(value);
  if (known !== undefined) return known;
  if (strings.size >= LIMIT) strings.clear();
  strings.set(value, value);
  return value;
}

/** The shared copy of an equal string; null for null. */
export const internOrNull = (value: string | null): string | null => (value === null ? null : intern(value));

const EMPTY: Readonly<Record<string, string>> = Object.freeze({});

/** The string entries of a map (labels, tags), one shared object for equal maps. `keep` selects keys; by default all. */
export function internStringMap(value: unknown, keep?: (key: string) => boolean): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return EMPTY;
  const source = value as Readonly<Record<string, unknown>>;
  let signature = '';
  for (const key in source) {
    const one = source[key];
    // Lengths make the signature unambiguous.
    if (typeof one === 'string' && (keep === undefined || keep(key))) {
      signature += `${key.length}:${key}${one.length}:${one}`;
    }
  }
  if (signature === '') return EMPTY;
  const known = records.get(signature);
  if (known !== undefined) return known;
  const entries: [string, string][] = [];
  for (const key in source) {
    const one = source[key];
    if (typeof one === 'string' && (keep === undefined || keep(key))) entries.push([intern(key), intern(one)]);
  }
  const result = Object.freeze(Object.fromEntries(entries));
  if (records.size >= LIMIT) records.clear();
  records.set(signature, result);
  return result;
}
