import { forViewer } from '../../lib/server/http/for-viewer';
import { mcpAnswer } from '../../lib/server/mcp/answer';

export const dynamic = 'force-dynamic';

export const POST = forViewer(mcpAnswer);
