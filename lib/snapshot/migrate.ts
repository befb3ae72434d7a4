/**
 * How an older schema version becomes the next one: version → function from its top object to that of version + 1.
 * Empty as long as `v1` is the only version; fields that were added within a version need no entry (`schema.ts`, `missing`).
 */
export const migrations: ReadonlyMap<
  number,
  (top: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
> = new Map();
