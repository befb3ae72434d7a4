/**
 * The observable behaviour of Go's `encoding/json`: which texts it accepts, and its messages for the others. Multus and the
 * CNI plugins read annotations and configs with it, so ifscope reproduces its results word for word.
 *
 * Linear in the text; never throws.
 */
import { quoteByte } from './quote';

/** A parsed text as plain data, or Go's error message. */
export type JsonText = { readonly value: unknown } | { readonly error: string };

/** A number as written: Go rejects `1.0` and `1e2` for an integer and quotes them in its message. */
export class GoNumber {
  constructor(readonly text: string) {}
}

/** An object with all its keys in document order, including repeated ones: Go decodes one after the other. */
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

  /** As `map[string]any`: the last value of a repeated key wins. */
  plain(): Readonly<Record<string, unknown>> {
    return JSON.parse(this.source.slice(this.start, this.#end)) as Readonly<Record<string, unknown>>;
  }
}

/** A JSON value of the tree: numbers as written, objects with repeated keys. */
export type GoValue = null | boolean | string | GoNumber | GoObject | readonly GoValue[];

/** A parsed text as a tree, or Go's error message. */
export type GoText = { readonly value: GoValue } | { readonly error: string };

/** Go's nesting limit (`maxNestingDepth` of its scanner). */
const MAX_DEPTH = 10_000;

const END = 'unexpected end of JSON input';

/** The value as plain data (the last value of a repeated key), or Go's message. */
export function parseGoJson(text: string): JsonText {
  const source = wellFormed(text);
  // Checked before anything is built: building half a million nested lists costs more than rejecting them.
  if (mayBeTooDeep(source)) {
    const read = new Scanner(source).scan();
    if ('error' in read) return read;
  }
  try {
    return { value: JSON.parse(source) };
  } catch {
    const read = new Scanner(source).scan();
    return 'error' in read ? read : { error: END };
  }
}

/** The value with repeated keys and numbers as written, or Go's message. */
export const parseGoTree = (text: string): GoText => new Scanner(wellFormed(text)).scan();

/** One escape sequence: a surrogate pair, a lone surrogate, or any other. */
const ESCAPES = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|[^])/g;

/** Replaces lone surrogates with U+FFFD, as Go does. */
function wellFormed(text: string): string {
  const source = text.toWellFormed();
  if (!/\\u[dD][89a-fA-F]/.test(source)) return source;
  return source.replace(ESCAPES, (escape) => (escape.length === 6 ? '\\ufffd' : escape));
}

function mayBeTooDeep(text: string): boolean {
  if (text.length <= MAX_DEPTH) return false;
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code === 91 || code === 123) && ++open > MAX_DEPTH) return true;
  }
  return false;
}

/** The character as Go prints it: by the first byte of its UTF-8 form, so a curly quote is `'â'`. */
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

/** Go's scanner, without recursion. Go ends the text with a space, hence "invalid character ' ' in literal true" for `tru`. */
class Scanner {
  readonly #open: (GoValue[] | GoObject)[] = [];
  /** The innermost open list or object; undefined at the top level. */
  #inner: GoValue[] | GoObject | undefined;
  #result: GoValue = null;
  #expect: Expect = 'value';
  #at = 0;
  #problem: string | null = null;

  constructor(private readonly text: string) {}

