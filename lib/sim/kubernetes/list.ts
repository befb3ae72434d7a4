/**
 * Lists, paged like etcd's: a continue token refers to one revision, so that all pages together are one consistent state,
 * and the token expires (HTTP 410) when that revision is dropped. `resourceVersion=0` ignores `limit`, like the server's
 * watch cache.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, constants, gzipSync } from 'node:zlib';
import type { Entry } from '../model/collection';
import type { Query } from './query';
import { groupVersion, type ResourceRow, type View } from './resources';
import { encodeList, PROTOBUF, speaksProtobuf } from './protobuf/encode';
import { accepts, badRequest, expired, status, type Status } from './status';

interface Snapshot {
  readonly rv: number;
  readonly view: View;
  readonly entries: readonly Entry<unknown>[];
  readonly takenAt: number;
}

/** How long a continue token is valid; etcd compacts every five minutes. */
export const TOKEN_LIFETIME_MS = 5 * 60_000;
const MAX_SNAPSHOTS = 32;

/** One page of a list, as of one resourceVersion. */
export interface Page {
  readonly rv: number;
  readonly entries: readonly Entry<unknown>[];
  readonly continueToken: string | null;
  readonly remaining: number | null;
}

/** Serves lists page by page: the pages of one list have one resourceVersion, until its continue token expires. */
export class Lists {
  private snapshots: Snapshot[] = [];

  constructor(
    private readonly now: () => number,
    private readonly currentRv: () => number,
    private readonly replicaLag: () => number,
  ) {}

  /** Makes every outstanding continue token expire. */
  forget(): void {
    this.snapshots = [];
  }

  page(view: View, query: Query): Page | Status {
    const wanted = query.resourceVersion;
    const current = this.currentRv();
    if (query.continueToken !== null) return this.continued(view, query);
    if (wanted !== null && wanted > current) {
      return status(504, 'Timeout', `Too large resource version: ${wanted}, current: ${current}`, {
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      });
    }
    if (wanted !== null && wanted !== 0 && query.resourceVersionMatch === 'Exact' && wanted < current) {
      return expired('The provided resource version is too old to display a consistent list.');
    }
    const entries = chosen(view, query);
    const unpaged = wanted === 0 || query.limit === 0 || entries.length <= query.limit;
    const rv = wanted === 0 ? current - this.replicaLag() : current;
    if (unpaged) return { rv, entries, continueToken: null, remaining: null };
    this.snapshots.push({ rv: current, view, entries, takenAt: this.now() });
    if (this.snapshots.length > MAX_SNAPSHOTS) this.snapshots.shift();
    return cut(current, entries, 0, query.limit, query.filtered);
  }

  private continued(view: View, query: Query): Page | Status {
    const token = readToken(query.continueToken ?? '');
    if (token === null) return badRequest('continue key is not valid: invalid continue token');
    if (query.resourceVersion !== null && query.resourceVersion !== 0) {
      return badRequest('specifying resource version is not allowed when using continue');
    }
    const inconsistent = token.rv === -1;
    const snapshot = this.snapshots.find(
      (item) => item.rv === token.rv && item.view === view && this.now() - item.takenAt < TOKEN_LIFETIME_MS,
    );
    if (snapshot === undefined && !inconsistent) {
      return expired(
        `The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.`,
        { continue: writeToken(-1, token.start) },
      );
    }
    const entries = snapshot?.entries ?? chosen(view, query);
    const rv = snapshot?.rv ?? this.currentRv();
    let start = 0;
    let end = entries.length;
    while (start < end) {
      const middle = (start + end) >> 1;
      if ((entries[middle]?.key ?? '') < token.start) start = middle + 1;
      else end = middle;
    }
    const limit = query.limit === 0 ? Infinity : query.limit;
    return cut(rv, entries, start, limit, false);
  }
}

