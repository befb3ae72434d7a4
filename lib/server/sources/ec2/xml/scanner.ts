/**
 * Reads from the bytes of an XML document only the elements that a shape declares; skipped elements allocate nothing.
 * Entities, CDATA, comments, attributes and CRLF follow the XML specification; namespaces are ignored.
 *
 * Texts are decoded from the bytes instead of cut from a longer string, which they would keep in memory.
 */
import { hintOf, type Field, type Fields, type Leaf } from './shape';

/** The document is malformed. */
export class XmlError extends Error {}

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const BANG = 33;
const QUOTE = 34;
const AMPERSAND = 38;
const APOSTROPHE = 39;
const DASH = 45;
const SLASH = 47;
const LESS = 60;
const GREATER = 62;
const QUESTION = 63;

const ITEM = new TextEncoder().encode('item');

/** A cursor in an XML document. Methods throw `XmlError` on malformed input. */
export class Scanner {
  readonly bytes: Buffer;
  /** Position of the next byte. */
  at = 0;
  /** The name in the last tag that was opened. */
  #nameFrom = 0;
  #nameTo = 0;
  /** Whether the last opened tag closed itself: `<a/>`. */
  #isEmpty = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Opens the document's root element. */
  root(): void {
    if (!this.#nextTag()) throw new XmlError('a document without a root');
  }

  /** Whether only comments and blanks follow. */
  get isAtEnd(): boolean {
    const rest = this.bytes.toString('latin1', this.at);
    return rest.replace(/<!--.*?-->/gs, '').trim() === '';
  }

  /** Opens the next child of the open element; false when there is none, and then the element is closed. */
  child(): boolean {
    return !this.#wasEmpty() && this.#nextTag();
  }

  /** Whether the last tag that was opened has this name. */
  isNamed(name: Uint8Array): boolean {
    const { bytes } = this;
    const from = this.#nameFrom;
    if (this.#nameTo - from !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name[i]) return false;
    return true;
  }

  /** Skips the open element. */
  skip(): void {
    if (this.#wasEmpty()) return;
    for (let depth = 1; depth > 0;) {
      if (!this.#nextTag()) depth--;
      else if (!this.#wasEmpty()) depth++;
    }
  }

  /** Whether the opened element is already closed. */
  #wasEmpty(): boolean {
    const was = this.#isEmpty;
    this.#isEmpty = false;
    return was;
  }

  /** Reads the open element as an object with these fields. If an element is repeated, the first one counts. */
  object(fields: Fields): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    while (this.child()) {
      const field = this.#fieldOf(fields);
      if (field === undefined || Object.hasOwn(object, field.name)) this.skip();
      else if (field.leaf !== null) object[field.name] = valueOf(this.#text(), field.leaf);
      else object[field.name] = field.isList ? this.#list(field.fields) : this.object(field.fields);
    }
    return object;
  }

  #list(fields: Fields): unknown[] {
    const list: unknown[] = [];
    while (this.child()) {
      if (this.isNamed(ITEM)) list.push(this.object(fields));
      else this.skip();
    }
    return list;
  }

  #fieldOf(fields: Fields): Field | undefined {
    const hint = hintOf(this.#nameTo - this.#nameFrom, this.bytes[this.#nameFrom] ?? 0);
    return fields.get(hint)?.find(({ element }) => this.isNamed(element));
  }

  /** Skips text and comments and reads the next tag; true when it opens an element, false when it closes one. */
  #nextTag(): boolean {
    const { bytes } = this;
    for (;;) {
      const tag = this.#find(LESS, this.at) + 1;
      const first = bytes[tag];
      if (first === SLASH) {
        this.at = this.#find(GREATER, tag) + 1;
        return false;
      }
      if (first === BANG || first === QUESTION) this.at = this.#endOfNoElement(tag);
      else {
        this.#open(tag);
        return true;
      }
    }
  }

  #open(tag: number): void {
    const { bytes } = this;
    let to = tag;
    for (let byte = bytes[to]; byte !== GREATER && byte !== SLASH && !isBlank(byte); byte = bytes[++to]) {
      if (to >= bytes.length) throw new XmlError('the document ends in a tag');
    }
    if (to === tag) throw new XmlError('a tag without a name');
    this.#nameFrom = tag;
    this.#nameTo = to;
    const end = bytes[to] === GREATER ? to : this.#endOfTag(to);
    this.#isEmpty = bytes[end - 1] === SLASH;
    this.at = end + 1;
  }

  /** The `>` that ends a tag, ignoring those in attribute values. */
  #endOfTag(from: number): number {
    const { bytes } = this;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === GREATER) return at;
      if (byte === QUOTE || byte === APOSTROPHE) at = this.#find(byte, at + 1);
    }
    throw new XmlError('the document ends in a tag');
  }

  /** The position after a comment, a CDATA section or an instruction. `tag`: the byte after the `<`. */
  #endOfNoElement(tag: number): number {
    const { bytes } = this;
    if (bytes[tag] === QUESTION) return this.#behind('?>', tag);
    if (bytes[tag + 1] === DASH) return this.#behind('-->', tag + 3);
    if (this.#isCdata(tag)) return this.#behind(']]>', tag);
    throw new XmlError('a declaration inside a document');
  }

  #isCdata(tag: number): boolean {
    return this.bytes.toString('latin1', tag, tag + 8) === '![CDATA[';
  }

  #behind(end: string, from: number): number {
    const at = this.bytes.indexOf(end, from, 'latin1');
    if (at < 0) throw new XmlError(`the document ends before ${end}`);
    return at + end.length;
  }

  #find(byte: number, from: number): number {
    const { bytes } = this;
    for (let at = from; at < bytes.length; at++) if (bytes[at] === byte) return at;
    throw new XmlError('the document ends too early');
  }

  /** The text of the open element, without the text of nested elements. */
  #text(): string {
    if (this.#wasEmpty()) return '';
    const { bytes } = this;
    const from = this.at;
    let isPlain = true;
    let at = from;
    for (let byte = bytes[at]; byte !== LESS; byte = bytes[++at]) {
      if (byte === undefined) throw new XmlError('the document ends in a text');
      if (byte === AMPERSAND || byte >= 128 || byte <= SPACE) isPlain = false;
    }
    if (bytes[at + 1] !== SLASH) return this.#textInParts();
    this.at = this.#find(GREATER, at) + 1;
    return isPlain ? bytes.toString('latin1', from, at) : unlessBlank(decoded(bytes.toString('utf8', from, at)));
  }

  /** The text of an element with comments, CDATA or nested elements. */
  #textInParts(): string {
    const { bytes } = this;
    let text = '';
    for (;;) {
      const less = this.#find(LESS, this.at);
      text += decoded(bytes.toString('utf8', this.at, less));
      const tag = less + 1;
      if (bytes[tag] === SLASH) {
        this.at = this.#find(GREATER, tag) + 1;
        return unlessBlank(text);
      }
      this.at = less;
      if (bytes[tag] !== BANG && bytes[tag] !== QUESTION) {
        this.#open(tag);
        this.skip();
      } else {
        this.at = this.#endOfNoElement(tag);
        if (this.#isCdata(tag)) text += bytes.toString('utf8', tag + 8, this.at - 3).replace(/\r\n?/g, '\n');
      }
    }
  }
}

const isBlank = (byte: number | undefined): boolean =>
  byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB;

function valueOf(text: string, leaf: Leaf): unknown {
  switch (leaf) {
    case 'text':
      return text;
    case 'flag':
      return text.toLowerCase() === 'true';
    case 'number':
      return Number(text);
    case 'time':
      return new Date(text);
  }
}

/** Line breaks and indentation between tags do not count as text. */
const unlessBlank = (text: string): string => (text.includes('\n') && text.trim() === '' ? '' : text);

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** XML 1.0 §2.11 (line ends) and §4.1 (references); an entity that XML does not define is dropped. */
const decoded = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(
      /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-zA-Z][a-zA-Z0-9]{0,30}));/g,
      (_, hex: string | undefined, decimal: string | undefined, name: string | undefined) =>
        name === undefined
          ? character(hex === undefined ? parseInt(decimal ?? '', 10) : parseInt(hex, 16))
          : (ENTITIES.get(name) ?? ''),
    );

const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');
