/**
 * The HTTP interface. Each handler turns a request into a response; the routes under `app/` only call them. Invalid
 * input gets a 400 response whose one-line error names the wrong value and the valid ones.
 */
import { DEFLATED_EVENTS } from '../../model/delta';
import { BEHIND_SECONDS } from '../../model/lag';
import { explain } from '../../explain/explain';
import { readWords } from '../../explain/words-of-question';
import { EXPORT_FORMATS, RECORD_FORMATS } from '../../export/index';
import { lookupOrProblem } from '../../view/lookup/lookup';
import { parseQuery } from '../../view/query/parse';
import { isEmptyQuery } from '../../view/query/query';
import { TROUBLED } from '../log/log-sources';
import type { Runtime } from '../runtime/runtime';
import type { Served } from '../runtime/served';
import { FILE_HEADER } from '../store/file-header';
import { withSourcesNow } from '../store/sources-now';
import { formatPosition, parsePosition } from '../store/position';
import { snapshotBytes } from '../store/snapshot-text';
import { streamResponse } from '../stream/response';
import { bodyOf, json, matchesTag, refuse } from './answers';
import { openApi } from './openapi/document';
import { pageFile } from './page-file';
import { MAX_QUERY, PICTURE_THEMES, TOPOLOGY_FORMATS } from './openapi/parameters';

/**
 * The newest keyframe (`lib/snapshot/keyframe/format`), at most a few seconds old; its version is in the ETag. It is
 * compressed without a Content-Encoding header, because Next drops that header from a route's response.
 */
