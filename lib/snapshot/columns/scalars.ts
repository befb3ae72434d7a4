/**
 * Columns of numbers, booleans and texts, as small JSON: equal values once, repeating texts as a dictionary, times and IPv4
 * addresses as numbers, ascending numbers as differences. Each form is chosen by looking at the values; decoding knows it
 * by its form alone.
 */
import { ipv4ToNumber, numberToIpv4 } from '../../model/ip';

/** One value for all rows; else the numbers, or the differences between them, whichever are shorter. */
export type Numbers = { readonly c: number } | { readonly r: readonly number[] } | { readonly d: readonly number[] };

/** All false (0), all true (1), or the commoner value followed by the distances between the rows that differ. */
export type Bits = 0 | 1 | readonly number[];

export type Texts =
  | { readonly c: string }
  | { readonly s: readonly string[] }
  /** Whole seconds since 1970. */
  | { readonly t: Numbers }
  /** IPv4 addresses. */
  | { readonly a: Numbers }
  | { readonly w: Texts; readonly i: Numbers; readonly n: number };

export function encodeNumbers(values: readonly number[]): Numbers {
  const [first] = values;
  if (first !== undefined && values.every((value) => value === first)) return { c: first };
  if (!values.every(Number.isSafeInteger)) return { r: values };
  const differences = values.map((value, index) => value - (values[index - 1] ?? 0));
  return digits(differences) < digits(values) ? { d: differences } : { r: values };
}

function digits(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += Math.log10(Math.abs(value) + 1) + (value < 0 ? 1 : 0);
  return sum;
}

export function decodeNumbers(column: Numbers, rows: number): number[] {
  if ('c' in column) return Array.from({ length: rows }, () => column.c);
  if ('r' in column) return [...column.r];
  let value = 0;
  return column.d.map((difference) => (value += difference));
}

export function encodeBits(values: readonly boolean[]): Bits {
  let ones = 0;
  for (const value of values) if (value) ones++;
  if (ones === 0) return 0;
  if (ones === values.length) return 1;
  const common = ones * 2 > values.length;
  const result = [common ? 1 : 0];
  let last = -1;
  values.forEach((value, index) => {
    if (value === common) return;
    result.push(index - last);
    last = index;
  });
  return result;
}

export function decodeBits(column: Bits, rows: number): boolean[] {
  if (typeof column === 'number') return Array.from({ length: rows }, () => column === 1);
  const common = column[0] === 1;
  const result = Array.from({ length: rows }, () => common);
  let index = -1;
  for (const distance of column.slice(1)) {
    index += distance;
    result[index] = !common;
  }
  return result;
}

const DOTTED = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

export const secondsOf = (time: string): number => Date.parse(time) / 1000;
export const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
/** Whether the text is a time that survives as whole seconds. */
export const isWholeSecond = (text: string): boolean => {
  if (!SECONDS.test(text)) return false;
  const seconds = secondsOf(text);
  return Number.isSafeInteger(seconds) && timeOf(seconds) === text;
};

export function encodeTexts(values: readonly string[]): Texts {
  const [first] = values;
  if (first !== undefined && values.every((value) => value === first)) return { c: first };
  const index = new Map<string, number>();
  const indexes: number[] = [];
  for (const value of values) {
    let at = index.get(value);
    if (at === undefined) index.set(value, (at = index.size));
    indexes.push(at);
  }
  if (index.size * 2 <= values.length) {
    return { w: encodeDistinct([...index.keys()]), i: encodeNumbers(indexes), n: index.size };
  }
  return encodeDistinct(values);
}

function encodeDistinct(values: readonly string[]): Texts {
  if (values.length > 0 && values.every((value) => DOTTED.test(value)))
    return { a: encodeNumbers(values.map(ipv4ToNumber)) };
  if (values.length > 0 && values.every(isWholeSecond)) return { t: encodeNumbers(values.map(secondsOf)) };
  return { s: values };
}

export function decodeTexts(column: Texts, rows: number): string[] {
  if ('c' in column) return Array.from({ length: rows }, () => column.c);
  if ('s' in column) return [...column.s];
  if ('t' in column) return decodeNumbers(column.t, rows).map(timeOf);
  if ('a' in column) return decodeNumbers(column.a, rows).map(numberToIpv4);
  const words = decodeTexts(column.w, column.n);
  return decodeNumbers(column.i, rows).map((at) => words[at] ?? '');
}
