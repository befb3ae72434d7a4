/** The position of one viewer: it takes shared frames from there on and stores none. */
import type { Clock } from '../store/clock';
import type { Position } from '../store/position';
import type { Store } from '../store/store';
import type { Frames } from './frames';
import type { Heartbeat } from './heartbeat';
import type { Form, Piece } from './piece';
import { COMMENT, encodeFrame, GREETING } from './sse';

/**
 * Comments are sent with the heartbeat, so at least every five seconds; followers use them to detect a dead connection.
 */
const KEEP_ALIVE_MS = 4_000;

/** What all cursors of a hub share. */
export interface SharedStream {
  readonly store: Store;
  readonly clock: Clock;
  readonly frames: Frames;
  readonly heartbeat: Heartbeat;
}

/** One viewer's position in the stream. */
export class Cursor {
  readonly #shared: SharedStream;
  readonly #form: Form;
  /** The viewer's version; null: it needs a reset first. */
  #version: number | null;
  #resetReason: string | null;
  #beat = -1;
  #sentAt: number;
  #isGreeted = false;
  #isClosed = false;
  #wake: (() => void) | null = null;

  /** `since`: the viewer's position; null sends a reset first. */
  constructor(shared: SharedStream, since: Position | null, form: Form) {
    this.#shared = shared;
    this.#form = form;
    this.#sentAt = shared.clock.now();
    this.#resetReason = since === null ? 'no version was named' : shared.store.resetReason(since);
    this.#version = this.#resetReason === null ? (since?.version ?? null) : null;
  }

  /** The next bytes to send, when there are any; null when the stream has ended. Must not be called concurrently. */
  async next(): Promise<Uint8Array | null> {
    while (!this.#isClosed) {
      const piece = this.#take();
      if (piece !== null) {
        this.#sentAt = this.#shared.clock.now();
        return this.#form === 'text' ? piece.text : piece.deflated();
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = null;
    }
    return null;
  }

  /** Makes a pending `next` check again. */
  wake(): void {
    this.#wake?.();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  #take(): Piece | null {
    const { frames, heartbeat, clock } = this.#shared;
    if (!this.#isGreeted) {
      this.#isGreeted = true;
      return GREETING;
    }
    if (this.#version === null) return this.#reset(this.#resetReason ?? 'the stream starts over');
    if (this.#version < frames.head) {
      const next = frames.from(this.#version);
      if (next === null) return this.#reset('more has changed than the server keeps as a difference');
      this.#version = next.to;
      return next.piece;
    }
    // A viewer that loaded the full set between two frames is ahead of the head; its next frame starts at its version.
    if (this.#version > frames.head) return null;
    if (this.#beat !== heartbeat.beat) {
      this.#beat = heartbeat.beat;
      return heartbeat.piece(frames.head);
    }
    return clock.now() - this.#sentAt >= KEEP_ALIVE_MS ? COMMENT : null;
  }

  #reset(reason: string): Piece {
    const { store, frames } = this.#shared;
    this.#version = frames.head;
    this.#resetReason = null;
    return encodeFrame({ kind: 'reset', epoch: store.epoch, version: frames.head, reason });
  }
}
