/**
 * What a source says of itself goes to every viewer. So it is made of our own sentences alone: what a server, a plugin or the
 * system said stays in the log of the process, cleaned of what looks like a secret.
 */
const LONGEST_REASON = 400;

/** Foreign text on one line, without control characters, cut to 400 characters. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}

declare const listed: unique symbol;

/** A sentence, or a part of one, of our own. */
export type Reason = string & { readonly [listed]: true };

/** A sentence of our own; nothing but numbers and parts that are ours can stand in it. */
export const reason = (words: TemplateStringsArray, ...parts: readonly (number | Reason)[]): Reason =>
  oneLine(String.raw({ raw: words.raw }, ...parts)) as Reason;

/** Words of our own tables (resources, actions, ids) or of whoever runs ifscope (hosts, settings). Never what was received. */
export const ours = (text: string): Reason => text as Reason;

const HIDDEN = '…';
const SECRET_NAME =
  /((?:[\w.-]*(?:token|secret|passw(?:or)?d|passphrase|credential|api-?_?key|access-?_?key|signature|cookie|authorization)[\w.-]*)["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi;
const OPAQUE = /[\w+/-]{20,}=*/g;

/** Long, and of the letters and digits that nobody writes by hand. */
const looksOpaque = (text: string): boolean =>
  /\d/.test(text) && (/[a-z]/.test(text) && /[A-Z]/.test(text) ? true : text.length >= 32 && /[a-z]/i.test(text));

/** Foreign text for the log: one line, without what looks like a secret. */
export const cleaned = (text: string): string =>
  oneLine(
    text
      .replace(/\b(Bearer|Basic|Negotiate)\s+\S+/gi, `$1 ${HIDDEN}`)
      .replace(/\beyJ[\w-]+(?:\.[\w-]*){0,2}/g, HIDDEN)
      .replace(SECRET_NAME, `$1${HIDDEN}`)
      .replace(/\/\/[^/\s@]+@/g, `//${HIDDEN}@`)
      .replace(OPAQUE, (run) => (looksOpaque(run) ? HIDDEN : run)),
  );
