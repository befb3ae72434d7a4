/**
 * How Go fills a struct from JSON, key by key in document order. Keys are case-insensitive. A repeated key decodes into the
 * result of the first one: objects merge, and `null` in a repeated list keeps the existing element. `null` clears a
 * pointer, list or map and changes nothing else. Unknown keys are skipped. The first value of the wrong type is the error,
 * unless a text unmarshaler (an address) fails, which stops decoding.
 */
import { isObject } from '../../model/is-object';
import { goParseIp } from './net';
import { GoNumber, GoObject, parseGoTree } from './json';

/** The place of a value in the target, for messages. */
interface Place {
  /** The innermost struct. */
  readonly struct: string;
  readonly key: string;
  readonly outer: Place | null;
}

const pathOf = (place: Place): string => (place.outer === null ? '' : `${pathOf(place.outer)}.`) + place.key;

/** The state of one decoding. */
export interface Reading {
  /** Message for the first value of the wrong type. */
  type: string | null;
  /** Message for the first text that an unmarshaler rejected; takes precedence over `type`. */
  text: string | null;
  /** Backing array of a list that was decoded into again, including elements beyond its end. Modified in place. */
  readonly memory: Map<readonly unknown[], unknown[]>;
  /** Maps that this decoding created and may modify. */
  readonly maps: Set<Readonly<Record<string, unknown>>>;
}

/** How Go decodes a value of one type. Mistakes are noted in the `Reading`; nothing throws. */
export interface Decoder<T> {
  /** Go's name of the type. */
  readonly type: string;
  readonly zero: () => T;
  /** @param node a value of the tree or plain data @param current the target's present value */
  read(node: unknown, place: Place | null, reading: Reading, current: T): T;
}

export type Decoded<D> = D extends Decoder<infer T> ? T : never;

/** The kind of a JSON value in Go's messages: `null`, `number`, `array`, `bool`, `string`, `object`. */
export const kindOfJson = (value: unknown): string => {
  if (value === null) return 'null';
  if (value instanceof GoNumber) return 'number';
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
};

