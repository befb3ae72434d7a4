import { healthz } from '../../lib/server/http/handlers';

/** Never prerendered: the answer depends on the time. */
export const dynamic = 'force-dynamic';

/** Liveness: 200 while the process responds. Open to everybody. */
export const GET = healthz;
