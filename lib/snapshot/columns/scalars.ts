/**
 * Columns of numbers, booleans and texts as compact JSON: equal values once, repeating texts as a dictionary, times and
 * IPv4 addresses as numbers, ascending numbers as differences. The encoder chooses the form by the values; the decoder
 * recognises it.
 */
import { numberToIpv4 } from '../../model/ip';
import { timeOf, wholeSecondsOrNull } from './times';

/**
 * One value for all rows (`c`); otherwise the numbers (`r`) or the differences between them (`d`), whichever is
 * shorter.
 */
export type Numbers = { readonly c: number } | { readonly r: readonly number[] } | { readonly d: readonly number[] };

/** All false (0), all true (1), or the more common value followed by the distances between the rows that differ. */
export type Bits = 0 | 1 | readonly number[];

/** One value for all rows (`c`), the texts themselves (`s`), or one of the forms below. */
export type Texts =
  | { readonly c: string }
  | { readonly s: readonly string[] }
  /** Whole seconds since 1970. */
  | { readonly t: Numbers }
  /** IPv4 addresses. */
  | { readonly a: Numbers }
  | { readonly w: Texts; readonly i: Numbers; readonly n: number };

/** Exact for every number, non-integers included. */
export function encodeNumbers(values: readonly number[]): Numbers {
  const [first] = values;
  if (first !== undefined && values.every((value) => value === first)) return { c: first };
  if (!values.every(Number.isSafeInteger)) return { r: values };
  const differences = new Array<number>(values.length);
  let last = 0;
  let exact = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const difference = value - last;
    if (!Number.isSafeInteger(difference)) exact = false;
    differences[i] = difference;
    last = value;
  }
  return exact && digits(differences) < digits(values) ? { d: differences } : { r: values };
}

/** Estimated length of the numbers as text, from a sample. */
function digits(values: readonly number[]): number {
  const step = Math.max(1, Math.floor(values.length / 1024));
  let sum = 0;
  for (let i = 0; i < values.length; i += step) {
    const value = values[i] ?? 0;
    sum += Math.log10(Math.abs(value) + 1) + (value < 0 ? 1 : 0);
  }
  return sum;
}

/** The inverse of `encodeNumbers`. */
export function decodeNumbers(column: Numbers, rows: number): number[] {
  if ('c' in column) return new Array<number>(rows).fill(column.c);
  if ('r' in column) return [...column.r];
  let value = 0;
  return column.d.map((difference) => (value += difference));
}

/** Encodes booleans in the shortest form. */
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

/** The inverse of `encodeBits`. */
export function decodeBits(column: Bits, rows: number): boolean[] {
  if (typeof column === 'number') return new Array<boolean>(rows).fill(column === 1);
  const common = column[0] === 1;
  const result = new Array<boolean>(rows).fill(common);
  let index = -1;
  for (const distance of column.slice(1)) {
    index += distance;
    result[index] = !common;
  }
  return result;
}

const DOT = 46;
const ZERO = 48;
/** Encodes texts in the form that suits the values. */
export function encodeTexts(values: readonly string[]): Texts {
  const [first] = values;
  if (first !== undefined && values.every((value) => value === first)) return { c: first };
  const index = new Map<string, number>();
  const indexes: number[] = [];
  for (const value of values) {
    let at = index.get(value);
    if (at === undefined) {
      at = index.size;
      // More than half of the values are distinct: no dictionary.
      if (at * 2 >= values.length) return encodeDistinct(values);
      index.set(value, at);
    }
    indexes.push(at);
  }
  return { w: encodeDistinct([...index.keys()]), i: encodeNumbers(indexes), n: index.size };
}

function encodeDistinct(values: readonly string[]): Texts {
  const addresses = allNumbers(values, ipv4OrNull);
  if (addresses !== null) return { a: encodeNumbers(addresses) };
  const times = allNumbers(values, wholeSecondsOrNull);
  return times === null ? { s: values } : { t: encodeNumbers(times) };
}

function allNumbers(values: readonly string[], read: (text: string) => number | null): number[] | null {
  const result: number[] = [];
  for (const value of values) {
    const number = read(value);
    if (number === null) return null;
    result.push(number);
  }
  return result.length === 0 ? null : result;
}

/** Accepts canonical dotted decimal only, so that the number converts back to the same text. */
function ipv4OrNull(text: string): number | null {
  if (text.length < 7 || text.length > 15) return null;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? DOT : text.charCodeAt(i);
    if (code === DOT) {
      if (octet < 0) return null;
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else if (code >= ZERO && code <= ZERO + 9 && octet !== 0) {
      octet = (octet < 0 ? 0 : octet * 10) + code - ZERO;
      if (octet > 255) return null;
    } else return null;
  }
  return dots === 4 ? value : null;
}

/** The inverse of `encodeTexts`. */
export function decodeTexts(column: Texts, rows: number): string[] {
  if ('c' in column) return new Array<string>(rows).fill(column.c);
  if ('s' in column) return [...column.s];
  if ('t' in column) return decodeNumbers(column.t, rows).map(timeOf);
  if ('a' in column) return decodeNumbers(column.a, rows).map(numberToIpv4);
  const words = decodeTexts(column.w, column.n);
  return decodeNumbers(column.i, rows).map((at) => words[at] ?? '');
}
