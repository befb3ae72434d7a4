/**
 * Watches: changes since a revision, one JSON object per line or one protobuf frame each, with bookmarks. A revision that
 * is no longer in the history gets HTTP 200 and one ERROR event with code 410; a future one gets nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Change, Entry } from '../model/collection';
import type { Faults } from '../faults/faults';
import type { Query } from './query';
import { groupVersion, type ResourceRow, type View } from './resources';
import {
  CUT_FRAME,
  encodeEvent,
  encodeObject,
  encodeStatus,
  PROTOBUF,
  speaksProtobuf,
  truncatedFrame,
} from './protobuf/encode';
import { accepts, tooOld, type Status } from './status';

/** The behaviour of a watch, including faults. */
export interface WatchOptions {
  readonly bookmarkMs: number;
  readonly currentRv: () => number;
  readonly faults: Pick<Faults, 'state'>;
  /** What follows the objects of a streamed list: its bookmark and the watch, the bookmark and the end, or nothing. */
  readonly initialEventsEnd: 'go on' | 'end' | 'never';
}

/** The server ends a watch without a timeout after 30 to 60 minutes; this one always after 30. */
const DEFAULT_TIMEOUT_S = 1800;
/** Like the server, drops a watcher that does not read. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;
/** A streamed list, and the changes since a revision, pause for their reader beyond this many unsent bytes. */
const MAX_LIST_BUFFERED_BYTES = 1024 * 1024;
/**
 * Changes that are queued while a streamed list is being written. The server queues about one second of them
 * (`cache_watcher.go`, `suggestedWatchChannelSize`: 10 to 1,000). A watcher with more gets its list, the bookmark and these
 * changes, and then the end.
 */
const MAX_WAITING = 100;

/** One open watch: sends the changes of a collection, and bookmarks, until it is closed. */
export class Watch {
  private readonly stopListening: () => void;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly openedAt: number;
  private missed = false;
  private done = false;
  private readonly isProtobuf: boolean;
  /** Changes while a streamed list or earlier changes are being written; null when neither is. */
  private later: Change<unknown>[] | null = null;
  private maxLater = MAX_WAITING;
  /** An event that is written after the next one. */
  private held: Buffer | string | null = null;
  /** Whether more changes came than can be queued. */
  private overflowed = false;
  readonly ended: Promise<void>;

