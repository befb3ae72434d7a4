import { onlyPost } from '../../lib/server/http/answers';
import { forViewer } from '../../lib/server/http/for-viewer';
import { mcpAnswer } from '../../lib/server/mcp/answer';

/** Never prerendered: the answer depends on the request. */
export const dynamic = 'force-dynamic';

/** Model Context Protocol over HTTP, stateless and read-only. */
export const POST = forViewer(mcpAnswer);

export const GET = forViewer(onlyPost);
