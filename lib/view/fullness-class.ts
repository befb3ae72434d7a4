/** Classes of fullness, each with its own colour. */

export const FULLNESS_CLASSES = ['low', 'middle', 'high', 'full'] as const;
export type FullnessClass = (typeof FULLNESS_CLASSES)[number];

/** The name of each class. */
export const FULLNESS_WORDS: Readonly<Record<FullnessClass, string>> = {
  low: 'less than half',
  middle: 'half to 90 %',
  high: 'more than 90 %',
  full: 'full',
};

/** `share`: assigned addresses as a fraction of the capacity, 0 to 1. */
export function fullnessClass(share: number): FullnessClass {
  if (share >= 1) return 'full';
  return share > 0.9 ? 'high' : share >= 0.5 ? 'middle' : 'low';
}
