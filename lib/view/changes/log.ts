/**
 * The changes that the page remembers, in spans of some seconds. Bounded by count and by time: the oldest span goes first,
 * and the log says how far back it reaches. What happened while the page was away is a gap, not silence.
 */
import { burstKey, type ToldChange } from './told';

/** Milliseconds in a span. */
export const SPAN_MS = 10_000;

export interface LogLimits {
  readonly changes: number;
  readonly ms: number;
}

/** What a browser tab can afford: some 20 MB. */
export const PAGE_LIMITS: LogLimits = { changes: 20_000, ms: 60 * 60_000 };

/** Changes of a kind to things that belong together, in one span. */
export interface Burst {
  readonly key: string;
  /** Oldest first. */
  readonly changes: readonly ToldChange[];
}

export interface Span {
  /** Epoch ms. */
  readonly from: number;
  readonly bursts: ReadonlyMap<string, Burst>;
  readonly count: number;
  /** Changes whenever something is added. */
  readonly revision: number;
}

/** What changed from one moment to the other is not known. Epoch ms. */
export interface Gap {
  readonly from: number;
  readonly until: number;
}

class OpenSpan implements Span {
  readonly from: number;
  readonly bursts = new Map<string, { readonly key: string; readonly changes: ToldChange[] }>();
  count = 0;
  revision = 0;

  constructor(from: number) {
    this.from = from;
  }

  add(change: ToldChange): void {
    const key = burstKey(change);
    const burst = this.bursts.get(key);
    if (burst === undefined) this.bursts.set(key, { key, changes: [change] });
    else burst.changes.push(change);
    this.count++;
    this.revision++;
  }

  /** Forgets the oldest changes of the largest bursts until so many are left. */
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

export class ChangeLog {
  readonly #limits: LogLimits;
  readonly #spans: OpenSpan[] = [];
  readonly #gaps: Gap[] = [];
  #since: number | null = null;
  #until: number | null = null;
  #count = 0;
  #revision = 0;
  /** Changes that were forgotten in a span that is still there. */
  #omitted = 0;

  constructor(limits: LogLimits = PAGE_LIMITS) {
    this.#limits = limits;
  }

  /** Epoch ms from which on every change is here, but for gaps; null before the first look. */
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

  /** From now on changes are told. After something was missed, a gap begins where the last one was told. */
  begin(at: number): void {
    if (this.#since === null) this.#since = at;
    else this.#gaps.push({ from: this.#until ?? this.#since, until: at });
    this.#until = at;
    this.#revision++;
  }

  /** All of one moment or later than what was added before; epoch ms. */
  add(changes: readonly ToldChange[], at: number): void {
    this.#until = at;
    for (const change of changes) this.#spanAt(change.at).add(change);
    this.#count += changes.length;
    if (changes.length > 0) this.#revision++;
    this.#forget(at);
  }

  #spanAt(at: number): OpenSpan {
    const from = at - (at % SPAN_MS);
    const last = this.#spans.at(-1);
    // A clock that was set back must not put new changes below old ones.
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

/** All changes as one span: what differs between two files has no order in time. */
export function spanOf(changes: readonly ToldChange[]): Span {
  const span = new OpenSpan(0);
  for (const change of changes) span.add(change);
  return span;
}
