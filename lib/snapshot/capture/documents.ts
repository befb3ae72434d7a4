/**
 * Splits one file of a capture into documents: JSON or YAML, one or several, as an API returns them or as users post
 * them.
 *
 * Unreadable parts are reported with their line; the documents before and after them are read. Aliases, depth and size
 * are limited because the file is untrusted.
 */
import { LineCounter, parseDocument } from 'yaml';
import {
  A_LOG,
  A_TEXT,
  AN_ERROR,
  AS_DESCRIBED,
  answerBehind,
  endsSort,
  forPeople,
  hasAnswer,
  isAgentEntry,
  isBetween,
  isError,
  isLeftOut,
  isLog,
  isNoise,
  isProse,
  LOG_BEGINS,
  LOG_ENDS,
  NAMELESS_EVENTS,
  onlyEvents,
  METRICS,
  promptBehind,
} from './lines';
import { describedObjects } from './described';
import { withoutLogEntries } from './log-entries';
import { plainLines } from './plain-lines';
import { hasListOfEvents, isTableOfEvents, printedEvents } from './printed-events';

/** A parsed document. */
export interface CaptureDocument {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly value: unknown;
}

/** Text that is not a document, or a document that is neither valid JSON nor YAML. */
export interface Unreadable {
  readonly line: number;
  readonly reason: string;
  /** Something other than a damaged answer. */
  readonly sort?: 'log' | 'foreign';
}

/** The content of a file, each list in file order. */
export interface Documents {
  readonly documents: readonly CaptureDocument[];
  /** aws-node's metrics text, which is neither JSON nor YAML. */
  readonly metrics: readonly { readonly line: number; readonly text: string }[];
  /** Logs of any program. */
  readonly logs: readonly { readonly line: number; readonly text: string }[];
  readonly unreadable: readonly Unreadable[];
}

/** In characters. YAML is parsed at about 1 MB/s, so longer text would seem to hang; JSON has no such limit. */
const LONGEST_YAML = 32 << 20;
/** `kubectl` and `aws` write no aliases; hand-written YAML has a few. */
const MAX_ALIASES = 1_000;
/** More reports would only repeat the same problem. */
const MAX_UNREADABLE = 20;

const PART_LEFT_OUT = 'stands for a part that was left out; what is around it is read';

/** Terminal colours, as `jq -C` writes them. */
const COLOURS = /\u001b\[[\d;]*m/g;

/** Splits and parses a file's text. Never throws; reports at most 20 unreadable parts. */
export function readDocuments(content: string): Documents {
  const marked = content.startsWith('\ufeff') ? content.slice(1) : content;
  const whole = marked.includes('\u001b[') ? marked.replace(COLOURS, '') : marked;
  const found = {
    documents: [] as CaptureDocument[],
    metrics: [] as Chunk[],
    logs: [] as Chunk[],
    unreadable: [] as Unreadable[],
  };
  if (looksLikeJson(whole)) {
    const value = parseJson(whole);
    if ('value' in value) return withLog({ ...found, documents: [{ line: 1, value: value.value }] });
  }
  const chunks = chunksOf(whole, found);
  for (const chunk of chunks) readChunk(chunk, found);
  // Client messages beside an answer are ignored; without an answer they make the file a log.
  if (chunks.length + found.unreadable.length === 0 && isLog(whole))
    found.unreadable.push({ line: 1, reason: A_LOG, sort: 'log' });
  return withLog({ ...found, unreadable: found.unreadable.slice(0, MAX_UNREADABLE) });
}

/** Moves log entries that are documents of their own to the logs. */
function withLog(found: Documents): Documents {
  const { documents, log } = withoutLogEntries(found.documents);
  return log === null ? found : { ...found, documents, logs: [...found.logs, log] };
}

interface Chunk {
  readonly line: number;
  readonly text: string;
  /** The command line before the chunk, if any. */
  readonly command?: string;
}
interface Found {
  readonly documents: CaptureDocument[];
  readonly metrics: Chunk[];
  readonly logs: Chunk[];
  readonly unreadable: Unreadable[];
}

function readChunk(chunk: Chunk, found: Found): void {
  if (METRICS.test(chunk.text)) found.metrics.push(chunk);
  else if (isLog(chunk.text)) found.logs.push(chunk);
  else if (looksLikeJson(chunk.text)) readJsonChunk(chunk, found);
  else readYaml(chunk, found);
}

/** Excludes `[section]` of other formats and `{{ template }}`. */
const looksLikeJson = (text: string): boolean =>
  /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]\d-]|true|false|null|$))/.test(text);

