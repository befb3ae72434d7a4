/** `metav1.Status` bodies with kube-apiserver's messages. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeStatus, PROTOBUF } from './protobuf/encode';

/** The body of an error response (`metav1.Status`). */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly code: number;
}

/** An error with this HTTP code and reason. */
export const status = (
  code: number,
  reason: string,
  message: string,
  more: {
    readonly details?: Readonly<Record<string, unknown>>;
    readonly metadata?: Readonly<Record<string, unknown>>;
  } = {},
): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: more.metadata ?? {},
  status: 'Failure',
  message,
  reason,
  ...(more.details === undefined ? {} : { details: more.details }),
  code,
});

const USER = 'system:serviceaccount:ifscope:ifscope';

/** 401: the token is missing or wrong. */
export const unauthorized = (): Status => status(401, 'Unauthorized', 'Unauthorized');

/** 403: RBAC grants no such access. */
export const forbidden = (
  verb: string,
  resource: string,
  group: string,
  namespace: string | null,
  name: string | null,
): Status =>
  status(
    403,
    'Forbidden',
    `${resource.split('/')[0] ?? resource}${group === '' ? '' : `.${group}`}${name === null ? '' : ` "${name}"`} is forbidden: User "${USER}" cannot ${verb} resource "${resource}" in API group "${group}" ${
      namespace === null ? 'at the cluster scope' : `in the namespace "${namespace}"`
    }`,
    {
      details: { ...(name === null ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource.split('/')[0] },
    },
  );

/** 410: the continue token or the resourceVersion has expired. */
export const expired = (message: string, metadata?: Readonly<Record<string, unknown>>): Status =>
  status(410, 'Expired', message, metadata === undefined ? {} : { metadata });

/** 410: the watch starts before the available history. */
export const tooOld = (wanted: number, current: number): Status => ({
  ...status(410, 'Expired', `too old resource version: ${wanted} (${current})`),
});

/** 404: no such object. */
export const notFound = (resource: string, group: string, name: string): Status =>
  status(404, 'NotFound', `${resource}${group === '' ? '' : `.${group}`} "${name}" not found`, {
    details: { name, ...(group === '' ? {} : { group }), kind: resource },
  });

/** 404: no such resource. */
export const noResource = (): Status =>
  status(404, 'NotFound', 'the server could not find the requested resource', { details: {} });

/** 406: none of the accepted media types can be written. */
export const notAcceptable = (): Status =>
  status(406, 'NotAcceptable', 'only the following media types are accepted: application/json, application/yaml');

/** 422: the server has no WatchList feature. */
export const noWatchList = (): Status =>
  status(
    422,
    'Invalid',
    'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
  );

/** 400, with the message. */
export const badRequest = (message: string): Status => status(400, 'BadRequest', message);

const REASONS: Readonly<Record<number, readonly [string, string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'Internal error occurred: etcdserver: request timed out'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'Timeout: request did not complete within the allotted timeout'],
};

/** An error with this code, and Kubernetes' reason and message for it. */
export function genericStatus(code: number): Status {
  const [reason, message] = REASONS[code] ?? ['InternalError', `answered with ${code} by order`];
  return status(code, reason, message);
}

/** Whether the client accepts this media type, regardless of preference. */
export const accepts = (request: IncomingMessage, mediaType: string): boolean =>
  (request.headers.accept ?? '').includes(mediaType);

/** Sends an error in the encoding that the request accepts. */
export function sendStatus(
  response: ServerResponse,
  body: Status,
  headers: Readonly<Record<string, string>> = {},
): void {
  // The encoding of errors is negotiated as well, even for kinds without protobuf.
  const isProtobuf = accepts(response.req, PROTOBUF);
  response.writeHead(body.code, { 'content-type': isProtobuf ? PROTOBUF : 'application/json', ...headers });
  response.end(isProtobuf ? encodeStatus(body) : `${JSON.stringify(body)}\n`);
}
