/** All values of a name in a Cookie header, in the header's order; values that cannot be decoded are omitted. */
export function cookieValues(header: string | null, name: string): string[] {
  const values: string[] = [];
  for (const pair of (header ?? '').split(';')) {
    const [key, ...rest] = pair.trim().split('=');
    if (key !== name) continue;
    try {
      values.push(decodeURIComponent(rest.join('=')));
    } catch {
      // Not set by ifscope, which encodes its values.
    }
  }
  return values;
}

/**
 * A cookie's name with the prefix that makes the browser refuse it from another host of the same domain (`__Host-`) or
 * without TLS (`__Secure-`), as far as the address that visitors use admits one.
 */
export function cookieName(name: string, { protocol, pathname }: URL): string {
  if (protocol !== 'https:') return name;
  return `${pathname === '/' ? '__Host-' : '__Secure-'}${name}`;
}
