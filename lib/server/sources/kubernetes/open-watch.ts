/** An open watch: its events in order of arrival, until the server ends it or it breaks. */
import type { Timers } from '../timers';
import type { Watchdog } from '../watchdog';
import type { EventReader, WatchEvent } from './codec';
import type { Policy } from './policy';
import type { Answer, Transport } from './transport';
import { TroubleError, troubleOfError } from './trouble';

/** An open watch. `openedAt`: epoch milliseconds. */
export interface OpenWatch {
  readonly openedAt: number;
  /**
   * The next events, at least one; null when the server ended the watch. Events before an error are returned first, and
   * a bookmark that ends a list is the last event of its call.
   */
  next(): Promise<readonly WatchEvent[] | null>;
  close(): void;
}

/** Options of reading a watch. */
export interface OpenWatchOptions {
  readonly transport: Transport;
  readonly policy: Policy;
  readonly timers: Timers;
  readonly now: () => number;
  /** The watch begins with a list, which arrives without pauses; after that it may be silent between bookmarks. */
  readonly isList: boolean;
}

/** Reads the body of a watch's answer. `dog` must guard its request. */
export function openWatch(answer: Answer, reader: EventReader, dog: Watchdog, options: OpenWatchOptions): OpenWatch {
  const { policy, now } = options;
  const chunks = answer.body[Symbol.asyncIterator]();
  const openedAt = now();
  let isList = options.isList;
  /** Received, but not decoded yet. */
  let waiting: readonly (() => WatchEvent)[] = [];

  const asTrouble = (error: unknown): TroubleError =>
    error instanceof TroubleError
      ? error
      : new TroubleError(
          troubleOfError(error, options.transport.server, dog.signal.aborted ? dog.signal.reason : null),
          error,
        );
  const feed = (): void =>
    isList ? dog.expect(policy.headersMs, 'list body') : dog.expect(policy.idleMs, 'watch idle');
  const close = (): void => {
    dog.stop();
    answer.discard();
  };
  /** Decodes what is waiting, up to the end of a list or up to an error, which the next call encounters again. */
  const read = (): WatchEvent[] => {
    const events: WatchEvent[] = [];
    for (const [index, one] of waiting.entries()) {
      try {
        const event = one();
        events.push(event);
        if (event.type !== 'bookmark' || !event.endsList) continue;
        isList = false;
        waiting = waiting.slice(index + 1);
        return events;
      } catch (error) {
        if (events.length === 0) throw error;
        waiting = waiting.slice(index);
        return events;
      }
    }
    waiting = [];
    return events;
  };
  feed();
  return {
    openedAt,
    close,
    async next() {
      try {
        for (;;) {
          const events = read();
          // The receiver of a list may pause; that is not silence of the server.
          if (events.length > 0) {
            if (isList) dog.rest();
            return events;
          }
          feed();
          const chunk = await chunks.next();
          if (chunk.done === true) {
            close();
            return null;
          }
          feed();
          waiting = reader.push(chunk.value);
        }
      } catch (error) {
        const trouble = asTrouble(error);
        close();
        throw trouble;
      }
    },
  };
}
