/**
 * Shapes: the record types once more, as data. One shape gives the fixed key order of files, the guard of decoding, and the
 * columns of the wire. The compiler holds shapes and record types together: a field that is missing here is an error.
 */

export type Shape =
  | { readonly kind: 'text' | 'number' | 'boolean' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'nullable' | 'list' | 'map'; readonly of: Shape }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: readonly (readonly [name: string, shape: Shape])[];
  /** Values of fields that a file may leave out: those that came after the first files of this schema. */
  readonly missing: Readonly<Record<string, unknown>>;
}

declare const type: unique symbol;
/** A shape that describes exactly the values of T. */
export type ShapeOf<T> = Shape & { readonly [type]?: (value: T) => T };

export const text: ShapeOf<string> = { kind: 'text' };
export const number: ShapeOf<number> = { kind: 'number' };
export const boolean: ShapeOf<boolean> = { kind: 'boolean' };

export const word = <const W extends string>(words: readonly W[]): ShapeOf<W> => ({ kind: 'word', words });
export const nullable = <T>(of: ShapeOf<T>): ShapeOf<T | null> => ({ kind: 'nullable', of });
export const list = <T>(of: ShapeOf<T>): ShapeOf<readonly T[]> => ({ kind: 'list', of });
export const map = <T>(of: ShapeOf<T>): ShapeOf<Readonly<Record<string, T>>> => ({ kind: 'map', of });

/** Fields in file order. `missing` gives values for fields that may be absent though their shape has no empty value. */
export const object = <T>(
  fields: { readonly [K in keyof T]-?: ShapeOf<T[K]> },
  missing: Partial<T> = {},
): ObjectShape & ShapeOf<T> => ({ kind: 'object', fields: Object.entries<Shape>(fields), missing });

/** A value that does not fit its shape; `message` says where and how, in one line. */
export class Misfit extends Error {}

/** Guards foreign data: the value in its shape, unknown fields dropped. Throws a `Misfit`. */
export function readShape(shape: Shape, value: unknown, at: string): unknown {
  switch (shape.kind) {
    case 'text':
    case 'number':
    case 'boolean': {
      const wanted = shape.kind === 'text' ? 'string' : shape.kind;
      if (typeof value !== wanted) throw misfit(at, value, shape.kind);
      return value;
    }
    case 'word':
      if (typeof value !== 'string' || !shape.words.includes(value)) {
        throw misfit(at, value, `one of ${shape.words.join(', ')}`);
      }
      return value;
    case 'nullable':
      return value === null || value === undefined ? null : readShape(shape.of, value, at);
    case 'list':
      if (value === undefined) return [];
      if (!Array.isArray(value)) throw misfit(at, value, 'a list');
      return value.map((item, index) => readShape(shape.of, item, `${at}[${index}]`));
    case 'map': {
      if (value === undefined) return {};
      if (!isObject(value)) throw misfit(at, value, 'an object');
      return Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, readShape(shape.of, one, `${at}[${JSON.stringify(key)}]`)]),
      );
    }
    case 'object': {
      if (!isObject(value)) throw misfit(at, value, 'an object');
      const result: Record<string, unknown> = {};
      for (const [name, field] of shape.fields) {
        const given = Object.hasOwn(value, name) ? value[name] : undefined;
        result[name] = readShape(field, given === undefined ? shape.missing[name] : given, `${at}.${name}`);
      }
      return result;
    }
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function misfit(at: string, value: unknown, wanted: string): Misfit {
  if (value === undefined) return new Misfit(`${at} is missing`);
  const shown = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return new Misfit(`${at} is ${shown.length > 60 ? `${shown.slice(0, 57)}…` : shown}, not ${wanted}`);
}

/** The value with its keys in file order: fields as the shape lists them, a map's keys by code unit. */
export function inFileOrder(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'text':
    case 'number':
    case 'boolean':
    case 'word':
      return value;
    case 'nullable':
      return value === null ? null : inFileOrder(shape.of, value);
    case 'list':
      return (value as readonly unknown[]).map((item) => inFileOrder(shape.of, item));
    case 'map': {
      const source = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        Object.keys(source)
          .toSorted()
          .map((key) => [key, inFileOrder(shape.of, source[key])]),
      );
    }
    case 'object': {
      const source = value as Readonly<Record<string, unknown>>;
      const result: Record<string, unknown> = {};
      for (const [name, field] of shape.fields) result[name] = inFileOrder(field, source[name]);
      return result;
    }
  }
}

/** What a field says that is not there: null, nothing, no text. Undefined where no value means that. */
export function emptyOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'nullable':
      return null;
    case 'list':
      return [];
    case 'map':
      return {};
    default:
      return undefined;
  }
}
