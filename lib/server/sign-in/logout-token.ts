/** The token that an identity provider sends when it ends a session (OpenID Connect Back-Channel Logout 1.0 §2.4). */
import { createRemoteJWKSet, jwtVerify } from 'jose';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** A token is sent immediately, so an older one is a replay. Seconds. */
const MAX_AGE_SECONDS = 120;
const TOLERANCE = 30;

/** Verifies logout tokens of one provider for one client. */
export interface LogoutTokens {
  /** What the token ends: all sessions of the user, or one session of the provider. Rejects any other token. */
  verify(token: string, now: number): Promise<{ readonly subject?: string; readonly session?: string }>;
}

/** `algorithms`: the signing algorithms in the provider's metadata. */
export function createLogoutTokens(
  keys: URL,
  { issuer, clientId, algorithms }: { issuer: string; clientId: string; algorithms: readonly string[] },
): LogoutTokens {
  const keySet = createRemoteJWKSet(keys);
  return {
    async verify(token, now) {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        audience: clientId,
        algorithms: algorithms.filter((name) => !name.startsWith('HS') && name !== 'none'),
        maxTokenAge: MAX_AGE_SECONDS,
        clockTolerance: TOLERANCE,
        currentDate: new Date(now),
      });
      const { sub, sid, events, nonce } = payload;
      const isLogout = typeof events === 'object' && events !== null && EVENT in events;
      // A token with a nonce is an ID token, which browsers also receive.
      if (!isLogout || nonce !== undefined) throw new Error('not a logout token');
      // The session is more specific than the user, who may have other sessions.
      if (typeof sid === 'string') return { session: sid };
      if (sub === undefined) throw new Error('the logout token names neither a user nor a session');
      return { subject: sub };
    },
  };
}
