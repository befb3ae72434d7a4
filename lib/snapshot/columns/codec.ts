/**
 * Values of any shape as columns, and back: an object's fields one column each, a list as lengths and one column of all
 * elements, a map as key sets and one column per key, a nullable as its places and one column of what is there.
 */
import { absentValueOf } from '../../model/schema/shape';
import type { Shape } from '../../model/schema/shape';
import { decodeBits, decodeNumbers, decodeTexts, encodeBits, encodeNumbers, encodeTexts } from './scalars';
import type { Bits, Numbers, Texts } from './scalars';

/** What a column is made of follows from its shape; JSON-safe. */
export type Column = unknown;

type Fields = Readonly<Record<string, unknown>>;

export function encodeColumn(shape: Shape, values: readonly unknown[]): Column {
  switch (shape.kind) {
    case 'text':
    case 'word':
      return encodeTexts(values as readonly string[]);
    case 'number':
      return encodeNumbers(values as readonly number[]);
    case 'boolean':
      return encodeBits(values as readonly boolean[]);
    case 'nullable': {
      if (!values.includes(null)) return [1, encodeColumn(shape.of, values)];
      const there = values.filter((value) => value !== null);
      if (there.length === 0) return [0];
      return [encodeBits(values.map((value) => value !== null)), encodeColumn(shape.of, there)];
    }
    case 'list': {
      const lists = values as readonly (readonly unknown[])[];
      const all: unknown[] = [];
      for (const one of lists) for (const item of one) all.push(item);
      const lengths = encodeNumbers(lists.map((one) => one.length));
      return all.length === 0 ? [lengths] : [lengths, encodeColumn(shape.of, all), all.length];
    }
    case 'map': {
      const byKey = new Map<string, unknown[]>();
      const keySets = (values as readonly Fields[]).map((one) => {
        const keys = Object.keys(one).toSorted();
        for (const key of keys) {
          const column = byKey.get(key);
          if (column === undefined) byKey.set(key, [one[key]]);
          else column.push(one[key]);
        }
        return JSON.stringify(keys);
      });
      const columns = [...byKey].map(([key, column]) => [key, column.length, encodeColumn(shape.of, column)]);
      return [encodeTexts(keySets), columns];
    }
    case 'object':
      return Object.fromEntries(
        shape.fields.map(([name, field]) => [
          name,
          encodeColumn(
            field,
            (values as readonly Fields[]).map((one) => one[name]),
          ),
        ]),
      );
  }
}

/** The inverse. A field without a column (the other side is older) has its empty value. Throws on what is no such column. */
export function decodeColumn(shape: Shape, column: Column, rows: number): unknown[] {
  if (rows === 0) return [];
  switch (shape.kind) {
    case 'text':
    case 'word':
      return decodeTexts(column as Texts, rows);
    case 'number':
      return decodeNumbers(column as Numbers, rows);
    case 'boolean':
      return decodeBits(column as Bits, rows);
    case 'nullable': {
      const [places, inner] = column as readonly [Bits, Column?];
      if (places === 0) return new Array<null>(rows).fill(null);
      if (places === 1) return decodeColumn(shape.of, inner, rows);
      const there = decodeBits(places, rows);
      const count = there.reduce((sum, one) => sum + (one ? 1 : 0), 0);
      const values = decodeColumn(shape.of, inner, count);
      let next = 0;
      return there.map((one) => (one ? values[next++] : null));
    }
    case 'list': {
      const [lengths, inner, total] = column as readonly [Numbers, Column?, number?];
      const values = decodeColumn(shape.of, inner, total ?? 0);
      let start = 0;
      return decodeNumbers(lengths, rows).map((length) => values.slice(start, (start += length)));
    }
    case 'map': {
      const [keySets, columns] = column as readonly [Texts, readonly (readonly [string, number, Column])[]];
      const byKey = new Map(
        columns.map(([key, count, inner]) => [key, decodeColumn(shape.of, inner, count)[Symbol.iterator]()]),
      );
      const parsed = new Map<string, readonly string[]>();
      return decodeTexts(keySets, rows).map((keySet) => {
        let keys = parsed.get(keySet);
        if (keys === undefined) parsed.set(keySet, (keys = JSON.parse(keySet) as readonly string[]));
        return Object.fromEntries(keys.map((key) => [key, byKey.get(key)?.next().value]));
      });
    }
    case 'object': {
      const fields = column as Fields;
      const columns = shape.fields.map(
        ([name, field]) =>
          [
            name,
            Object.hasOwn(fields, name)
              ? decodeColumn(field, fields[name], rows)
              : Array.from({ length: rows }, () => absentValueOf(field)),
          ] as const,
      );
      return Array.from({ length: rows }, (_, row) => {
        const one: Record<string, unknown> = {};
        for (const [name, values] of columns) one[name] = values[row];
        return one;
      });
    }
  }
}
