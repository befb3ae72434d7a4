// The server process: Next behind one listener, optionally below a path (`IFSCOPE_BASE_PATH`). Runs in a checkout and,
// with the traced files of the build, in the package. In plain JavaScript: nothing is compiled at the start.
import fs from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const dir = path.resolve(import.meta.dirname, '..', '..', '..');
const { HOST = '127.0.0.1', PORT = '3000', IFSCOPE_BASE_PATH: base = '' } = process.env;
// A log that cannot be written (a full disk, a closed pipe) is no reason to stop. Without a listener, the error would
// be logged, which would cause the next error, endlessly.
process.stderr.on('error', () => undefined);
process.env.NODE_ENV = 'production';
process.env.NEXT_TELEMETRY_DISABLED = '1';

// The package has no configuration file; the build's configuration is read from here.
const build = JSON.parse(fs.readFileSync(path.join(dir, '.next', 'required-server-files.json'), 'utf8'));
const conf = { ...build.config, assetPrefix: base };
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(conf);

// The build contains URLs of chunks as /_next/… in the chunk loader; the rest of the page follows `assetPrefix`.
const belowBase = (text) => text.replaceAll('"/_next/', `"${base}/_next/`);
const loaders = new Map();
if (base !== '') {
  const chunks = path.join(dir, '.next', 'static', 'chunks');
  for (const name of fs.readdirSync(chunks)) {
    const text = name.endsWith('.js') ? fs.readFileSync(path.join(chunks, name), 'utf8') : '';
    if (text.includes('"/_next/')) loaders.set(`/_next/static/chunks/${name}`, belowBase(text));
  }
}

/**
 * The path and query without the base path, which a proxy in front may already have removed. Clients may send an
 * absolute URL.
 */
function ownUrl(address) {
  const url = address.replace(/^https?:\/\/[^/?#]*/i, '');
  if (base === '' || !url.startsWith(base)) return url;
  const rest = url.slice(base.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

/**
 * Limit of the request body, which is read into memory before access control; `/mcp` accepts half of it. Next would
 * accept more (`proxyClientMaxBodySize`).
 */
const MAX_BODY = 128 * 1024;
const POSTED = new Set(['/mcp', '/api/ended-sessions', '/oidc/logout', '/oidc/backchannel-logout']);
const TOO_LARGE = [413, `the body is too large: the limit is ${MAX_BODY} bytes`, { connection: 'close' }];

/** Node uses the first of several Host headers, and a proxy in front may use another. */
const hosts = (rawHeaders) => rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;

/** Rejects requests before they are read or parsed; null for all others. */
function refusalOf({ method, headers, rawHeaders, url }) {
  if (hosts(rawHeaders) > 1) return [400, 'the request names several hosts', { connection: 'close' }];
  if (!url.startsWith('/')) return [400, 'ask for a path'];
  // Next offers the props of pages there; the page of ifscope never requests them.
  if (url.startsWith('/_next/data/')) return [404, 'the pages have no data of their own'];
  const allowed = POSTED.has(url.split('?')[0]) ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'];
  if (!allowed.includes(method)) return [405, `${method} is not answered here`, { allow: allowed.join(', ') }];
  const length = Number(headers['content-length'] ?? 0);
  if (length > MAX_BODY) return TOO_LARGE;
  if (method !== 'POST' && (length > 0 || headers['transfer-encoding'] !== undefined))
    return [400, `${method} takes no body`, { connection: 'close' }];
  return null;
}

function refuse(response, [status, error, headers = {}]) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(`${JSON.stringify({ error })}\n`);
}

/**
 * Calls `go` once the body has been received completely. Otherwise, Next would log every body that is too large or ends
 * early.
 */
function whenReceived(request, response, go) {
  const { 'transfer-encoding': encoding, 'content-length': length = '0' } = request.headers;
  if (encoding === undefined && Number(length) === 0) return go();
  const push = request.push.bind(request);
  const chunks = [];
  let bytes = 0;
  request.push = (chunk) => {
    bytes += chunk?.length ?? 0;
    if (bytes > MAX_BODY) {
      request.push = () => true;
      refuse(response, TOO_LARGE);
      return true;
    }
    chunks.push(chunk);
    if (chunk !== null) return true;
    request.push = push;
    go();
    return chunks.map(push).at(-1);
  };
}

/** Longer than reading any kubeconfig takes. Milliseconds. */
const INSTALL_MS = 10_000;

const require = createRequire(import.meta.url);
// Next writes loopback addresses as `localhost` in the URLs of rewrites, and compares them with this host; it would
// fetch any other over HTTP.
const app = require('next')({ dev: false, dir, hostname: 'localhost', port: Number(PORT), conf });
await app.prepare();
// `instrumentation.ts` installs the runtime, and Next may be ready before that, because reading a kubeconfig takes a
// moment. If the runtime cannot be installed, the process ends itself or Next has reported the error.
const installed = () => globalThis[Symbol.for('ifscope.runtime')] !== undefined;
for (const until = Date.now() + INSTALL_MS; !installed() && Date.now() < until;)
  await new Promise((wait) => setTimeout(wait, 10));
if (!installed()) process.exit(1);
const handle = app.getRequestHandler();
/** Time limits for a whole request (a test shortens it) and its headers, in milliseconds. Responses have no limit. */
const requestTimeout = Number(process.env.IFSCOPE_REQUEST_MS) || 60_000;
const timeouts = {
  requestTimeout,
  headersTimeout: Math.min(20_000, requestTimeout),
  connectionsCheckingInterval: Math.min(5_000, requestTimeout),
};
const server = createServer(timeouts, (request, response) => {
  request.url = ownUrl(request.url ?? '/');
  const refusal = refusalOf(request);
  if (refusal !== null) {
    refuse(response, refusal);
    return;
  }
  const loader = loaders.get(request.url.split('?')[0]);
  if (loader === undefined) {
    whenReceived(request, response, () => void handle(request, response));
    return;
  }
  response.setHeader('content-type', 'application/javascript; charset=UTF-8');
  response.setHeader('cache-control', 'public, max-age=31536000, immutable');
  response.setHeader('x-content-type-options', 'nosniff');
  response.end(request.method === 'HEAD' ? '' : loader);
});
// Otherwise Next leaves some of these connections open without a time limit, before access control.
server.on('upgrade', (_, socket) => {
  socket.write('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  socket.destroySoon();
});
server.listen(Number(PORT), HOST);
