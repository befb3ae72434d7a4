import { forViewer } from '../../../lib/server/http/for-viewer';
import { description } from '../../../lib/server/http/handlers';

export const dynamic = 'force-dynamic';

export const GET = forViewer(description);
