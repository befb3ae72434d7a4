/** Results that are kept, by what they were made from. Kept values are never undefined. */

/** A `Map` or a `WeakMap`. */
interface Kept<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value of a key, which is made and kept if there is none: `Map.prototype.getOrInsertComputed` of ES2026. */
export function keptFor<K, V>(kept: Kept<K, V>, key: K, make: (key: K) => V): V {
  let value = kept.get(key);
  if (value === undefined) kept.set(key, (value = make(key)));
  return value;
}

/** The function, which is called once for each argument. A `WeakMap` keeps results only as long as their argument. */
export const remembered =
  <K, V>(make: (key: K) => V, kept: Kept<K, V> = new Map<K, V>()): ((key: K) => V) =>
  (key) =>
    keptFor(kept, key, make);
