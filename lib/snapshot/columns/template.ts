/**
 * Sentences that differ only in the record's own ids and addresses, as one template: `10.0.1.7 is a secondary address of
 * eni-0a` becomes `⟨0⟩ is a secondary address of ⟨1⟩`. Thousands of evidence sentences become a dictionary of a dozen.
 *
 * The mark is of Unicode's private use, no control character: the page makes those harmless before it reads anything.
 */
const OPEN = '\uE000';

/**
 * A mark is `⟨digits;⟩`, so that a token without semicolon that is no number alone meets none. Short ones would match by chance.
 */
const isUsable = (token: string): boolean => token.length >= 4 && !/[\uE000;]|^\d+$/.test(token);

export function toTemplate(text: string, tokens: readonly (string | null)[]): string {
  if (text === '') return text;
  // A text that holds the mark itself stays as it is, behind a mark of its own.
  if (text.includes(OPEN)) return `${OPEN}!${text}`;
  const slots: number[] = [];
  for (let slot = 0; slot < tokens.length; slot++) {
    const token = tokens[slot];
    if (typeof token === 'string' && text.includes(token) && isUsable(token)) slots.push(slot);
  }
  // Longer tokens first, so that an address is not cut out of a longer one.
  if (slots.length > 1) slots.sort((a, b) => (tokens[b]?.length ?? 0) - (tokens[a]?.length ?? 0) || a - b);
  let result = text;
  for (const slot of slots) result = result.replaceAll(tokens[slot] ?? '', () => `${OPEN}${slot};`);
  return result;
}

export function fromTemplate(template: string, tokens: readonly (string | null)[]): string {
  if (!template.includes(OPEN)) return template;
  if (template.startsWith(`${OPEN}!`)) return template.slice(2);
  return template.replace(/\uE000(\d+);/g, (_, slot: string) => tokens[Number(slot)] ?? '');
}
