/** The callbacks of reading a record set while it arrives. */
export interface Arriving {
  readonly signal: AbortSignal;
  /** Called after every chunk. */
  readonly onArrival: () => void;
  /** Resolves when the current picture has been painted; the code that reads chunks is loaded after that. */
  readonly painted: () => Promise<void>;
  /** Whether any of these nodes is in view; their records are read first. */
  readonly isWanted: (nodes: readonly string[]) => boolean;
}