  scan(): GoText {
    for (;;) {
      while (isSpace(this.#code())) this.#at++;
      if (this.#at >= this.text.length) {
        return this.#expect === 'after-value' && this.#inner === undefined ? { value: this.#result } : { error: END };
      }
      this.#step(this.text.charAt(this.#at));
      if (this.#problem !== null) return { error: this.#problem };
    }
  }

  /** The next code unit; NaN at the end of the text. */
  #code(): number {
    return this.text.charCodeAt(this.#at);
  }

  #step(c: string): void {
    if (this.#expect === 'after-value') this.#afterValue(c);
    else if (this.#expect === 'colon') {
      if (c !== ':') this.#fail('after object key');
      else this.#advance('value');
    } else if (this.#expect === 'key' || this.#expect === 'key-or-end') this.#key(c);
    else if (c === ']' && this.#expect === 'value-or-end') this.#close();
    else this.#value(c);
  }

  #advance(expect: Expect): void {
    this.#at++;
    this.#expect = expect;
  }

  #afterValue(c: string): void {
    const inObject = this.#inner instanceof GoObject;
    if (this.#inner === undefined) this.#fail('after top-level value');
    else if (c === (inObject ? '}' : ']')) this.#close();
    else if (c === ',') this.#advance(inObject ? 'key' : 'value');
    else this.#fail(inObject ? 'after object key:value pair' : 'after array element');
  }

  #key(c: string): void {
    if (c === '}' && this.#expect === 'key-or-end') this.#close();
    else if (c !== '"') this.#fail('looking for beginning of object key string');
    else {
      const key = this.#string();
      if (this.#inner instanceof GoObject) this.#inner.keys.push(key);
      this.#expect = 'colon';
    }
  }

  #value(c: string): void {
    const literal = LITERALS.get(c);
    if (c === '[' || c === '{') this.#enter(c);
    else if (c === '"') this.#put(this.#string());
    else if (c === '-' || isDigit(c.charCodeAt(0))) this.#put(this.#number());
    else if (literal === undefined) this.#fail('looking for beginning of value');
    else {
      this.#word(literal[0]);
      this.#put(literal[1]);
    }
  }

  #enter(c: string): void {
    if (this.#open.length >= MAX_DEPTH) {
      this.#fail('exceeded max depth');
      return;
    }
    const opened: GoValue[] | GoObject = c === '[' ? [] : new GoObject(this.text, this.#at);
    this.#put(opened);
    this.#open.push(opened);
    this.#inner = opened;
    this.#advance(c === '[' ? 'value-or-end' : 'key-or-end');
  }

  #put(value: GoValue): void {
    if (this.#inner === undefined) this.#result = value;
    else if (this.#inner instanceof GoObject) this.#inner.values.push(value);
    else this.#inner.push(value);
    this.#expect = 'after-value';
  }

  #close(): void {
    this.#advance('after-value');
    if (this.#inner instanceof GoObject) this.#inner.endAt(this.#at);
    this.#open.pop();
    this.#inner = this.#open.at(-1);
  }

  #fail(context: string): void {
    const character = this.#at < this.text.length ? nameOf(this.#code()) : "' '";
    this.#problem = `invalid character ${character} ${context}`;
  }

  #string(): string {
    const start = this.#at;
    let escaped = false;
    for (this.#at++; this.#at < this.text.length; this.#at++) {
      const c = this.#code();
      if (c === 34) {
        this.#at++;
        const written = this.text.slice(start, this.#at);
        return escaped ? (JSON.parse(written) as string) : written.slice(1, -1);
      }
      if (c < 32) {
        this.#fail('in string literal');
        return '';
      }
      if (c !== 92) continue;
      escaped = true;
      if (!this.#escape()) return '';
    }
    this.#problem = END;
    return '';
  }

  /** Moves from the backslash to the last character of the escape; false if Go rejects it. */
  #escape(): boolean {
    this.#at++;
    const kind = this.#at < this.text.length ? this.text.charAt(this.#at) : ' ';
    if (kind === 'u') {
      for (let digit = 0; digit < 4; digit++) {
        this.#at++;
        if (!isHex(this.#code())) this.#fail('in \\u hexadecimal character escape');
        if (this.#problem !== null) return false;
      }
    } else if (!'bfnrt\\/"'.includes(kind)) this.#fail('in string escape code');
    return this.#problem === null;
  }

  #word(literal: string): void {
    for (const want of literal.slice(1)) {
      this.#at++;
      if (this.text.charAt(this.#at) !== want) {
        this.#fail(`in literal ${literal} (expecting '${want}')`);
        return;
      }
    }
    this.#at++;
  }

  #number(): GoNumber {
    const start = this.#at;
    if (this.#code() === 45) this.#at++;
    if (this.#code() === 48) this.#at++;
    else if (!this.#digits('in numeric literal')) return ZERO;
    if (this.#code() === 46) {
      this.#at++;
      if (!this.#digits('after decimal point in numeric literal')) return ZERO;
    }
    if ((this.#code() | 32) === 101) {
      this.#at++;
      if (this.#code() === 43 || this.#code() === 45) this.#at++;
      if (!this.#digits('in exponent of numeric literal')) return ZERO;
    }
    return new GoNumber(this.text.slice(start, this.#at));
  }

  /** Reads at least one digit; `context` is used in Go's message if there is none. */
  #digits(context: string): boolean {
    const start = this.#at;
    while (isDigit(this.#code())) this.#at++;
    if (this.#at === start) this.#fail(context);
    return this.#at > start;
  }
}
