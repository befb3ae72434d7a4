/** The requests of a follower, and the stream of frames. */
import { DEFLATED_EVENTS, type Frame } from '../model/delta';
import { readFrame } from './frame';
import { gathered } from './gathered';
import { mergeFrames } from './merge-frames';

/** A failure with a sentence for the user. */
export class ServerError extends Error {}
/** The server refuses access, so an early retry is pointless. */
export class RefusedError extends ServerError {}

/** The server's message in `{ "error": … }`; null for anything else, such as a proxy's page. */
function readError(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    const { error } = typeof value === 'object' && value !== null ? (value as { error?: unknown }) : {};
    return typeof error === 'string' ? error.slice(0, 300) : null;
  } catch {
    return null;
  }
}

/** The part of `fetch` that is used. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/** A GET request below a base URL; resolves for 2xx only. */
export type Get = (path: string, signal: AbortSignal, headers?: Readonly<Record<string, string>>) => Promise<Response>;

/** GET below `base`. Any status but 2xx throws, 401 and 403 as `RefusedError`. */
export const createGet =
  (fetch: Fetch, base: string): Get =>
  async (path, signal, headers = {}) => {
    const response = await fetch(`${base}${path}`, { signal, headers, cache: 'no-store' });
    if (response.ok) return response;
    const error = readError(await response.text().catch(() => ''));
    const message = `The server answered ${response.status}${error === null ? '' : `: ${error}`}`;
    throw response.status === 401 || response.status === 403 ? new RefusedError(message) : new ServerError(message);
  };

/** Prefers deflated events: a tenth of the bytes, compressed once for all viewers. */
const ACCEPT = { accept: `${DEFLATED_EVENTS}, text/event-stream` };

/** `onBytes` runs when the stream opens and with every chunk; `nextTurn` resolves once waiting input has been read. */
interface FrameWorld {
  readonly parse: (text: string) => unknown;
  readonly onBytes: () => void;
  readonly nextTurn: () => Promise<void>;
}

/**
 * The frames after version `since` (`EPOCH.VERSION`). A viewer that was behind gets many at once: those are merged, so
 * that it does not show each of them.
 */
export async function* getFrames(
  get: Get,
  since: string,
  signal: AbortSignal,
  { parse, onBytes, nextTurn }: FrameWorld,
): AsyncGenerator<Frame, void> {
  // Loaded on demand, so that the first picture does not wait for it.
  const loading = import('eventsource-parser');
  // A failure of the request says more, and is thrown first.
  loading.catch(() => undefined);
  const { body, headers } = await get(`/api/stream?since=${encodeURIComponent(since)}`, signal, ACCEPT);
  if (body === null) throw new ServerError('The server sent an empty stream');
  onBytes();
  const { createParser } = await loading;
  const messages: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void messages.push(data) });
  const heard = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onBytes();
      controller.enqueue(chunk);
    },
  });
  const received = body.pipeThrough(heard);
  const text =
    headers.get('content-type')?.startsWith(DEFLATED_EVENTS) === true
      ? received.pipeThrough(new DecompressionStream('deflate-raw') as ReadableWritablePair<Uint8Array, Uint8Array>)
      : received;
  const pieces = text.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  for await (const group of gathered(pieces as unknown as AsyncIterable<string>, nextTurn)) {
    for (const piece of group) parser.feed(piece);
    const frames = messages.splice(0).map((data) => readFrame(data, parse));
    const unreadable = frames.indexOf(null);
    yield* mergeFrames((unreadable < 0 ? frames : frames.slice(0, unreadable)).filter((frame) => frame !== null));
    if (unreadable >= 0) throw new ServerError('The server sent a message that cannot be read');
  }
}
