/**
 * Splits one file of a capture into documents: JSON or YAML, one or several, as an API returns them or as people post
 * them.
 *
 * What cannot be read is reported with its line; the documents before and after it are read. Aliases, depth and size
 * are bounded because the file may come from anybody.
 */
import { LineCounter, parseDocument } from 'yaml';

/** A parsed document. */
export interface CaptureDocument {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly value: unknown;
}

/** Text that is not a document, or a document that is neither valid JSON nor YAML. */
export interface Unreadable {
  readonly line: number;
  readonly reason: string;
}

/** The content of a file, each part in file order. */
export interface Documents {
  readonly documents: readonly CaptureDocument[];
  /** aws-node's metrics text, which is neither JSON nor YAML. */
  readonly metrics: readonly { readonly line: number; readonly text: string }[];
  readonly unreadable: readonly Unreadable[];
}

/** In characters. YAML is parsed at about 1 MB/s, so longer text would seem to hang; JSON has no such limit. */
const LONGEST_YAML = 32 << 20;
/** `kubectl` and `aws` write no aliases; people write a few. */
const MOST_ALIASES = 1_000;
/** More reports would only repeat the same problem. */
const MOST_UNREADABLE = 20;

/** Separators between documents: YAML markers, a Markdown fence, a shell prompt with its command. */
const BETWEEN = /^(?:---(?=\s|$)|\.\.\.\s*$|```|\$ |\[[^\]@]*@[^\]]*\][$#] |[\w.-]+@[\w.-]+:\S*[$#] )/;
/** curl's progress output. */
const PROGRESS =
  /^\s+% Total\s+% Received|^\s+Dload\s+Upload|^\s*\d{1,3}\s+\d+[kMG]?\s+\d+\s.*--:--|^\s*\d{1,3}\s+\d+.*\d+:\d\d:\d\d/;
const METRICS = /^(?:# (?:HELP|TYPE) )?awscni_\w+/m;
const TABLE = /^(?:NAMESPACE +NAME|NAME) {2,}[A-Z]|^[-+|]{6,}/;

/** Splits and parses a file's text. Never throws; reports at most 20 unreadable parts. */
export function readDocuments(content: string): Documents {
  const whole = content.startsWith('\ufeff') ? content.slice(1) : content;
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
    // Comments alone are not a document, but in metrics they describe a series.
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

/** A JSON value at the start of a line, after the previous one has ended. */
const NEXT_VALUE = /^[}\]][ \t]*(?=[{[])|^(?=[{[])/gm;

/** Consecutive JSON values, as `cat a.json b.json` or several commands in a row write them. */
function readJsonChunk({ line, text }: Chunk, found: Found): void {
  const starts = [...text.matchAll(NEXT_VALUE)].map((match) => match.index + match[0].length);
  if (starts[0] !== 0) starts.unshift(0);
  let at = line;
  for (const [index, start] of starts.entries()) {
    const part = text.slice(start, starts[index + 1]);
    const read = parseJson(part);
    if ('value' in read) found.documents.push({ line: at, value: read.value });
    else
      found.unreadable.push({
        line: at + errorLine(read.error, part),
        reason: `is not valid JSON (${withoutPlace(read.error)})`,
      });
    at += newlines(part);
  }
}

/** Strips the position from the message; it is reported as a line of the file instead. */
const withoutPlace = (message: string): string =>
  message.replace(/( in JSON)? at position \d+( \(line \d+ column \d+\))?| is not valid JSON$/g, '');

const newlines = (text: string): number => text.split('\n').length - 1;

/** In characters: in longer text, the position of an error is not searched for when the engine does not report it. */
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

/** Whether the text is invalid rather than just truncated. */
function isBroken(text: string): boolean {
  const read = parseJson(text);
  if ('value' in read || read.error.includes(ENDS)) return false;
  return (positionOf(read.error) ?? -1) < text.length;
}

function readYaml({ line, text }: Chunk, found: Found): void {
  const unreadable = (reason: string, offset = 0): void => void found.unreadable.push({ line: line + offset, reason });
  if (TABLE.test(text)) {
    unreadable('is a table for people, not an API answer; take it again with -o yaml or --output json');
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
    const reason = oneLine(error);
    unreadable(
      reason.includes('alias count')
        ? 'is not read: its YAML aliases stand for far more than the file holds'
        : `is not valid YAML (${reason})`,
    );
  }
}
