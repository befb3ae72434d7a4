import { forViewer } from '../../../lib/server/http/for-viewer';
import { explanation } from '../../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the visitor and the time. */
export const dynamic = 'force-dynamic';

/** `?q=WORDS`: answers a question about a record as `ifscope explain` does, in JSON. */
export const GET = forViewer(explanation);
