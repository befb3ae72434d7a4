/**
 * The collecting thread's side: tells by posting. At most `WINDOW` news are under way; what happens meanwhile is gathered
 * and goes as one commit, so the serving thread is never flooded and this one never waits.
 */
import type { Delta } from '../../model/delta';
import type { Ages, Lags } from '../../model/lag';
import type { SourceState } from '../../model/records';
import { squashAll } from '../../records/squash';
import type { Committed, Figures, Serving } from '../store/roles';
import { partsOf } from '../store/parts';
import { encodePart, type FromCollecting } from './messages';

/** Two: the next part is encoded while the one before is taken in. */
const WINDOW = 2;
/** Commits that wait are squashed when there are so many. */
const MOST_WAITING = 500;

/** What says nothing about what there is: what the thread before told stays. */
const UNANSWERED: ReadonlySet<SourceState> = new Set<SourceState>(['starting', 'failing']);

export interface OutboxOptions {
  readonly post: (message: FromCollecting, transfer: readonly ArrayBuffer[]) => void;
  /**
   * The thread was started again: viewers still see what the one before told. Nothing is told until every required
   * source has answered; then everything, anew.
   */
  readonly again: boolean;
  /** Most records in one message. */
  readonly part?: number;
}

export class Outbox implements Serving {
  readonly #options: OutboxOptions;
  /** Commits that wait, as deltas that follow each other. */
  #waiting: Delta[] = [];
  #numbered = 0;
  /** The parts of the commit under way. */
  #parts: Iterator<Committed, void> | null = null;
  #ages: Ages | null = null;
  #lags: Lags | null = null;
  #figures: Figures | null = null;
  #underWay = 0;
  #isHeld: boolean;
  #isAnew: boolean;
  #required: readonly string[] | null = null;
  readonly #states = new Map<string, SourceState>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#isHeld = options.again;
    this.#isAnew = options.again;
  }

  reset(): void {
    throw new Error('a cluster is collected change by change');
  }

  commit(change: Committed): void {
    const from = this.#numbered++;
    this.#waiting.push({ epoch: '', from, to: from + 1, at: 0, ...change });
    if (this.#waiting.length >= MOST_WAITING) this.#squash();
    if (this.#isHeld) this.#look(change);
    this.#pump();
  }

  ages(ages: Ages): void {
    this.#ages = ages;
    this.#pump();
  }

  lags(lags: Lags): void {
    this.#lags = lags;
    this.#pump();
  }

  figures(figures: Figures): void {
    this.#figures = figures;
    this.#pump();
  }

  started(required: readonly string[]): void {
    this.#required = required;
    this.#options.post({ kind: 'started', required }, []);
  }

  skew(ms: number): void {
    this.#options.post({ kind: 'skew', ms }, []);
  }

  /** The serving thread has taken in one of the news. */
  taken(): void {
    this.#underWay--;
    this.#pump();
  }

  /** Says that this thread is alive, unless something is under way anyway. */
  beat(): void {
    if (this.#underWay === 0) this.#post(null);
  }

  /** Whether the required sources have answered, when nothing is told before. */
  #look({ tables: { sources } }: Committed): void {
    for (const { id, state } of sources?.put ?? []) this.#states.set(id, state);
    for (const { id, set } of sources?.patch ?? []) if (set.state !== undefined) this.#states.set(id, set.state);
    this.#isHeld = this.#required?.every((id) => !UNANSWERED.has(this.#states.get(id) ?? 'starting')) !== true;
  }

  #squash(): void {
    const whole = squashAll(this.#waiting);
    this.#waiting = whole === null ? [] : [whole];
  }

  #pump(): void {
    while (this.#underWay < WINDOW && !this.#isHeld) {
      const part = this.#nextPart();
      if (part === null && (this.#ages ?? this.#lags ?? this.#figures) === null) return;
      this.#post(part);
    }
  }

  /** The next part of the commit under way, or the first of what was gathered since; null when there is none. */
  #nextPart(): Committed | null {
    for (;;) {
      const step = this.#parts?.next();
      if (step?.done === false) return step.value;
      if (step?.done === true && this.#isAnew) {
        this.#isAnew = false;
        this.#options.post({ kind: 'anew', phase: 'end' }, []);
      }
      this.#squash();
      const [commit] = this.#waiting;
      this.#waiting = [];
      this.#parts = commit === undefined ? null : partsOf(commit, this.#options.part);
      if (commit === undefined) return null;
      if (this.#isAnew) this.#options.post({ kind: 'anew', phase: 'begin' }, []);
    }
  }

  #post(part: Committed | null): void {
    const bytes = part === null ? null : encodePart(part);
    const [ages, lags, figures] = [this.#ages, this.#lags, this.#figures];
    this.#ages = null;
    this.#lags = null;
    this.#figures = null;
    this.#underWay++;
    this.#options.post({ kind: 'news', part: bytes, ages, lags, figures }, bytes === null ? [] : [bytes.buffer]);
  }
}
