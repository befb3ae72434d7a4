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
const failure = (description: string): Answer => ({ description, content: { [JSON_TYPE]: error } });
const wrong = failure('A parameter is missing or not known.');
const unchanged: Answer = { description: 'The client already has this version.', content: {} };

const words = (description: string): Parameter => ({
  name: 'q',
  in: 'query',
  required: true,
  description,
  schema: z.string().min(1).max(MAX_QUERY),
});
const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The ETag of an earlier answer.',
  schema: z.string(),
};

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
      { name: 'format', in: 'query', description: 'Default: json.', schema: z.enum(TOPOLOGY_FORMATS) },
      {
        name: 'sources',
        in: 'query',
        description: 'States of the sources at that version, for clients that follow the stream from there.',
        schema: z.enum(['recorded']),
      },
      ifNoneMatch,
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
      {
        name: 'since',
        in: 'query',
        description: 'A position, EPOCH.VERSION. Default: from now on.',
        schema: z.string(),
      },
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'Same as `since`, over which it takes precedence.',
        schema: z.string(),
      },
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
    answers: { 200: { description: 'What was found.', content: { [JSON_TYPE]: lookup } }, 400: wrong },
  },
  {
    method: 'get',
    path: '/api/explain',
    summary: 'Why is it so?',
    parameters: [words('The words of `ifscope explain`: `pod NAMESPACE/NAME address`.')],
    answers: {
      200: { description: 'Answers, each with its evidence.', content: { [JSON_TYPE]: explanation } },
      400: wrong,
      404: failure('There is no such record.'),
    },
  },
  {
    method: 'get',
    path: '/api/export',
    summary: 'A file to download',
    parameters: [
      {
        name: 'format',
        in: 'query',
        description: 'Default: json.',
        schema: z.enum(EXPORT_FORMATS.map(({ id }) => id)),
      },
      {
        name: 'theme',
        in: 'query',
        description: 'Theme of a picture. Default: light.',
        schema: z.enum(PICTURE_THEMES),
      },
      {
        name: 'filter',
        in: 'query',
        description: 'The rows of a table: a query as in `ifscope list`. For format=csv only.',
        schema: z.string().max(MAX_QUERY),
      },
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
    answers: { 200: { description: 'OpenAPI 3.1.', content: { [JSON_TYPE]: 'openapi' } } },
  },
  {
    method: 'post',
    path: '/api/ended-sessions',
    summary: 'Sessions that ended early, for replicas',
    description:
      'Servers that follow this one (`--from URL`) and have visitors sign in exchange notes about sessions that ended before their time. Only with the token.',
    parameters: [],
    body: endedSessionsCall,
    answers: {
      200: { description: 'The notes of others.', content: { [JSON_TYPE]: endedSessionsReply } },
      400: failure('The body is not such a call.'),
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
      {
        name: 'Accept',
        in: 'header',
        required: true,
        description: 'The protocol requires both: application/json, text/event-stream.',
        schema: z.string(),
      },
    ],
    body: mcpCall,
    answers: {
      200: { description: 'The reply.', content: { [JSON_TYPE]: mcpReply } },
      202: { description: 'The notification was accepted.', content: {} },
      400: { description: 'The body is not a JSON-RPC call.', content: { [JSON_TYPE]: z.union([error, mcpReply]) } },
      406: { description: 'The Accept header lacks one of the two media types.', content: { [JSON_TYPE]: mcpReply } },
      413: failure('The body is too large.'),
    },
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process answers',
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
      200: {
        description: 'Every required source has answered or given a reason.',
        content: { [JSON_TYPE]: readiness },
      },
      503: { description: 'At least one has not.', content: { [JSON_TYPE]: readiness } },
    },
    isOpen: true,
  },
];

/** A media type without its parameters: `text/csv; charset=utf-8` → `text/csv`. */
function essence(mediaType: string): string {
  return mediaType.split(';')[0] ?? mediaType;
}
