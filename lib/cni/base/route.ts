/** A route that pods get; `gw` is null for the default gateway of the range. */
export interface Route {
  /** Canonical CIDR. */
  readonly dst: string;
  readonly gw: string | null;
}
