/** Numbers in words. */

/** `1 pod`, `3 pods`; `many` for an irregular plural. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** `1200` as `1,200`. */
export const thousands = (count: number): string => count.toLocaleString('en');
