/**
 * Watches: changes since a revision, one JSON object per line, with bookmarks. A revision that has left the history is
 * answered with HTTP 200 and one ERROR event of code 410; a future one with silence.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Change, Entry } from '../model/collection';
import type { Query } from './query';
import { groupVersion, type ResourceRow, type View } from './resources';
import { tooOld, type Status } from './status';

export interface WatchOptions {
  readonly bookmarkMs: number;
  readonly currentRv: () => number;
  readonly frozen: () => boolean;
  readonly duplicates: () => boolean;
}

/** The server ends a watch without a timeout after 30 to 60 minutes; this one always after 30. */
const DEFAULT_TIMEOUT_S = 1800;
/** Like the server, drops a watcher that does not read. */
const MOST_BUFFERED_BYTES = 64 * 1024 * 1024;

export class Watch {
  private readonly stopListening: () => void;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly openedAt: number;
  private missed = false;
  private done = false;
  readonly ended: Promise<void>;

  constructor(
    readonly resource: ResourceRow,
    private readonly view: View,
    private readonly query: Query,
    request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly options: WatchOptions,
  ) {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
    this.openedAt = options.currentRv();
    this.ended = new Promise((resolve) => response.once('close', resolve));
    response.once('close', () => {
      this.stop();
    });
    request.socket.setNoDelay(true);
    this.stopListening = view.listen((change) => {
      this.deliver(change);
    });
    if (!this.replay()) return;
    const timeoutMs = (query.timeoutSeconds ?? DEFAULT_TIMEOUT_S) * 1000;
    this.timers.push(
      setTimeout(() => {
        this.end();
      }, timeoutMs),
    );
    if (query.bookmarks) {
      this.timers.push(
        setInterval(() => {
          this.bookmark();
        }, options.bookmarkMs),
      );
      if (timeoutMs > 4000)
        this.timers.push(
          setTimeout(() => {
            this.bookmark();
          }, timeoutMs - 2000),
        );
    }
  }

  /** Ends the stream as the server does on timeout. */
  end(): void {
    this.stop();
    this.response.end();
  }

  /** FIN without the terminating chunk. */
  halfClose(): void {
    this.stop();
    this.response.socket?.end();
  }

  /** FIN in the middle of a line, after half an object. */
  cutLine(): void {
    this.response.write(`{"type":"MODIFIED","object":{"kind":"${this.resource.kind}","metada`);
    this.halfClose();
  }

  fail(error: Status, keepOpen: boolean): void {
    this.line('ERROR', { ...error });
    if (!keepOpen) this.end();
  }

  bookmark(initialEventsEnd = false): void {
    // A watch from a future revision must not get an older one back.
    const rv = Math.max(this.options.currentRv(), this.query.resourceVersion ?? 0);
    this.line('BOOKMARK', {
      kind: this.resource.kind,
      apiVersion: groupVersion(this.resource),
      metadata: {
        resourceVersion: String(rv),
        creationTimestamp: null,
        ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
      },
    });
  }

  private replay(): boolean {
    const { resourceVersion: from, sendInitialEvents } = this.query;
    if (sendInitialEvents || from === null || from === 0) {
      for (const entry of this.view.sorted()) if (this.query.matches(this.view, entry)) this.event('ADDED', entry);
      if (sendInitialEvents) this.bookmark(true);
      return true;
    }
    if (from > this.openedAt) return true;
    const changes = this.view.since(from);
    if (changes === null) {
      this.fail(tooOld(from, this.openedAt), false);
      return false;
    }
    for (const change of changes) this.deliver(change);
    return true;
  }

  /** An object that starts or stops matching the selector is ADDED or DELETED for this watcher. */
  private deliver(change: Change<unknown>): void {
    if (change.rv <= (this.query.resourceVersion ?? 0)) return;
    const { entry, previous } = change;
    const was = previous !== null && this.query.matches(this.view, previous);
    const is = change.type !== 'DELETED' && this.query.matches(this.view, entry);
    if (is) this.event(was ? 'MODIFIED' : 'ADDED', entry);
    else if (was) this.event('DELETED', { ...previous, rv: change.rv });
  }

  private event(type: string, entry: Entry<unknown>): void {
    this.line(type, { kind: this.resource.kind, apiVersion: groupVersion(this.resource), ...this.view.render(entry) });
  }

  private line(type: string, object: Readonly<Record<string, unknown>>): void {
    if (this.done) return;
    if (this.options.frozen()) {
      this.missed = true;
      return;
    }
    // A frozen stream has lost events, so it must end, not resume.
    if (this.missed) {
      this.end();
      return;
    }
    const line = `${JSON.stringify({ type, object })}\n`;
    this.response.write(this.options.duplicates() && type !== 'ERROR' ? line + line : line);
    if (this.response.writableLength > MOST_BUFFERED_BYTES) this.end();
  }

  private stop(): void {
    if (this.done) return;
    this.done = true;
    this.stopListening();
    for (const timer of this.timers) clearTimeout(timer);
  }
}
