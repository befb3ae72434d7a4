import { healthz } from '../../lib/server/http/handlers';

export const dynamic = 'force-dynamic';

export const GET = healthz;
