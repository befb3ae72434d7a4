/**
 * Guards over foreign input. Everything from the cluster and from EC2 is `unknown` until one of these has read it.
 * None of them throws, whatever they are given; a value of the wrong type reads as absent.
 *
 * Written by hand instead of with a schema library because they run for every pod of every list: a pod costs a few
 * microseconds beyond JSON.parse.
 */
import { canonicalIp } from '../../model/ip';
import type { Timestamp } from '../../model/records';

export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = Object.freeze({});
const NOTHING: readonly unknown[] = Object.freeze([]);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object, or null. */
export const objectOrNull = (value: unknown): Fields | null => (isFields(value) ? value : null);

/** The object's fields, or none. */
export const fields = (value: unknown): Fields => (isFields(value) ? value : NO_FIELDS);

/** The list's items, or none. */
export const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : NOTHING);

/** The text, or null; `""` counts as absent, as the Go types of the Kubernetes API have it. */
export const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** A safe integer from a number or from decimal text, or null. */
export function integer(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** A whole number not below zero, or null. */
export function count(value: unknown): number | null {
  const number = integer(value);
  return number !== null && number >= 0 ? number : null;
}

export const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/** The canonical address, or null. */
export const address = (value: unknown): string | null => (typeof value === 'string' ? canonicalIp(value) : null);

const RFC_3339_UTC = /^(?!0001-)\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(\.\d{1,9})?Z$/;
const RFC_3339 = /^(?!0001-)\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(\.\d{1,9})?([+-]\d\d:\d\d)$/;

/**
 * RFC 3339 in UTC from text (Kubernetes writes `…Z`, the AWS CLI `…+00:00`) or from a Date (the AWS SDK), so that one
 * moment has one spelling. Null for anything else, and for Go's zero time.
 */
export function timestamp(value: unknown): Timestamp | null {
  if (typeof value === 'string') {
    if (RFC_3339_UTC.test(value)) return value;
    return RFC_3339.test(value) ? fromDate(new Date(value)) : null;
  }
  return value instanceof Date ? fromDate(value) : null;
}

function fromDate(date: Date): Timestamp | null {
  const year = date.getUTCFullYear();
  return year > 1 && year <= 9999 ? date.toISOString().replace('.000Z', 'Z') : null;
}

/** The readable ones among the items. */
export function readEach<T>(value: unknown, read: (item: unknown) => T | null): readonly T[] {
  const result: T[] = [];
  for (const item of items(value)) {
    const one = read(item);
    if (one !== null) result.push(one);
  }
  return result;
}