/** The text between separators, without the messages of tools; their errors are reported. */
function chunksOf(text: string, { unreadable }: Found): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let lines: string[] = [];
  let start = 1;
  let command = '';
  let inLog = false;
  let inMetrics = false;
  let inEntries = false;
  const end = (next: number): void => {
    const first = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
    // Comments alone are not a document, but in metrics they describe a series.
    if (first >= 0) {
      const from = lines.findIndex((line) => line.trim() !== '');
      chunks.push({ line: start + from, text: lines.slice(from).join('\n'), command });
    }
    lines = [];
    start = next;
  };
  const plain = plainLines(text);
  for (const [index, line] of plain.lines.entries()) {
    if (plain.breaks.has(index)) end(index + 1);
    if (!inLog && endsSort(line, inMetrics)) {
      end(index + 1);
      inMetrics = !inMetrics;
    }
    if (isAgentEntry(line) ? !inEntries : inEntries && /^\S/.test(line)) {
      end(index + 1);
      inEntries = !inEntries;
    }
    if (inLog) inLog = !LOG_ENDS.test(line);
    else if (LOG_BEGINS.test(line)) {
      inLog = true;
      end(index + 1);
      unreadable.push({ line: index + 1, reason: A_LOG, sort: 'log' });
    } else if (isLeftOut(line, plain.lines[index + 1] ?? '')) {
      unreadable.push({ line: index + 1, reason: PART_LEFT_OUT });
      // In JSON, what was left out may have been the last item.
      if (/^\s*[}\]]/.test(plain.lines[index + 1] ?? '')) lines.push((lines.pop() ?? '').replace(/,\s*$/, ''));
    } else if (isBetween(line)) {
      end(index + 1);
      command = line;
      inMetrics = false;
      // `--- {a: b}` is a marker and a document.
      lines.push(line.startsWith('---') ? line.slice(3).trimStart() : '');
      continue;
    } else if (isError(line)) unreadable.push({ line: index + 1, reason: AN_ERROR });
    else if (!isNoise(line)) {
      const prompt = promptBehind(line);
      lines.push(prompt < 0 ? line : line.slice(0, prompt));
      if (prompt < 0) continue;
      end(index + 1);
    }
    lines.push('');
  }
  end(0);
  return chunks;
}

function parseJson(text: string): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { error: oneLine(error) };
  }
}

const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 160);

