/** What reading a record set as it comes is told, and tells. */
export interface Arriving {
  readonly signal: AbortSignal;
  /** After every chunk. */
  readonly onArrival: () => void;
  /** Whether the records of any of these nodes are looked at: they are read first. */
  readonly isWanted: (nodes: readonly string[]) => boolean;
}
