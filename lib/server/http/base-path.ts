/** What a response says of its own addresses, where the server is reached below a path. */

/** Where a redirect leads, of `/…` at the root. */
export const locationBelow = (base: string, location: string): string => `${base}${location}`;

/** A cookie of the whole server, kept from other servers of the same host. */
export const cookieBelow = (base: string, cookie: string): string =>
  base === '' ? cookie : cookie.replace('; Path=/;', `; Path=${base};`);
