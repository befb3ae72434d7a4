/** Security headers of every response: the page loads only from this server, and nobody may frame it. */

/**
 * `development` adds what `next dev` needs to reload modules. `nonce` allows our own inline elements: Next's scripts
 * and the style element of the colours. Moving elements are positioned through the CSSOM, which no policy restricts.
 */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The nonce in a policy, for rendering the page that is sent with it. */
export const nonceOf = (policy: string | null): string | undefined => /'nonce-([\w+/=-]+)'/.exec(policy ?? '')?.[1];

/** The other security headers, the same for every response. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`, with which browsers send `Origin: null` with forms of this server.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};
