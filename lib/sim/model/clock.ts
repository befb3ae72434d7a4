/** The clock of a simulated cluster: wall time, or one that a test moves. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Moves a manual clock forward; absent on the wall clock. */
  advance?(milliseconds: number): void;
}

/** The time of this machine. */
export const wallClock: Clock = { now: () => Date.now() };

/** RFC 3339 in whole seconds, as the Kubernetes API writes `metav1.Time`. */
export const rfc3339 = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`;
