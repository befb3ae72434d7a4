/**
 * The I/O of the state machine: a page of a list, a watch, a watch that begins with a list. All throw only
 * `TroubleError`, and time out when nothing is received for too long. Paths and selectors come from the kind's row.
 */
import { messageOf } from '../../../normalise/protobuf/messages';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import type { Timers } from '../timers';
import { createWatchdog } from '../watchdog';
import { ours, reason, type Reason } from '../reason';
import type { Codec, Page } from './codec';
import { acceptOf, codecOf } from './codecs';
import type { Features } from './features';
import { pathOf } from './lag-question';
import { openWatch, type OpenWatch } from './open-watch';
import type { Policy } from './policy';
import type { Answer, UrlQuery, Transport } from './transport';
import { retryAfterOf, TroubleError, troubleOfError, troubleOfStatusObject } from './trouble';

/** The requests of one kind. All reject with `TroubleError` only. */
export interface ListWatch {
  /** Whether lists can be streamed. */
  readonly canStream: boolean;
  /** The server does not support streamed lists. */
  cannotStream(): void;
  list(limit: number, next: string | null, signal: AbortSignal): Promise<Page>;
  watch(version: string, signal: AbortSignal): Promise<OpenWatch>;
  /** A watch that starts with all objects, up to a bookmark with `endsList`. */
  watchList(signal: AbortSignal): Promise<OpenWatch>;
}

/** Options of the requests. */
export interface ListWatchOptions {
  readonly transport: Transport;
  readonly row: AnyKindRow;
  /** The served version of the row's kind. */
  readonly version: string;
  readonly policy: Policy;
  readonly timers: Timers;
  readonly now: () => number;
  readonly random: () => number;
  readonly features: Features;
  /** Called when the server rejected credentials. */
  readonly refused: (credentials: number) => void;
}

const LONGEST_STATUS = 64 << 10;

/** Sends nothing by itself. */
export function createListWatch(options: ListWatchOptions): ListWatch {
  const { transport, row, policy, timers, now, random, features } = options;
  const path = pathOf(row, options.version);
  const selectors: UrlQuery = { fieldSelector: row.fieldSelector };
  const message = messageOf(row);
  const asksProtobuf = (): boolean => message !== null && features.protobuf;
  const codecFor = (answer: Answer): Codec => codecOf(answer.header('content-type'), message);

  const refuse = async (answer: Answer, what: Reason): Promise<never> => {
    if (answer.status === 401) options.refused(answer.credentials);
    if (answer.status === 406) features.protobuf = false;
    const said = await answer.bytes(LONGEST_STATUS).catch(() => Buffer.alloc(0));
    answer.discard();
    const status = codecFor(answer).status(said);
    const retryAfter = retryAfterOf(answer.header('retry-after'), now());
    // The HTTP status decides; the body only provides the message.
    const trouble = troubleOfStatusObject(
      { ...(typeof status === 'object' ? status : {}), code: answer.status },
      answer.status,
      retryAfter,
    );
    throw new TroubleError({ ...trouble, message: reason`${what}: ${trouble.message}` });
  };

  const open = async (query: UrlQuery, parent: AbortSignal): Promise<OpenWatch> => {
    const dog = createWatchdog(timers, parent);
    try {
      dog.expect(policy.headersMs, 'watch headers');
      const timeoutSeconds = policy.watchSeconds + Math.floor(random() * (policy.watchJitterSeconds + 1));
      const all: UrlQuery = { ...selectors, watch: true, allowWatchBookmarks: true, timeoutSeconds, ...query };
      const accept = acceptOf(asksProtobuf(), true);
      const answer = await transport.request(path, all, { signal: dog.signal, stream: true, accept });
      if (answer.status !== 200) await refuse(answer, reason`watch ${ours(row.resource)}`);
      const isList = query['sendInitialEvents'] === true;
      return openWatch(answer, codecFor(answer).events(), dog, { ...options, isList });
    } catch (error) {
      dog.stop();
      throw asTrouble(error, transport, dog.signal);
    }
  };

  return {
    // In JSON a streamed list costs more than pages.
    get canStream() {
      return features.watchList && asksProtobuf();
    },
    cannotStream() {
      features.watchList = false;
    },
    async list(limit, next, parent) {
      const dog = createWatchdog(timers, parent);
      try {
        dog.expect(policy.headersMs, 'list headers');
        // Without a resourceVersion: with 0, API servers ignore the limit.
        const query = { ...selectors, limit, continue: next };
        const accept = acceptOf(asksProtobuf(), false);
        const answer = await transport.request(path, query, { signal: dog.signal, accept });
        const feed = (): void => dog.expect(policy.headersMs, 'list body');
        feed();
        if (answer.status !== 200) await refuse(answer, reason`list ${ours(row.resource)}`);
        const body = await answer.bytes(policy.mostBytes, feed);
        return codecFor(answer).page(body);
      } catch (error) {
        throw asTrouble(error, transport, dog.signal);
      } finally {
        dog.stop();
      }
    },

    watch: (resourceVersion, parent) => open({ resourceVersion }, parent),
    watchList: (parent) => open({ sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }, parent),
  };
}

const asTrouble = (error: unknown, transport: Transport, signal: AbortSignal): TroubleError =>
  error instanceof TroubleError
    ? error
    : new TroubleError(troubleOfError(error, transport.server, signal.aborted ? signal.reason : null), error);
