/** The file that the page shows instead of a live cluster, and when it was taken. */
export interface ShownFile {
  readonly kind: 'capture' | 'snapshot';
  /** RFC 3339, UTC. */
  readonly takenAt: string;
}
