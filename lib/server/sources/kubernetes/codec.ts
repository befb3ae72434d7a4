/** The common interface of the API server's encodings, JSON and protobuf. */
import type { Identity } from './identity';

/** An object of a list or watch with its identity and version. `read` decodes it for a normaliser. */
export interface Item extends Identity {
  readonly version: string;
  readonly read: () => unknown;
}

/** A received page of a list. Iterating its items throws a `TroubleError` if they cannot be decoded. */
export interface Page {
  readonly items: Iterable<Item>;
  /** The continue token; null on the last page. */
  readonly next: string | null;
  readonly version: string;
  readonly bytes: number;
}

/** An event of a watch. ERROR events are thrown as `TroubleError` instead. */
export type WatchEvent =
  | { readonly type: 'put'; readonly item: Item; readonly version: string }
  | { readonly type: 'delete'; readonly item: Item; readonly version: string }
  /** `endsList`: all objects of a streamed list have been sent. */
  | { readonly type: 'bookmark'; readonly version: string; readonly endsList: boolean };

/** Reads the events of one watch. */
export interface EventReader {
  /**
   * Returns one function per event that the chunk completes; it throws a `TroubleError` for an ERROR event.
   * `RangeError`: an event exceeds the limit.
   */
  push(chunk: Uint8Array): readonly (() => WatchEvent)[];
}

/** Decodes one encoding. */
export interface Codec {
  /** Decodes a page of a list. Throws `TroubleError`. */
  page(body: Buffer): Page;
  events(): EventReader;
  /** The fields of a `Status`; null when the body is not one. */
  status(body: Buffer): unknown;
}
