import { forViewer } from '../../../lib/server/http/for-viewer';
import { stream } from '../../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the visitor and the time. */
export const dynamic = 'force-dynamic';

/** `[?since=EPOCH.VERSION]`: changes as server-sent events, until the client disconnects. */
export const GET = forViewer(stream);
