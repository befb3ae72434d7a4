/** The routes under `app/` with their parameters and responses. Tests compare the table with the files and with a running server. */
import { z } from 'zod';
import { EXPORT_FORMATS } from '../../../export/index';
import { DEFLATED_EVENTS } from '../../../model/delta';
import { MAX_QUERY, PICTURE_THEMES, TOPOLOGY_FORMATS } from './parameters';
import {
  endedSessionsCall,
  endedSessionsReply,
  error,
  explanation,
  lookup,
  mcpCall,
  mcpReply,
  readiness,
} from './answers';

/** The content of a response: a JSON schema, `topology` (a snapshot file), `openapi`, or `text` and `bytes` for other content. */
export type Content = z.ZodType | 'topology' | 'openapi' | 'text' | 'bytes';

/** A request parameter. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly required?: true;
  readonly description: string;
  readonly schema: z.ZodType;
}

/** A response of a route. */
export interface Answer {
  readonly description: string;
  /** Content by media type; empty if the response has no body. */
  readonly content: Readonly<Record<string, Content>>;
}

/** A route of the HTTP interface. */
export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly body?: z.ZodType;
  /** Responses by HTTP status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Set if the route needs no authentication. */
  readonly isOpen?: true;
}

const JSON_TYPE = 'application/json';
const json = (description: string, content: Content): Answer => ({ description, content: { [JSON_TYPE]: content } });
const failure = (description: string): Answer => json(description, error);
const wrong = failure('A parameter is missing or not known.');
const unchanged: Answer = { description: 'The client already has this version.', content: {} };

const query = (name: string, description: string, schema: z.ZodType = z.string()): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});
const header = (name: string, description: string): Parameter => ({
  name,
  in: 'header',
  description,
  schema: z.string(),
});
const words = (description: string): Parameter => ({
  ...query('q', description, z.string().min(1).max(MAX_QUERY)),
  required: true,
});

/** Responses to requests without access, for every route that needs authentication. */
export const REFUSALS: Route['answers'] = {
  401: failure('Authentication is required.'),
  403: failure('The Host header is not a name of this server, or the request comes from a page of another site.'),
  503: failure('Too many visitors with different rights are connected.'),
};

export const ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/api/topology',
    summary: 'The record set',
    description:
      'The newest version, as a snapshot file or as a keyframe of compressed chunks. Its ETag is the position.',
    parameters: [
      query('format', 'Default: json.', z.enum(TOPOLOGY_FORMATS)),
      query(
        'sources',
        'States of the sources at that version, for clients that follow the stream from there.',
        z.enum(['recorded']),
      ),
      header('If-None-Match', 'The ETag of an earlier answer.'),
    ],
    answers: {
      200: {
        description: 'Everything that this visitor may see.',
        content: { [JSON_TYPE]: 'topology', 'application/octet-stream': 'bytes' },
      },
      304: unchanged,
      400: wrong,
    },
  },
  {
    method: 'get',
    path: '/api/stream',
    summary: 'What changes',
    description:
      'Server-sent events. `delta`: the changes from one version to a later one. `reset`: the changes since `since` are no longer known; get the record set again. `heartbeat`: nothing changed; ages and lags of sources. The id of an event is the position after it.',
    parameters: [
      query('since', 'A position, EPOCH.VERSION. Default: from now on.'),
      header('Last-Event-ID', 'Same as `since`, over which it takes precedence.'),
    ],
    answers: {
      200: {
        description: 'Open until the client disconnects. Deflated (RFC 1951) for clients that accept it.',
        content: { 'text/event-stream': 'text', [DEFLATED_EVENTS]: 'bytes' },
      },
      400: failure('`since` is not a position.'),
    },
  },
  {
    method: 'get',
    path: '/api/lookup',
    summary: 'Who owns this?',
    parameters: [
      words(
        'An address, a range, a MAC, an ENI, an instance, a pod, a node, a part of one, a value that records share, or a query.',
      ),
    ],
    answers: { 200: json('The matches.', lookup), 400: wrong },
  },
  {
    method: 'get',
    path: '/api/explain',
    summary: 'Explain a record',
    parameters: [words('The words of `ifscope explain`: `pod NAMESPACE/NAME address`.')],
    answers: {
      200: json('Answers, each with its evidence.', explanation),
      400: wrong,
      404: failure('There is no such record.'),
    },
  },
  {
    method: 'get',
    path: '/api/export',
    summary: 'A file to download',
    parameters: [
      query('format', 'Default: json.', z.enum(EXPORT_FORMATS.map(({ id }) => id))),
      query('theme', 'Theme of a picture. Default: light.', z.enum(PICTURE_THEMES)),
      query(
        'filter',
        'The rows of a table: a query as in `ifscope list`. For format=csv only.',
        z.string().max(MAX_QUERY),
      ),
    ],
    answers: {
      200: {
        description: 'The file.',
        content: Object.fromEntries(
          EXPORT_FORMATS.map(({ id, mediaType }) => [essence(mediaType), id === 'json' ? 'topology' : 'text']),
        ),
      },
      400: wrong,
    },
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This description',
    parameters: [],
    answers: { 200: json('OpenAPI 3.1.', 'openapi') },
  },
  {
    method: 'post',
    path: '/api/ended-sessions',
    summary: 'Sessions that ended early, for replicas',
    description:
      'Servers that follow this one (`--from URL`) and have visitors sign in exchange notes about sessions that ended early. Requires the token.',
    parameters: [],
    body: endedSessionsCall,
    answers: {
      200: { description: 'The notes of other replicas.', content: { [JSON_TYPE]: endedSessionsReply } },
      400: failure('The body is not a valid call.'),
    },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Metrics for Prometheus',
    parameters: [],
    answers: { 200: { description: 'The text format.', content: { 'text/plain': 'text' } } },
  },
  {
    method: 'post',
    path: '/mcp',
    summary: 'Model Context Protocol',
    description: 'Read-only tools, stateless: each call is independent and is answered with what the caller may see.',
    parameters: [
      { ...header('Accept', 'The protocol requires both: application/json, text/event-stream.'), required: true },
    ],
    body: mcpCall,
    answers: {
      200: json('The reply.', mcpReply),
      202: { description: 'The notification was accepted.', content: {} },
      400: json('The body is not a JSON-RPC call.', z.union([error, mcpReply])),
      406: json('The Accept header lacks one of the two media types.', mcpReply),
      413: failure('The body is too large.'),
    },
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process responds',
    parameters: [],
    answers: { 200: { description: 'It does.', content: { 'text/plain': 'text' } } },
    isOpen: true,
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether the records are complete, and which sources are behind',
    parameters: [],
    answers: {
      200: json('Every required source has answered or given a reason.', readiness),
      503: json('At least one has done neither.', readiness),
    },
    isOpen: true,
  },
];

/** A media type without its parameters: `text/csv; charset=utf-8` → `text/csv`. */
function essence(mediaType: string): string {
  return mediaType.split(';')[0] ?? mediaType;
}
