/** A JSON object whose values have not been checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a foreign value is an object: neither a list nor null. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
