/** Checks untrusted values against the shapes of records. */
import { isObject } from '../model/is-object';
import { absentValueOf } from '../model/schema/shape';
import type { Shape } from '../model/schema/shape';

/** A value that does not match its shape; `message`: where and how, in one line. */
export class Misfit extends Error {}

/**
 * The value in its shape: unknown fields are removed, absent ones get their defaults. Throws `Misfit`, whose message
 * names the value as `at`.
 */
export function readShape(shape: Shape, value: unknown, at: string): unknown {
  switch (shape.kind) {
    case 'text':
      if (typeof value !== 'string') throw misfit(at, value, 'text');
      return value;
    case 'number':
      if (typeof value !== 'number') throw misfit(at, value, 'number');
      if (shape.among?.includes(value) === false) throw misfit(at, value, `one of ${shape.among.join(', ')}`);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw misfit(at, value, 'boolean');
      return value;
    case 'word':
      if (typeof value !== 'string' || !shape.words.includes(value)) {
        throw misfit(at, value, `one of ${shape.words.join(', ')}`);
      }
      return value;
    case 'nullable':
      return value === null ? null : readShape(shape.of, value, at);
    case 'list':
      if (!Array.isArray(value)) throw misfit(at, value, 'a list');
      return value.map((item, index) => readShape(shape.of, item, `${at}[${index}]`));
    case 'map':
      if (!isObject(value)) throw misfit(at, value, 'an object');
      return Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, readShape(shape.of, one, `${at}[${JSON.stringify(key)}]`)]),
      );
    case 'object': {
      if (!isObject(value)) throw misfit(at, value, 'an object');
      const result: Record<string, unknown> = {};
      for (const [name, field] of shape.fields) {
        const given = Object.hasOwn(value, name) ? value[name] : undefined;
        result[name] = readShape(field, given === undefined ? absentValueOf(field) : given, `${at}.${name}`);
      }
      return result;
    }
  }
}

function misfit(at: string, value: unknown, wanted: string): Misfit {
  if (value === undefined) return new Misfit(`${at} is missing`);
  const shown = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return new Misfit(`${at} is ${shown.length > 60 ? `${shown.slice(0, 57)}…` : shown}, not ${wanted}`);
}
