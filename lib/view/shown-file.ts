/** What is shown where it is no cluster but a file, and when that was taken. */
export interface ShownFile {
  readonly kind: 'capture' | 'snapshot';
  /** RFC 3339, UTC. */
  readonly takenAt: string;
}
