/**
 * Sends the store's changes to any number of viewers.
 *
 * There is one frame clock. A frame is encoded and deflated once, and every viewer at its start version gets the same
 * bytes. A viewer is a cursor, never a queue: a slow viewer costs only its socket buffer. A lagging viewer gets the
 * squashed delta of what it missed, or a reset if the store does not reach back far enough.
 */
import type { Clock } from '../store/clock';
import type { Position } from '../store/position';
import type { Store } from '../store/store';
import { Cursor } from './cursor';
import { Frames } from './frames';
import { Heartbeat } from './heartbeat';
import type { Form } from './piece';

/** Minimum time between two frames, in milliseconds: with up to `MANY_VIEWERS` viewers, and with more. */
export const FRAME_MS = 100;
export const FRAME_OF_MANY_MS = 200;
/** With more viewers, writing the frames takes longer than making them. */
export const MANY_VIEWERS = 50;
/** Time between two heartbeats, in milliseconds. */
export const HEARTBEAT_MS = 5_000;

/** A viewer's stream, as used by its HTTP response. */
export type Viewer = Pick<Cursor, 'next' | 'close'>;

/** The streams of one store. */
export class Hub {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #frames: Frames;
  readonly #heartbeat: Heartbeat;
  readonly #cursors = new Set<Cursor>();
  readonly #stopListening: () => void;
  #lastFrameAt = -Infinity;
  #cancelFrame: (() => void) | null = null;
  #cancelBeat: (() => void) | null = null;
  #isClosed = false;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#frames = new Frames(store);
    this.#heartbeat = new Heartbeat(store);
    this.#stopListening = store.onCommit(() => {
      const interval = this.#cursors.size > MANY_VIEWERS ? FRAME_OF_MANY_MS : FRAME_MS;
      this.#cancelFrame ??= clock.after(Math.max(0, this.#lastFrameAt + interval - clock.now()), () => this.#frame());
    });
  }

  /** Number of open streams. */
  get viewers(): number {
    return this.#cursors.size;
  }

  /** Number of frames encoded so far, including catch-ups. Viewers that keep up do not add to it. */
  get encoded(): number {
    return this.#frames.encoded;
  }

  /** Opens a stream. `since`: the viewer's position; null sends a reset first, so that it loads the full set. */
  open(since: Position | null, form: Form = 'text'): Viewer {
    const shared = { store: this.#store, clock: this.#clock, frames: this.#frames, heartbeat: this.#heartbeat };
    const cursor = new Cursor(shared, since, form);
    if (this.#isClosed) cursor.close();
    else {
      // Without viewers, the ages were not updated.
      if (this.#cursors.size === 0) this.#heartbeat.read();
      this.#cursors.add(cursor);
      this.#armBeat();
    }
    return {
      next: () => cursor.next(),
      close: () => {
        this.#cursors.delete(cursor);
        cursor.close();
      },
    };
  }

  /** Ends every stream and refuses new ones. */
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#cancelFrame?.();
    this.#cancelBeat?.();
    for (const cursor of this.#cursors) cursor.close();
    this.#cursors.clear();
  }

  #frame(): void {
    this.#cancelFrame = null;
    this.#lastFrameAt = this.#clock.now();
    if (this.#frames.advance(this.#cursors.size > 0)) this.#wakeAll();
  }

  #armBeat(): void {
    this.#cancelBeat ??= this.#clock.after(HEARTBEAT_MS, () => {
      this.#cancelBeat = null;
      if (this.#cursors.size === 0) return;
      this.#heartbeat.read();
      this.#wakeAll();
      this.#armBeat();
    });
  }

  #wakeAll(): void {
    for (const cursor of this.#cursors) cursor.wake();
  }
}
