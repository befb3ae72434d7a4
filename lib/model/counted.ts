/** Numbers in words. */

/** `1200` as `1,200`. */
export const thousands = (count: number): string => count.toLocaleString('en');

/** `1 pod`, `1,200 pods`; `many` for an irregular plural. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${thousands(count)} ${count === 1 ? one : many}`;
