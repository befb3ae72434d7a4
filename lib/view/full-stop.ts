/** The text with exactly one full stop at its end, and a capital at its beginning unless that is a name. */
export const sentence = (text: string): string =>
  `${text.replace(/^[a-z]+(?= )/, (word) => word.charAt(0).toUpperCase() + word.slice(1)).replace(/[.\s]+$/, '')}.`;
