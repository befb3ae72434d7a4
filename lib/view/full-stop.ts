/** The text with exactly one full stop at its end, and a capital at its beginning unless that is a name. */
export const sentence = (text: string): string =>
  `${text.replace(/^[a-z]+(?= )/, (word) => word.charAt(0).toUpperCase() + word.slice(1)).replace(/[.\s]+$/, '')}.`;

/** A sentence's text as a later part of another: with a small first letter, unless the first word is a name (ENIs). */
export const withinSentence = (text: string): string =>
  text.replace(/^[A-Z](?=[a-z]*\b)/, (letter) => letter.toLowerCase());
