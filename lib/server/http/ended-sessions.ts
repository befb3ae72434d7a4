/** `POST /api/ended-sessions`: replicas that follow this ifscope exchange notes about sessions that ended early. */
import { endedRelay } from '../rights/ended-relay';
import type { Served } from '../runtime/served';
import { json, refuse } from './answers';
import { readAuth } from './auth-settings';
import { viewerOf } from './identity';
import { endedSessionsCall } from './openapi/answers';

/** Only for holders of the token: a replica has no identity, and nobody else has notes. */
export async function exchangeEnded(_: Served, request: Request): Promise<Response> {
  if (viewerOf(request.headers) !== null || readAuth(process.env).token === null)
    return refuse(403, 'only replicas with the token of this server exchange ended sessions');
  const body = endedSessionsCall.safeParse(await request.json().catch(() => null));
  if (!body.success) return refuse(400, 'the body is not a call of this interface: see /api/openapi.json');
  return json(endedRelay().exchange(body.data, Date.now()));
}
