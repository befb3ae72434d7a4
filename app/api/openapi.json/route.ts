import { forViewer } from '../../../lib/server/http/for-viewer';
import { description } from '../../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the visitor and the time. */
export const dynamic = 'force-dynamic';

/** The OpenAPI 3.1 description of all routes. */
export const GET = forViewer(description);
