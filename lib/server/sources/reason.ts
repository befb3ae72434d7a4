/**
 * A source's reason is sent to every viewer, so it consists of our own sentences only. Messages of a server, a plugin
 * or the system go to the log, without anything that looks like a secret.
 */
const LONGEST_REASON = 400;

/** Foreign text on one line, without control characters, cut to 400 characters. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}

declare const listed: unique symbol;

/** A sentence of our own, or a part of one. */
export type Reason = string & { readonly [listed]: true };

/** Creates a sentence of our own; the type admits only numbers and other `Reason`s as parts. */
export const reason = (words: TemplateStringsArray, ...parts: readonly (number | Reason)[]): Reason =>
  oneLine(String.raw({ raw: words.raw }, ...parts)) as Reason;

/**
 * Marks text from our own tables (resources, actions, ids) or the operator (hosts, settings) as ours. Never use it for
 * received text.
 */
export const ours = (text: string): Reason => text as Reason;

/** In characters: far more than is shown, and few enough for the patterns below. */
const LONGEST_FOREIGN = 4_096;

const HIDDEN = '…';
const SECRET_NAME =
  /(?<![\w.-])((?:[\w.-]*(?:token|secret|passw(?:or)?d|passphrase|credential|api-?_?key|access-?_?key|signature|cookie|authorization)[\w.-]*)["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi;
const OPAQUE = /[\w+/-]{20,}=*/g;

/** Whether a long run of token characters looks random instead of like a word. */
const looksOpaque = (text: string): boolean =>
  /\d/.test(text) && (/[a-z]/.test(text) && /[A-Z]/.test(text) ? true : text.length >= 32 && /[a-z]/i.test(text));

/** Foreign text for the log: one line, without anything that looks like a secret. */
export const cleaned = (text: string): string =>
  oneLine(
    text
      .slice(0, LONGEST_FOREIGN)
      .replace(/\b(Bearer|Basic|Negotiate)\s+\S+/gi, `$1 ${HIDDEN}`)
      .replace(/\beyJ[\w-]+(?:\.[\w-]*){0,2}/g, HIDDEN)
      .replace(SECRET_NAME, `$1${HIDDEN}`)
      .replace(/\/\/[^/\s@]+@/g, `//${HIDDEN}@`)
      .replace(OPAQUE, (run) => (looksOpaque(run) ? HIDDEN : run)),
  );
