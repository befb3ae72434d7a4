import { readyz } from '../../lib/server/http/handlers';
import { getRuntime } from '../../lib/server/runtime/runtime';

/** Never prerendered: the answer depends on the time. */
export const dynamic = 'force-dynamic';

/** Readiness: 200 once every required source has answered or reported an error, otherwise 503. Open to everybody. */
export const GET = (): Response | Promise<Response> => readyz(getRuntime());
