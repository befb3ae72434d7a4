/** Compares records with what a capture's truth says of them: what is named must be so, what is not named is free. */
import type { Expectation, Fields } from './types';

type Bag = Readonly<Record<string, unknown>>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

export function differences(expected: Expectation, actual: unknown, path: string): string[] {
  if (typeof expected === 'function') {
    const wrong = expected(actual);
    return wrong === null ? [] : [`${path}: ${wrong}`];
  }
  if (Array.isArray(expected)) {
    const list = expected as readonly Expectation[];
    if (!Array.isArray(actual) || actual.length !== list.length) {
      return [`${path}: ${JSON.stringify(actual)}, true ${JSON.stringify(expected)}`];
    }
    return list.flatMap((one, at) => differences(one, actual[at], `${path}[${String(at)}]`));
  }
  if (expected !== null && typeof expected === 'object') {
    if (!isBag(actual)) return [`${path}: ${JSON.stringify(actual)}, true ${JSON.stringify(expected)}`];
    return Object.entries(expected as Fields).flatMap(([key, value]) =>
      differences(value, actual[key], `${path}.${key}`),
    );
  }
  return expected === actual ? [] : [`${path}: ${JSON.stringify(actual)}, true ${JSON.stringify(expected)}`];
}

/** One of several: where the sheets leave room. */
export const oneOf =
  (...allowed: readonly Expectation[]): Expectation =>
  (actual) =>
    allowed.some((one) => differences(one, actual, '').length === 0)
      ? null
      : `${JSON.stringify(actual)}, none of ${JSON.stringify(allowed)}`;

/** The same members in any order. */
export const sameSet =
  (...members: readonly string[]): Expectation =>
  (actual) => {
    const got = Array.isArray(actual) ? actual.map(String).sort() : null;
    return JSON.stringify(got) === JSON.stringify([...members].sort())
      ? null
      : `${JSON.stringify(actual)}, true ${JSON.stringify(members)}`;
  };

/** A list of objects looked up by one of their fields; `exact`: no others beside them. */
export const keyed =
  (field: string, entries: Readonly<Record<string, Expectation>>, exact = true): Expectation =>
  (actual) => {
    if (!Array.isArray(actual)) return `${JSON.stringify(actual)} is no list`;
    const byKey = new Map(actual.filter(isBag).map((one) => [String(one[field]), one] as const));
    const wrong = Object.entries(entries).flatMap(([key, value]) => differences(value, byKey.get(key), key));
    const extra = exact ? [...byKey.keys()].filter((key) => !(key in entries)).map((key) => `${key} is too much`) : [];
    return wrong.length + extra.length === 0 ? null : [...wrong, ...extra].join('; ');
  };

export const filled: Expectation = (actual) =>
  actual !== null && actual !== undefined && actual !== '' && !(Array.isArray(actual) && actual.length === 0)
    ? null
    : `${JSON.stringify(actual)} says nothing`;
