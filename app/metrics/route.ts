import { metrics } from '../../lib/server/http/handlers';
import { getRuntime } from '../../lib/server/runtime/runtime';

export const dynamic = 'force-dynamic';

export const GET = (): Response | Promise<Response> => metrics(getRuntime());
