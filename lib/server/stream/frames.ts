/** Deltas as pieces of the stream, encoded once and shared by all viewers. */
import type { Store } from '../store/store';
import type { Piece } from './piece';
import { encodeFrame } from './sse';

/** Maximum size of the frames kept for viewers that are slightly behind, in bytes of text. */
const MAX_BYTES = 8 * 2 ** 20;
const MAX_CATCH_UPS = 64;

/** An encoded delta. */
export interface EncodedFrame {
  /** The version after it. */
  readonly to: number;
  readonly piece: Piece;
}

/** The encoded frames of one store. */
export class Frames {
  readonly #store: Store;
  /** By start version, oldest first. */
  readonly #recent = new Map<number, EncodedFrame>();
  #recentBytes = 0;
  /** Catch-ups to the head by start version; valid only until the head moves. */
  readonly #catchUps = new Map<number, EncodedFrame>();
  #head: number;
  #encoded = 0;

  constructor(store: Store) {
    this.#store = store;
    this.#head = store.version;
  }

  /** The version after the newest frame. */
  get head(): number {
    return this.#head;
  }

  /** Number of frames encoded so far, including catch-ups. */
  get encoded(): number {
    return this.#encoded;
  }

  /**
   * Advances the head to the store's version; false when it is already there. Without viewers nothing is encoded: a new
   * viewer starts from the ring.
   */
  advance(hasViewers: boolean): boolean {
    const { version } = this.#store;
    if (version === this.#head) return false;
    const frame = hasViewers ? this.#encode(this.#head, version) : null;
    if (frame === null) this.#drop();
    else this.#keep(this.#head, frame);
    this.#head = version;
    this.#catchUps.clear();
    return true;
  }

  /** A frame that starts at this version (below the head); null when only a reset leads on. */
  from(version: number): EncodedFrame | null {
    const made = this.#recent.get(version) ?? this.#catchUps.get(version);
    if (made !== undefined) return made;
    const frame = this.#encode(version, this.#head);
    if (frame !== null && this.#catchUps.size < MAX_CATCH_UPS) this.#catchUps.set(version, frame);
    return frame;
  }

  #encode(from: number, to: number): EncodedFrame | null {
    const since = this.#store.since({ epoch: this.#store.epoch, version: from }, to);
    if (since.kind !== 'delta') return null;
    this.#encoded++;
    return { to, piece: encodeFrame({ kind: 'delta', delta: since.delta }) };
  }

  #keep(from: number, frame: EncodedFrame): void {
    this.#recent.set(from, frame);
    this.#recentBytes += frame.piece.text.byteLength;
    for (const [oldest, { piece }] of this.#recent) {
      if (this.#recentBytes <= MAX_BYTES) break;
      this.#recent.delete(oldest);
      this.#recentBytes -= piece.text.byteLength;
    }
  }

  #drop(): void {
    this.#recent.clear();
    this.#recentBytes = 0;
  }
}
