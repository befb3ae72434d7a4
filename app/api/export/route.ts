import { forViewer } from '../../../lib/server/http/for-viewer';
import { exportFile } from '../../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the visitor and the time. */
export const dynamic = 'force-dynamic';

/** `?format=json|csv|svg|html[&theme=][&filter=]`: a file to download. */
export const GET = forViewer(exportFile);
