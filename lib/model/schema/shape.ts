/**
 * The schema language for records. A shape describes a JSON value as data. From it are derived its TypeScript type
 * (`ValueOf`), the guard and key order of snapshot files (`lib/snapshot/guard`), the columns that the browser fetches
 * (`lib/snapshot/columns`) and, with the doc comment of every field, `docs/schema/topology-v1.json` (`e2e/schema`).
 */

interface Common {
  /** The field's value in files that are older than the field and lack it. */
  readonly absent?: unknown;
}

/** The description of a JSON value. A closed union: readers switch over `kind`. */
export type Shape =
  | (Common & {
      readonly kind: 'text';
      readonly format?: 'date-time';
      /** For the wire form only: such texts repeat on many nodes and are stored in a list shared by the chunks of a keyframe. */
      readonly shared?: true;
    })
  | (Common & { readonly kind: 'number'; readonly among?: readonly number[] })
  | (Common & { readonly kind: 'boolean' })
  | (Common & { readonly kind: 'word'; readonly words: readonly string[] })
  | (Common & { readonly kind: 'nullable' | 'list' | 'map'; readonly of: Shape })
  | ObjectShape;

/** An object with exactly these fields. */
export interface ObjectShape extends Common {
  readonly kind: 'object';
  /** In file order. */
  readonly fields: readonly (readonly [name: string, shape: Shape])[];
}

declare const value: unique symbol;
/** Carries the type of a shape's values. The property does not exist at run time. */
interface Of<T> {
  readonly [value]?: T;
}
/** A shape whose values have the type `T`. */
export type ShapeOf<T> = Shape & Of<T>;
/** The type of a shape's values. */
export type ValueOf<S> = S extends Of<infer T> ? T : never;

type Fields = Readonly<Record<string, ShapeOf<unknown>>>;
/** The type of an object with these fields. Its fields keep their doc comments. */
export type ObjectOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** RFC 3339, UTC. */
export type Timestamp = string;

/** Any text. */
export const text: ShapeOf<string> = { kind: 'text' };
/** Any finite number. */
export const number: ShapeOf<number> = { kind: 'number' };
/** True or false. */
export const boolean: ShapeOf<boolean> = { kind: 'boolean' };
/** A point in time as RFC 3339 in UTC. */
export const time: ShapeOf<Timestamp> = { kind: 'text', format: 'date-time' };

/** One of a closed list of words. */
export const word = <const W extends string>(words: readonly W[]): ShapeOf<W> => ({ kind: 'word', words });
/** One of a closed list of numbers. */
export const numberAmong = <const N extends number>(among: readonly N[]): ShapeOf<N> => ({ kind: 'number', among });
/** A value of the shape, or null. */
export const nullable = <T>(of: ShapeOf<T>): ShapeOf<T | null> => ({ kind: 'nullable', of });
/** A list of values of one shape. */
export const list = <T>(of: ShapeOf<T>): ShapeOf<readonly T[]> => ({ kind: 'list', of });
/** An object with arbitrary keys and values of one shape. */
export const map = <T>(of: ShapeOf<T>): ShapeOf<Readonly<Record<string, T>>> => ({ kind: 'map', of });
/** An object with exactly these fields, in file order. */
export const object = <const F extends Fields>(fields: F): ObjectShape & Of<ObjectOf<F>> => ({
  kind: 'object',
  fields: Object.entries<Shape>(fields),
});

/** The shape of a record in another form: `fields` first, then the record's own fields except those in `without`. */
export const reshaped = <R, const W extends keyof R & string, const F extends Fields>(
  of: ObjectShape & Of<R>,
  without: readonly W[],
  fields: F,
): ObjectShape & Of<ObjectOf<F> & Omit<R, W | keyof F>> => ({
  kind: 'object',
  fields: [
    ...Object.entries<Shape>(fields),
    ...of.fields.filter(([name]) => !(name in fields) && !without.some((one) => one === name)),
  ],
});

/** Marks a field that older files lack: `absent` is its value there. */
export const added = <T>(of: ShapeOf<T>, absent: T): ShapeOf<T> => ({ ...of, absent });

/** The value of an absent field; undefined if the field is required. */
export function absentValueOf(shape: Shape): unknown {
  if (shape.absent !== undefined) return shape.absent;
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

/**
 * A field of a record, or `FIELD.INNER` within an object or a list of objects, whose value is a text, a text or null,
 * or a list of texts.
 */
type IndexPath<R> = {
  [K in keyof R & string]: R[K] extends string | null | readonly string[]
    ? K
    : R[K] extends readonly (infer Entry)[]
      ? `${K}.${keyof Entry & string}`
      : R[K] extends object | null
        ? `${K}.${keyof NonNullable<R[K]> & string}`
        : never;
}[keyof R & string];

/** Names of lists of objects, each with the field that identifies an entry. */
type KeyedLists<R> = {
  readonly [K in keyof R as R[K] extends readonly object[] ? K : never]?: R[K] extends readonly (infer Entry)[]
    ? keyof Entry & string
    : never;
};

interface RecordOptions<R> {
  readonly indexes?: Readonly<Record<string, IndexPath<R>>>;
  readonly keyed?: KeyedLists<R>;
}

/** The shape of a table's records, with the indexes and keyed lists declared on it. */
export interface RecordShape<R, O extends RecordOptions<R> = RecordOptions<R>> extends ObjectShape, Of<R> {
  /** Index name → the field whose texts are its keys; the index maps such a text to record ids. */
  readonly indexes: O extends { readonly indexes: infer I } ? I : object;
  /** Lists whose entries are sent individually in deltas, with the field that keys and sorts them. All other lists are sent whole. */
  readonly keyed: O extends { readonly keyed: infer K } ? K : object;
}

/** Declares a record of a table. Its key is always `id`. */
export const record = <
  const F extends Fields & { readonly id: ShapeOf<string> },
  const O extends RecordOptions<ObjectOf<F>> = object,
>(
  fields: F,
  options?: O,
): RecordShape<ObjectOf<F>, O> =>
  ({ ...object(fields), indexes: options?.indexes ?? {}, keyed: options?.keyed ?? {} }) as RecordShape<ObjectOf<F>, O>;
