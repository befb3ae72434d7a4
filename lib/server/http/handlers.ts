/**
 * The HTTP interface beside the page: each handler takes the runtime and a request and gives the answer. The routes under
 * `app/` only name them. Bad input is answered with 400 and one line that names the value and what is right.
 */
import { lookup } from '../../view/lookup';
import type { Runtime } from '../runtime/runtime';
import { parsePosition } from '../store/position';
import { streamResponse } from '../stream/response';
import { chooseEncoding, json, matchesTag, refuse } from './answers';
import type { Format } from './full-set';

const isFormat = (text: string): text is Format => text === 'json' || text === 'columns';

/** `GET /api/topology[?format=json|columns]` */
export async function topology(runtime: Runtime, request: Request): Promise<Response> {
  const format = new URL(request.url).searchParams.get('format') ?? 'json';
  if (!isFormat(format)) return refuse(400, `format=${format} is not known: it is json or columns`);
  const set = runtime.fullSets.get(format);
  const headers = {
    etag: set.tag,
    'cache-control': 'no-cache',
    vary: 'accept-encoding',
    'content-type': 'application/json; charset=utf-8',
  };
  if (matchesTag(request.headers.get('if-none-match'), set.tag)) return new Response(null, { status: 304, headers });
  const encoding = chooseEncoding(request.headers.get('accept-encoding'));
  const bytes = await set.bytes(encoding);
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      ...headers,
      'content-length': String(bytes.byteLength),
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    },
  });
}

/** `GET /api/stream[?since=EPOCH.VERSION]`; `Last-Event-ID` counts for more, since the browser sends it when it comes back. */
export function stream(runtime: Runtime, request: Request): Response {
  const since = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('since');
  const position = since === null || since === '' ? null : parsePosition(since);
  if (position === null && since !== null && since !== '')
    return refuse(
      400,
      `since=${since.slice(0, 80)} is no position: it is EPOCH.VERSION, as the ETag of /api/topology has it`,
    );
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

/** `GET /healthz`: the process answers. */
export const healthz = (): Response =>
  new Response('ok\n', { headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' } });

/** `GET /readyz`: 200 once every required source has synced or said why not. */
export function readyz(runtime: Runtime): Response {
  const waiting = runtime.waitingFor();
  return json({ ready: waiting.length === 0, waiting }, waiting.length === 0 ? 200 : 503);
}

/** `GET /metrics`, in the Prometheus text format. */
export async function metrics(runtime: Runtime): Promise<Response> {
  return new Response(await runtime.metrics.metrics(), {
    headers: { 'content-type': runtime.metrics.contentType, 'cache-control': 'no-store' },
  });
}