/** A JSON value at the start of a line, after the previous one has ended. */
const NEXT_VALUE = /^[}\]][ \t]*(?=[{[])|^(?=[{[])/gm;

/** Reads consecutive JSON values, as from `cat a.json b.json` or several commands in a row. */
function readJsonChunk({ line, text }: Chunk, found: Found): void {
  const starts = [...text.matchAll(NEXT_VALUE)].map((match) => match.index + match[0].length);
  if (starts[0] !== 0) starts.unshift(0);
  let at = line;
  for (const [index, start] of starts.entries()) {
    const part = text.slice(start, starts[index + 1]);
    readValues(part, at, found);
    at += newlines(part);
  }
}

/** Limits the work on a hostile line. */
const MAX_ON_A_LINE = 1_000;
const MORE = /after JSON at position (\d+)/;

/** Reads a JSON value and those that follow it on the same line. */
function readValues(text: string, line: number, found: Found): void {
  let rest = text;
  let at = line;
  for (let count = 0; count < MAX_ON_A_LINE; count++) {
    const read = parseJson(rest);
    if ('value' in read) {
      found.documents.push({ line: at, value: read.value });
      return;
    }
    const end = Number(MORE.exec(read.error)?.[1] ?? 0);
    const first = end === 0 ? read : parseJson(rest.slice(0, end));
    if (!('value' in first)) {
      readCutOff(rest, at, read.error, found);
      return;
    }
    found.documents.push({ line: at, value: first.value });
    const before = rest.slice(0, end);
    at += newlines(before);
    rest = rest.slice(end);
    if (/\n[ \t]*$/.test(before) && isText(rest)) {
      found.unreadable.push({ line: at, reason: A_TEXT, sort: 'foreign' });
      return;
    }
  }
}

/** Whether this is a sentence, not a damaged answer. */
const isText = (text: string): boolean => /^[A-Za-z]\S* \S/.test(text) && !hasAnswer(text);

/** Reports an invalid value. For a truncated list, the complete items are read. */
function readCutOff(text: string, line: number, error: string, found: Found): void {
  const isCut = (positionOf(error) ?? (error.includes(ENDS) ? text.length : 0)) >= text.trimEnd().length;
  const mended = isCut ? withoutLast(text) : null;
  if (mended !== null) found.documents.push({ line, value: mended });
  found.unreadable.push({
    line: line + errorLine(error, text),
    reason: isCut
      ? `ends too early${mended === null ? '' : ': what is complete before is read'}; take it again`
      : `is not valid JSON (${withoutPlace(error)})`,
  });
}

/** In characters: longer text is not repaired. */
const LONGEST_MENDED = 64 << 20;

/** The value without the incomplete item at its end; null if no item is complete. */
function withoutLast(text: string): unknown {
  if (text.length > LONGEST_MENDED) return null;
  const open: string[] = [];
  let ends = -1;
  let closers = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (char === '{' || char === '[') open.push(char === '{' ? '}' : ']');
    else if (char === '}' || char === ']') {
      open.pop();
      // An item of a list that is the value itself or one of its fields.
      if (open.at(-1) === ']' && open.length <= 2) [ends, closers] = [at + 1, open.toReversed().join('')];
    }
  }
  const read = ends < 0 ? null : parseJson(`${text.slice(0, ends)}${closers}`);
  if (read === null || !('value' in read)) return null;
  const isList = typeof read.value === 'object' && read.value !== null && 'apiVersion' in read.value;
  // kubectl writes the kind after the items.
  return isList ? { kind: 'List', ...read.value } : read.value;
}

/** Removes the position from the message; it is reported as a line of the file instead. */
const withoutPlace = (message: string): string =>
  message.replace(/( in JSON)? at position \d+( \(line \d+ column \d+\))?| is not valid JSON$/g, '');

const newlines = (text: string): number => text.split('\n').length - 1;

/** In characters: in longer text, the position of an error is not searched for if the engine does not report it. */
const LONGEST_SEARCHED = 4 << 20;

/** Number of lines from the text's first to the one with the error, or to the end if the text is truncated. */
function errorLine(message: string, text: string): number {
  const position = positionOf(message);
  if (position !== null) return newlines(text.slice(0, position));
  if (message.includes(ENDS)) return newlines(text.trimEnd());
  if (text.length > LONGEST_SEARCHED) return 0;
  // Binary search for the shortest prefix that no continuation could make valid.
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBroken(text.slice(0, middle))) high = middle;
    else low = middle + 1;
  }
  return newlines(text.slice(0, low));
}

const ENDS = 'end of JSON';

function positionOf(message: string): number | null {
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? null : Number(position);
}

/** Whether the text is invalid, not just truncated. */
function isBroken(text: string): boolean {
  const read = parseJson(text);
  if ('value' in read || read.error.includes(ENDS)) return false;
  return (positionOf(read.error) ?? -1) < text.length;
}

function readYaml({ line, text, command }: Chunk, found: Found): void {
  const unreadable = (reason: string, offset = 0): void => void found.unreadable.push({ line: line + offset, reason });
  const reason = forPeople(text);
  if (reason !== null) {
    const described = describedObjects(text);
    const events = printedEvents(text, command ?? '');
    for (const value of [...described, ...events]) found.documents.push({ line, value });
    if (described.length > 0) found.unreadable.push({ line, reason: AS_DESCRIBED, sort: 'foreign' });
    else if (events.length === 0) unreadable(reason);
    else if (!isTableOfEvents(text)) unreadable(onlyEvents(text));
    readBehind({ line, text }, found);
    return;
  }
  if (text.length > LONGEST_YAML) {
    unreadable(
      `is ${Math.ceil(text.length / (1 << 20))} MiB of YAML, and ifscope reads up to ${LONGEST_YAML >> 20}; take it again as JSON`,
    );
    return;
  }
  try {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { lineCounter, logLevel: 'silent', prettyErrors: false });
    const [error] = document.errors;
    const value = error === undefined ? (document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown) : null;
    if (error === undefined && typeof value !== 'string') {
      found.documents.push({ line, value });
      return;
    }
    const at = error === undefined ? 0 : lineCounter.linePos(error.pos[0]).line - 1;
    if (readBefore({ line, text }, at, found)) return;
    if (error === undefined) found.documents.push({ line, value });
    else if (hasAnswer(text)) unreadable(`is not valid YAML (${oneLine(error)})`, at);
    else {
      const events = printedEvents(text, command ?? '');
      for (const event of events) found.documents.push({ line, value: event });
      if (events.length === 0 && hasListOfEvents(text)) unreadable(NAMELESS_EVENTS);
      else found.unreadable.push({ line, reason: A_TEXT, sort: 'foreign' });
    }
    readBehind({ line, text }, found);
  } catch (error) {
    const message = oneLine(error);
    if (message.includes('alias count'))
      unreadable('is not read: its YAML aliases expand to far more than the file contains');
    else if (hasAnswer(text)) unreadable(`is not valid YAML (${message})`);
    else found.unreadable.push({ line, reason: A_TEXT, sort: 'foreign' });
  }
}

/** Reads an answer that follows other text. */
function readBehind({ line, text }: Chunk, found: Found): void {
  const at = found.unreadable.length < MAX_UNREADABLE ? answerBehind(text) : null;
  if (at !== null) readChunk({ line: line + newlines(text.slice(0, at)), text: text.slice(at) }, found);
}

/** Reads an answer that is followed by prose; false if the invalid YAML is not caused by prose. */
function readBefore({ line, text }: Chunk, at: number, found: Found): boolean {
  const lines = text.split('\n');
  const prose = [at, at - 1].find((index) => index > 0 && isProse(lines[index] ?? ''));
  if (prose === undefined) return false;
  readChunk({ line, text: lines.slice(0, prose).join('\n') }, found);
  const rest = { line: line + prose, text: lines.slice(prose).join('\n') };
  if (looksLikeJson(rest.text)) readChunk(rest, found);
  else {
    const reason = forPeople(rest.text);
    found.unreadable.push(
      reason === null ? { line: rest.line, reason: A_TEXT, sort: 'foreign' } : { line: rest.line, reason },
    );
    readBehind(rest, found);
  }
  return true;
}
