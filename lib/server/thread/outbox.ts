/**
 * The collecting thread's side: posts messages. At most `WINDOW` are in flight; changes in the meantime are accumulated
 * and sent as one commit, so the serving thread is never flooded and this thread never waits.
 */
import type { Delta } from '../../model/delta';
import type { Ages, Lags } from '../../model/lag';
import type { SourceState } from '../../model/records';
import { squashAll } from '../../records/squash';
import type { Committed, Figures, Serving } from '../store/roles';
import { partsOf } from '../store/parts';
import { encodePart, type FromCollecting } from './messages';

/** Two: the next part is encoded while the previous one is applied. */
const WINDOW = 2;
/** Waiting commits are squashed at this number. */
const MOST_WAITING = 500;

/** States without content: the facts of the previous thread stay. */
const UNANSWERED: ReadonlySet<SourceState> = new Set<SourceState>(['starting', 'failing']);

/** Options of an outbox. */
export interface OutboxOptions {
  readonly post: (message: FromCollecting, transfer: readonly ArrayBuffer[]) => void;
  /**
   * The thread was restarted: viewers still see the records of the previous one. Nothing is sent until every required
   * source has answered; then everything is sent again.
   */
  readonly isRestart: boolean;
  /** Maximum records per message. */
  readonly part?: number;
}

/** `Serving` for the collecting thread. */
export class Outbox implements Serving {
  readonly #options: OutboxOptions;
  /** Waiting commits, as consecutive deltas. */
  #waiting: Delta[] = [];
  #numbered = 0;
  /** The remaining parts of the commit being sent. */
  #parts: Iterator<Committed, void> | null = null;
  #ages: Ages | null = null;
  #lags: Lags | null = null;
  #figures: Figures | null = null;
  #underWay = 0;
  #isHeld: boolean;
  #isResending: boolean;
  #required: readonly string[] | null = null;
  readonly #states = new Map<string, SourceState>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#isHeld = options.isRestart;
    this.#isResending = options.isRestart;
  }

  reset(): void {
    throw new Error('a cluster is collected change by change');
  }

  commit(change: Committed): void {
    const from = this.#numbered++;
    this.#waiting.push({ epoch: '', from, to: from + 1, at: 0, ...change });
    if (this.#waiting.length >= MOST_WAITING) this.#squash();
    if (this.#isHeld) this.#checkRequired(change);
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

  /** The serving thread has acknowledged a message. */
  taken(): void {
    this.#underWay--;
    this.#pump();
  }

  /** Sends a sign of life, unless messages are in flight anyway. */
  beat(): void {
    if (this.#underWay === 0) this.#post(null);
  }

  /** Checks whether the required sources have answered; nothing is sent before that. */
  #checkRequired({ tables: { sources } }: Committed): void {
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

  /** The next part of the commit being sent, or the first part of the accumulated changes; null without any. */
  #nextPart(): Committed | null {
    for (;;) {
      const step = this.#parts?.next();
      if (step?.done === false) return step.value;
      if (step?.done === true && this.#isResending) {
        this.#isResending = false;
        this.#options.post({ kind: 'anew', phase: 'end' }, []);
      }
      this.#squash();
      const [commit] = this.#waiting;
      this.#waiting = [];
      this.#parts = commit === undefined ? null : partsOf(commit, this.#options.part);
      if (commit === undefined) return null;
      if (this.#isResending) this.#options.post({ kind: 'anew', phase: 'begin' }, []);
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
