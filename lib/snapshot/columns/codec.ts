/**
 * Encodes values of any shape as columns, and back: an object as one column per field, by position; a list as lengths
 * and one column of all elements; a map as key sets and one column per key; a nullable as positions and one column of
 * the values present.
 *
 * Both sides must use the same shapes, which the sender identifies by their `fingerprint`.
 */
import type { ObjectShape, Shape } from '../../model/schema/shape';
import { blankOf, type Fields } from './fields';
import { decodeBits, decodeNumbers, decodeTexts, encodeBits, encodeNumbers, encodeTexts } from './scalars';
import type { Bits, Numbers, Texts } from './scalars';
import { decodeShared, encodeShared } from './shared';
import type { SharedTexts, SharedWords } from './shared';
import { keptFor, remembered } from '../../model/remembered';

/** A column's content depends on its shape; JSON-safe. 0 when all values are null, or all are empty. */
export type Column = unknown;

const EMPTY = 0;

/** Encodes one column. `words` is the list of shared texts; without it, they are encoded like other texts. */
export function encodeColumn(shape: Shape, values: readonly unknown[], words: SharedWords | null = null): Column {
  switch (shape.kind) {
    case 'text':
      if (words !== null && shape.shared === true) return encodeShared(values as readonly string[], words);
      return encodeTexts(values as readonly string[]);
    case 'word':
      return encodeWords(shape.words, values as readonly string[]);
    case 'number':
      return encodeNumbers(values as readonly number[]);
    case 'boolean':
      return encodeBits(values as readonly boolean[]);
    case 'nullable': {
      if (!values.includes(null)) return [1, encodeColumn(shape.of, values, words)];
      const there = values.filter((value) => value !== null);
      if (there.length === 0) return EMPTY;
      return [encodeBits(values.map((value) => value !== null)), encodeColumn(shape.of, there, words)];
    }
    case 'list': {
      const lists = values as readonly (readonly unknown[])[];
      const all: unknown[] = [];
      for (const one of lists) for (const item of one) all.push(item);
      if (all.length === 0) return EMPTY;
      return [encodeNumbers(lists.map((one) => one.length)), encodeColumn(shape.of, all, words), all.length];
    }
    case 'map':
      return encodeMaps(shape.of, values as readonly Readonly<Fields>[], words);
    case 'object':
      return shape.fields.map(([name, field]) =>
        encodeColumn(
          field,
          (values as readonly Readonly<Fields>[]).map((one) => one[name]),
          words,
        ),
      );
  }
}

/** Encodes words by position in the vocabulary. An unknown word (from a newer ifscope) is sent as text. */
function encodeWords(vocabulary: readonly string[], values: readonly string[]): Column {
  const places = values.map((value) => vocabulary.indexOf(value));
  return places.includes(-1) ? [encodeTexts(values)] : encodeNumbers(places);
}

function encodeMaps(of: Shape, values: readonly Readonly<Fields>[], words: SharedWords | null): Column {
  const byKey = new Map<string, unknown[]>();
  const keySets = values.map((one) => {
    const keys = Object.keys(one).toSorted();
    for (const key of keys) keptFor(byKey, key, () => []).push(one[key]);
    return keys.length === 0 ? '' : JSON.stringify(keys);
  });
  if (byKey.size === 0) return EMPTY;
  const columns = [...byKey].map(([key, column]) => [key, column.length, encodeColumn(of, column, words)]);
  return [encodeTexts(keySets), columns];
}