async function keyframe({ keyframes }: Served, request: Request): Promise<Response> {
  const { tag, chunks } = await keyframes.get();
  const headers = {
    etag: tag,
    'cache-control': 'no-cache, no-transform',
    'content-type': 'application/octet-stream',
  };
  if (matchesTag(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
  return new Response(bodyOf(chunks), { headers });
}

/** The newest version as a snapshot file, generated while it is sent. */
function snapshot({ store, file }: Served, request: Request): Response {
  const tag = `"${formatPosition(store)}"`;
  const headers = {
    etag: tag,
    'cache-control': 'no-cache',
    'content-type': 'application/json; charset=utf-8',
    ...(file === null ? {} : { [FILE_HEADER]: `${file.kind} of ${file.takenAt}` }),
  };
  if (matchesTag(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
  const isFollowed = new URL(request.url).searchParams.get('sources') === 'recorded';
  return new Response(bodyOf(snapshotBytes(store, isFollowed)), { headers });
}

/**
 * `GET /api/topology[?format=json|keyframe]`. Next compresses `json` for each client. With `sources=recorded`, the
 * sources have the states of that version, for clients that then follow the stream, whose heartbeats carry the lags.
 */
export async function topology(served: Served, request: Request): Promise<Response> {
  const format = new URL(request.url).searchParams.get('format') ?? 'json';
  switch (format) {
    case 'json':
      return snapshot(served, request);
    case 'keyframe':
      return keyframe(served, request);
    default:
      return refuse(400, `format=${format} is not known: use one of ${TOPOLOGY_FORMATS.join(', ')}`);
  }
}

/** `GET /api/stream[?since=EPOCH.VERSION]`; a reconnecting browser's `Last-Event-ID` takes precedence. Text, or deflated on request. */
export function stream(served: Served, request: Request): Response {
  const since = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('since');
  const position = since === null || since === '' ? null : parsePosition(since);
  if (position === null && since !== null && since !== '')
    return refuse(400, `since=${since.slice(0, 80)} is not a position: give EPOCH.VERSION, the ETag of /api/topology`);
  const form = request.headers.get('accept')?.includes(DEFLATED_EVENTS) === true ? 'deflated' : 'text';
  const { signal } = request;
  const sees = served.while?.(signal);
  // A visitor whose rights have changed must reconnect.
  return streamResponse(
    served.hub.open(position, form),
    form,
    sees === undefined ? signal : AbortSignal.any([signal, sees]),
  );
}

const queryOf = (request: Request): string => new URL(request.url).searchParams.get('q')?.trim() ?? '';

const tooLong = (text: string): string => `is ${text.length} characters long: the limit is ${MAX_QUERY}`;

/** `GET /api/lookup?q=` */
export function lookupAnswer(served: Served, request: Request): Response {
  const query = queryOf(request);
  if (query === '')
    return refuse(400, 'q is missing: name an address, a range, a MAC, an ENI, an instance, a pod or a node');
  if (query.length > MAX_QUERY) return refuse(400, `q ${tooLong(query)}`);
  const found = lookupOrProblem(served.store.replica, query);
  if (typeof found === 'string') return refuse(400, found);
  return json({ position: formatPosition(served.store), ...found });
}

/** `GET /api/explain?q=`: the same answers as `ifscope explain`. */
export function explanation(served: Served, request: Request): Response {
  const query = queryOf(request);
  if (query.length > MAX_QUERY) return refuse(400, `q ${tooLong(query)}`);
  const asked = readWords(query.split(/\s+/));
  if (typeof asked === 'string') return refuse(400, `q: ${asked}`);
  const said = explain(served.store.replica, asked);
  if (typeof said === 'string') return refuse(404, said);
  return json({ position: formatPosition(served.store), ...said });
}

const isTheme = (text: string): text is (typeof PICTURE_THEMES)[number] =>
  PICTURE_THEMES.some((theme) => theme === text);

const readFilter = (text: string): ReturnType<typeof parseQuery> =>
  text.length > MAX_QUERY ? { query: null, problem: `it ${tooLong(text)}` } : parseQuery(text);

/** `ifscope-prod-20260901T120000Z.json`; the cluster's name is untrusted text. */
function fileName({ store }: Served, extension: string): string {
  const { name, demo } = store.replica.cluster;
  const time = new Date(store.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const parts = [
    'ifscope',
    (name ?? 'cluster').replace(/[^\w.-]+/g, '-').slice(0, 80),
    ...(demo ? ['demo-data'] : []),
    time,
  ];
  return `${parts.join('-')}.${extension}`;
}

/** Parses the parameters of `/api/export`; returns a one-line error text for invalid ones. */
function readExport(params: URLSearchParams) {
  const asked = params.get('format') ?? 'json';
  const theme = params.get('theme') ?? 'light';
  const format = EXPORT_FORMATS.find(({ id }) => id === asked);
  if (format === undefined)
    return `format=${asked} is not known: use one of ${EXPORT_FORMATS.map(({ id }) => id).join(', ')}`;
  if (!isTheme(theme)) return `theme=${theme} is not known: use ${PICTURE_THEMES.join(' or ')}`;
  const { query, problem } = readFilter(params.get('filter') ?? '');
  if (query === null) return `filter: ${problem}`;
  if (format.id !== 'csv' && !isEmptyQuery(query)) return 'filter applies to format=csv only: leave it out';
  return { format, theme, query };
}

/** A snapshot of a large cluster takes seconds to generate and is streamed; tables and pictures are smaller. */
async function exportBody({ store }: Served, { format, theme, query }: Exclude<ReturnType<typeof readExport>, string>) {
  if (format.id === 'json') return bodyOf(snapshotBytes(store));
  const written = RECORD_FORMATS.find(({ id }) => id === format.id);
  const takenAt = new Date(store.now()).toISOString();
  if (written !== undefined)
    return written.write({ source: store.replica, records: withSourcesNow(store), takenAt, theme, query });
  const file = process.env.IFSCOPE_PAGE_FILE ?? '';
  return file === '' ? null : bodyOf(await pageFile(file, store));
}

/**
 * `GET /api/export?format=json|csv|svg|html[&theme=light|dark][&filter=QUERY]`: a file; a table contains the records
 * that `filter` selects.
 */
export async function exportFile(served: Served, request: Request): Promise<Response> {
  const asked = readExport(new URL(request.url).searchParams);
  if (typeof asked === 'string') return refuse(400, asked);
  const body = await exportBody(served, asked);
  if (body === null) return refuse(503, 'format=html needs the built page: start this server with `ifscope serve`');
  return new Response(body, {
    headers: {
      'content-type': asked.format.mediaType,
      'content-disposition': `attachment; filename="${fileName(served, asked.format.id)}"`,
      'cache-control': 'no-store',
    },
  });
}

/** `GET /healthz`: 200 while the process responds. */
export const healthz = (): Response =>
  new Response('ok\n', { headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' } });

/**
 * `GET /readyz`: 200 once every required source has synced or reported an error. A source that is behind or in trouble is
 * reported but does not make the server unready: another replica would read the same API, and an outdated picture that is
 * marked as such is better than none. Reasons are left out, because the answer is open to everybody.
 */
export function readyz(runtime: Runtime): Response {
  const waiting = runtime.waitingFor();
  const sources = runtime.store.sources();
  const behind = sources
    .filter((source) => source.state === 'behind')
    .map(({ id, lagSeconds }) =>
      lagSeconds !== null && lagSeconds >= BEHIND_SECONDS
        ? `${id} is ${lagSeconds} s behind`
        : `${id} was behind just now`,
    );
  const troubled = sources.filter(({ state }) => TROUBLED.has(state)).map(({ id, state }) => `${id} is ${state}`);
  return json({ ready: waiting.length === 0, waiting, behind, troubled }, waiting.length === 0 ? 200 : 503);
}

/** `GET /metrics`, in the Prometheus text format. */
export async function metrics(served: Served): Promise<Response> {
  return new Response(await served.metrics.metrics(), {
    headers: { 'content-type': served.metrics.contentType, 'cache-control': 'no-store' },
  });
}

/** `GET /api/openapi.json` */
export const description = (): Response => json(openApi(process.env.IFSCOPE_BASE_PATH ?? ''));
