/**
 * Measures the lag of each source end to end: readings cover the way from the API to ifscope, and the time that batches
 * wait inside ifscope is added. A live source that lags `BEHIND_SECONDS` or more is `behind`.
 *
 * Readings are moments instead of durations, so a lag grows by itself while nothing arrives.
 */
import { BEHIND_SECONDS, type Lags, type SourceLag } from '../../model/lag';
import type { Batch, Observation, SourceStatus, Status } from '../../model/observation';
import type { SourceRecord, SourceState } from '../../model/records';
import { remembered } from '../../model/remembered';

/** The reading of one watch or poll. The lag of a source with several readings is the worst one. */
export interface LagReading {
  /**
   * Since this time (epoch milliseconds), something that the API has, or an answer that was due, has not been received;
   * null: nothing is missing. `cause`: one sentence for the user.
   */
  missing(since: number | null, cause: string): void;
  /** The lag is not known. */
  unknown(): void;
  /** A list is in progress; null: it is over. */
  listing(progress: SourceRecord['listing']): void;
}

/**
 * A source is live again after its lag has been below `BEHIND_SECONDS` for this long, so that it does not flicker.
 * Milliseconds.
 */
export const CALM_MS = 5_000;

const WAITING = 'facts arrive faster than ifscope can process them; findings are evaluated less often';

/** Sources in these states have no facts that could be late. */
const WITHOUT_FACTS: ReadonlySet<SourceState> = new Set<SourceState>(['denied', 'absent', 'off']);

interface Read {
  isKnown: boolean;
  since: number | null;
  cause: string;
  listing: SourceRecord['listing'];
}

interface Tracked {
  readonly reads: Read[];
  /** The uncommitted batches, oldest first, with their arrival times. */
  readonly batches: Map<Batch, number>;
  waiting: number;
  /** The source's latest status. */
  status: SourceStatus | null;
  isBehind: boolean;
  lateAt: number;
  /** The status last passed on. */
  sent: SourceStatus | null;
  /** The state in its record. Until the record is live, its facts are not in the records. */
  shown: SourceState | null;
}

/** The lags of all sources of one collector. */
export class SourceLags {
  readonly #now: () => number;
  readonly #sources = new Map<string, Tracked>();
  /** Number of facts by source in each uncommitted batch. */
  readonly #waiting = new Map<Batch, ReadonlyMap<string, number>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  reading(source: string): LagReading {
    const read: Read = { isKnown: false, since: null, cause: '', listing: null };
    this.#of(source).reads.push(read);
    return {
      missing(since, cause) {
        Object.assign(read, { isKnown: true, since, cause });
      },
      unknown() {
        Object.assign(read, { isKnown: false, since: null });
      },
      listing(progress) {
        read.listing = progress;
      },
    };
  }

  /** Registers a batch as waiting. Returns the batch to apply, with corrected states. */
  arrived(batch: Batch): Batch {
    const facts = new Map<string, number>();
    for (const observation of batch.observations) {
      const source = sourceOf(observation);
      if (source !== null) facts.set(source, (facts.get(source) ?? 0) + factsIn(observation));
    }
    const observations = batch.observations.map((observation) =>
      observation.op === 'status' ? this.#correct(observation) : observation,
    );
    const corrected: Batch = { ...batch, observations };
    if (facts.size > 0) this.#waiting.set(corrected, facts);
    for (const [source, count] of facts) {
      const tracked = this.#of(source);
      tracked.batches.set(corrected, batch.since ?? batch.at);
      tracked.waiting += count;
    }
    return corrected;
  }

  /** `batch` as `arrived` returned it. */
  committed(batch: Batch): void {
    for (const [source, count] of this.#waiting.get(batch) ?? []) {
      const tracked = this.#of(source);
      tracked.batches.delete(batch);
      tracked.waiting -= count;
    }
    this.#waiting.delete(batch);
    for (const observation of batch.observations)
      if (observation.op === 'status') this.#of(observation.source.id).shown = observation.source.state;
  }

  /** Status observations due to time alone. */
  check(): readonly Status[] {
    const changed: Status[] = [];
    for (const tracked of this.#sources.values()) {
      const { status, sent, shown } = tracked;
      if (status === null || (shown !== 'live' && shown !== 'behind')) continue;
      const now = this.#stateOf(status, tracked);
      if (now.state === sent?.state && now.reason === sent.reason) continue;
      tracked.sent = now;
      changed.push({ op: 'status', source: now });
    }
    return changed;
  }

  /** The current measurements, by source. */
  get figures(): Lags {
    const figures: Record<string, SourceLag> = {};
    for (const [id, tracked] of this.#sources) figures[id] = this.#lagOf(tracked);
    return figures;
  }

  #of(source: string): Tracked {
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    const tracked: Tracked = {
      reads: [],
      batches: new Map(),
      waiting: 0,
      status: null,
      isBehind: false,
      lateAt: Number.NEGATIVE_INFINITY,
      sent: null,
      shown: null,
    };
    this.#sources.set(source, tracked);
    return tracked;
  }

  #correct({ source }: Status): Status {
    const tracked = this.#of(source.id);
    tracked.status = source;
    tracked.sent = this.#stateOf(source, tracked);
    return { op: 'status', source: tracked.sent };
  }

  #stateOf(status: SourceStatus, tracked: Tracked): SourceStatus {
    const { lagSeconds, cause } = this.#lagOf(tracked);
    const now = this.#now();
    const isLate = (lagSeconds ?? 0) >= BEHIND_SECONDS;
    if (isLate) tracked.lateAt = now;
    tracked.isBehind = status.state === 'live' && (isLate || (tracked.isBehind && now - tracked.lateAt < CALM_MS));
    if (!tracked.isBehind) return status;
    return { ...status, state: 'behind', reason: cause ?? tracked.sent?.reason ?? null };
  }

  #lagOf({ reads, batches, waiting, status }: Tracked): SourceLag {
    let since = Infinity;
    let cause: string | null = null;
    for (const read of reads)
      if (read.since !== null && read.since < since) {
        since = read.since;
        cause = read.cause;
      }
    const [arrivedAt = Infinity] = batches.values();
    if (arrivedAt < since) {
      since = arrivedAt;
      cause = WAITING;
    }
    const late = Math.max(0, Math.floor((this.#now() - since) / 1000));
    const hasFacts = status === null || !WITHOUT_FACTS.has(status.state);
    const isKnown = hasFacts && (waiting > 0 || (reads.length > 0 && reads.every((read) => read.isKnown)));
    return {
      lagSeconds: isKnown ? late : null,
      waiting,
      listing: listingOf(reads),
      cause: isKnown && late >= BEHIND_SECONDS ? cause : null,
    };
  }
}

/** The lists in progress, summed. */
function listingOf(reads: readonly Read[]): SourceRecord['listing'] {
  const lists = reads.flatMap(({ listing }) => listing ?? []);
  if (lists.length === 0) return null;
  const about = lists.every((list) => list.about !== null)
    ? lists.reduce((sum, list) => sum + (list.about ?? 0), 0)
    : null;
  return { read: lists.reduce((sum, { read }) => sum + read, 0), about };
}

/** The source of an observation: its scope is the source's id, optionally followed by a part. */
function sourceOf(observation: Observation): string | null {
  if (observation.op === 'status' || observation.op === 'cluster') return null;
  return ofScope(observation.scope);
}

/** Cached by scope: there are as many as kinds, and a list needs it for each of its objects. */
const ofScope = remembered((scope: string) => scope.split('/', 2).join('/'));

const factsIn = (observation: Observation): number => (observation.op === 'replaceAll' ? observation.facts.length : 1);
