/**
 * The I/O of the state machine: one page of a list, one watch. Both throw only `TroubleError`, and both give up when
 * nothing is received for too long. Paths and selectors come from the kind's row.
 */
import type { Timers } from '../timers';
import { createWatchdog } from '../watchdog';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { createLineSplitter } from './lines';
import type { Policy } from './policy';
import type { Answer, Query, Transport } from './transport';
import { retryAfterOf, TroubleError, type Trouble, troubleOfError, troubleOfStatus } from './trouble';

export interface Page {
  readonly items: readonly unknown[];
  /** The continue token; null on the last page. */
  readonly next: string | null;
  readonly version: string;
  readonly bytes: number;
}

export type WatchEvent =
  | { readonly type: 'put'; readonly object: unknown; readonly version: string }
  | { readonly type: 'delete'; readonly object: unknown; readonly version: string }
  | { readonly type: 'bookmark'; readonly version: string };

export interface OpenWatch {
  readonly openedAt: number;
  /** The next events, at least one; null when the server ended the watch. Events before an error come first. */
  next(): Promise<readonly WatchEvent[] | null>;
  close(): void;
}

export interface ListWatch {
  list(limit: number, next: string | null, signal: AbortSignal): Promise<Page>;
  watch(version: string, signal: AbortSignal): Promise<OpenWatch>;
}

