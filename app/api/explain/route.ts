import { explanation } from '../../../lib/server/http/handlers';
import { getRuntime } from '../../../lib/server/runtime/runtime';

export const dynamic = 'force-dynamic';

export const GET = (request: Request): Response | Promise<Response> => explanation(getRuntime(), request);
