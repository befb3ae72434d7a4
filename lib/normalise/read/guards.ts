/**
 * Guards for foreign input. Everything from the cluster and from EC2 is `unknown` until a guard has read it. Guards do not
 * throw; a value of the wrong type reads as absent.
 *
 * Written by hand rather than with a schema library, because they run for every pod of every list: a pod costs a few
 * microseconds beyond JSON.parse.
 */
import { isObject, type Fields } from '../../model/is-object';
import { canonicalIp, parseCidr } from '../../model/ip';
import type { Timestamp } from '../../model/records';

export type { Fields };

const NO_FIELDS: Fields = Object.freeze({});
const NOTHING: readonly unknown[] = Object.freeze([]);

/** The object, or null. */
export const objectOrNull = (value: unknown): Fields | null => (isObject(value) ? value : null);

/** The object's fields; no fields for anything but an object. */
export const fields = (value: unknown): Fields => (isObject(value) ? value : NO_FIELDS);

/** The list's items; empty for anything but a list. */
export const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : NOTHING);

/** A non-empty string, or null: the Go types of the Kubernetes API treat `""` as absent. */
export const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** A safe integer from a number or a decimal string, or null. */
export function integer(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** A non-negative safe integer, or null. */
export function count(value: unknown): number | null {
  const number = integer(value);
  return number !== null && number >= 0 ? number : null;
}

/** The boolean; null for anything else. */
export const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/** The canonical address, or null. */
export const address = (value: unknown): string | null => (typeof value === 'string' ? canonicalIp(value) : null);

/** A range as canonical text; null for anything else. */
export const cidrText = (value: unknown): string | null =>
  typeof value === 'string' ? (parseCidr(value)?.text ?? null) : null;

const RFC_3339_UTC = /^(?!0001-)\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(\.\d{1,9})?Z$/;
const RFC_3339 = /^(?!0001-)\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(\.\d{1,9})?([+-]\d\d:\d\d)$/;

/** A timestamp as RFC 3339 in UTC, from a string (`Z` or `+00:00`) or a Date. Null for anything else and for Go's zero time. */
export function timestamp(value: unknown): Timestamp | null {
  if (typeof value === 'string') {
    if (RFC_3339_UTC.test(value)) return value.endsWith('.000Z') ? `${value.slice(0, -5)}Z` : value;
    return RFC_3339.test(value) ? fromDate(new Date(value)) : null;
  }
  return value instanceof Date ? fromDate(value) : null;
}

function fromDate(date: Date): Timestamp | null {
  const year = date.getUTCFullYear();
  return year > 1 && year <= 9999 ? date.toISOString().replace('.000Z', 'Z') : null;
}

/** The non-null results of `read` for the items of a list. */
export function readEach<T>(value: unknown, read: (item: unknown) => T | null): readonly T[] {
  const result: T[] = [];
  for (const item of items(value)) {
    const one = read(item);
    if (one !== null) result.push(one);
  }
  return result;
}
