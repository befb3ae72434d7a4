// The server process: Next behind one listener, optionally below a path (`IFSCOPE_BASE_PATH`). Runs in a checkout and,
// with the traced files of the build, in the package. In plain JavaScript: nothing is compiled at the start.
import fs from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const dir = path.resolve(import.meta.dirname, '..', '..', '..');
const { HOST = '127.0.0.1', PORT = '3000', IFSCOPE_BASE_PATH: base = '' } = process.env;
// If nobody reads the log any more (a closed terminal, `| head`), the process ends as on SIGPIPE. Without a listener,
// the error would be logged, which causes the next error, endlessly.
process.stderr.on('error', () => process.kill(process.pid, 'SIGTERM'));
process.env.NODE_ENV = 'production';
process.env.NEXT_TELEMETRY_DISABLED = '1';

// The package has no configuration file; the build's configuration is read from here.
const build = JSON.parse(fs.readFileSync(path.join(dir, '.next', 'required-server-files.json'), 'utf8'));
const conf = { ...build.config, assetPrefix: base };
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(conf);

// The build contains URLs of chunks as /_next/…, in the page's manifests and in the chunk loader; the rest of the page
// follows `assetPrefix`.
const belowBase = (text) => text.replaceAll('"/_next/', `"${base}/_next/`);
const loaders = new Map();
if (base !== '') {
  const read = fs.readFileSync;
  fs.readFileSync = (file, ...rest) => {
    const content = read(file, ...rest);
    return String(file).endsWith('_client-reference-manifest.js') ? belowBase(String(content)) : content;
  };
  const chunks = path.join(dir, '.next', 'static', 'chunks');
  for (const name of fs.readdirSync(chunks)) {
    const text = name.endsWith('.js') ? read(path.join(chunks, name), 'utf8') : '';
    if (text.includes('"/_next/')) loaders.set(`/_next/static/chunks/${name}`, belowBase(text));
  }
}

/** The URL without the base path, which a proxy in front may already have removed. */
function ownUrl(url) {
  if (base === '' || !url.startsWith(base)) return url;
  const rest = url.slice(base.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

/**
 * Limit of the request body, which Next would read into memory before access control; `/mcp` accepts half of it
 * (`proxyClientMaxBodySize`).
 */
const MOST_BODY = 128 * 1024;

/** Refuses requests before they are read or parsed; null for all others. */
function refusalOf({ method, headers }) {
  // The Request class does not support TRACE.
  if (method === 'TRACE') return [405, 'TRACE is not answered', { allow: 'GET, HEAD, POST' }];
  if (Number(headers['content-length'] ?? 0) <= MOST_BODY) return null;
  return [413, `the body is too large: the limit is ${MOST_BODY} bytes`, { connection: 'close' }];
}

/** Longer than reading any kubeconfig takes. Milliseconds. */
const INSTALL_MS = 10_000;

const require = createRequire(import.meta.url);
const app = require('next')({ dev: false, dir, hostname: HOST, port: Number(PORT), conf });
await app.prepare();
// `instrumentation.ts` installs the runtime, and Next may be ready before that, because reading a kubeconfig takes a
// moment. If the runtime cannot be installed, the process ends itself or Next has reported the error.
const installed = () => globalThis[Symbol.for('ifscope.runtime')] !== undefined;
for (const until = Date.now() + INSTALL_MS; !installed() && Date.now() < until;)
  await new Promise((wait) => setTimeout(wait, 10));
if (!installed()) process.exit(1);
const handle = app.getRequestHandler();
const server = createServer((request, response) => {
  const refusal = refusalOf(request);
  if (refusal !== null) {
    const [status, error, headers] = refusal;
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(`${JSON.stringify({ error })}\n`);
    return;
  }
  request.url = ownUrl(request.url ?? '/');
  const loader = loaders.get(request.url.split('?')[0]);
  if (loader === undefined) {
    void handle(request, response);
    return;
  }
  response.setHeader('content-type', 'application/javascript; charset=UTF-8');
  response.setHeader('cache-control', 'public, max-age=31536000, immutable');
  response.setHeader('x-content-type-options', 'nosniff');
  response.end(request.method === 'HEAD' ? '' : loader);
});
server.listen(Number(PORT), HOST);
