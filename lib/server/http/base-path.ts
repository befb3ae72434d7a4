/** Adapts a response's own URLs for a server below a base path. */

/** The Location for a path `/…` of this server. */
export const locationBelow = (base: string, location: string): string => `${base}${location}`;

/** A Set-Cookie value limited to the server's path, so that other servers on the same host do not receive it. */
export const cookieBelow = (base: string, cookie: string): string =>
  base === '' ? cookie : cookie.replace('; Path=/;', `; Path=${base};`);
