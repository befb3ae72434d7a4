/**
 * The HTTP interface: each handler takes the runtime and a request and returns the response; the routes under `app/`
 * only call them. Bad input is answered with 400 and one line that names the wrong value and the valid ones.
 */
import { EXPORT_FORMATS } from '../../export/index';
import { lookup } from '../../view/lookup/lookup';
import type { Runtime } from '../runtime/runtime';
import { FILE_HEADER } from '../store/file-header';
import type { Format } from '../store/full-set';
import { withSourcesNow } from '../store/sources-now';
import { parsePosition } from '../store/position';
import { streamResponse } from '../stream/response';
import { bodyOf, json, matchesTag, refuse } from './answers';

/** `columns.gz` is a gzip file, not a content encoding: Next drops `Content-Encoding` from what a route answers. */
const TOPOLOGY = {
  json: { format: 'json', gzip: false },
  columns: { format: 'columns', gzip: false },
  'columns.gz': { format: 'columns', gzip: true },
} as const satisfies Readonly<Record<string, { readonly format: Format; readonly gzip: boolean }>>;
const isTopology = (text: string): text is keyof typeof TOPOLOGY => Object.hasOwn(TOPOLOGY, text);

/**
 * The newest keyframe (`lib/snapshot/keyframe/format`): at most some seconds old, and of the version in its ETag. It is
 * compressed, but without a content encoding, which Next drops from what a route answers.
 */
async function keyframe({ fullSets }: Runtime, request: Request): Promise<Response> {
  const { tag, chunks } = await fullSets.keyframe();
  const headers = {
    etag: tag,
    'cache-control': 'no-cache, no-transform',
    'content-type': 'application/octet-stream',
  };
  if (matchesTag(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
  return new Response(bodyOf(chunks), { headers });
}

/**
 * `GET /api/topology[?format=json|keyframe|columns|columns.gz]`. `columns.gz` is compressed once for all readers;
 * Next compresses `json` and `columns` for each reader.
 */
export async function topology(runtime: Runtime, request: Request): Promise<Response> {
  const asked = new URL(request.url).searchParams.get('format') ?? 'json';
  if (asked === 'keyframe') return keyframe(runtime, request);
  if (!isTopology(asked))
    return refuse(400, `format=${asked} is not known: it is keyframe, ${Object.keys(TOPOLOGY).join(', ')}`);
  const { format, gzip } = TOPOLOGY[asked];
  const set = await runtime.fullSets.get(format);
  const headers = {
    etag: set.tag,
    'cache-control': gzip ? 'no-cache, no-transform' : 'no-cache',
    'content-type': gzip ? 'application/gzip' : 'application/json; charset=utf-8',
    ...(runtime.file === null ? {} : { [FILE_HEADER]: `${runtime.file.kind} of ${runtime.file.takenAt}` }),
  };
  if (matchesTag(request.headers.get('if-none-match'), set.tag)) return new Response(null, { status: 304, headers });
  const bytes = gzip ? await set.gzip() : set.plain;
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
}

/** `GET /api/stream[?since=EPOCH.VERSION]`; `Last-Event-ID` takes precedence: browsers send it when they reconnect. */
export function stream(runtime: Runtime, request: Request): Response {
  const since = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('since');
  const position = since === null || since === '' ? null : parsePosition(since);
  if (position === null && since !== null && since !== '')
    return refuse(400, `since=${since.slice(0, 80)} is not a position: give EPOCH.VERSION, the ETag of /api/topology`);
  return streamResponse(runtime.hub.open(position), request.signal);
}

const LONGEST_QUERY = 500;

/** `GET /api/lookup?q=` */
export function lookupAnswer(runtime: Runtime, request: Request): Response {
  const query = new URL(request.url).searchParams.get('q')?.trim() ?? '';
  if (query === '')
    return refuse(400, 'q is missing: name an address, a range, a MAC, an ENI, an instance, a pod or a node');
  if (query.length > LONGEST_QUERY)
    return refuse(400, `q is ${query.length} characters long: at most ${LONGEST_QUERY} are read`);
  return json({ position: `${runtime.store.epoch}.${runtime.store.version}`, ...lookup(runtime.store.replica, query) });
}

const isTheme = (text: string): text is 'light' | 'dark' => text === 'light' || text === 'dark';

/** `ifscope-prod-20260901T120000Z.json`; the cluster's name is foreign text. */
function fileName({ store }: Runtime, extension: string): string {
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

/** `GET /api/export?format=json|csv|svg[&theme=light|dark]`: everything, as a file to keep. */
export function exportFile(runtime: Runtime, request: Request): Response {
  const params = new URL(request.url).searchParams;
  const asked = params.get('format') ?? 'json';
  const theme = params.get('theme') ?? 'light';
  const format = EXPORT_FORMATS.find(({ id }) => id === asked);
  if (format === undefined)
    return refuse(400, `format=${asked} is not known: it is ${EXPORT_FORMATS.map(({ id }) => id).join(', ')}`);
  if (!isTheme(theme)) return refuse(400, `theme=${theme} is not known: it is light or dark`);
  const { store } = runtime;
  const takenAt = new Date(store.now()).toISOString();
  const text = format.write({ source: store.replica, records: withSourcesNow(store), takenAt, theme });
  return new Response(text, {
    headers: {
      'content-type': format.mediaType,
      'content-disposition': `attachment; filename="${fileName(runtime, format.id)}"`,
      'cache-control': 'no-store',
    },
  });
}

/** `GET /healthz`: the process answers. */
export const healthz = (): Response =>
  new Response('ok\n', { headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' } });

/**
 * `GET /readyz`: 200 once every required source has synced or said why not. Being behind is said and is no reason to send
 * nobody here: another replica reads the same API, and an old picture that says so is better than none.
 */
export function readyz(runtime: Runtime): Response {
  const waiting = runtime.waitingFor();
  const behind = runtime.store
    .sources()
    .filter((source) => source.state === 'behind')
    .map(({ id, lagSeconds }) => `${id} is ${lagSeconds ?? 'some'} s behind`);
  return json({ ready: waiting.length === 0, waiting, behind }, waiting.length === 0 ? 200 : 503);
}

/** `GET /metrics`, in the Prometheus text format. */
export async function metrics(runtime: Runtime): Promise<Response> {
  return new Response(await runtime.metrics.metrics(), {
    headers: { 'content-type': runtime.metrics.contentType, 'cache-control': 'no-store' },
  });
}
