/**
 * Runs before every request: access control (`lib/server/http/access`) and the headers of every response. Next takes
 * the nonce for its inline scripts from the policy header of the request.
 */
import { NextResponse, type NextRequest } from 'next/server';
import { checkAccess, policyFromEnv, type Verdict } from './lib/server/http/access';
import { refuse } from './lib/server/http/answers';
import { unknownPath } from './lib/server/http/api-paths';
import { cookieBelow, locationBelow } from './lib/server/http/base-path';
import { readAuth } from './lib/server/http/auth-settings';
import { VIEWER_HEADER, viewerHeader } from './lib/server/http/identity';
import { SignIn } from './lib/server/sign-in/sign-in';
import { pageOf, RECORD_HEADER } from './lib/server/http/page-path';
import { peerOf } from './lib/server/http/peer';
import { contentSecurityPolicy, SECURITY_HEADERS } from './lib/server/http/security';
import { createLog } from './lib/server/log/log';
import { logOptionsFrom } from './lib/server/log/options';
import { cleaned } from './lib/server/sources/reason';

const policy = policyFromEnv(process.env);
const base = process.env.IFSCOPE_BASE_PATH ?? '';
const { oidc } = readAuth(process.env);
const log = createLog({ ...logOptionsFrom(process.env), write: (text) => process.stderr.write(text) });
const report = (why: string): void => log('warn', `sign-in: ${cleaned(why)}`);
const signIn = oidc === null ? null : new SignIn(oidc, () => Date.now(), report);

/** Who has signed in is let in; others get the way to the identity provider, or an error. */
async function judged(request: NextRequest): Promise<Verdict | Response> {
  const { headers, method, nextUrl } = request;
  const visit = { path: nextUrl.pathname, search: nextUrl.search, headers };
  const verdict = checkAccess({ ...visit, peer: peerOf(headers) }, policy);
  if (verdict.kind !== 'sign-in' || signIn === null) return verdict;
  const viewer = await signIn.admit({ ...visit, method, text: () => request.text() });
  return viewer instanceof Response ? viewer : { kind: 'allow', viewer };
}

export async function proxy(request: NextRequest): Promise<Response> {
  const { headers } = request;
  const verdict = await judged(request);
  const nonce = btoa(crypto.randomUUID());
  const csp = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development');
  let response: Response;
  if (verdict instanceof Response) response = verdict;
  else if (verdict.kind === 'refuse') response = refuse(verdict.status, verdict.error);
  else if (verdict.kind === 'remember')
    response = new Response(null, {
      status: 303,
      headers: {
        // Next takes nothing but a whole address, and makes it relative again.
        location: new URL(locationBelow(base, verdict.location), request.nextUrl.origin).href,
        'set-cookie': cookieBelow(base, verdict.cookie),
        'cache-control': 'no-store',
      },
    });
  else if (verdict.kind === 'sign-in') response = refuse(401, 'sign in first');
  else {
    const forwarded = new Headers(headers);
    forwarded.set('content-security-policy', csp);
    forwarded.set(VIEWER_HEADER, viewerHeader(verdict.viewer));
    const path = request.nextUrl.pathname;
    const page = pageOf(path);
    forwarded.delete(RECORD_HEADER);
    if (typeof page?.record === 'string') forwarded.set(RECORD_HEADER, encodeURIComponent(page.record));
    const passed = { request: { headers: forwarded } };
    response =
      unknownPath(path) ??
      (page === null ? NextResponse.next(passed) : NextResponse.rewrite(new URL(page.page, request.url), passed));
  }
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  response.headers.set('content-security-policy', csp);
  return response;
}
