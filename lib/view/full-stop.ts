/** A text with exactly one full stop at its end, whether it came with one or not. */
export const sentence = (text: string): string => `${text.replace(/[.\s]+$/, '')}.`;
