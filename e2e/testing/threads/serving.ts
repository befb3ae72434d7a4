/** A whole ifscope in a thread, so that it has a heap of its own. Reports its address and its log. */
import { parentPort } from 'node:worker_threads';
import * as handlers from '../../../lib/server/http/handlers';
import { mcpAnswer } from '../../../lib/server/mcp/answer';
import { createRuntime } from '../../../lib/server/runtime/runtime';
import { serveIfscope } from '../servers/ifscope';

export type FromServing = { readonly url: string } | { readonly log: string };

const tell = (message: FromServing): void => parentPort?.postMessage(message);
const runtime = createRuntime(
  { kind: 'context', context: 'here' },
  { log: (level, message) => tell({ log: `${level} ${message}` }) },
);
await runtime.start();
const served = await serveIfscope((request, path) => {
  switch (path) {
    case '/api/topology':
      return handlers.topology(runtime, request);
    case '/api/stream':
      return handlers.stream(runtime, request);
    case '/api/lookup':
      return handlers.lookupAnswer(runtime, request);
    case '/api/export':
      return handlers.exportFile(runtime, request);
    case '/api/explain':
      return handlers.explanation(runtime, request);
    case '/mcp':
      return mcpAnswer(runtime, request);
    case '/metrics':
      return handlers.metrics(runtime);
    case '/readyz':
      return handlers.readyz(runtime);
    default:
      return new Response(`nothing is served at ${path}`, { status: 404 });
  }
});
tell({ url: served.url });
parentPort?.once('message', () => {
  void runtime
    .stop()
    .then(() => served.stop())
    .then(() => process.exit(0));
});
