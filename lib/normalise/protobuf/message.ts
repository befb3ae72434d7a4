/**
 * Decodes protobuf messages into objects of the same shape as their JSON form, so that one normaliser per kind reads both.
 * Only the fields of a `Message` are decoded; all others are skipped by their length.
 *
 * Protobuf includes values that JSON omits: `""`, `0` and unset times. They are dropped here as well, except in maps and
 * lists, where they are values.
 */
import { microTime, time } from './time';
import { BYTES, VARINT, type Wire } from './wire';

/** A decoded message, with the field names of its JSON form. */
export type Decoded = Record<string, unknown>;

type Scalar = 'text' | 'ownText' | 'integer' | 'flag' | 'time' | 'microTime' | 'quantity';

/**
 * How a field is read. `ownText`: a text that is specific to one object. Maps have text keys: from an `extendedMap`, only
 * extended resources (with a domain) are read; from an `annotationMap`, all but kubectl's. `when` receives the fields that
 * precede this one; the API server writes fields in the order of their numbers. `keep`: which of many are kept.
 */
type Shape =
  | Scalar
  | 'texts'
  | 'textMap'
  | 'annotationMap'
  | 'quantityMap'
  | 'extendedMap'
  | { readonly one: Message }
  | {
      readonly many: Message;
      readonly when?: (soFar: Decoded) => boolean;
      readonly keep?: (one: Decoded) => boolean;
    };

interface Field {
  readonly name: string;
  readonly wireType: number;
  readonly read: (wire: Wire, into: Decoded, name: string) => void;
}

/** The fields to decode of a message, by number. */
export interface Message {
  readonly fields: readonly (Field | undefined)[];
}

/** Declares a message by its fields: name, number in `generated.proto`, shape. */
export function message(...fields: readonly (readonly [name: string, number: number, shape: Shape])[]): Message {
  const table: (Field | undefined)[] = [];
  for (const [name, number, shape] of fields) {
    while (table.length <= number) table.push(undefined);
    table[number] = { name, wireType: shape === 'integer' || shape === 'flag' ? VARINT : BYTES, read: readerOf(shape) };
  }
  return { fields: table };
}

/** Decodes a message up to `wire.end`. Throws `WireError` for malformed bytes. */
export function decode(wire: Wire, { fields }: Message): Decoded {
  const result: Decoded = {};
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    const field = fields[tag >>> 3];
    // A field whose type has changed reads as absent.
    if (field?.wireType === (tag & 7)) field.read(wire, result, field.name);
    else wire.skip(tag & 7);
  }
  return result;
}

/** Reads the next length-prefixed message. */
function nested<T>(wire: Wire, read: (wire: Wire) => T): T {
  const length = wire.length();
  const { end } = wire;
  wire.end = wire.at + length;
  const result = read(wire);
  wire.end = end;
  return result;
}

function readerOf(shape: Shape): Field['read'] {
  if (typeof shape !== 'object') return READERS[shape];
  if ('one' in shape) {
    const { one } = shape;
    const read = (wire: Wire): Decoded => decode(wire, one);
    return (wire, into, name) => {
      into[name] = nested(wire, read);
    };
  }
  const { many, when, keep } = shape;
  const read = (wire: Wire): Decoded => decode(wire, many);
  return (wire, into, name) => {
    if (when?.(into) === false) {
      wire.skip(BYTES);
      return;
    }
    const one = nested(wire, read);
    if (keep?.(one) !== false) push(into, name, one);
  };
}

const READERS: Readonly<Record<Extract<Shape, string>, Field['read']>> = {
  text: (wire, into, name) => {
    const text = wire.text();
    if (text !== '') into[name] = text;
  },
  ownText: (wire, into, name) => {
    const text = wire.ownText();
    if (text !== '') into[name] = text;
  },
  integer: (wire, into, name) => {
    const value = wire.varint64();
    if (value !== 0) into[name] = value;
  },
  flag: (wire, into, name) => {
    into[name] = wire.varint32() !== 0;
  },
  time: (wire, into, name) => {
    const value = nested(wire, time);
    if (value !== null) into[name] = value;
  },
  microTime: (wire, into, name) => {
    const value = nested(wire, microTime);
    if (value !== null) into[name] = value;
  },
  quantity: (wire, into, name) => {
    into[name] = nested(wire, quantity);
  },
  texts: (wire, into, name) => {
    push(into, name, wire.text());
  },
  textMap: (wire, into, name) => readEntry(wire, into, name, readText, isAny),
  annotationMap: (wire, into, name) => readEntry(wire, into, name, readText, isRead),
  quantityMap: (wire, into, name) => readEntry(wire, into, name, readQuantity, isAny),
  extendedMap: (wire, into, name) => readEntry(wire, into, name, readQuantity, isExtended),
};

function push(into: Decoded, name: string, value: unknown): void {
  const list = into[name];
  if (Array.isArray(list)) list.push(value);
  else into[name] = [value];
}

const readText = (wire: Wire): string => wire.text();
const readQuantity = (wire: Wire): string => nested(wire, quantity);
const isExtended = (resource: string): boolean => resource.includes('/');
const isAny = (): boolean => true;
/** kubectl's annotation repeats the whole object. */
const isRead = (annotation: string): boolean => annotation !== 'kubectl.kubernetes.io/last-applied-configuration';

/** A map is a list of entries: key 1, value 2; either may be absent. Without a kept key, the value is not read. */
function readEntry(
  wire: Wire,
  into: Decoded,
  name: string,
  read: (wire: Wire) => string,
  keep: (key: string) => boolean,
): void {
  const length = wire.length();
  const { end } = wire;
  wire.end = wire.at + length;
  let key = '';
  let value = '';
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    if (tag === KEY) key = wire.text();
    else if (tag === VALUE && (key === '' || keep(key))) value = read(wire);
    else wire.skip(tag & 7);
  }
  wire.end = end;
  if (!keep(key)) return;
  const map = (into[name] ??= {}) as Record<string, string>;
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
}

const KEY = (1 << 3) | BYTES;
const VALUE = (2 << 3) | BYTES;

/** `Quantity { string = 1 }`. */
function quantity(wire: Wire): string {
  let text = '';
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    if (tag === KEY) text = wire.text();
    else wire.skip(tag & 7);
  }
  return text;
}
