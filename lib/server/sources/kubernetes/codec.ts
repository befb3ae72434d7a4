/** What the encodings of the API server's answers, JSON and protobuf, have in common. */
import type { Identity } from './identity';

/** An object of a list or watch, and which one it is, in which version. `read` is what a normaliser takes. */
export interface Item extends Identity {
  readonly version: string;
  readonly read: () => unknown;
}

/** A page of a list that has been received. Reading its items throws a `TroubleError` when they cannot be read. */
export interface Page {
  readonly items: Iterable<Item>;
  /** The continue token; null on the last page. */
  readonly next: string | null;
  readonly version: string;
  readonly bytes: number;
}

export type WatchEvent =
  | { readonly type: 'put'; readonly item: Item; readonly version: string }
  | { readonly type: 'delete'; readonly item: Item; readonly version: string }
  /** `endsList`: all objects of a streamed list have come. */
  | { readonly type: 'bookmark'; readonly version: string; readonly endsList: boolean };

/** Reads the events of one watch. */
export interface EventReader {
  /**
   * One function for each event that this chunk completes; it throws a `TroubleError` for an ERROR event and for what
   * cannot be read. Throws `RangeError` when an event has no end.
   */
  push(chunk: Uint8Array): readonly (() => WatchEvent)[];
}

export interface Codec {
  /** Throws a `TroubleError`. */
  page(body: Buffer): Page;
  events(): EventReader;
  /** The fields of a `Status`; null when the body is none. */
  status(body: Buffer): unknown;
}
