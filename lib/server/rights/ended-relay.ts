/**
 * Notes about sessions that ended early, relayed between the replicas of a server (`sign-in`, which encrypts them) and
 * the ifscope that they follow. Only the replicas can read them.
 */
import { MAX_SESSION_MS } from './session';

/** Maximum number of notes in one request or answer. */
export const MAX_NOTES = 100;
/** Maximum length of a note, in characters. `MAX_NOTES` of them fit into a request (`lib/cli/page/server.mjs`). */
export const MAX_NOTE = 1_024;
const MAX_KEPT = 50_000;

/** The notes after a position in the list. */
export interface Notes {
  readonly notes: readonly string[];
  /** The position after them. */
  readonly next: number;
}

/** What a replica sends. */
interface Call {
  readonly epoch: string;
  readonly after: number;
  readonly notes: readonly string[];
}

/** The notes of this process, in the order in which they arrived. */
export class EndedRelay {
  /** New with every start; positions of an earlier epoch are invalid. */
  readonly epoch: string;
  readonly #max: number;
  /** Arrival of each note, epoch milliseconds. */
  readonly #kept = new Map<string, number>();
  #forgotten = 0;
  readonly #listeners = new Set<(notes: readonly string[]) => void>();

  constructor(epoch: string, max = MAX_KEPT) {
    this.epoch = epoch;
    this.#max = max;
  }

  /** Keeps new notes for as long as a session that they end may last. */
  add(notes: readonly string[], now: number): void {
    const fresh = [...new Set(notes)].filter((note) => note.length <= MAX_NOTE && !this.#kept.has(note));
    for (const note of fresh) this.#kept.set(note, now);
    for (const [old, at] of this.#kept) {
      if (at + MAX_SESSION_MS > now && this.#kept.size <= this.#max) break;
      this.#kept.delete(old);
      this.#forgotten++;
    }
    if (fresh.length > 0) for (const listener of [...this.#listeners]) listener(fresh);
  }

  /** The first notes after a position. */
  after(place: number): Notes {
    const from = Math.min(Math.max(0, place - this.#forgotten), this.#kept.size);
    const notes = [...this.#kept.keys()].slice(from, from + MAX_NOTES);
    return { notes, next: this.#forgotten + from + notes.length };
  }

  /**
   * Accepts a replica's notes and returns those of others. `epoch` and `after`: the epoch and the position in the last
   * answer.
   */
  exchange({ epoch, after, notes }: Call, now: number): Notes & { readonly epoch: string } {
    const others = this.after(epoch === this.epoch ? after : 0);
    this.add(notes, now);
    return { epoch: this.epoch, ...others };
  }

  /** Calls `listener` with new notes, until the returned function is called. */
  onNotes(listener: (notes: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const SLOT = Symbol.for('ifscope.ended-relay');
type Global = { [SLOT]?: EndedRelay };

/** The notes of this process. Next loads modules of `lib` several times in one process, hence `globalThis`. */
export const endedRelay = (): EndedRelay => ((globalThis as Global)[SLOT] ??= new EndedRelay(crypto.randomUUID()));
