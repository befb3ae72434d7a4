/** Records with a given text inserted into their fields and keys, wherever the schema has text. */
import { TABLES, type RecordMaps } from '../../lib/model/records';
import type { Shape } from '../../lib/model/schema/shape';
import { RECORDS } from '../../lib/model/schema/tables';

const sumOf = (text: string): number => Buffer.from(text).reduce((sum, byte) => sum + byte, 0);

/** Equal texts get the same substitute everywhere, so that ids still match. Addresses keep their family. */
const withText = (text: string, hostile: string, every: number): string => {
  if (sumOf(text) % every !== 0) return text;
  const middle = text.length >> 1;
  return text.slice(0, middle) + hostile + text.slice(middle);
};

function changed(shape: Shape, value: unknown, change: (text: string) => string): unknown {
  switch (shape.kind) {
    case 'text':
      return change(value as string);
    case 'nullable':
      return value === null ? null : changed(shape.of, value, change);
    case 'list':
      return (value as readonly unknown[]).map((one) => changed(shape.of, one, change));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, one]) => [change(key), changed(shape.of, one, change)]),
      );
    case 'object': {
      const fields = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(shape.fields.map(([name, field]) => [name, changed(field, fields[name], change)]));
    }
    default:
      return value;
  }
}

/** `every`: one in this many texts gets the hostile text in its middle; 1: all texts. */
export function withHostileText(records: RecordMaps, hostile: string, every: number): RecordMaps {
  const change = (text: string): string => withText(text, hostile, every);
  return Object.fromEntries(
    TABLES.map((table) => [
      table,
      new Map(
        [...records[table].values()].map((one) => {
          const record = changed(RECORDS[table], one, change) as { readonly id: string };
          return [record.id, record];
        }),
      ),
    ]),
  ) as unknown as RecordMaps;
}
