/**
 * Runs before every request: access control (`lib/server/http/access`) and the headers of every response. Next takes
 * the nonce for its inline scripts from the policy header of the request.
 */
import { NextResponse, type NextRequest } from 'next/server';
import { judge, policyFromEnv } from './lib/server/http/access';
import { refuse } from './lib/server/http/answers';
import { VIEWER_HEADER, viewerHeader } from './lib/server/http/identity';
import { peerOf } from './lib/server/http/peer';
import { contentSecurityPolicy, SECURITY_HEADERS } from './lib/server/http/security';

const policy = policyFromEnv(process.env);

export function proxy(request: NextRequest): Response {
  const { headers } = request;
  const verdict = judge(
    {
      path: request.nextUrl.pathname,
      search: request.nextUrl.search,
      headers,
      peer: peerOf(headers),
    },
    policy,
  );
  const nonce = btoa(crypto.randomUUID());
  const csp = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development');
  let response: Response;
  if (verdict.kind === 'refuse') response = refuse(verdict.status, verdict.error);
  else if (verdict.kind === 'remember')
    response = new Response(null, {
      status: 303,
      headers: { location: verdict.location, 'set-cookie': verdict.cookie, 'cache-control': 'no-store' },
    });
  else {
    const forwarded = new Headers(headers);
    forwarded.set('content-security-policy', csp);
    forwarded.set(VIEWER_HEADER, viewerHeader(verdict.viewer));
    response = NextResponse.next({ request: { headers: forwarded } });
  }
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  response.headers.set('content-security-policy', csp);
  return response;
}
