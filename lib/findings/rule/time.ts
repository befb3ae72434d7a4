/** Timestamps of records. */

/** The rules of a scope check one record after the other, and most of them ask for the same time. */
let newest = { timestamp: '', at: Number.NaN };

/** Epoch milliseconds; null for null and for an invalid timestamp. */
export const timeOf = (timestamp: string | null): number | null => {
  if (timestamp === null) return null;
  if (newest.timestamp !== timestamp) newest = { timestamp, at: Date.parse(timestamp) };
  return Number.isNaN(newest.at) ? null : newest.at;
};