export interface ListWatchOptions {
  readonly transport: Transport;
  readonly row: AnyKindRow;
  /** Which of the row's versions the server serves. */
  readonly version: string;
  readonly policy: Policy;
  readonly timers: Timers;
  readonly now: () => number;
  readonly random: () => number;
  /** Called with credentials that were rejected. */
  readonly refused: (credentials: number) => void;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const field = (value: unknown, name: string): unknown => (isFields(value) ? value[name] : undefined);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const LONGEST_STATUS = 64 << 10;
const LONGEST_LINE = 64 << 20;

const garbled = (message: string): TroubleError => new TroubleError({ kind: 'garbled', message });

/** Classifies a `Status` object. */
function troubleOfStatusObject(status: unknown, code: number, retryAfterMs: number | null): Trouble {
  const seconds = field(field(status, 'details'), 'retryAfterSeconds');
  const stated = field(status, 'code');
  const after = retryAfterMs ?? (typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null);
  return troubleOfStatus(typeof stated === 'number' ? stated : code, text(field(status, 'message')), after);
}

/** One line of a watch. An ERROR event throws, whether or not the server closes the watch after it. */
export function readEvent(line: string): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (error) {
    throw garbled(`a line of the watch is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const object = field(event, 'object');
  const type = field(event, 'type');
  if (type === 'ERROR') throw new TroubleError(troubleOfStatusObject(object, 500, null));
  const version = text(field(field(object, 'metadata'), 'resourceVersion'));
  if (version === '') throw garbled('a watch event without a resourceVersion');
  if (type === 'ADDED' || type === 'MODIFIED') return { type: 'put', object, version };
  if (type === 'DELETED') return { type: 'delete', object, version };
  if (type === 'BOOKMARK') return { type: 'bookmark', version };
  throw garbled(`a watch event of unknown type ${JSON.stringify(type)}`);
}

export const kindPath = (row: Pick<AnyKindRow, 'group' | 'resource'>, version: string): string =>
  row.group === '' ? `/api/${version}/${row.resource}` : `/apis/${row.group}/${version}/${row.resource}`;

export function createListWatch(options: ListWatchOptions): ListWatch {
  const { transport, row, policy, timers, now, random } = options;
  const path = kindPath(row, options.version);
  const selectors: Query = { fieldSelector: row.fieldSelector };

  const refuse = async (answer: Answer, what: string): Promise<never> => {
    if (answer.status === 401) options.refused(answer.credentials);
    const said = await answer.text(LONGEST_STATUS).catch(() => '');
    answer.discard();
    let status: unknown = null;
    try {
      status = JSON.parse(said);
    } catch {
      // Not a Status but a proxy's HTML or plain text: the status code is enough.
    }
    const retryAfter = retryAfterOf(answer.header('retry-after'), now());
    // The HTTP status decides; the body only provides the message.
    const trouble = troubleOfStatusObject(
      { ...(isFields(status) ? status : {}), code: answer.status },
      answer.status,
      retryAfter,
    );
    throw new TroubleError({ ...trouble, message: `${what}: ${trouble.message}` });
  };

  return {
    async list(limit, next, parent) {
      const dog = createWatchdog(timers, parent);
      try {
        dog.expect(policy.headersMs, 'list headers');
        // Without a resourceVersion: with 0, API servers ignore the limit.
        const answer = await transport.request(path, { ...selectors, limit, continue: next }, { signal: dog.signal });
        const feed = (): void => dog.expect(policy.headersMs, 'list body');
        feed();
        if (answer.status !== 200) await refuse(answer, `list ${row.resource}`);
        const body = await answer.text(policy.mostBytes, feed);
        dog.stop();
        return readPage(body);
      } catch (error) {
        throw asTrouble(error, transport, dog.signal);
      } finally {
        dog.stop();
      }
    },

    async watch(version, parent) {
      const dog = createWatchdog(timers, parent);
      const query: Query = {
        ...selectors,
        watch: true,
        resourceVersion: version,
        allowWatchBookmarks: true,
        timeoutSeconds: policy.watchSeconds + Math.floor(random() * (policy.watchJitterSeconds + 1)),
      };
      try {
        dog.expect(policy.headersMs, 'watch headers');
        const answer = await transport.request(path, query, { signal: dog.signal, stream: true });
        if (answer.status !== 200) await refuse(answer, `watch ${row.resource}`);
        return openWatch(answer, dog, options);
      } catch (error) {
        dog.stop();
        throw asTrouble(error, transport, dog.signal);
      }
    },
  };
}

const asTrouble = (error: unknown, transport: Transport, signal: AbortSignal): TroubleError =>
  error instanceof TroubleError
    ? error
    : new TroubleError(troubleOfError(error, transport.server, signal.aborted ? signal.reason : null), error);

function readPage(body: string): Page {
  let page: unknown;
  try {
    page = JSON.parse(body);
  } catch (error) {
    throw garbled(`a list is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const metadata = field(page, 'metadata');
  const items = field(page, 'items') ?? [];
  const version = text(field(metadata, 'resourceVersion'));
  if (!Array.isArray(items)) throw garbled('a list without items');
  if (version === '') throw garbled('a list without a resourceVersion');
  const next = text(field(metadata, 'continue'));
  return { items, next: next === '' ? null : next, version, bytes: body.length };
}

function openWatch(answer: Answer, dog: ReturnType<typeof createWatchdog>, options: ListWatchOptions): OpenWatch {
  const chunks = answer.body[Symbol.asyncIterator]();
  const splitter = createLineSplitter(LONGEST_LINE);
  /** An error found behind events that have to be returned first. */
  let pending: TroubleError | null = null;
  const openedAt = options.now();
  const close = (): void => {
    dog.stop();
    answer.discard();
  };
  const feed = (): void => dog.expect(options.policy.idleMs, 'watch idle');
  feed();

  const read = (lines: readonly string[]): WatchEvent[] => {
    const events: WatchEvent[] = [];
    try {
      for (const line of lines) events.push(readEvent(line));
    } catch (error) {
      pending = asTrouble(error, options.transport, dog.signal);
    }
    return events;
  };
  return {
    openedAt,
    close,
    async next() {
      try {
        for (;;) {
          if (pending !== null) throw pending;
          const chunk = await chunks.next();
          if (chunk.done === true) {
            close();
            return null;
          }
          feed();
          const events = read(splitter.push(chunk.value));
          if (events.length > 0) return events;
        }
      } catch (error) {
        const trouble = asTrouble(error, options.transport, dog.signal);
        close();
        throw trouble;
      }
    },
  };
}
