/** A real identity provider (oidc-provider) on loopback that signs in every visitor, and a browser's requests to it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { Provider } from 'oidc-provider';

export interface IdentityProvider {
  readonly issuer: string;
  /** The next user to sign in, and the claims that the provider has about this user. */
  account: string;
  claims: Readonly<Record<string, unknown>>;
  /** Replaces the ID token that the provider is about to send, given its claims; null: it is sent unchanged. */
  forge: ((claims: JWTPayload) => string | Promise<string>) | null;
  /** A token with the provider's own signature. */
  sign(claims: JWTPayload): Promise<string>;
  /** Informs the client that a session has ended (back-channel logout). */
  endSession(account: string, session: string): Promise<void>;
  stop(): void;
}

/** Properties of a client that the types of oidc-provider lack. */
interface LogoutClient {
  backchannelLogout(account: string, session: string): Promise<void>;
}

const KEY_ID = 'key-of-the-provider';

/** Has a single client, `ifscope` with the secret `hush`, whose visitors are sent back below `ours`. */
export async function startIdentityProvider(ours: string): Promise<IdentityProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const known: IdentityProvider = {
    issuer,
    account: 'alice',
    claims: {},
    forge: null,
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: KEY_ID }).sign(privateKey),
    async endSession(account, session) {
      const client = (await provider.Client.find('ifscope')) as unknown as LogoutClient;
      await client.backchannelLogout(account, session);
    },
    stop: () => void server.close(),
  };
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: KEY_ID, use: 'sig', alg: 'RS256' }] },
    clients: [
      {
        client_id: 'ifscope',
        client_secret: 'hush',
        redirect_uris: [`${ours}/oidc/callback`],
        token_endpoint_auth_method: 'client_secret_post',
        backchannel_logout_uri: `${ours}/oidc/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], groups: ['groups'], email: ['email', 'email_verified'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    // The provider's own dispatcher refuses loopback addresses.
    fetch: (address, options) => fetch(address, Object.assign({}, options, { dispatcher: undefined })),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => Promise.resolve({ sub, ...known.claims }) }),
    async loadExistingGrant(context) {
      const { client, session } = context.oidc;
      const grant = new context.oidc.provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid profile email groups');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string } | undefined;
    if (context.path === '/token' && body?.id_token !== undefined && known.forge !== null)
      context.body = { ...body, id_token: await known.forge(decodeJwt(body.id_token)) };
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') === true)
      void provider.interactionFinished(request, response, { login: { accountId: known.account } });
    else void answer(request, response);
  });
  return known;
}

/** The cookies that a response sets, by name. */
export const cookiesOf = (response: Response): Record<string, string> =>
  Object.fromEntries(
    response.headers.getSetCookie().map((line) => {
      const [pair = ''] = line.split(';');
      return [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    }),
  );

export const cookieHeader = (cookies: Readonly<Record<string, string>>): string =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

/** Follows the provider's redirects from `address` until it sends the browser back to `ours`; returns that address. */
export async function throughProvider(address: string, ours: string): Promise<string> {
  let cookies: Record<string, string> = {};
  for (let at = address; ;) {
    const response = await fetch(at, { redirect: 'manual', headers: { cookie: cookieHeader(cookies) } });
    cookies = { ...cookies, ...cookiesOf(response) };
    const to = response.headers.get('location');
    if (to === null) throw new Error(`${response.status} ${await response.text()}`);
    at = new URL(to, at).href;
    if (at.startsWith(ours)) return at;
  }
}