/** The inverse of `encodeColumn`. Throws on invalid columns. */
export function decodeColumn(shape: Shape, column: Column, rows: number, words: readonly string[] = []): unknown[] {
  if (rows === 0) return [];
  switch (shape.kind) {
    case 'text':
      if (Array.isArray(column)) return decodeShared(column as unknown as SharedTexts, rows, words);
      return decodeTexts(column as Texts, rows);
    case 'word':
      if (Array.isArray(column)) return decodeTexts(column[0] as Texts, rows);
      return decodeNumbers(column as Numbers, rows).map((place) => shape.words[place]);
    case 'number':
      return decodeNumbers(column as Numbers, rows);
    case 'boolean':
      return decodeBits(column as Bits, rows);
    case 'nullable': {
      if (column === EMPTY) return new Array<null>(rows).fill(null);
      const [places, inner] = column as readonly [Bits, Column];
      if (places === 1) return decodeColumn(shape.of, inner, rows, words);
      const there = decodeBits(places, rows);
      const count = there.reduce((sum, one) => sum + (one ? 1 : 0), 0);
      const values = decodeColumn(shape.of, inner, count, words);
      let next = 0;
      return there.map((one) => (one ? values[next++] : null));
    }
    case 'list': {
      if (column === EMPTY) return Array.from({ length: rows }, () => []);
      const [lengths, inner, total] = column as readonly [Numbers, Column, number];
      const values = decodeColumn(shape.of, inner, total, words);
      let start = 0;
      return decodeNumbers(lengths, rows).map((length) => values.slice(start, (start += length)));
    }
    case 'map':
      return decodeMaps(shape.of, column, rows, words);
    case 'object': {
      const columns = column as readonly Column[];
      const fields = shape.fields.map(
        ([name, field], place) => [name, decodeColumn(field, columns[place], rows, words)] as const,
      );
      const blank = blankOf(shape);
      return Array.from({ length: rows }, (_, row) => {
        const one = { ...blank };
        for (const [name, values] of fields) one[name] = values[row];
        return one;
      });
    }
  }
}

/** Decodes one field of a column of objects, without creating the objects. */
export function decodeField(
  { fields }: ObjectShape,
  column: Column,
  name: string,
  rows: number,
  words: readonly string[],
): unknown[] {
  const place = fields.findIndex(([field]) => field === name);
  const shape = fields[place]?.[1];
  if (shape === undefined) throw new Error(`the rows have no ${name}`);
  return decodeColumn(shape, (column as readonly Column[])[place], rows, words);
}

/** Decodes one field of all elements of a field that is a list of objects, in order. */
export function decodeElements(
  { fields }: ObjectShape,
  column: Column,
  [list, name]: readonly [list: string, name: string],
  words: readonly string[],
): unknown[] {
  const place = fields.findIndex(([field]) => field === list);
  const shape = fields[place]?.[1];
  if (shape?.kind !== 'list' || shape.of.kind !== 'object') throw new Error(`${list} is not a list of objects`);
  const lists = (column as readonly Column[])[place];
  if (lists === EMPTY) return [];
  const [, elements, count] = lists as readonly [Numbers, Column, number];
  return decodeField(shape.of, elements, name, count, words);
}

function decodeMaps(of: Shape, column: Column, rows: number, words: readonly string[]): unknown[] {
  if (column === EMPTY) return Array.from({ length: rows }, () => ({}));
  const [keySets, columns] = column as readonly [Texts, readonly (readonly [string, number, Column])[]];
  const byKey = new Map(
    columns.map(([key, count, inner]) => [key, decodeColumn(of, inner, count, words)[Symbol.iterator]()]),
  );
  const keysOf = remembered((keySet: string) => (keySet === '' ? [] : (JSON.parse(keySet) as readonly string[])));
  return decodeTexts(keySets, rows).map((keySet) =>
    Object.fromEntries(keysOf(keySet).map((key) => [key, byKey.get(key)?.next().value])),
  );
}

/** A hash of the shapes (FNV-1a), so that columns are never decoded with other shapes. */
export function fingerprint(shapes: readonly Shape[]): string {
  const said = JSON.stringify(shapes);
  let hash = 0x811c9dc5;
  for (let i = 0; i < said.length; i++) hash = Math.imul(hash ^ said.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
