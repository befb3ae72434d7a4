/** What reading a record set as it comes is told, and tells. */
export interface Arriving {
  readonly signal: AbortSignal;
  /** After every chunk. */
  readonly onArrival: () => void;
  /** Settles when what was shown last has been painted: what reads the chunks is loaded after that. */
  readonly painted: () => Promise<void>;
  /** Whether the records of any of these nodes are looked at: they are read first. */
  readonly isWanted: (nodes: readonly string[]) => boolean;
}
