/**
 * Migrations of older schema versions: version → function from its top-level object to that of version + 1. Empty as
 * long as `v1` is the only version; fields added within a version need no entry (`added` in `lib/model/schema/shape`).
 */
export const migrations: ReadonlyMap<
  number,
  (top: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
> = new Map();
