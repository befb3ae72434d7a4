/** Timeouts, waits and limits of the Kubernetes source. */
export interface Policy {
  /** Objects per page; halved while pages are larger than `pageBytes`. */
  readonly pageSize: number;
  /** The same for kinds read in protobuf, which takes half the bytes and a fifth of the time. */
  readonly protobufPageSize: number;
  /** The target size of a page: parsing it must block the event loop for well under 200 ms. */
  readonly pageBytes: number;
  /** A larger page is not read but requested again in smaller pages. */
  readonly mostBytes: number;
  /** Maximum silence before the headers, and in the body of a list. */
  readonly headersMs: number;
  /** A watch that is silent for this long is closed: bookmarks arrive every 60 s, so two of them are missing. */
  readonly idleMs: number;
  /** Requested duration of a watch: `watchSeconds` plus up to `watchJitterSeconds`. */
  readonly watchSeconds: number;
  readonly watchJitterSeconds: number;
  /** Minimum time between the starts of two watches. */
  readonly watchGapMs: number;
  /** A watch that ends sooner than this without an event counts as failed. */
  readonly briefMs: number;
  /** A watch that has lasted this long counts as recovered. */
  readonly settledMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** Upper limit for a Retry-After. */
  readonly retryAfterCapMs: number;
  /** Interval of comparisons with the server's objects: `compareMs` plus up to as much again. */
  readonly compareMs: number;
  /**
   * Objects per page of a comparison, and the pause after each page. All pages must be read before the continue token
   * expires.
   */
  readonly comparePageSize: number;
  readonly comparePauseMs: number;
  /** Wait after the first refusal (403, 404) of a readable kind, before the attempt that confirms it. */
  readonly confirmMs: number;
  /** Interval while denied: `deniedMs` plus up to `deniedJitterMs`. */
  readonly deniedMs: number;
  readonly deniedJitterMs: number;
  /** Interval of checking for a kind that the cluster does not serve. */
  readonly absentMs: number;
  /** How long one discovery answer is shared by all absent kinds. */
  readonly discoveryMs: number;
  /** How long watch events are gathered into one batch. */
  readonly gatherMs: number;
  /** Maximum time that the first list of pods waits for the other kinds. */
  readonly podsWaitMs: number;
  /** Interval of reading `/version` after it has answered. */
  readonly versionMs: number;
}

/** The default policy. */
export const POLICY: Policy = {
  pageSize: 250,
  protobufPageSize: 500,
  pageBytes: 4 << 20,
  mostBytes: 128 << 20,
  headersMs: 30_000,
  idleMs: 125_000,
  watchSeconds: 240,
  watchJitterSeconds: 120,
  watchGapMs: 250,
  briefMs: 1_000,
  settledMs: 5_000,
  backoffBaseMs: 800,
  backoffCapMs: 30_000,
  retryAfterCapMs: 300_000,
  compareMs: 2_400_000,
  comparePageSize: 1_000,
  comparePauseMs: 300,
  confirmMs: 1_500,
  deniedMs: 15_000,
  deniedJitterMs: 10_000,
  absentMs: 6_000,
  discoveryMs: 3_000,
  gatherMs: 50,
  podsWaitMs: 10_000,
  versionMs: 600_000,
};

/** A random wait between 0 and min(cap, base · 2ⁿ) after n consecutive failures; `random` is 0 ≤ x < 1. */
export const waitAfterFailures = (policy: Policy, failures: number, random: number): number =>
  random * Math.min(policy.backoffCapMs, policy.backoffBaseMs * 2 ** Math.min(failures, 20));

/** Counts failures and computes waits. */
export interface Backoff {
  /** Consecutive failures. */
  readonly failures: number;
  /** Counts a failure and returns the wait in milliseconds. */
  next(): number;
  reset(): void;
}

/** Starts with no failures. */
export function createBackoff(policy: Policy, random: () => number): Backoff {
  let failures = 0;
  return {
    get failures() {
      return failures;
    },
    next: () => waitAfterFailures(policy, failures++, random()),
    reset() {
      failures = 0;
    },
  };
}
