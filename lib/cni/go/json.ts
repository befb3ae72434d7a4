/**
 * Go's `encoding/json`, as far as it is visible from outside: which texts it takes and what it says of the others.
 * Multus and the CNI plugins read annotations and configs with it, so their verdict is ours, word for word.
 *
 * Always linear in the text; never throws, whatever the text holds.
 */
import { quoteByte } from './quote';

export type JsonText = { readonly value: unknown } | { readonly error: string };

/** Go refuses deeper nesting (`maxNestingDepth` of its scanner). */
const MAX_DEPTH = 10_000;

const END = 'unexpected end of JSON input';

/** The value, or Go's message. The grammar of `JSON.parse` is Go's but for the depth limit. */
export function parseGoJson(text: string): JsonText {
  // Before anything is built: half a million nested lists cost more to build than to refuse.
  if (mayBeTooDeep(text)) {
    const error = syntaxError(text);
    if (error !== null) return { error };
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { error: syntaxError(text) ?? END };
  }
}

function mayBeTooDeep(text: string): boolean {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code === 91 || code === 123) && ++open > MAX_DEPTH) return true;
  }
  return false;
}

/** The character as Go names it: by the first byte of its UTF-8 form, so a curly quote is `'â'`. */
function nameOf(code: number): string {
  const first =
    code < 0x80
      ? code
      : code < 0x800
        ? 0xc0 | (code >> 6)
        : code < 0xd800 || code > 0xdfff
          ? 0xe0 | (code >> 12)
          : 0xf0;
  return quoteByte(first);
}

const isSpace = (c: number): boolean => c === 32 || c === 9 || c === 10 || c === 13;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isHex = (c: number): boolean => isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'after-value';

/**
 * The first thing Go's scanner complains of; null for text it takes. At the end of the text Go feeds its scanner one
 * blank, which is why `tru` is "invalid character ' ' in literal true".
 */
function syntaxError(text: string): string | null {
  const stack: ('array' | 'object')[] = [];
  let expect: Expect = 'value';
  let at = 0;
  const bad = (context: string): string =>
    `invalid character ${at < text.length ? nameOf(text.charCodeAt(at)) : "' '"} ${context}`;

  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    const top = stack.at(-1);
    if (at >= text.length) return expect === 'after-value' && top === undefined ? null : END;
    const c = text.charAt(at);

    if (expect === 'after-value') {
      if (top === undefined) return bad('after top-level value');
      const close = top === 'array' ? ']' : '}';
      if (c === close) stack.pop();
      else if (c === ',') expect = top === 'array' ? 'value' : 'key';
      else return bad(top === 'array' ? 'after array element' : 'after object key:value pair');
      at++;
      continue;
    }
    if (expect === 'colon') {
      if (c !== ':') return bad('after object key');
      expect = 'value';
      at++;
      continue;
    }
    if (expect === 'key' || expect === 'key-or-end') {
      if (c === '}' && expect === 'key-or-end') {
        stack.pop();
        expect = 'after-value';
        at++;
        continue;
      }
      if (c !== '"') return bad('looking for beginning of object key string');
      const problem = string();
      if (problem !== null) return problem;
      expect = 'colon';
      continue;
    }
    // A value.
    if (c === ']' && expect === 'value-or-end') {
      stack.pop();
      expect = 'after-value';
      at++;
    } else if (c === '[' || c === '{') {
      if (stack.length >= MAX_DEPTH) return 'exceeded max depth';
      stack.push(c === '[' ? 'array' : 'object');
      expect = c === '[' ? 'value-or-end' : 'key-or-end';
      at++;
    } else {
      const literal = LITERALS[c];
      const problem =
        c === '"'
          ? string()
          : literal !== undefined
            ? word(literal)
            : c === '-' || isDigit(c.charCodeAt(0))
              ? number()
              : bad('looking for beginning of value');
      if (problem !== null) return problem;
      expect = 'after-value';
    }
  }

  function string(): string | null {
    at++;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 34) {
        at++;
        return null;
      }
      if (c < 32) return bad('in string literal');
      if (c !== 92) continue;
      at++;
      const escape = at < text.length ? text.charAt(at) : ' ';
      if (escape === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          at++;
          if (at >= text.length || !isHex(text.charCodeAt(at))) return bad('in \\u hexadecimal character escape');
        }
      } else if (!'bfnrt\\/"'.includes(escape)) return bad('in string escape code');
    }
    return END;
  }

  function word(literal: string): string | null {
    for (let i = 1; i < literal.length; i++) {
      at++;
      const want = literal.charAt(i);
      if (text.charAt(at) !== want) return bad(`in literal ${literal} (expecting '${want}')`);
    }
    at++;
    return null;
  }

  function number(): string | null {
    const digit = (): boolean => at < text.length && isDigit(text.charCodeAt(at));
    if (text.charAt(at) === '-') at++;
    if (!digit()) return bad('in numeric literal');
    if (text.charAt(at) === '0') at++;
    else while (digit()) at++;
    if (text.charAt(at) === '.') {
      at++;
      if (!digit()) return bad('after decimal point in numeric literal');
      while (digit()) at++;
    }
    if (text.charAt(at) === 'e' || text.charAt(at) === 'E') {
      at++;
      if (text.charAt(at) === '+' || text.charAt(at) === '-') at++;
      if (!digit()) return bad('in exponent of numeric literal');
      while (digit()) at++;
    }
    return null;
  }
}
