/** Unwraps a value that the model guarantees. Throws if it is missing, which is a bug in the model. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`simulated cluster: no ${what}`);
  return value;
}