  constructor(
    readonly resource: ResourceRow,
    private readonly view: View,
    private readonly query: Query,
    request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly options: WatchOptions,
  ) {
    this.isProtobuf = speaksProtobuf(resource) && accepts(request, PROTOBUF);
    response.writeHead(200, {
      'content-type': this.isProtobuf ? `${PROTOBUF};stream=watch` : 'application/json',
      'cache-control': 'no-cache, private',
    });
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
        // What holds the stream up holds its end up, too.
        if (options.faults.state.frozen) this.missed = true;
        else this.end();
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

  /** FIN in the middle of a line or frame, after half an object. */
  cutLine(): void {
    if (this.isProtobuf) this.response.write(CUT_FRAME);
    else this.response.write(`{"type":"MODIFIED","object":{"kind":"${this.resource.kind}","metada`);
    this.halfClose();
  }

  fail(error: Status, keepOpen: boolean): void {
    this.line('ERROR', { ...error });
    if (!keepOpen) this.end();
  }

  bookmark(): void {
    // The first bookmark is the one that ends a streamed list.
    if (this.later !== null) return;
    // A watch from a future revision must not get an older one back.
    const rv = Math.max(this.options.currentRv(), this.query.resourceVersion ?? 0);
    this.mark(rv + this.options.faults.state.bookmarksAhead, {});
  }

  private mark(rv: number, more: Readonly<Record<string, unknown>>): void {
    this.line('BOOKMARK', {
      kind: this.resource.kind,
      apiVersion: groupVersion(this.resource),
      metadata: { resourceVersion: String(rv), creationTimestamp: null, ...more },
    });
  }

  private replay(): boolean {
    const { resourceVersion: from, sendInitialEvents } = this.query;
    if (sendInitialEvents) {
      void this.streamList();
      return true;
    }
    if (from === null || from === 0) {
      for (const entry of this.view.sorted()) if (this.query.matches(this.view, entry)) this.event('ADDED', entry);
      return true;
    }
    if (from > this.openedAt) return true;
    const changes = this.view.since(from);
    if (changes === null) {
      this.fail(tooOld(from, this.openedAt), false);
      return false;
    }
    void this.catchUp(changes);
    return true;
  }

  /** Writes earlier changes at the reader's pace, then those that came in between. */
  private async catchUp(changes: readonly Change<unknown>[]): Promise<void> {
    this.maxLater = Infinity;
    for (let rest = changes; rest.length > 0;) {
      this.later = [];
      for (const change of rest) {
        if (this.done) return;
        this.send(change);
        if (this.response.writableLength > MAX_LIST_BUFFERED_BYTES) await this.drained();
      }
      rest = this.later;
    }
    this.later = null;
  }

  /** Writes all objects at the reader's pace, then the final bookmark, then the changes that came in between. */
  private async streamList(): Promise<void> {
    this.later = [];
    for (const entry of this.view.sorted()) {
      if (this.done) return;
      if (this.query.matches(this.view, entry)) this.event('ADDED', entry);
      if (this.response.writableLength > MAX_LIST_BUFFERED_BYTES) await this.drained();
    }
    const { initialEventsEnd } = this.options;
    if (initialEventsEnd !== 'never')
      this.mark(this.openedAt, { annotations: { 'k8s.io/initial-events-end': 'true' } });
    const changes = this.later;
    this.later = null;
    for (const change of changes) this.deliver(change);
    if (initialEventsEnd === 'end' || this.overflowed) this.end();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.response.off('drain', done);
        this.response.off('close', done);
        resolve();
      };
      this.response.once('drain', done);
      this.response.once('close', done);
    });
  }

  private deliver(change: Change<unknown>): void {
    if (change.rv <= (this.query.resourceVersion ?? 0)) return;
    if (this.later === null) this.send(change);
    else if (this.later.length < this.maxLater) this.later.push(change);
    else this.overflowed = true;
  }

  /** An object that starts or stops matching the selector is ADDED or DELETED for this watcher. */
  private send({ type, rv, entry, previous }: Change<unknown>): void {
    const was = previous !== null && this.query.matches(this.view, previous);
    const is = type !== 'DELETED' && this.query.matches(this.view, entry);
    if (is) this.event(was ? 'MODIFIED' : 'ADDED', entry);
    else if (was) this.event('DELETED', { ...previous, rv });
  }

  private event(type: string, entry: Entry<unknown>): void {
    if (this.options.faults.state.lossy) return;
    this.line(this.options.faults.state.unknownEvents ? 'RENAMED' : type, {
      kind: this.resource.kind,
      apiVersion: groupVersion(this.resource),
      ...this.view.render(entry),
    });
  }

  private line(type: string, object: Readonly<Record<string, unknown>>): void {
    if (this.done) return;
    const { frozen, duplicates, swapped, truncated } = this.options.faults.state;
    if (frozen) {
      this.missed = true;
      return;
    }
    // A frozen stream has lost events, so it must end, not resume.
    if (this.missed) {
      this.end();
      return;
    }
    let line: Buffer | string = this.isProtobuf ? this.frame(type, object) : `${JSON.stringify({ type, object })}\n`;
    const isEvent = type !== 'ERROR' && type !== 'BOOKMARK';
    if (truncated && isEvent)
      line = typeof line === 'string' ? `${line.slice(0, line.length / 2)}\n` : truncatedFrame(line);
    if (swapped && isEvent && this.held === null) {
      this.held = line;
      return;
    }
    this.response.write(line);
    if (duplicates && type !== 'ERROR') this.response.write(line);
    if (this.held !== null && isEvent) {
      this.response.write(this.held);
      this.held = null;
    }
    if (this.response.writableLength > MAX_BUFFERED_BYTES) this.end();
  }

  private frame(type: string, object: Readonly<Record<string, unknown>>): Buffer {
    return encodeEvent(type, type === 'ERROR' ? encodeStatus(object) : encodeObject(this.resource, object));
  }

  private stop(): void {
    if (this.done) return;
    this.done = true;
    this.stopListening();
    for (const timer of this.timers) clearTimeout(timer);
  }
}
