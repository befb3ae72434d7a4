/** `POST /api/ended-sessions`: replicas that follow this ifscope exchange notes about sessions that ended early. */
import { z } from 'zod';
import { endedRelay, MAX_NOTE, MAX_NOTES, type EndedRelay } from '../rights/ended-relay';
import type { Served } from '../runtime/served';
import { json, refuse } from './answers';
import { readAuth } from './auth-settings';
import { viewerOf } from './identity';

const note = z.string().max(MAX_NOTE).describe('Opaque to everybody but the replicas.');

/** The body of a request. */
export const endedSessionsCall = z.object({
  epoch: z.string().max(80).describe('The epoch of the last answer; empty before the first.'),
  after: z.int().min(0).describe('`next` of the last answer.'),
  notes: z.array(note).max(MAX_NOTES).describe('Notes of the caller that were not sent yet.'),
});

/** The body of an answer. */
export const endedSessionsReply = z.object({
  epoch: z.string().describe('Changes when this ifscope starts again: then send all notes again.'),
  next: z.int().min(0),
  notes: z.array(note).max(MAX_NOTES).readonly().describe('Notes of others, the oldest first.'),
}) satisfies z.ZodType<ReturnType<EndedRelay['exchange']>>;

/** Only for holders of the token: a replica has no identity, and everybody else has no notes. */
export async function exchangeEnded(_: Served, request: Request): Promise<Response> {
  if (viewerOf(request.headers) !== null || readAuth(process.env).token === null)
    return refuse(403, 'only replicas with the token of this server exchange ended sessions');
  const body = endedSessionsCall.safeParse(await request.json().catch(() => null));
  if (!body.success) return refuse(400, 'the body is not a call of this interface: see /api/openapi.json');
  return json(endedRelay().exchange(body.data, Date.now()));
}
