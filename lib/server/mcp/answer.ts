/** `POST /mcp`: the Model Context Protocol over HTTP, stateless. Each request is answered from the caller's view. */
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Served } from '../runtime/served';
import { refuse } from '../http/answers';
import { MAX_MCP_BYTES } from '../http/openapi/parameters';
import { createMcpServer } from './tools';

/** The request body; null when it is too large. */
async function textOf(request: Request): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_MCP_BYTES) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** Whether a page of another site may have sent the request. */
function isForeign({ headers }: Request): boolean {
  const origin = headers.get('origin');
  return origin !== null && (!URL.canParse(origin) || new URL(origin).host !== headers.get('host'));
}

/** Answers one request of the protocol. Rejects a body that is too large or not JSON. */
export async function mcpAnswer({ store }: Served, request: Request): Promise<Response> {
  if (isForeign(request)) return refuse(403, 'requests from pages of other sites are refused');
  const text = await textOf(request);
  if (text === null) return refuse(413, `the body is too large: the limit is ${MAX_MCP_BYTES} bytes`);
  let parsedBody: unknown;
  try {
    parsedBody = JSON.parse(text);
  } catch {
    return refuse(400, 'the body is not valid JSON');
  }
  const server = createMcpServer(store, packageJson.version);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  try {
    return await transport.handleRequest(request, { parsedBody });
  } finally {
    await server.close();
  }
}
