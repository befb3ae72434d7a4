import { readyz } from '../../lib/server/http/handlers';
import { getRuntime } from '../../lib/server/runtime/runtime';

export const dynamic = 'force-dynamic';

export const GET = (): Response | Promise<Response> => readyz(getRuntime());
