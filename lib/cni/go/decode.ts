/**
 * Go's way of filling a struct from JSON: keys match whatever their case, `null` leaves a field at zero, unknown keys
 * are ignored, a value of the wrong type is an error that names the field; the first such error is the answer, unless
 * a text unmarshaler (an address) fails, which ends the reading.
 */
import { goParseIp } from './net';
import { parseGoJson } from './json';

/** Where in the target a value goes; for messages. */
interface Place {
  /** The innermost struct. */
  readonly struct: string;
  readonly key: string;
  readonly outer: Place | null;
}

const pathOf = (place: Place): string => (place.outer === null ? '' : `${pathOf(place.outer)}.`) + place.key;

export interface Issues {
  /** The first value of a wrong type. */
  type: string | null;
  /** The first text that an unmarshaler refused; wins over `type`. */
  text: string | null;
}

export interface Decoder<T> {
  /** Go's name of the type. */
  readonly type: string;
  readonly zero: () => T;
  readonly read: (value: unknown, place: Place | null, issues: Issues) => T;
}

export type Decoded<D> = D extends Decoder<infer T> ? T : never;

export const kindOfJson = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mismatch(what: string, type: string, place: Place | null, issues: Issues): void {
  const target = place === null ? 'Go value' : `Go struct field ${place.struct}.${pathOf(place)}`;
  issues.type ??= `json: cannot unmarshal ${what} into ${target} of type ${type}`;
}

export const goString: Decoder<string> = {
  type: 'string',
  zero: () => '',
  read: (value, place, issues) => {
    if (typeof value === 'string') return value;
    if (value !== null) mismatch(kindOfJson(value), 'string', place, issues);
    return '';
  },
};

export const goBool: Decoder<boolean> = {
  type: 'bool',
  zero: () => false,
  read: (value, place, issues) => {
    if (typeof value === 'boolean') return value;
    if (value !== null) mismatch(kindOfJson(value), 'bool', place, issues);
    return false;
  },
};

export const goInt: Decoder<number> = {
  type: 'int',
  zero: () => 0,
  read: (value, place, issues) => {
    if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63) return value;
    if (value !== null)
      mismatch(typeof value === 'number' ? `number ${value}` : kindOfJson(value), 'int', place, issues);
    return 0;
  },
};

/** `net.IP`: canonical text, or null where Go holds a nil address (`null` or `""`). */
export const goIp: Decoder<string | null> = {
  type: 'net.IP',
  zero: () => null,
  read: (value, place, issues) => {
    if (value === null || value === '') return null;
    if (typeof value !== 'string') {
      mismatch(kindOfJson(value), 'net.IP', place, issues);
      return null;
    }
    const ip = goParseIp(value);
    if (ip === null) issues.text ??= `invalid IP address: ${value}`;
    return ip;
  },
};

/** `map[string]interface {}` behind a pointer: null when absent. */
export const goMap: Decoder<Readonly<Record<string, unknown>> | null> = {
  type: 'map[string]interface {}',
  zero: () => null,
  read: (value, place, issues) => {
    if (isObject(value)) return value;
    if (value !== null) mismatch(kindOfJson(value), 'map[string]interface {}', place, issues);
    return null;
  },
};

/** `[]T`, or `[]*T` where a `null` element stays a nil pointer: null for it. A nil list is null. */
export function goList<T>(
  of: Decoder<T>,
  element: 'value' | 'pointer' = 'value',
): Decoder<readonly (T | null)[] | null> {
  const type = `[]${element === 'pointer' ? '*' : ''}${of.type}`;
  return {
    type,
    zero: () => null,
    read: (value, place, issues) => {
      if (Array.isArray(value)) {
        return value.map((item: unknown) =>
          item === null ? (element === 'pointer' ? null : of.zero()) : of.read(item, place, issues),
        );
      }
      if (value !== null) mismatch(kindOfJson(value), type, place, issues);
      return null;
    },
  };
}

type Fields = Readonly<Record<string, Decoder<unknown>>>;
type StructOf<F extends Fields> = { readonly [K in keyof F]: Decoded<F[K]> };

/** A struct by its Go name and its fields by their JSON keys. */
export function goStruct<F extends Fields>(packageName: string, name: string, fields: F): Decoder<StructOf<F>> {
  const list = Object.entries(fields).map(([key, decoder]) => ({ key, decoder }));
  const byKey = new Map(list.map((field) => [field.key, field]));
  const folded = new Map(list.map((field) => [field.key.toLowerCase(), field]));
  const blank = (): Record<string, unknown> => {
    const out: Record<string, unknown> = {};
    for (const { key, decoder } of list) out[key] = decoder.zero();
    return out;
  };
  return {
    type: `${packageName}.${name}`,
    zero: () => blank() as StructOf<F>,
    read: (value, place, issues) => {
      const out = blank();
      if (!isObject(value)) {
        if (value !== null) mismatch(kindOfJson(value), `${packageName}.${name}`, place, issues);
        return out as StructOf<F>;
      }
      for (const written of Object.keys(value)) {
        const item = value[written];
        if (item === null || written.length > 64) continue;
        const field = byKey.get(written) ?? folded.get(written.toLowerCase());
        if (field !== undefined) {
          out[field.key] = field.decoder.read(item, { struct: name, key: field.key, outer: place }, issues);
        }
      }
      return out as StructOf<F>;
    },
  };
}

/** `json.Unmarshal`: the value, or Go's message. */
export function unmarshalGo<T>(text: string, decoder: Decoder<T>): { readonly value: T } | { readonly error: string } {
  const json = parseGoJson(text);
  if ('error' in json) return json;
  return decodeGo(json.value, decoder);
}

export function decodeGo<T>(json: unknown, decoder: Decoder<T>): { readonly value: T } | { readonly error: string } {
  const issues: Issues = { type: null, text: null };
  const value = decoder.read(json, null, issues);
  const error = issues.text ?? issues.type;
  return error === null ? { value } : { error };
}
