/**
 * The official client against both transports: the HTTP handler of a view, and the command on standard input and
 * output.
 */
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPod } from '../../../e2e/testing/records';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { Views } from '../rights/views';
import type { Served } from '../runtime/served';
import { Store } from '../store/store';
import { mcpAnswer } from './answer';

const TOOLS = ['capacity', 'check', 'diff', 'explain', 'lookup'];

const textOf = (result: unknown): string =>
  (result as { readonly content: readonly { readonly text: string }[] }).content.map(({ text }) => text).join('\n');
const call = async (client: Client, name: string, args: Record<string, unknown>) =>
  client.callTool({ name, arguments: args });

describe('over HTTP', () => {
  const clock = createFakeClock();
  const store = new Store({ epoch: 'e', clock });
  const views = new Views({ store, clock, newEpoch: () => 'v' });
  const put = (namespace: string, name: string): void =>
    store.commit({ tables: { pods: { put: [aPod(namespace, name)], patch: [], drop: [] } } });
  put('shop', 'web-0');
  put('bank', 'ledger-0');
  const view = views.viewFor({ namespaces: new Set(['shop']), trouble: null });
  const served = { store: view?.store ?? store } as unknown as Served;
  const client = new Client({ name: 'test', version: '0' });

  beforeAll(async () => {
    const transport = new StreamableHTTPClientTransport(new URL('http://ifscope.test/mcp'), {
      fetch: (url, init) =>
        init?.method === 'POST'
          ? mcpAnswer(served, new Request(url, init))
          : Promise.resolve(new Response(null, { status: 405 })),
    });
    await client.connect(transport);
  });
  afterAll(async () => {
    await client.close();
    views.close();
  });

  it('offers read-only tools', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(TOOLS);
    for (const { annotations } of tools)
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
  });

  it('answers with what the caller may see', async () => {
    expect(textOf(await call(client, 'lookup', { what: 'web-0' }))).toContain('pod:shop/web-0');
    const hidden = textOf(await call(client, 'lookup', { what: 'ledger' }));
    expect(hidden).not.toMatch(/bank|ledger-0/);
    expect(hidden).toContain('1 pod you may not see');
    expect(textOf(await call(client, 'check', {}))).not.toMatch(/bank|ledger/);
    expect(textOf(await call(client, 'explain', { about: 'pod bank/ledger-0' }))).toMatch(/no such pod/);
    expect(textOf(await call(client, 'explain', { about: 'pod shop/web-0' }))).toContain('answers');
  });

  it('calculates the effects of a change', async () => {
    const said = JSON.parse(textOf(await call(client, 'capacity', { changes: ['WARM_IP_TARGET=5'] }))) as object;
    expect(said).toMatchObject({
      changes: { targets: { WARM_IP_TARGET: 5 } },
      all: {},
      types: { more: 0 },
      silent: [{ reason: '1 pod you may not see' }],
    });
  });

  it('returns the changes since an earlier answer', async () => {
    const { position } = JSON.parse(textOf(await call(client, 'lookup', { what: 'web-0' }))) as { position: string };
    put('shop', 'web-1');
    put('bank', 'ledger-1');
    const changes = textOf(await call(client, 'diff', { since: position }));
    expect(changes).toContain('pod:shop/web-1');
    expect(changes).not.toMatch(/bank|ledger/);
  });

  it.each([
    ['check', { rules: ['no-such-rule'] }, /there is no rule no-such-rule/],
    ['capacity', { changes: ['WARM_IP_TARGET=many'] }, /WARM_IP_TARGET is a number from 0/],
    ['capacity', { changes: ['lose-zone=nowhere'] }, /lose-zone=nowhere/],
    ['diff', { since: 'yesterday' }, /not a position/],
    ['diff', { since: 'other.1' }, /ask for everything again/],
    ['explain', { about: 'nonsense' }, /./],
    ['lookup', { what: '' }, /./],
    ['lookup', { what: '10.0.0.999' }, /"10\.0\.0\.999" is not an address/],
    ['lookup', { what: 'x'.repeat(501) }, /./],
  ])('%s reports what is wrong with %j', async (name, args, said) => {
    const result = await call(client, name, args);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(said);
  });

  it.each([
    ['a page of another site', { origin: 'http://evil.example' }, '{}', 403],
    ['a body that is not JSON', {}, '{', 400],
    ['a body that is too large', {}, ' '.repeat(65 * 1024), 413],
    ['another content type', { 'content-type': 'text/plain' }, '{}', 415],
  ])('refuses %s', async (_, headers, body, status) => {
    const all = { host: 'ifscope.test', 'content-type': 'application/json', ...headers };
    const accept = 'application/json, text/event-stream';
    const request = new Request('http://ifscope.test/mcp', { method: 'POST', headers: { accept, ...all }, body });
    expect((await mcpAnswer(served, request)).status).toBe(status);
  });
});

it('ifscope mcp answers on standard input and output', async () => {
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [path.resolve(import.meta.dirname, '../../cli/ifscope.mjs'), 'mcp', '--from', 'demo'],
      stderr: 'ignore',
    }),
  );
  expect((await client.listTools()).tools.map(({ name }) => name).sort()).toEqual(TOOLS);
  expect(textOf(await call(client, 'check', { severity: 'error' }))).toMatch(
    /^\{"position":"[0-9a-f]+\.\d+","findings":\[/,
  );
  await client.close();
}, 60_000);