/** The matching entries in key order. */
const chosen = (view: View, query: Query): readonly Entry<unknown>[] =>
  query.filtered || query.namespace !== null
    ? view.sorted().filter((entry) => query.matches(view, entry))
    : view.sorted();

function cut(rv: number, entries: readonly Entry<unknown>[], start: number, limit: number, filtered: boolean): Page {
  const page = entries.slice(start, start + limit);
  const next = entries[start + page.length];
  if (next === undefined) return { rv, entries: page, continueToken: null, remaining: null };
  // The server does not count the remaining items of a filtered list.
  const remaining = filtered ? null : entries.length - start - page.length;
  return { rv, entries: page, continueToken: writeToken(rv, next.key), remaining };
}

const writeToken = (rv: number, start: string): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start })).toString('base64url');

function readToken(text: string): { readonly rv: number; readonly start: string } | null {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (typeof token !== 'object' || token === null || !('rv' in token) || !('start' in token)) return null;
    return typeof token.rv === 'number' && typeof token.start === 'string'
      ? { rv: token.rv, start: token.start }
      : null;
  } catch {
    return null;
  }
}

/** The number of items from which the server compresses, if the client accepts it. */
const GZIP_FROM_ITEMS = 20;

const BOMB_BYTES = 256 * 1024 * 1024;
/** Made once, because it takes a moment: about 250 KB. */
let bomb: Buffer | null = null;

/** A list of `BOMB_BYTES` of blanks. */
export function sendBomb(response: ServerResponse): void {
  bomb ??= gzipSync(Buffer.alloc(BOMB_BYTES, ' '), { level: constants.Z_BEST_SPEED });
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
}

/** Writes in chunks: a list of 150,000 pods exceeds the maximum length of a string. */
export async function sendList(
  request: IncomingMessage,
  response: ServerResponse,
  resource: ResourceRow,
  view: View,
  page: Page,
): Promise<void> {
  const accept = request.headers.accept ?? '';
  const partial = accept.includes('as=PartialObjectMetadataList');
  const gzip = page.entries.length >= GZIP_FROM_ITEMS && (request.headers['accept-encoding'] ?? '').includes('gzip');
  const isProtobuf = !partial && speaksProtobuf(resource) && accepts(request, PROTOBUF);
  response.writeHead(200, {
    'content-type': isProtobuf ? PROTOBUF : 'application/json',
    vary: 'Accept-Encoding',
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
  });
  const content = isProtobuf
    ? [
        encodeList(
          resource,
          metadataOf(page),
          page.entries.map((entry) => () => view.render(entry)),
        ),
      ]
    : listText(resource, view, page, partial);
  const parts = Readable.from(content, { objectMode: false });
  try {
    if (gzip) await pipeline(parts, createGzip({ level: constants.Z_BEST_SPEED }), response);
    else await pipeline(parts, response);
  } catch (error) {
    // The client disconnected in the middle of the list.
    if (!response.destroyed) throw error;
  }
}

const metadataOf = (page: Page): Readonly<Record<string, unknown>> => ({
  resourceVersion: String(page.rv),
  ...(page.continueToken === null ? {} : { continue: page.continueToken }),
  ...(page.remaining === null ? {} : { remainingItemCount: page.remaining }),
});

const CHUNK_CHARS = 64 * 1024;

function* listText(resource: ResourceRow, view: View, page: Page, partial: boolean): Generator<string> {
  const metadata = metadataOf(page);
  const head = partial
    ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata }
    : { kind: `${resource.kind}List`, apiVersion: groupVersion(resource), metadata };
  let text = `${JSON.stringify(head).slice(0, -1)},"items":[`;
  for (const [index, entry] of page.entries.entries()) {
    const object = view.render(entry);
    const item = partial
      ? { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object['metadata'] }
      : object;
    text += (index === 0 ? '' : ',') + JSON.stringify(item);
    if (text.length < CHUNK_CHARS) continue;
    yield text;
    text = '';
  }
  yield `${text}]}\n`;
}
