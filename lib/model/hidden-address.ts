/**
 * Stand-ins for addresses that a visitor may not see: `hidden-3`, `hidden:3` for IPv6, and `hidden-3@10.0.0.16/28` for
 * one inside a prefix. They are numbered within their list in order of state, so that a number reveals nothing about the
 * address behind it, now or later.
 */
const WORD = 'hidden';

/** No address begins with this. */
export const isHiddenAddress = (ip: string): boolean => ip.startsWith(WORD);

/** `prefix`: the range that contains the address, if shown. */
export const hiddenAddress = (family: 4 | 6, number: number, prefix: string | null = null): string =>
  `${WORD}${family === 4 ? '-' : ':'}${number}${prefix === null ? '' : `@${prefix}`}`;

/** Whether a stand-in is for an address inside this prefix. */
export const isHiddenIn = (prefix: string, ip: string): boolean => isHiddenAddress(ip) && ip.endsWith(`@${prefix}`);
