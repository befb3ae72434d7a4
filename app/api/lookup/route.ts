import { forViewer } from '../../../lib/server/http/for-viewer';
import { lookupAnswer } from '../../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the visitor and the time. */
export const dynamic = 'force-dynamic';

/** `?q=TEXT`: who owns an address, a MAC, an id or a name, in JSON. */
export const GET = forViewer(lookupAnswer);