/** The kind with its article: `an object`. */
export const kindInWords = (value: unknown): string => {
  const kind = kindOfJson(value);
  return kind === 'null' ? kind : `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
};

/** Go's case folding of keys, which folds the long s and the Kelvin sign onto ASCII letters (`unicode.SimpleFold`). */
export const foldKey = (key: string): string => key.toLowerCase().replaceAll('ſ', 's');

/**
 * Keys and values of an object: in document order for the tree, sorted for plain data, as Go encodes a map. Null for
 * anything else.
 */
export function entriesOf(
  node: unknown,
): { readonly keys: readonly string[]; readonly values: readonly unknown[] } | null {
  if (node instanceof GoObject) return node;
  // `isObject` is true for `GoObject` and `GoNumber`, too.
  if (!isObject(node) || node instanceof GoNumber) return null;
  const keys = Object.keys(node).sort();
  return { keys, values: keys.map((key) => node[key]) };
}

/** Notes Go's message for a value of the wrong type, unless an earlier message is noted. */
export function mismatch(what: string, type: string, place: Place | null, reading: Reading): void {
  const target = place === null ? 'Go value' : `Go struct field ${place.struct}.${pathOf(place)}`;
  reading.type ??= `json: cannot unmarshal ${what} into ${target} of type ${type}`;
}

/** A type whose JSON values are its own; `null` leaves the current value. */
const scalar = <T>(type: string, zero: T): Decoder<T> => ({
  type,
  zero: () => zero,
  read: (node, place, reading, current) => {
    if (typeof node === typeof zero) return node as T;
    if (node !== null) mismatch(kindOfJson(node), type, place, reading);
    return current;
  },
});

/** `string`. */
export const goString = scalar<string>('string', '');

/** `bool`. */
export const goBool = scalar<boolean>('bool', false);

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** A 64-bit integer; rounded beyond 2^53. */
export const goInt: Decoder<number> = {
  type: 'int',
  zero: () => 0,
  read: (node, place, reading, current) => {
    if (node === null) return current;
    const text = node instanceof GoNumber ? node.text : typeof node === 'number' ? String(node) : null;
    if (text === null) {
      mismatch(kindOfJson(node), 'int', place, reading);
      return current;
    }
    if (/^-?\d+$/.test(text) && (text.length < 19 || isInt64(text))) return Number(text) + 0;
    mismatch(`number ${text}`, 'int', place, reading);
    return current;
  },
};

function isInt64(text: string): boolean {
  if (text.length > 20) return false;
  const value = BigInt(text);
  return value >= INT64.min && value <= INT64.max;
}

/** `net.IP`: canonical text; null for Go's nil address (`null` or `""`). */
export const goIp: Decoder<string | null> = {
  type: 'net.IP',
  zero: () => null,
  read: (node, place, reading, current) => {
    if (node === null || node === '') return null;
    if (typeof node !== 'string') {
      mismatch(kindOfJson(node), 'net.IP', place, reading);
      return current;
    }
    const ip = goParseIp(node);
    if (ip === null) reading.text ??= `invalid IP address: ${node}`;
    return ip;
  },
};

type Plain = Readonly<Record<string, unknown>>;

/** `map[string]interface {}`, whose numbers are float64; null when nil. */
export const goMap: Decoder<Plain | null> = {
  type: 'map[string]interface {}',
  zero: () => null,
  read: (node, place, reading, current) => {
    if (node === null) return null;
    if (entriesOf(node) === null) {
      mismatch(kindOfJson(node), 'map[string]interface {}', place, reading);
      return current;
    }
    if (!(node instanceof GoObject)) return node as Plain;
    const huge = firstHugeNumber(node);
    if (huge !== null) mismatch(`number ${huge}`, 'float64', place, reading);
    const map = node.plain();
    reading.maps.add(map);
    if (current === null) return map;
    // A thousand repeated keys must not copy the map a thousand times.
    const target = reading.maps.has(current) ? current : Object.fromEntries(Object.entries(current));
    reading.maps.delete(map);
    reading.maps.add(target);
    for (const [key, value] of Object.entries(map)) {
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    }
    return target;
  },
};

/** The first number in document order that overflows float64. */
function firstHugeNumber(root: GoObject): string | null {
  const rest: unknown[] = [root];
  while (rest.length > 0) {
    const node = rest.pop();
    if (node instanceof GoNumber) {
      if (!Number.isFinite(Number(node.text))) return node.text;
    } else if (node instanceof GoObject || Array.isArray(node)) {
      const children: readonly unknown[] = node instanceof GoObject ? node.values : (node as unknown[]);
      for (let i = children.length - 1; i >= 0; i--) rest.push(children[i]);
    }
  }
  return null;
}

/** `*T`: null when nil. */
export function goPointer<T>(to: Decoder<T>): Decoder<T | null> {
  return {
    type: `*${to.type}`,
    zero: () => null,
    read: (node, place, reading, current) =>
      node === null ? null : to.read(node, place, reading, current ?? to.zero()),
  };
}

/** `[]T`; null when nil. */
export function goList<T>(of: Decoder<T>): Decoder<readonly T[] | null> {
  const type = `[]${of.type}`;
  return {
    type,
    zero: () => null,
    read: (node, place, reading, current) => {
      if (node === null) return null;
      if (!Array.isArray(node)) {
        mismatch(kindOfJson(node), type, place, reading);
        return current;
      }
      const items: readonly unknown[] = node;
      // Only `[]` clears a list in Go. Otherwise decoding overwrites the backing array, and `null` keeps what is there,
      // even beyond the end of a list that was shorter in between.
      if (current === null || items.length === 0) return items.map((item) => of.read(item, place, reading, of.zero()));
      const memory = (reading.memory.get(current) ?? [...current]) as T[];
      reading.memory.delete(current);
      for (const [i, item] of items.entries()) {
        memory[i] = of.read(item, place, reading, i < memory.length ? (memory[i] as T) : of.zero());
      }
      const list = memory.slice(0, items.length);
      reading.memory.set(list, memory);
      return list;
    },
  };
}

type Fields = Readonly<Record<string, Decoder<unknown>>>;
type StructOf<F extends Fields> = { readonly [K in keyof F]: Decoded<F[K]> };

/** A struct of package `types` by its Go name, and its fields by their JSON keys. */
export function goStruct<F extends Fields>(name: string, fields: F): Decoder<StructOf<F>> {
  const list = Object.entries(fields).map(([key, decoder]) => ({ key, decoder }));
  const byKey = new Map(list.map((field) => [field.key, field]));
  const folded = new Map(list.map((field) => [foldKey(field.key), field]));
  const blank = (): Record<string, unknown> => {
    const out: Record<string, unknown> = {};
    for (const { key, decoder } of list) out[key] = decoder.zero();
    return out;
  };
  return {
    type: `types.${name}`,
    zero: () => blank() as StructOf<F>,
    read: (node, place, reading, current) => {
      if (node === null) return current;
      const entries = entriesOf(node);
      if (entries === null) {
        mismatch(kindOfJson(node), `types.${name}`, place, reading);
        return current;
      }
      const out: Record<string, unknown> = { ...current };
      for (const [i, written] of entries.keys.entries()) {
        if (written.length > 64) continue;
        const field = byKey.get(written) ?? folded.get(foldKey(written));
        if (field === undefined) continue;
        const at = { struct: name, key: field.key, outer: place };
        out[field.key] = field.decoder.read(entries.values[i], at, reading, out[field.key]);
      }
      return out as StructOf<F>;
    },
  };
}

/** `json.Unmarshal`: the value, or Go's message. */
export function unmarshalGo<T>(text: string, decoder: Decoder<T>): { readonly value: T } | { readonly error: string } {
  const tree = parseGoTree(text);
  return 'error' in tree ? tree : decodeGo(tree.value, decoder);
}

/** Like `unmarshalGo`, from a value of the tree or plain data. */
export function decodeGo<T>(node: unknown, decoder: Decoder<T>): { readonly value: T } | { readonly error: string } {
  const reading: Reading = { type: null, text: null, memory: new Map(), maps: new Set() };
  const value = decoder.read(node, null, reading, decoder.zero());
  const error = reading.text ?? reading.type;
  return error === null ? { value } : { error };
}
