/**
 * Go's `encoding/json`, as far as it is visible from outside: which texts it takes and what it says of the others.
 * Multus and the CNI plugins read annotations and configs with it, so their verdict is ours, word for word.
 *
 * Always linear in the text; never throws, whatever the text holds.
 */
import { quoteByte } from './quote';

export type JsonText = { readonly value: unknown } | { readonly error: string };

/** A number as written: Go refuses `1.0` and `1e2` for an integer, and repeats them in its message. */
export class GoNumber {
  constructor(readonly text: string) {}
}

/** An object whose repeated keys are all there, in the order written: Go decodes one after the other. */
export class GoObject {
  readonly keys: string[] = [];
  readonly values: GoValue[] = [];
  #end = 0;

  constructor(
    readonly source: string,
    readonly start: number,
  ) {}

  endAt(end: number): void {
    this.#end = end;
  }

  /** As `map[string]any`: of a repeated key the last value. */
  plain(): Readonly<Record<string, unknown>> {
    return JSON.parse(this.source.slice(this.start, this.#end)) as Readonly<Record<string, unknown>>;
  }
}

export type GoValue = null | boolean | string | GoNumber | GoObject | readonly GoValue[];

export type GoText = { readonly value: GoValue } | { readonly error: string };

/** Go refuses deeper nesting (`maxNestingDepth` of its scanner). */
const MAX_DEPTH = 10_000;

const END = 'unexpected end of JSON input';

/** The value as plain data, of a repeated key the last, or Go's message. */
export function parseGoJson(text: string): JsonText {
  const source = wellFormed(text);
  // Before anything is built: half a million nested lists cost more to build than to refuse.
  if (mayBeTooDeep(source)) {
    const read = parse(source);
    if ('error' in read) return read;
  }
  try {
    return { value: JSON.parse(source) };
  } catch {
    const read = parse(source);
    return 'error' in read ? read : { error: END };
  }
}

/** The value with every repeated key and every number as written, or Go's message. */
export const parseGoTree = (text: string): GoText => parse(wellFormed(text));

/** A whole escape sequence: a surrogate pair, a surrogate alone, or any other. */
const ESCAPES = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|[^])/g;

/** Half of a surrogate pair is no character: Go reads U+FFFD in its place. */
function wellFormed(text: string): string {
  const source = text.toWellFormed();
  if (!/\\u[dD][89a-fA-F]/.test(source)) return source;
  return source.replace(ESCAPES, (escape) => (escape.length === 6 ? '\\ufffd' : escape));
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
const LITERALS = new Map<string, readonly [string, boolean | null]>([
  ['t', ['true', true]],
  ['f', ['false', false]],
  ['n', ['null', null]],
]);

const ZERO = new GoNumber('0');

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'after-value';

/**
 * Reads the text as Go's scanner does, without recursion. At the end of the text Go feeds its scanner one blank, which is
 * why `tru` is "invalid character ' ' in literal true".
 */
function parse(text: string): GoText {
  const stack: (GoValue[] | GoObject)[] = [];
  let top: GoValue[] | GoObject | undefined;
  let result: GoValue = null;
  let expect = 'value' as Expect;
  let at = 0;
  let problem = null as string | null;
  const bad = (context: string): void => {
    problem = `invalid character ${at < text.length ? nameOf(text.charCodeAt(at)) : "' '"} ${context}`;
  };
  const put = (value: GoValue): void => {
    if (top === undefined) result = value;
    else if (top instanceof GoObject) top.values.push(value);
    else top.push(value);
    expect = 'after-value';
  };
  const close = (): void => {
    at++;
    if (top instanceof GoObject) top.endAt(at);
    stack.pop();
    top = stack.at(-1);
    expect = 'after-value';
  };

  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length) return expect === 'after-value' && top === undefined ? { value: result } : { error: END };
    const c = text.charAt(at);

    if (expect === 'after-value') {
      if (top === undefined) bad('after top-level value');
      else if (c === (top instanceof GoObject ? '}' : ']')) close();
      else if (c === ',') {
        expect = top instanceof GoObject ? 'key' : 'value';
        at++;
      } else bad(top instanceof GoObject ? 'after object key:value pair' : 'after array element');
    } else if (expect === 'colon') {
      if (c === ':') {
        expect = 'value';
        at++;
      } else bad('after object key');
    } else if (expect === 'key' || expect === 'key-or-end') {
      if (c === '}' && expect === 'key-or-end') close();
      else if (c !== '"') bad('looking for beginning of object key string');
      else {
        const key = string();
        if (top instanceof GoObject) top.keys.push(key);
        expect = 'colon';
      }
    } else if (c === ']' && expect === 'value-or-end') {
      close();
    } else if (c === '[' || c === '{') {
      if (stack.length >= MAX_DEPTH) bad('exceeded max depth');
      else {
        const opened: GoValue[] | GoObject = c === '[' ? [] : new GoObject(text, at);
        put(opened);
        stack.push(opened);
        top = opened;
        expect = c === '[' ? 'value-or-end' : 'key-or-end';
        at++;
      }
    } else {
      if (c === '"') put(string());
      else if (c === '-' || isDigit(c.charCodeAt(0))) put(number());
      else {
        const literal = LITERALS.get(c);
        if (literal === undefined) bad('looking for beginning of value');
        else {
          word(literal[0]);
          put(literal[1]);
        }
      }
    }
    if (problem !== null) return { error: problem };
  }

  function string(): string {
    const start = at;
    let escaped = false;
    at++;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 34) {
        at++;
        return escaped ? (JSON.parse(text.slice(start, at)) as string) : text.slice(start + 1, at - 1);
      }
      if (c < 32) return fail('in string literal');
      if (c !== 92) continue;
      escaped = true;
      at++;
      const escape = at < text.length ? text.charAt(at) : ' ';
      if (escape === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          at++;
          if (at >= text.length || !isHex(text.charCodeAt(at))) return fail('in \\u hexadecimal character escape');
        }
      } else if (!'bfnrt\\/"'.includes(escape)) return fail('in string escape code');
    }
    problem = END;
    return '';
  }

  function fail(context: string): string {
    bad(context);
    return '';
  }

  function word(literal: string): void {
    for (let i = 1; i < literal.length; i++) {
      at++;
      const want = literal.charAt(i);
      if (text.charAt(at) !== want) {
        bad(`in literal ${literal} (expecting '${want}')`);
        return;
      }
    }
    at++;
  }

  function digits(): boolean {
    const start = at;
    while (isDigit(text.charCodeAt(at))) at++;
    return at > start;
  }

  function number(): GoNumber {
    const start = at;
    if (text.charCodeAt(at) === 45) at++;
    if (text.charCodeAt(at) === 48) at++;
    else if (!digits()) {
      bad('in numeric literal');
      return ZERO;
    }
    if (text.charCodeAt(at) === 46) {
      at++;
      if (!digits()) {
        bad('after decimal point in numeric literal');
        return ZERO;
      }
    }
    if ((text.charCodeAt(at) | 32) === 101) {
      at++;
      if (text.charCodeAt(at) === 43 || text.charCodeAt(at) === 45) at++;
      if (!digits()) {
        bad('in exponent of numeric literal');
        return ZERO;
      }
    }
    return new GoNumber(text.slice(start, at));
  }
}
