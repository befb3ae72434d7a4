import { exchangeEnded } from '../../../lib/server/http/ended-sessions';
import { onlyPost } from '../../../lib/server/http/answers';
import { forViewer } from '../../../lib/server/http/for-viewer';

/** Never prerendered: the answer depends on the request. */
export const dynamic = 'force-dynamic';

/** Replicas exchange notes about sessions that ended early. */
export const POST = forViewer(exchangeEnded);

export const GET = forViewer(onlyPost);
