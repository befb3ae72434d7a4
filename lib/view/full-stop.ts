/** A reason that came from elsewhere, with one full stop at its end, whatever it came with. */
export const sentence = (text: string): string => `${text.replace(/[.\s]+$/, '')}.`;
