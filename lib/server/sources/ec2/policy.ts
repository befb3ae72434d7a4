/** How patient the EC2 source is, and how little of the account's call quota it takes. */
export interface Ec2Policy {
  /** Between two sweeps of network interfaces and subnets. */
  readonly pollMs: number;
  /** Between two full reads of instances and reservations. */
  readonly slowMs: number;
  /** Between two full reads of instance types. */
  readonly typesMs: number;
  readonly gapMs: number;
  /** Between two targeted calls. */
  readonly targetedGapMs: number;
  /** While it is not known which instances there are. */
  readonly waitMs: number;
  /** After a refused action, and after a failure that meets every call. */
  readonly deniedMs: number;
  /** After the first refusal of what was readable before. */
  readonly confirmMs: number;
  readonly commonMs: number;
  /** How many times slower at most, when throttled. */
  readonly slowest: number;
}

export const EC2_POLICY: Ec2Policy = {
  pollMs: 30_000,
  slowMs: 300_000,
  typesMs: 6 * 3_600_000,
  gapMs: 1_000,
  targetedGapMs: 1_000,
  waitMs: 200,
  deniedMs: 60_000,
  confirmMs: 2_000,
  commonMs: 15_000,
  slowest: 16,
};
