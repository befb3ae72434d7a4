/** Intervals and waits of the EC2 source, in milliseconds. They leave most of the account's API quota to ipamd. */
export interface Ec2Policy {
  /** Between two sweeps of network interfaces and subnets. */
  readonly pollMs: number;
  /** Between two full reads of instances and reservations. */
  readonly slowMs: number;
  /** Between two full reads of instance types. */
  readonly typesMs: number;
  /** Between two calls of any kind. */
  readonly gapMs: number;
  /** The same until every call has been answered once, unless EC2 throttles; never longer than `gapMs`. */
  readonly firstGapMs: number;
  /** Between two targeted calls. */
  readonly targetedGapMs: number;
  /** Between two checks for instances while none is known. */
  readonly waitMs: number;
  /** After a refused action. */
  readonly deniedMs: number;
  /** After the first refusal of an action that was allowed before. */
  readonly confirmMs: number;
  /** After any other failure. */
  readonly commonMs: number;
  /** The maximum factor by which throttling slows polling down. */
  readonly slowest: number;
}

/** The default intervals. */
export const EC2_POLICY: Ec2Policy = {
  pollMs: 30_000,
  slowMs: 300_000,
  typesMs: 6 * 3_600_000,
  gapMs: 1_000,
  firstGapMs: 300,
  targetedGapMs: 1_000,
  waitMs: 200,
  deniedMs: 60_000,
  confirmMs: 2_000,
  commonMs: 15_000,
  slowest: 16,
};
