/** `metav1.Status` bodies with kube-apiserver's wording. */
import type { ServerResponse } from 'node:http';

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

export const unauthorized = (): Status => status(401, 'Unauthorized', 'Unauthorized');

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

export const expired = (message: string, metadata?: Readonly<Record<string, unknown>>): Status =>
  status(410, 'Expired', message, metadata === undefined ? {} : { metadata });

export const tooOld = (wanted: number, current: number): Status => ({
  ...status(410, 'Expired', `too old resource version: ${wanted} (${current})`),
});

export const notFound = (resource: string, group: string, name: string): Status =>
  status(404, 'NotFound', `${resource}${group === '' ? '' : `.${group}`} "${name}" not found`, {
    details: { name, ...(group === '' ? {} : { group }), kind: resource },
  });

export const noResource = (): Status =>
  status(404, 'NotFound', 'the server could not find the requested resource', { details: {} });

export const badRequest = (message: string): Status => status(400, 'BadRequest', message);

const REASONS: Readonly<Record<number, readonly [string, string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'Internal error occurred: etcdserver: request timed out'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'Timeout: request did not complete within the allotted timeout'],
};

export function genericStatus(code: number): Status {
  const [reason, message] = REASONS[code] ?? ['InternalError', `answered with ${code} by order`];
  return status(code, reason, message);
}

export function sendStatus(
  response: ServerResponse,
  body: Status,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(body.code, { 'content-type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}
