/**
 * Sentences that differ only in the record's own ids and addresses, as one template: `10.0.1.7 is a secondary address of
 * eni-0a` becomes `⟨0⟩ is a secondary address of ⟨1⟩`. Thousands of evidence sentences become a dictionary of a dozen.
 */
const OPEN = '\u0001';

/** Longer tokens first, so that an address is not cut out of a longer one. Short ones would match by chance. */
const usable = (tokens: readonly (string | null)[]): readonly (readonly [token: string, slot: number])[] =>
  tokens
    .map((token, slot) => [token ?? '', slot] as const)
    .filter(([token]) => token.length >= 4 && !token.includes(OPEN))
    .toSorted(([a], [b]) => b.length - a.length);

export function toTemplate(text: string, tokens: readonly (string | null)[]): string {
  // A text that holds the mark itself stays as it is, behind a mark of its own.
  if (text.includes(OPEN)) return `${OPEN}!${text}`;
  let result = text;
  for (const [token, slot] of usable(tokens)) {
    if (result.includes(token)) result = replaceOutside(result, token, `${OPEN}${slot};`);
  }
  return result;
}

/** Marks that are there already hold digits and a semicolon only, so that tokens of four characters may still meet them. */
function replaceOutside(text: string, token: string, mark: string): string {
  return text
    .split(/(\u0001\d+;)/)
    .map((piece) => (piece.startsWith(OPEN) ? piece : piece.replaceAll(token, () => mark)))
    .join('');
}

export function fromTemplate(template: string, tokens: readonly (string | null)[]): string {
  if (!template.includes(OPEN)) return template;
  if (template.startsWith(`${OPEN}!`)) return template.slice(2);
  return template.replace(/\u0001(\d+);/g, (_, slot: string) => tokens[Number(slot)] ?? '');
}
