/**
 * Reads the list in an answer item by item and cuts it out. The rest of the answer is small, and the AWS SDK parses it
 * as usual (request id, page token).
 *
 * An item with the same bytes as last time is not parsed again; its earlier value is reused.
 */
import { hash } from 'node:crypto';
import { Scanner, XmlError } from './scanner';
import { fieldsOf, type Fields, type Shape } from './shape';

/** The list to read. */
export interface ListOptions<T> {
  /** The element that contains the `<item>`s: `networkInterfaceSet`. */
  readonly element: string;
  readonly item: Shape;
  /** Creates the value to keep from an item; `raw` has the AWS SDK's field names. */
  readonly make: (raw: unknown) => T;
}

/** The list of one answer. */
export interface ListPage<T> {
  /** The value of every item, in order. */
  readonly values: readonly T[];
  /** Newly parsed items, as the AWS SDK would return them; unchanged ones are left out. */
  readonly raw: readonly unknown[];
  /** The document without the list's items. */
  readonly rest: Buffer;
}

interface Known<T> {
  readonly length: number;
  readonly digest: string;
  readonly value: T;
}

/** Maximum length of a key; items with longer keys are not remembered. */
const LONGEST_KEY = 64;

const LESS = 60;
const GREATER = 62;
const ITEM = new TextEncoder().encode('item');

/** A reader that remembers the items of earlier answers. */
export class ListReader<T> {
  readonly #list: Uint8Array;
  readonly #fields: Fields;
  readonly #make: (raw: unknown) => T;
  /** Items seen since `forgetUnseen`, by the text of their first element, which is an id. */
  #known = new Map<string, Known<T>>();
  #knownBefore: ReadonlyMap<string, Known<T>> = new Map();

  constructor({ element, item, make }: ListOptions<T>) {
    this.#list = new TextEncoder().encode(element);
    this.#fields = fieldsOf(item);
    this.#make = make;
  }

  /** Call after a complete read: forgets items not seen since the previous call. */
  forgetUnseen(): void {
    this.#knownBefore = this.#known;
    this.#known = new Map();
  }

  /** Parses one answer, one item per step. Throws `XmlError` if it is not such an answer or has the list twice. */
  *read(bytes: Buffer): Generator<undefined, ListPage<T>> {
    const scanner = new Scanner(bytes);
    let page: ListPage<T> | null = null;
    scanner.root();
    while (scanner.child()) {
      if (!scanner.isNamed(this.#list)) scanner.skip();
      else if (page !== null) throw new XmlError('the list appears twice');
      else page = yield* this.#readList(scanner);
    }
    if (page === null) throw new XmlError('the list is missing');
    if (!scanner.isAtEnd) throw new XmlError('something follows the document');
    return page;
  }

  *#readList(scanner: Scanner): Generator<undefined, ListPage<T>> {
    const { bytes } = scanner;
    const values: T[] = [];
    const raw: unknown[] = [];
    const from = scanner.at;
    let to = from;
    for (let item = from; scanner.child(); item = scanner.at) {
      if (scanner.isNamed(ITEM)) {
        const known = this.#unchanged(scanner, item);
        if (known === null) values.push(this.#readItem(scanner, item, raw));
        else values.push(known);
      } else scanner.skip();
      to = scanner.at;
      yield;
    }
    return { values, raw, rest: Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]) };
  }

  /** The earlier value of an item with unchanged bytes, after which the scanner is placed; otherwise null. */
  #unchanged(scanner: Scanner, item: number): T | null {
    const { bytes } = scanner;
    const key = keyOf(bytes, scanner.at);
    const known = this.#known.get(key) ?? this.#knownBefore.get(key);
    if (known === undefined || item + known.length > bytes.length) return null;
    if (digestOf(bytes, item, item + known.length) !== known.digest) return null;
    this.#known.set(key, known);
    scanner.at = item + known.length;
    return known.value;
  }

  #readItem(scanner: Scanner, item: number, raw: unknown[]): T {
    const key = keyOf(scanner.bytes, scanner.at);
    const object = scanner.object(this.#fields);
    const value = this.#make(object);
    raw.push(object);
    const digest = digestOf(scanner.bytes, item, scanner.at);
    if (key !== '') this.#known.set(key, { length: scanner.at - item, digest, value });
    return value;
  }
}

/** The text of the first element after `at`, used only to find the earlier item; `""` without one. */
function keyOf(bytes: Buffer, at: number): string {
  const from = bytes.indexOf(GREATER, at) + 1;
  const to = bytes.indexOf(LESS, from);
  return from > 0 && to - from <= LONGEST_KEY ? bytes.toString('latin1', from, to) : '';
}

const digestOf = (bytes: Buffer, from: number, to: number): string =>
  hash('sha256', bytes.subarray(from, to), 'base64');
