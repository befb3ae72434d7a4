/**
 * The documents in one file of a capture: JSON or YAML, one or several, as an API answers or as people post it.
 *
 * What cannot be read is named with its line, and the documents before and after it are read. Aliases, depth and size
 * are bounded: the file may come from anybody.
 */
import { LineCounter, parseDocument } from 'yaml';

export interface CaptureDocument {
  /** Where it begins; 1 is the file's first line. */
  readonly line: number;
  readonly value: unknown;
}

/** Text that is no document, or a document that is none of JSON and YAML. */
export interface Unreadable {
  readonly line: number;
  readonly reason: string;
}

export interface Documents {
  readonly documents: readonly CaptureDocument[];
  /** aws-node's metrics text, which is no document. */
  readonly metrics: readonly { readonly line: number; readonly text: string }[];
  readonly unreadable: readonly Unreadable[];
}

/** In characters. YAML is read at about 1 MB a second, so more would look like a program that hangs; JSON has no such limit. */
const LONGEST_YAML = 32 << 20;
/** `kubectl` and `aws` write no aliases; people write a few. */
const MOST_ALIASES = 1_000;
/** More would only be the same trouble again. */
const MOST_UNREADABLE = 20;

/** What stands between documents: YAML's markers, a Markdown fence, a shell prompt with its command. */
const BETWEEN = /^(?:---(?=\s|$)|\.\.\.\s*$|```|\$ |\[[^\]@]*@[^\]]*\][$#] |[\w.-]+@[\w.-]+:\S*[$#] )/;
/** What curl prints about its progress. */
const PROGRESS =
  /^\s+% Total\s+% Received|^\s+Dload\s+Upload|^\s*\d{1,3}\s+\d+[kMG]?\s+\d+\s.*--:--|^\s*\d{1,3}\s+\d+.*\d+:\d\d:\d\d/;
const METRICS = /^(?:# (?:HELP|TYPE) )?awscni_\w+/m;
const TABLE = /^(?:NAMESPACE +NAME|NAME) {2,}[A-Z]|^[-+|]{6,}/;

/** Colours of a terminal, as `jq -C` writes them into a pipe. */
const COLOURS = /\u001b\[[\d;]*m/g;
/** What `kubectl describe` begins with. */
const DESCRIBED = /^Name: +\S.*\n(?:Namespace|Roles|Labels|Annotations|API Version): /;
/** What kubectl and aws print instead of an answer. */
const ERROR = /^\s*(?:error: |Error from server|An error occurred \(|Unable to connect to the server)/;
/** `aws --output text`. */
const TABBED = /^[A-Z][A-Z0-9]{3,}\t/m;

const AGAIN = 'take it again with -o yaml or --output json';

/** Why a text for people is not read; null for any other. */
const forPeople = (text: string): string | null =>
  TABLE.test(text)
    ? `is a table for people, not an API answer; ${AGAIN}`
    : DESCRIBED.test(text)
      ? 'is what kubectl describe prints, not an API answer; take it again with kubectl get -o yaml'
      : ERROR.test(text)
        ? 'is an error message, not an answer; see what it says, and take it again'
        : TABBED.test(text)
          ? `is text for people, not an API answer; ${AGAIN}`
          : null;

export function readDocuments(content: string): Documents {
  const marked = content.startsWith('\ufeff') ? content.slice(1) : content;
  const whole = marked.includes('\u001b[') ? marked.replace(COLOURS, '') : marked;
  const found = {
    documents: [] as CaptureDocument[],
    metrics: [] as Documents['metrics'][number][],
    unreadable: [] as Unreadable[],
  };
  if (looksLikeJson(whole)) {
    const value = parseJson(whole);
    if ('value' in value) return { ...found, documents: [{ line: 1, value: value.value }] };
  }
  for (const chunk of chunksOf(whole)) {
    if (METRICS.test(chunk.text)) found.metrics.push(chunk);
    else if (looksLikeJson(chunk.text)) readJsonChunk(chunk, found);
    else readYaml(chunk, found);
  }
  return { ...found, unreadable: found.unreadable.slice(0, MOST_UNREADABLE) };
}

interface Chunk {
  readonly line: number;
  readonly text: string;
}
interface Found {
  readonly documents: CaptureDocument[];
  readonly unreadable: Unreadable[];
}

const looksLikeJson = (text: string): boolean => /^\s*[{[]/.test(text);

function chunksOf(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let lines: string[] = [];
  let start = 1;
  const end = (next: number): void => {
    const first = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
    // Comments alone are no document, but in metrics they say what a series is.
    if (first >= 0) {
      const from = lines.findIndex((line) => line.trim() !== '');
      chunks.push({ line: start + from, text: lines.slice(from).join('\n') });
    }
    lines = [];
    start = next;
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (BETWEEN.test(line)) {
      end(index + 1);
      // `--- {a: b}` is a marker and a document.
      lines.push(line.startsWith('---') ? line.slice(3).trimStart() : '');
    } else lines.push(PROGRESS.test(line) ? '' : line);
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

/** A value that begins a line, after the one before it has ended. */
const NEXT_VALUE = /^[}\]][ \t]*(?=[{[])|^(?=[{[])/gm;

/** Values one after another, as `cat a.json b.json` or one command after another write them. */
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

/** More values on one line than this are no answers. */
const MOST_ON_A_LINE = 1_000;
const MORE = /after JSON at position (\d+)/;

/** A value, and those that follow it without a line between them. */
function readValues(text: string, line: number, found: Found): void {
  let rest = text;
  let at = line;
  for (let count = 0; count < MOST_ON_A_LINE; count++) {
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
    at += newlines(rest.slice(0, end));
    rest = rest.slice(end);
  }
}

/** What cannot be read as a whole: a list that just ends is read as far as its items are complete. */
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

/** In characters; what is longer is not mended. */
const LONGEST_MENDED = 64 << 20;

/** The value with what is not complete at its end left out: the items of its list before; null where there are none. */
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
      // An item of a list that is the value itself, or a field of it.
      if (open.at(-1) === ']' && open.length <= 2) [ends, closers] = [at + 1, open.toReversed().join('')];
    }
  }
  const read = ends < 0 ? null : parseJson(`${text.slice(0, ends)}${closers}`);
  if (read === null || !('value' in read)) return null;
  const isList = typeof read.value === 'object' && read.value !== null && 'apiVersion' in read.value;
  // kubectl writes the kind behind the items.
  return isList ? { kind: 'List', ...read.value } : read.value;
}

/** The place is told as a line of the file. */
const withoutPlace = (message: string): string =>
  message.replace(/( in JSON)? at position \d+( \(line \d+ column \d+\))?| is not valid JSON$/g, '');

const newlines = (text: string): number => text.split('\n').length - 1;

/** In characters: a longer text is not searched for the place of an error that the engine does not tell. */
const LONGEST_SEARCHED = 4 << 20;

/** Lines from the text's first to the one with the error, or to its end where the text just ends. */
function errorLine(message: string, text: string): number {
  const position = positionOf(message);
  if (position !== null) return newlines(text.slice(0, position));
  if (message.includes(ENDS)) return newlines(text.trimEnd());
  if (text.length > LONGEST_SEARCHED) return 0;
  // The shortest beginning that no continuation could mend.
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

/** Whether it is wrong, and not just cut off. */
function isBroken(text: string): boolean {
  const read = parseJson(text);
  if ('value' in read || read.error.includes(ENDS)) return false;
  return (positionOf(read.error) ?? -1) < text.length;
}

function readYaml({ line, text }: Chunk, found: Found): void {
  const unreadable = (reason: string, offset = 0): void => void found.unreadable.push({ line: line + offset, reason });
  const reason = forPeople(text);
  if (reason !== null) {
    unreadable(reason);
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
    if (error !== undefined) {
      unreadable(`is not valid YAML (${oneLine(error)})`, lineCounter.linePos(error.pos[0]).line - 1);
      return;
    }
    found.documents.push({ line, value: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown });
  } catch (error) {
    const message = oneLine(error);
    unreadable(
      message.includes('alias count')
        ? 'is not read: its YAML aliases stand for far more than the file holds'
        : `is not valid YAML (${message})`,
    );
  }
}
