/**
 * The changes that the page remembers, in spans of a few seconds. Bounded by count and time: the oldest span is dropped
 * first, and `since` gives the start of the log. Times without a connection are shown as gaps.
 */
import { burstKey, type DescribedChange } from './described-change';
import { keptFor } from '../../model/remembered';

/** Length of a span, in milliseconds. */
export const SPAN_MS = 10_000;

/** Maximum number of changes, and their maximum age in milliseconds. */
export interface LogLimits {
  readonly changes: number;
  readonly ms: number;
}

/** Limits for a browser tab: about 20 MB. */
export const PAGE_LOG_LIMITS: LogLimits = { changes: 20_000, ms: 60 * 60_000 };

/** Related changes of one kind within one span. */
export interface Burst {
  readonly key: string;
  /** Oldest first. */
  readonly changes: readonly DescribedChange[];
}

/** The changes of a few seconds. */
export interface Span {
  /** Epoch ms. */
  readonly from: number;
  readonly bursts: ReadonlyMap<string, Burst>;
  readonly count: number;
  /** Incremented with every addition. */
  readonly revision: number;
}

/** A period whose changes are not known. Epoch ms. */
export interface Gap {
  readonly from: number;
  readonly until: number;
}

class OpenSpan implements Span {
  readonly from: number;
  readonly bursts = new Map<string, { readonly key: string; readonly changes: DescribedChange[] }>();
  count = 0;
  revision = 0;

  constructor(from: number) {
    this.from = from;
  }

  add(change: DescribedChange): void {
    const key = burstKey(change);
    keptFor(this.bursts, key, () => ({ key, changes: [] })).changes.push(change);
    this.count++;
    this.revision++;
  }

  /** Drops the oldest changes of the largest bursts until `to` remain. */
  shrink(to: number): void {
    const largest = [...this.bursts.values()].sort((a, b) => b.changes.length - a.changes.length);
    for (const { changes } of largest) {
      if (this.count <= to) break;
      const gone = changes.splice(0, Math.min(changes.length - 1, this.count - to)).length;
      this.count -= gone;
    }
    this.revision++;
  }
}

/** The log of one page. Times are epoch ms of the server's clock. */
export class ChangeLog {
  readonly #limits: LogLimits;
  readonly #spans: OpenSpan[] = [];
  readonly #gaps: Gap[] = [];
  #since: number | null = null;
  #until: number | null = null;
  #count = 0;
  #revision = 0;
  /** Number of changes dropped from spans that still exist. */
  #omitted = 0;

  constructor(limits: LogLimits = PAGE_LOG_LIMITS) {
    this.#limits = limits;
  }

  /** Epoch ms from which all changes are recorded, except for gaps; null before recording started. */
  get since(): number | null {
    return this.#since;
  }

  get revision(): number {
    return this.#revision;
  }

  get count(): number {
    return this.#count;
  }

  get omitted(): number {
    return this.#omitted;
  }

  /** Oldest first. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** Starts or resumes recording. After an interruption, adds a gap since the last change. */
  begin(at: number): void {
    if (this.#since === null) this.#since = at;
    else this.#gaps.push({ from: this.#until ?? this.#since, until: at });
    this.#until = at;
    this.#revision++;
  }

  /** Adds changes of one moment (epoch ms), not earlier than those already added. */
  add(changes: readonly DescribedChange[], at: number): void {
    this.#until = at;
    for (const change of changes) this.#spanAt(change.at).add(change);
    this.#count += changes.length;
    if (changes.length > 0) this.#revision++;
    this.#forget(at);
  }

  #spanAt(at: number): OpenSpan {
    const from = at - (at % SPAN_MS);
    const last = this.#spans.at(-1);
    // If the clock was set back, new changes must not sort below old ones.
    if (last !== undefined && last.from >= from) return last;
    const span = new OpenSpan(from);
    this.#spans.push(span);
    return span;
  }

  #forget(now: number): void {
    const { changes, ms } = this.#limits;
    for (let first = this.#spans[0]; first !== undefined; first = this.#spans[0]) {
      const isOld = first.from + SPAN_MS < now - ms;
      if (!isOld && (this.#count <= changes || this.#spans.length === 1)) break;
      this.#spans.shift();
      this.#count -= first.count;
      this.#since = first.from + SPAN_MS;
      this.#revision++;
    }
    const [only] = this.#spans;
    if (only !== undefined && this.#count > changes) {
      const before = only.count;
      only.shrink(changes);
      this.#omitted += before - only.count;
      this.#count -= before - only.count;
    }
    if (this.#since !== null && this.#since < now - ms) this.#since = now - ms;
    const since = this.#since ?? 0;
    while ((this.#gaps[0]?.until ?? Infinity) < since) this.#gaps.shift();
  }
}

/** All changes as one span: differences between two files have no order in time. */
export function spanOf(changes: readonly DescribedChange[]): Span {
  const span = new OpenSpan(0);
  for (const change of changes) span.add(change);
  return span;
}
