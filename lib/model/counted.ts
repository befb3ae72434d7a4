/** Numbers in words. */

/** `1200` as `1,200`. */
export const thousands = (count: number): string => count.toLocaleString('en');

/** `1 pod`, `1,200 pods`; `many` where the plural is more than an added s. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${thousands(count)} ${count === 1 ? one : many}`;
