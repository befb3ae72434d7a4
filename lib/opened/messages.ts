/** The messages between the page and the worker that reads opened files. */
import type { DescribedChange } from '../view/changes/described-change';
import type { DeskAnswer, OpenedSet } from './desk';

/** A file from the page, not read yet. */
export interface GivenItem {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly file: Blob }[];
}

/** The requests of the page. */
export type DeskRequest =
  | { readonly ask: 'open'; readonly items: readonly GivenItem[] }
  /** The snapshot embedded in the page, gzipped. */
  | { readonly ask: 'embedded'; readonly packed: Blob }
  /** `url`: where the server exports its cluster. */
  | { readonly ask: 'live'; readonly url: string }
  | { readonly ask: 'keyframe'; readonly set: number }
  | { readonly ask: 'answer'; readonly set: number; readonly path: string }
  | { readonly ask: 'compare'; readonly before: number; readonly after: number }
  | { readonly ask: 'close'; readonly set: number };

/** The result of each request. */
export interface DeskResults {
  readonly open: readonly OpenedSet[];
  readonly embedded: OpenedSet;
  readonly live: OpenedSet;
  readonly keyframe: Uint8Array<ArrayBuffer>;
  readonly answer: DeskAnswer;
  readonly compare: readonly DescribedChange[];
  readonly close: null;
}

export type RequestKind = DeskRequest['ask'];
export type RequestParameters<Q extends RequestKind> = Omit<Extract<DeskRequest, { readonly ask: Q }>, 'ask'>;
/** `error`: one line for the user. */
export type Reply = { readonly result: DeskResults[RequestKind] } | { readonly error: string };

/** A request of the page with its number. */
export interface NumberedRequest {
  readonly number: number;
  readonly message: DeskRequest;
}
/** A reply with the number of its request. */
export interface NumberedReply {
  readonly number: number;
  readonly reply: Reply;
}
