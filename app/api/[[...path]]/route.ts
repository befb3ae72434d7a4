import { forViewer } from '../../../lib/server/http/for-viewer';
import { unknownPath } from '../../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the path. */
export const dynamic = 'force-dynamic';

/** Every path below `/api` that is no route: programs get an error in JSON instead of a page. */
export const GET = forViewer(unknownPath);
