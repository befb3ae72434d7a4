/**
 * Parses the Prometheus text format into samples with labels. Comments, types, timestamps and malformed lines are skipped;
 * nothing throws. Sizes are bounded because the text comes from a node.
 */

/** One line of the text format: a series and its value. Timestamps are dropped. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** As in the text, NaN and infinities included. */
  readonly value: number;
}

/** Characters; aws-node with 737 addresses stays below 200 KB. */
export const MAX_TEXT_LENGTH = 8 << 20;
const MAX_LINE_LENGTH = 16 << 10;
const NO_LABELS: ReadonlyMap<string, string> = new Map();

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|(?=\}))/y;
const VALUE = /[ \t]+([+-]?(?:Inf|inf|NaN|nan|[0-9.][0-9.eE+-]*))(?:[ \t]+-?\d+)?[ \t]*$/y;

/** Calls `take` for each sample whose name `wanted` accepts; the labels of other lines are not parsed. */
export function eachSample(text: string, wanted: (name: string) => boolean, take: (sample: Sample) => void): void {
  const end = Math.min(text.length, MAX_TEXT_LENGTH);
  let start = 0;
  while (start < end) {
    let stop = text.indexOf('\n', start);
    if (stop < 0 || stop > end) stop = end;
    if (text.charCodeAt(start) !== 35 /* # */ && stop - start <= MAX_LINE_LENGTH) {
      const sample = readSample(text.slice(start, stop).trimEnd(), wanted);
      if (sample !== null) take(sample);
    }
    start = stop + 1;
  }
}

function readSample(line: string, wanted: (name: string) => boolean): Sample | null {
  NAME.lastIndex = 0;
  const name = NAME.exec(line)?.[0];
  if (name === undefined || !wanted(name)) return null;
  let position = name.length;
  let labels = NO_LABELS;
  if (line[position] === '{') {
    const read = readLabels(line, position + 1);
    if (read === null) return null;
    ({ labels, position } = read);
  }
  VALUE.lastIndex = position;
  const value = VALUE.exec(line)?.[1];
  const number = value === undefined ? null : readNumber(value);
  return number === null ? null : { name, labels, value: number };
}

/** Parses from after `{` to after `}`; a trailing comma is allowed. */
function readLabels(line: string, from: number): { labels: ReadonlyMap<string, string>; position: number } | null {
  const labels = new Map<string, string>();
  let position = from;
  for (;;) {
    while (line[position] === ' ' || line[position] === '\t') position++;
    if (line[position] === '}') return { labels, position: position + 1 };
    LABEL.lastIndex = position;
    const match = LABEL.exec(line);
    if (match === null) return null;
    labels.set(match[1] ?? '', unescape(match[2] ?? ''));
    position = LABEL.lastIndex;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '\\': '\\', '"': '"' };

const unescape = (value: string): string =>
  value.includes('\\') ? value.replace(/\\(.)/g, (whole, char: string) => ESCAPES[char] ?? whole) : value;

function readNumber(value: string): number | null {
  const word = value.toLowerCase().replace('+', '');
  if (word === 'nan') return NaN;
  if (word === 'inf') return Infinity;
  if (word === '-inf') return -Infinity;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}
