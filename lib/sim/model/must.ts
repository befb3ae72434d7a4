/** A value that the model guarantees to be there; its absence is a mistake in the model, so it throws. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`simulated cluster: no ${what}`);
  return value;
}
