/** A browser's visits to `SignIn` without a server: requests, cookies and the redirects through the provider. */
import { expect } from 'vitest';
import { readOidc, type OidcSettings } from '../../lib/server/http/oidc-settings';
import type { SignIn, Visit } from '../../lib/server/sign-in/sign-in';
import { cookieHeader, cookiesOf, throughProvider } from './servers/identity-provider';

/** The server's URL for visitors. */
export const OURS = 'http://127.0.0.1:3999/map';

export const oidcSettings = (issuer: string, more: Readonly<Record<string, string>> = {}): OidcSettings =>
  readOidc({
    IFSCOPE_OIDC_ISSUER: issuer,
    IFSCOPE_OIDC_CLIENT_ID: 'ifscope',
    IFSCOPE_OIDC_CLIENT_SECRET: 'hush',
    IFSCOPE_URL: OURS,
    IFSCOPE_SESSION_SECRET: 'x'.repeat(40),
    ...more,
  });

/** A browser's request to ifscope; `cookies` by name, or as the text of the header. */
export function visit(
  path: string,
  cookies: Readonly<Record<string, string>> | string = {},
  more: Readonly<Record<string, string>> = {},
): Visit {
  const url = new URL(path, 'http://x');
  const cookie = typeof cookies === 'string' ? cookies : cookieHeader(cookies);
  const headers = new Headers({ accept: 'text/html', cookie, ...more });
  return { path: url.pathname, search: url.search, method: 'GET', headers, text: () => Promise.resolve('') };
}

/** A form posted to ifscope. */
export const post = (
  path: string,
  fields: Readonly<Record<string, string>>,
  cookies: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
): Visit => ({
  ...visit(path, cookies, more),
  method: 'POST',
  text: () => Promise.resolve(new URLSearchParams(fields).toString()),
});

export function asResponse(value: unknown): Response {
  expect(value).toBeInstanceOf(Response);
  return value as Response;
}

/** Follows the redirect to the provider; returns the path and query to which the provider redirects back. */
export const thereAndBack = async (away: Response): Promise<string> =>
  (await throughProvider(away.headers.get('location') ?? '', OURS)).slice(OURS.length);

/** Signs in; returns the response to the provider's redirect, which `altered` may change. */
export async function signedIn(
  signIn: SignIn,
  path = '/',
  altered: (back: string) => string = (back) => back,
): Promise<Response> {
  const away = asResponse(await signIn.admit(visit(path)));
  const back = altered(await thereAndBack(away));
  return asResponse(await signIn.admit(visit(back, cookiesOf(away))));
}
