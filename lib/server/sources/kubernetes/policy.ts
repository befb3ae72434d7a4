/** How patient the Kubernetes source is. Every number of its behaviour in time stands here (platform.md C6). */
export interface Policy {
  /** Objects per page; halved while pages are larger than `pageBytes`. */
  readonly pageSize: number;
  /** What a page should not exceed, so that parsing it blocks for well under 200 ms (performance.md, Server). */
  readonly pageBytes: number;
  /** What is refused outright, and asked for again in smaller pages. */
  readonly mostBytes: number;
  readonly headersMs: number;
  /** A watch is given up when silent for this long: the server's bookmarks come every 60 s, and 90 s beyond that. */
  readonly idleMs: number;
  /** The length of a watch that we ask for: `watchSeconds` plus up to `watchJitterSeconds`. */
  readonly watchSeconds: number;
  readonly watchJitterSeconds: number;
  /** Between the beginnings of two watches, whatever happens. */
  readonly watchGapMs: number;
  /** A watch that ends sooner than this, without an event, was no watch. */
  readonly briefMs: number;
  /** A watch that has lived this long has recovered. */
  readonly settledMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** The most that a Retry-After may ask of us. */
  readonly retryAfterCapMs: number;
  /** Periodic relist, against silent divergence and versions from the future: `relistMs` plus up to `relistJitterMs`. */
  readonly relistMs: number;
  readonly relistJitterMs: number;
  /** A refusal (403, 404) of what was readable is asked again after this, before its facts are given up. */
  readonly confirmMs: number;
  readonly deniedMs: number;
  readonly deniedJitterMs: number;
  readonly absentMs: number;
  /** For how long one answer of discovery serves all absent kinds. */
  readonly discoveryMs: number;
  /** Watch events are gathered for this long into one batch. */
  readonly gatherMs: number;
  /** How often `/version` is asked, once it has answered. */
  readonly versionMs: number;
}

export const POLICY: Policy = {
  pageSize: 250,
  pageBytes: 4 << 20,
  mostBytes: 128 << 20,
  headersMs: 30_000,
  idleMs: 150_000,
  watchSeconds: 240,
  watchJitterSeconds: 120,
  watchGapMs: 250,
  briefMs: 1_000,
  settledMs: 5_000,
  backoffBaseMs: 800,
  backoffCapMs: 30_000,
  retryAfterCapMs: 300_000,
  relistMs: 600_000,
  relistJitterMs: 1_200_000,
  confirmMs: 1_500,
  deniedMs: 15_000,
  deniedJitterMs: 10_000,
  absentMs: 6_000,
  discoveryMs: 3_000,
  gatherMs: 50,
  versionMs: 600_000,
};

/** A wait anywhere between 0 and min(cap, base · 2ⁿ) after n failures in a row; `random` is 0 ≤ x < 1. */
export const fullJitter = (policy: Policy, failures: number, random: number): number =>
  random * Math.min(policy.backoffCapMs, policy.backoffBaseMs * 2 ** Math.min(failures, 20));

export interface Backoff {
  /** Failures in a row. */
  readonly failures: number;
  /** Counts a failure and says how long to wait. */
  next(): number;
  reset(): void;
}

export function createBackoff(policy: Policy, random: () => number): Backoff {
  let failures = 0;
  return {
    get failures() {
      return failures;
    },
    next: () => fullJitter(policy, failures++, random()),
    reset() {
      failures = 0;
    },
  };
}
