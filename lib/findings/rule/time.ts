/** Timestamps of records. */

/** Epoch milliseconds; null for null and for an invalid timestamp. */
export const timeOf = (timestamp: string | null): number | null => {
  if (timestamp === null) return null;
  const at = Date.parse(timestamp);
  return Number.isNaN(at) ? null : at;
};
