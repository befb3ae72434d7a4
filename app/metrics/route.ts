import { forViewer } from '../../lib/server/http/for-viewer';
import { metrics } from '../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the visitor and the time. */
export const dynamic = 'force-dynamic';

/** Metrics in the Prometheus text format. */
export const GET = forViewer(metrics);
