/**
 * Declares the elements of an answer to read, with the AWS SDK's names, so that its normalisers apply. All others are
 * skipped.
 */

/** How the SDK returns an element's text: unchanged, as a boolean, as a number, or as a Date. */
export type Leaf = 'text' | 'flag' | 'number' | 'time';

/** An object with these members; `[shape]` is a list of `<item>`s. */
export type Member = readonly [name: string, content: Leaf | Shape | readonly [Shape]];

/** By element name; ASCII. */
export interface Shape {
  readonly [element: string]: Member;
}

/** A member in the form used by the scanner. */
export interface Field {
  /** The element's name as bytes. */
  readonly element: Uint8Array;
  readonly name: string;
  /** Null for an object or a list. */
  readonly leaf: Leaf | null;
  /** The members of the object, or of each item of the list. */
  readonly fields: Fields;
  readonly isList: boolean;
}

/** Fields by the length and the first byte of their element's name. */
export type Fields = ReadonlyMap<number, readonly Field[]>;

const NO_FIELDS: Fields = new Map();
/** The key of `Fields` for an element name. */
export const hintOf = (length: number, firstByte: number): number => length * 256 + firstByte;

/** Compiles a shape to byte comparisons. */
export function fieldsOf(shape: Shape): Fields {
  const fields = new Map<number, Field[]>();
  for (const [element, [name, content]] of Object.entries(shape)) {
    const bytes = new TextEncoder().encode(element);
    const hint = hintOf(bytes.length, bytes[0] ?? 0);
    fields.set(hint, [...(fields.get(hint) ?? []), { element: bytes, name, ...contentOf(content) }]);
  }
  return fields;
}

function contentOf(content: Member[1]): Pick<Field, 'leaf' | 'fields' | 'isList'> {
  if (typeof content === 'string') return { leaf: content, fields: NO_FIELDS, isList: false };
  return isList(content)
    ? { leaf: null, fields: fieldsOf(content[0]), isList: true }
    : { leaf: null, fields: fieldsOf(content), isList: false };
}

const isList = (content: Shape | readonly [Shape]): content is readonly [Shape] => Array.isArray(content);
