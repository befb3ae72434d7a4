/**
 * Turns sentences that differ only in the record's own ids and addresses into one template: `10.0.1.7 is a secondary
 * address of eni-0a` becomes `⟨0⟩ is a secondary address of ⟨1⟩`. Thousands of evidence sentences become a dictionary
 * of a dozen.
 *
 * The mark is a private-use character, not a control character, which the page would escape before reading anything.
 */
const OPEN = '\uE000';

/**
 * A mark consists of digits and a semicolon, so a number or a token without a semicolon cannot match one. Short tokens
 * would match by chance.
 */
const isUsable = (token: string): boolean => token.length >= 4 && !/[\uE000;]|^\d+$/.test(token);

/** Replaces tokens by their position in `tokens`. Null tokens are skipped. */
export function toTemplate(text: string, tokens: readonly (string | null)[]): string {
  if (text === '') return text;
  // A text that contains the mark itself is stored unchanged after a prefix.
  if (text.includes(OPEN)) return `${OPEN}!${text}`;
  const slots: number[] = [];
  for (let slot = 0; slot < tokens.length; slot++) {
    const token = tokens[slot];
    if (typeof token === 'string' && text.includes(token) && isUsable(token)) slots.push(slot);
  }
  // Longer tokens first, so that no address is matched within a longer one.
  if (slots.length > 1) slots.sort((a, b) => (tokens[b]?.length ?? 0) - (tokens[a]?.length ?? 0) || a - b);
  let result = text;
  for (const slot of slots) result = result.replaceAll(tokens[slot] ?? '', () => `${OPEN}${slot};`);
  return result;
}

/** The inverse of `toTemplate`, given the same tokens. */
export function fromTemplate(template: string, tokens: readonly (string | null)[]): string {
  if (!template.includes(OPEN)) return template;
  if (template.startsWith(`${OPEN}!`)) return template.slice(2);
  return template.replace(/\uE000(\d+);/g, (_, slot: string) => tokens[Number(slot)] ?? '');
}
