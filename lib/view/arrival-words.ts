import { thousands } from '../model/counted';

/** `pods of 1,240 of 5,000 nodes`; null when everything has arrived. */
export function arrivalWords(
  partial: { readonly complete: boolean; readonly nodesHere: number; readonly nodes: number } | undefined,
): string | null {
  if (partial === undefined || partial.complete) return null;
  return `pods of ${thousands(partial.nodesHere)} of ${thousands(partial.nodes)} nodes`;
}
