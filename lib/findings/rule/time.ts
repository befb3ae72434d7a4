/** Times as records give them. */

/** Epoch milliseconds; null for null and for what is no time. */
export const timeOf = (timestamp: string | null): number | null => {
  if (timestamp === null) return null;
  const at = Date.parse(timestamp);
  return Number.isNaN(at) ? null : at;
};
