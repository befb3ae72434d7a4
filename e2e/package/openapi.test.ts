/**
 * The HTTP interface of the installed package matches `/api/openapi.json`: every route, with every response that a
 * request can cause.
 */
import Ajv2020 from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { start, type Started } from '../installed';

interface Media {
  readonly schema: object;
}
interface Operation {
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: { readonly enum?: readonly string[] };
  }[];
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Asked {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
  readonly type: string | null;
}

const TOKEN = 'let-me-in';
const ID = 'https://ifscope.example/openapi';
const JSON_TYPE = 'application/json';
const ALL_MCP = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
const mcp = (status: number, body: string, headers: Readonly<Record<string, string>> = ALL_MCP): Asked => ({
  path: '/mcp',
  body,
  headers,
  status,
  type: status === 202 ? null : JSON_TYPE,
});
const ended = (status: number, body: string): Asked => ({
  path: '/api/ended-sessions',
  body,
  headers: { 'content-type': 'application/json' },
  status,
  type: JSON_TYPE,
});
const get = (path: string, status = 200, type: string | null = JSON_TYPE, headers = {}): Asked => ({
  path,
  status,
  type,
  headers,
});
const LONG = 'x'.repeat(501);

const CASES: readonly Asked[] = [
  get('/api/topology'),
  get('/api/topology?format=json&sources=recorded'),
  get('/api/topology?format=keyframe', 200, 'application/octet-stream'),
  get('/api/topology', 304, JSON_TYPE, { 'if-none-match': '*' }),
  get('/api/topology?format=yaml', 400),
  get('/api/stream', 200, 'text/event-stream'),
  get('/api/stream', 200, 'application/vnd.ifscope.events+deflate', {
    accept: 'application/vnd.ifscope.events+deflate',
  }),
  get('/api/stream?since=yesterday', 400),
  get('/api/lookup?q=coredns'),
  get('/api/lookup?q=10.0.0.0/16'),
  get('/api/lookup?q=nobody-has-this-name'),
  get('/api/lookup', 400),
  get(`/api/lookup?q=${LONG}`, 400),
  get('/api/explain?q=leaked'),
  get('/api/explain?q=', 400),
  get('/api/explain?q=node%20nowhere', 404),
  get('/api/export'),
  get('/api/export?format=csv&filter=node', 200, 'text/csv'),
  get('/api/export?format=svg&theme=dark', 200, 'image/svg+xml'),
  get('/api/export?format=html', 200, 'text/html'),
  get('/api/export?format=png', 400),
  get('/api/export?format=svg&theme=blue', 400),
  get('/api/export?format=csv&filter=colour:red', 400),
  get('/api/openapi.json'),
  get('/metrics', 200, 'text/plain'),
  mcp(200, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })),
  mcp(202, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })),
  mcp(400, 'no JSON'),
  mcp(400, JSON.stringify({ jsonrpc: '2.0', question: 1 })),
  mcp(406, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }), { 'content-type': 'application/json' }),
  mcp(413, `"${'x'.repeat(70_000)}"`),
  ended(200, JSON.stringify({ epoch: '', after: 0, notes: ['sealed'] })),
  ended(400, '{"notes":7}'),
  get('/healthz', 200, 'text/plain'),
  get('/readyz'),
];

const installed = inject('installed');
let server: Started;
let document: Document;
beforeAll(async () => {
  server = await start(installed, ['--from', 'demo', '--token', TOKEN]);
  const origin = new URL(server.url).origin;
  await vi.waitFor(async () => expect((await fetch(`${origin}/readyz`)).status).toBe(200), { timeout: 30_000 });
  document = (await (await ask(get('/api/openapi.json'))).json()) as Document;
});
afterAll(async () => {
  await server.stop();
});

const over = new AbortController();
afterAll(() => over.abort());

function ask({ path, headers = {}, body }: Asked, token = TOKEN): Promise<Response> {
  return fetch(new URL(path, server.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: over.signal,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
}

const operationOf = ({ path, body }: Asked): Operation => {
  const found = document.paths[path.split('?')[0] ?? '']?.[body === undefined ? 'get' : 'post'];
  if (found === undefined) throw new Error(`${path} is not described`);
  return found;
};

/** Compares a response with the description of its status. */
async function holdTo(operation: Operation, answer: Response): Promise<void> {
  const described = operation.responses[answer.status];
  if (described === undefined) throw new Error(`${answer.status} is not described: ${await answer.text()}`);
  const type = answer.headers.get('content-type')?.split(';')[0] ?? null;
  if (described.content === undefined) {
    expect(await answer.text()).toBe('');
    return;
  }
  expect(Object.keys(described.content)).toContain(type);
  if (type !== JSON_TYPE) {
    await answer.body?.cancel();
    return;
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  // References point into the document.
  ajv.addSchema({ $id: ID, ...document });
  const { schema } = described.content[type] ?? { schema: {} };
  const said: unknown = await answer.json();
  const own = JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${ID}#/`)) as object;
  ajv.validate(own, said);
  expect(ajv.errors?.slice(0, 3) ?? []).toEqual([]);
}

describe('every answer matches its description', () => {
  it.each(CASES.map((asked) => [`${asked.status} ${asked.path.slice(0, 60)} ${asked.type ?? ''}`, asked] as const))(
    '%s',
    async (_, asked) => {
      const answer = await ask(asked);
      expect([answer.status, answer.headers.get('content-type')?.split(';')[0] ?? null]).toEqual([
        asked.status,
        asked.type,
      ]);
      await holdTo(operationOf(asked), answer);
    },
  );

  it('also for rejected requests, except on the open routes', async () => {
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(methods)) {
        const asked = method === 'get' ? get(path) : { ...mcp(401, '{}'), path };
        const answer = await ask(asked, 'wrong');
        expect([path, answer.status]).toEqual([path, operation.security?.length === 0 ? 200 : 401]);
        await holdTo(operation, answer);
        const foreign = await ask({ ...asked, headers: { ...asked.headers, 'sec-fetch-site': 'cross-site' } });
        expect([path, foreign.status]).toEqual([path, operation.security?.length === 0 ? 200 : 403]);
        await holdTo(operation, foreign);
      }
  });
});

describe('every item of the description occurs', () => {
  it('each status of each route, except those that only failures cause', () => {
    const trouble = ['401', '403', '503'];
    for (const [path, methods] of Object.entries(document.paths))
      for (const operation of Object.values(methods)) {
        const tried = CASES.filter((asked) => asked.path.split('?')[0] === path);
        const statuses = Object.keys(operation.responses).filter((status) => !trouble.includes(status));
        expect([path, [...new Set(tried.map(({ status }) => String(status)))].sort()]).toEqual([path, statuses.sort()]);
        const types = Object.keys(operation.responses['200']?.content ?? {});
        const triedTypes = tried.flatMap(({ status, type }) => (status === 200 && type !== null ? [type] : []));
        expect([path, [...new Set(triedTypes)].sort()]).toEqual([path, types.sort()]);
      }
  });

  it('each value of each parameter', async () => {
    for (const [path, methods] of Object.entries(document.paths))
      for (const { name, schema } of methods['get']?.parameters ?? [])
        for (const value of schema.enum ?? []) {
          const answer = await ask(get(`${path}?${name}=${value}`));
          expect([path, name, value, answer.status]).toEqual([path, name, value, 200]);
          await answer.body?.cancel();
        }
  });
});
