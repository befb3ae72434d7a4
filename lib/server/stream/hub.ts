/**
 * Hands the store's changes to any number of viewers.
 *
 * Always: one frame clock for all; a frame is encoded once and every viewer at its start gets the same bytes; a viewer is
 * a cursor, never a queue, so a slow one costs what is on its socket and nothing here. Who lags gets the squashed delta
 * of what was missed, or a reset where the store does not reach back (architecture.md, "The flow" 6).
 */
import type { Clock } from '../store/clock';
import type { Position } from '../store/position';
import type { Store } from '../store/store';
import { COMMENT, encodeFrame, GREETING } from './sse';

export const FRAME_MS = 200;
export const HEARTBEAT_MS = 5_000;
export const KEEP_ALIVE_MS = 15_000;
/** Encoded frames kept for viewers that are a little behind. */
const FRAMES_BYTES = 8 * 2 ** 20;

export interface Viewer {
  /** The next bytes to send, as soon as there are any; null when the stream is over. One call at a time. */
  next(): Promise<Uint8Array | null>;
  close(): void;
}

export interface Hub {
  readonly viewers: number;
  /** Frames encoded so far, catch-ups included: with n viewers that keep up it does not grow n times as fast. */
  readonly encoded: number;
  /** `since`: what the viewer has; null sends a reset first, so that it fetches the whole set. */
  open(since: Position | null): Viewer;
  /** Ends every stream and opens no more. */
  close(): void;
}

interface Encoded {
  readonly to: number;
  readonly bytes: Uint8Array;
}

export function createHub(store: Store, clock: Clock): Hub {
  const cursors = new Set<Cursor>();
  const waiting = new Set<() => void>();
  /** Frames by the version they start from; oldest first. */
  const frames = new Map<number, Encoded>();
  let framesBytes = 0;
  /** Catch-ups to `head` by the version they start from; valid only while `head` stands. */
  const catchUps = new Map<number, Encoded>();
  let head = store.version;
  let lastFrameAt = -Infinity;
  let cancelFrame: (() => void) | null = null;
  let encoded = 0;
  let closed = false;

  let sentAges = store.ages;
  let heartbeat: { readonly at: number; readonly version: number; readonly bytes: Uint8Array } | null = null;
  let beat = 0;
  let cancelBeat: (() => void) | null = null;

  const wakeAll = (): void => {
    const all = [...waiting];
    waiting.clear();
    for (const wake of all) wake();
  };

  const encode = (from: number, to: number): Encoded | null => {
    const since = store.since({ epoch: store.epoch, version: from }, to);
    if (since.kind !== 'delta') return null;
    encoded++;
    return { to, bytes: encodeFrame({ kind: 'delta', delta: since.delta }) };
  };

  const keep = (from: number, frame: Encoded): void => {
    frames.set(from, frame);
    framesBytes += frame.bytes.byteLength;
    for (const [oldest, { bytes }] of frames) {
      if (framesBytes <= FRAMES_BYTES) break;
      frames.delete(oldest);
      framesBytes -= bytes.byteLength;
    }
  };

  const frame = (): void => {
    cancelFrame = null;
    lastFrameAt = clock.now();
    if (store.version === head) return;
    // With nobody there nothing is encoded: whoever comes is brought up to date from the store's ring.
    const next = cursors.size === 0 ? null : encode(head, store.version);
    if (next === null) {
      frames.clear();
      framesBytes = 0;
    } else keep(head, next);
    head = store.version;
    catchUps.clear();
    wakeAll();
  };

  const stopListening = store.onCommit(() => {
    cancelFrame ??= clock.after(Math.max(0, lastFrameAt + FRAME_MS - clock.now()), frame);
  });

  const readAges = (): void => {
    if (store.ages === sentAges) return;
    sentAges = store.ages;
    beat++;
  };

  const armBeat = (): void => {
    cancelBeat ??= clock.after(HEARTBEAT_MS, () => {
      cancelBeat = null;
      if (cursors.size === 0) return;
      readAges();
      wakeAll();
      armBeat();
    });
  };

  const heartbeatBytes = (): Uint8Array => {
    if (heartbeat?.at !== beat || heartbeat.version !== head)
      heartbeat = {
        at: beat,
        version: head,
        bytes: encodeFrame({
          kind: 'heartbeat',
          epoch: store.epoch,
          version: head,
          at: store.now(),
          ages: sentAges,
        }),
      };
    return heartbeat.bytes;
  };

  class Cursor implements Viewer {
    #at: number | null;
    #reason: string | null;
    #beat = -1;
    #sentAt = clock.now();
    #greeted = false;
    #closed = false;
    #wake: (() => void) | null = null;

    constructor(since: Position | null) {
      const known = since === null ? null : store.since(since);
      this.#reason = known === null ? 'no version was named' : known.kind === 'reset' ? known.reason : null;
      this.#at = this.#reason === null ? (since?.version ?? null) : null;
    }

    async next(): Promise<Uint8Array | null> {
      while (!this.#closed && !closed) {
        const bytes = this.#take();
        if (bytes !== null) {
          this.#sentAt = clock.now();
          return bytes;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          waiting.add(resolve);
        });
        this.#wake = null;
      }
      return null;
    }

    close(): void {
      this.#closed = true;
      cursors.delete(this);
      if (this.#wake !== null) {
        waiting.delete(this.#wake);
        this.#wake();
      }
    }

    #take(): Uint8Array | null {
      if (!this.#greeted) {
        this.#greeted = true;
        return GREETING;
      }
      if (this.#at === null) return this.#reset(this.#reason ?? 'the stream begins anew');
      if (this.#at < head) {
        const next = frames.get(this.#at) ?? this.#catchUp(this.#at);
        if (next === null) return this.#reset('more has changed than the server keeps as a difference');
        this.#at = next.to;
        return next.bytes;
      }
      // A viewer that fetched the whole set between two frames is ahead of `head`; its next frame starts where it is.
      if (this.#at > head) return null;
      if (this.#beat !== beat) {
        this.#beat = beat;
        return heartbeatBytes();
      }
      return clock.now() - this.#sentAt >= KEEP_ALIVE_MS ? COMMENT : null;
    }

    #catchUp(from: number): Encoded | null {
      const made = catchUps.get(from) ?? encode(from, head);
      if (made !== null && catchUps.size < 64) catchUps.set(from, made);
      return made;
    }

    #reset(reason: string): Uint8Array {
      this.#at = head;
      this.#reason = null;
      return encodeFrame({ kind: 'reset', epoch: store.epoch, version: head, reason });
    }
  }

  return {
    get viewers() {
      return cursors.size;
    },
    get encoded() {
      return encoded;
    },
    open(since) {
      const cursor = new Cursor(since);
      if (!closed) {
        // Nobody was there to keep the ages fresh for.
        if (cursors.size === 0) readAges();
        cursors.add(cursor);
        armBeat();
      }
      return cursor;
    },
    close() {
      closed = true;
      stopListening();
      cancelFrame?.();
      cancelBeat?.();
      cursors.clear();
      wakeAll();
    },
  };
}
