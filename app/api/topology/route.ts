import { forViewer } from '../../../lib/server/http/for-viewer';
import { topology } from '../../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the visitor and the time. */
export const dynamic = 'force-dynamic';

/** `[?format=json|keyframe]`: the record set, with its position as ETag. */
export const GET = forViewer(topology);
